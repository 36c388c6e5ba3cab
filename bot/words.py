"""What questions, options and answers are called: the glue between the form and its wording.

Texts are unescaped (`plain`); whoever puts them into mrkdwn passes them as facts of a text, which
escapes them.
"""

from collections.abc import Iterable
from typing import Any

from bot.office import Office
from bot.render import datum
from flows.calculation import InvestmentLine, OperatingLine, OwnFinancingRow, Recurrence
from flows.form import Ask, Kind
from flows.intake import Dialogue, NamedPerson
from flows.split import SplitRow

_FILES = ("start", "point1", "point2", "point3", "point4", "dialogue", "report")
_ADMINISTRATIONS = frozenset({"administrations", "concerned", "tff_contacted"})
_EXTRA = "extra"


def part(office: Office, ask: Ask, name: str) -> str:
    """One part of a question's wording: label, question, good, help or source."""
    if ask.wording == _EXTRA:
        return _extra(office, ask, name)
    key = f"questions.{_FILES[ask.point]}.{ask.wording}.{name}"
    about = administration(office, ask.about) if ask.about else ""
    return office.texts.plain(key, programme=office.programme, about=about)


def _extra(office: Office, ask: Ask, name: str) -> str:
    question = next(q for q in office.programme.extra_questions if q.key == ask.about)
    match name:
        case "label":
            return question.heading or question.text
        case "question":
            return question.text
        case "source":
            return office.programme.municipality
        case _:
            return question.help


def option(office: Office, ask: Ask, value: str) -> str:
    """What an option of a choice is called."""
    if ask.wording in _ADMINISTRATIONS:
        return administration(office, value)
    if ask.wording == _EXTRA:
        return value
    return office.texts.plain(f"questions.options.{ask.wording}.{value}")


def option_said(office: Office, ask: Ask, text: str) -> str | list[str]:
    """What was typed, with an option's own words, or the beginning of one option's, for the option.

    Several are set apart by commas where several may be chosen. What is no option stays as typed.
    """
    if ask.kind not in {Kind.CHOICE, Kind.CHOICES}:
        return text
    called = {option(office, ask, one).lower(): one for one in ask.options}
    if (one := _called(called, text)) is not None:
        return one
    if ask.kind is Kind.CHOICE:
        return text
    parts = [part.strip() for part in text.split(",")]
    return [_called(called, part) or part for part in parts if part]


def _called(options: dict[str, str], text: str) -> str | None:
    said = " ".join(text.lower().rstrip(".!").split())
    fitting = [one for name, one in options.items() if said and name.startswith(said)]
    return options.get(said) or (fitting[0] if len(fitting) == 1 else None)


def shown(office: Office, ask: Ask, value: Any) -> str:
    """An answer as a person reads it, on as many lines as it has."""
    texts = office.texts
    match ask.kind:
        case _ if value is None:
            return texts.plain("intake.words.skipped")
        case Kind.YES_NO:
            return texts.plain(f"questions.options.yes_no.{'yes' if value else 'no'}")
        case Kind.CONFIRM:
            return texts.plain(f"questions.options.confirm.{ask.wording}")
        case Kind.CHOICE:
            return option(office, ask, value)
        case Kind.CHOICES:
            return ", ".join(option(office, ask, one) for one in value)
        case Kind.DATE:
            return datum(value)
        case Kind.PERSON:
            assert isinstance(value, NamedPerson)
            return value.name
        case Kind.ROWS:
            return "\n".join(row(office, one) for one in value) or texts.plain(
                "intake.words.no_rows"
            )
        case _:
            return str(value)


def row(office: Office, line: Any) -> str:
    """One row of a table, on one line."""
    texts = office.texts
    match line:
        case OperatingLine():
            return texts.plain(
                "intake.words.operating_row",
                line=line,
                one_off=line.recurrence is Recurrence.ONE_OFF,
                duration=texts.plain(f"questions.options.duration.{line.duration}"),
            )
        case InvestmentLine():
            return texts.plain(
                "intake.words.investment_row", line=line, total=line.acquisition_value
            )
        case OwnFinancingRow() | SplitRow():
            return texts.plain(
                "intake.words.amount_row",
                line=line,
                committee=committee(office, line.committee) if isinstance(line, SplitRow) else "",
                kind=texts.plain(f"questions.options.kind.{line.kind}"),
            )
        case Dialogue():
            return texts.plain(
                "intake.words.dialogue_row",
                line=line,
                committee=committee(office, line.committee),
                talked_with=texts.plain(f"questions.options.talked_with.{line.talked_with}"),
            )
    raise TypeError(type(line).__name__)


def administration(office: Office, key: str) -> str:
    found = office.programme.administration(key)
    return found.name if found else key


def committee(office: Office, key: str) -> str:
    found = office.programme.committee(key)
    return found.name if found else key


def listed(names: Iterable[str]) -> str:
    """`A, B och C`."""
    *first, last = list(names) or [""]
    return f"{', '.join(first)} och {last}" if first else last
