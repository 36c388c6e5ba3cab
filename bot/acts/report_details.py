"""What an officer should read before a question of a report: money granted, last time's answer, the contract."""

from collections.abc import Iterable, Iterator

from bot import words
from bot.office import Office
from flows import reporting
from flows.answers import from_json
from flows.form import Ask, Kind, Known
from flows.reporting import Line, Report

_LONG = 600  # characters of last time's answer


def details(office: Office, report: Report, ask: Ask, known: Known) -> tuple[str, ...]:
    """Texts for mrkdwn, already escaped."""
    return (*_about(office, report, ask, known), *_last_time(office, report, ask))


def _about(office: Office, report: Report, ask: Ask, known: Known) -> Iterator[str]:
    match ask.key:
        case reporting.SECRECY:
            yield office.texts("reporting.details.about", report=report)
        case "outcome":
            yield _granted(office, report, "outcome")
        case "forecast":
            yield _granted(office, report, "forecast")
            yield from _lines(office, "outcome", reporting.lines(report, known))
        case "deviation_reason":
            found = reporting.lines(report, known)
            yield from _lines(office, "deviations", reporting.deviating(report, found))
        case "unused":
            for committee, amount in reporting.unused(report, known).items():
                named = words.committee(office, committee)
                yield office.texts("reporting.details.unused", committee=named, amount=amount)
        case "measured" if report.contract is not None:
            yield office.texts("reporting.details.contract", contract=report.contract)
        case _:
            pass


def _granted(office: Office, report: Report, key: str) -> str:
    rows = [
        {
            "committee": words.committee(office, committee),
            "kind": office.texts.plain(f"questions.options.kind.{kind}"),
            "year": year,
            "amount": amount,
        }
        for (committee, kind, year), amount in reporting.places(report, key).items()
    ]
    return office.texts("reporting.details.granted", rows=rows)


def _lines(office: Office, what: str, found: Iterable[Line]) -> Iterator[str]:
    """A line each: what was granted, used and forecast, and the deviation in words."""
    for line in found:
        row = line.row("")
        yield office.texts(
            f"reporting.details.{what}",
            committee=words.committee(office, line.committee),
            kind=office.texts.plain(f"questions.options.kind.{line.kind}"),
            line=line,
            deviation=row.deviation if line.forecast is None else row.forecast_deviation,
        )


def _last_time(office: Office, report: Report, ask: Ask) -> Iterator[str]:
    stored = report.before.get(ask.key)
    answer = from_json(ask, stored) if stored is not None else None
    if answer is None or answer.value is None or ask.kind is Kind.CONFIRM:
        return
    if ask.key == reporting.SECRECY:
        return
    value = words.shown(office, ask, answer.value)
    yield office.texts(
        "reporting.details.last_time",
        period=report.before_period,
        value=value,
        length=_LONG,
    )
