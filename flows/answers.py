"""Reading an answer: what a person typed or pressed becomes a typed value, or is refused with a hint.

Identity numbers are looked for in every text (rule 5 of the design; lag 2018:218, 3 kap. 10 §):
such an answer is refused whole and nothing of it is kept.
"""

from collections.abc import Mapping
from datetime import date
from types import MappingProxyType
from typing import Any

from pydantic import BaseModel, ValidationError
from pydantic_core import to_jsonable_python

from flows import identity, phone
from flows.dates import parse_date
from flows.errors import InvalidAnswer
from flows.form import Answer, AnswerTo, Ask, Kind
from flows.intake import NamedPerson

YES = frozenset({"yes", "ja", "j", "japp", "jo"})
NO = frozenset({"no", "nej", "n"})

_LONGEST_NAME = 100


def read(ask: Ask, raw: Any) -> Any:
    """Return the typed value of `raw`: a text, an option, a list of options, an ISO date, rows.

    Raises `InvalidAnswer` when it does not fit its question. An identity number is the first thing
    that is looked for, so that nobody is told of a wrong date and leaves the number standing.
    """
    typed = raw if isinstance(raw, list) else [raw]
    refuse_identity(
        "\n".join(text for text in typed if isinstance(text, str)),
        contact=ask.kind is Kind.CONTACT,
    )
    return _read(ask, raw)


def _read(ask: Ask, raw: Any) -> Any:
    match ask.kind:
        case Kind.TEXT | Kind.LINE | Kind.CONTACT:
            return _text(ask, raw)
        case Kind.YES_NO:
            return _yes_no(raw)
        case Kind.CHOICE:
            return _option(ask, str(raw))
        case Kind.CHOICES:
            return _options(ask, raw)
        case Kind.DATE:
            return raw if isinstance(raw, date) else parse_date(str(raw))
        case Kind.PERSON:
            return _person(raw)
        case Kind.ROWS:
            return _rows(ask, raw)
        case Kind.CONFIRM:
            return _confirmed(raw)


def refuse_identity(text: str, *, contact: bool = False) -> None:
    """Refuse a text with an identity number in it. A contact field may hold a phone number."""
    if contact:
        text = phone.without_phones(text)
    if identity.contains(text):
        raise InvalidAnswer("refusals.answers.identity_number")


def refuse_blank(text: str) -> None:
    """Refuse what has no letter and no digit: spaces, dots, characters that cannot be seen."""
    if not any(character.isalnum() for character in text):
        raise InvalidAnswer("refusals.answers.blank")


def to_json(value: Any) -> Any:
    return to_jsonable_python(value)


def reader(
    stored: Mapping[str, Mapping[str, Any]], known: Mapping[str, Answer] = MappingProxyType({})
) -> AnswerTo:
    """Look answers up among stored rows (value, by, at, basis, number) by question.

    `known` are those of them that have been read already: a table is not checked twice for one gesture.
    """

    def answer_to(ask: Ask) -> Answer | None:
        if ask.key in known:
            return known[ask.key]
        row = stored.get(ask.key)
        return None if row is None else from_json(ask, row)

    return answer_to


def from_json(ask: Ask, stored: Mapping[str, Any]) -> Answer | None:
    """Read a stored answer; None when it no longer fits its question, which is then asked again."""
    value = stored["value"]
    if value is None and ask.optional:
        return Answer.model_validate(stored)
    try:
        typed = _typed(ask, value)
    except (InvalidAnswer, ValidationError, ValueError, TypeError):
        return None
    return Answer.model_validate({**stored, "value": typed})


def _typed(ask: Ask, value: Any) -> Any:
    """The stored JSON as a value. It was searched for identity numbers when it was given."""
    match ask.kind:
        case Kind.TEXT | Kind.LINE | Kind.CONTACT:
            return str(value)
        case Kind.DATE:
            return date.fromisoformat(value)
        case Kind.YES_NO | Kind.CONFIRM:
            return bool(value)
        case _:
            return _read(ask, value)


def _text(ask: Ask, raw: Any) -> str:
    text = str(raw).strip()
    if ask.kind is Kind.LINE:
        text = " ".join(text.split())
    refuse_blank(text)
    if len(text) > ask.longest:
        raise InvalidAnswer("refusals.answers.too_long", length=len(text), longest=ask.longest)
    return text


def _yes_no(raw: Any) -> bool:
    said = str(raw).strip().lower().rstrip(".!")
    if said in YES or raw is True:
        return True
    if said in NO or raw is False:
        return False
    raise InvalidAnswer("refusals.answers.yes_or_no")


def _option(ask: Ask, raw: str) -> str:
    if raw not in ask.options:
        raise InvalidAnswer("refusals.answers.not_an_option")
    return raw


def _options(ask: Ask, raw: Any) -> tuple[str, ...]:
    chosen = (raw,) if isinstance(raw, str) else tuple(raw)
    for one in chosen:
        _option(ask, one)
    if len(chosen) < ask.least:
        raise InvalidAnswer("refusals.answers.choose_one")
    return tuple(option for option in ask.options if option in chosen)


def _person(raw: Any) -> NamedPerson:
    if isinstance(raw, NamedPerson):
        return raw
    if isinstance(raw, Mapping):
        return NamedPerson.model_validate(raw)
    name = " ".join(str(raw).split())
    if not any(letter.isalpha() for letter in name) or len(name) > _LONGEST_NAME:
        raise InvalidAnswer("refusals.answers.name_needed")
    return NamedPerson(name=name)


def _rows(ask: Ask, raw: Any) -> tuple[BaseModel, ...]:
    assert ask.row is not None, ask.key
    if isinstance(raw, str):  # it was typed
        raise InvalidAnswer("refusals.answers.table")
    rows = tuple(ask.row.model_validate(row) for row in raw)
    if len(rows) < ask.least:
        raise InvalidAnswer("refusals.answers.row_needed")
    return rows


def _confirmed(raw: Any) -> bool:
    if raw is True or str(raw).strip().lower() in YES:
        return True
    raise InvalidAnswer("refusals.answers.not_confirmed")
