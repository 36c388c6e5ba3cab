"""What the document of a follow-up report says: the answers as handed in, with names for ids, and the table.

The delrapport reads the same facts. Nothing is worded here; every figure comes from flows/reporting.
"""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

from pydantic import BaseModel

from flows.answered import committee_name
from flows.deviation import Table
from flows.document_figures import FROZEN, Kronor
from flows.documents import Attachment
from flows.programme import Programme
from flows.reporting import Activity, Contract, Line, Report, lines, unused
from flows.rules import CostKind


class Unused(BaseModel):
    """Investment money that a nämnd has neither used nor returned, in kronor."""

    model_config = FROZEN
    committee: str
    amount: Kronor


class ReportFacts(BaseModel):
    """A version of a report. A text is None when it was not asked for, or skipped."""

    model_config = FROZEN
    case_id: str
    dnr: str
    measure: str
    key: str
    period: str  # "utökad uppföljning per april 2027"
    day: date  # the last day that it is about
    version: int
    handed_in_at: datetime
    authors: tuple[str, ...]  # by name
    forecast: bool
    last: bool
    operating: Table | None  # a row per nämnd; earlier years' investments have rows of their own
    investment: Table | None
    deviation_reason: str | None
    unused: tuple[Unused, ...]
    activity: Activity
    done: str
    ahead: str | None
    short_term: str
    long_term: str
    results: str
    contract: Contract | None
    measured: str | None
    appendices: tuple[Attachment, ...]


def report_facts(
    programme: Programme,
    report: Report,
    values: Mapping[str, Any],
    *,
    version: int,
    dnr: str,
    handed_in_at: datetime,
    authors: Iterable[str],
    appendices: Iterable[Attachment],
) -> ReportFacts:
    """Map the typed answers of a handed-in version to what is printed."""
    found = lines(report, values)
    return ReportFacts(
        case_id=report.case_id,
        dnr=dnr,
        measure=report.title,
        key=report.key,
        period=report.period,
        day=report.day,
        version=version,
        handed_in_at=handed_in_at,
        authors=tuple(authors),
        forecast=report.forecast,
        last=report.last,
        operating=_table(programme, report, found, CostKind.OPERATING),
        investment=_table(programme, report, found, CostKind.INVESTMENT),
        unused=tuple(
            Unused(committee=committee_name(programme, one), amount=amount)
            for one, amount in unused(report, values).items()
        )
        if report.last
        else (),
        deviation_reason=values.get("deviation_reason"),
        activity=values["activity"],
        done=values["done"],
        ahead=values.get("ahead"),
        short_term=values["short_term"],
        long_term=values["long_term"],
        results=values["results"],
        contract=report.contract,
        measured=values.get("measured"),
        appendices=tuple(appendices),
    )


def _table(
    programme: Programme, report: Report, found: Iterable[Line], kind: CostKind
) -> Table | None:
    rows = tuple(line.row(_label(programme, report, line)) for line in found if line.kind is kind)
    return Table(rows=rows) if rows else None


def _label(programme: Programme, report: Report, line: Line) -> str:
    name = committee_name(programme, line.committee)
    return name if line.year == report.year else f"{name} {line.year}"
