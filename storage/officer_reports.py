"""What the secretary has written for a case's tjänsteskrivelse: a draft, replaced each time it is saved."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, insert, select, update

from flows.events import PersonId
from flows.officer_report import WrittenReport
from storage.tables import officer_reports


@dataclass(frozen=True, slots=True)
class Saved:
    """`number` grows with each saving: 1 is the first."""

    number: int
    report: WrittenReport
    by: PersonId
    at: datetime


def get(db: Connection, case_id: str) -> Saved | None:
    """The latest text, or None when nobody has written any."""
    row = db.execute(select(officer_reports).where(officer_reports.c.case_id == case_id)).first()
    if row is None:
        return None
    return Saved(row.number, WrittenReport.model_validate(row.content), row.by, row.at)


def put(
    db: Connection, case_id: str, report: WrittenReport, *, number: int, by: PersonId, at: datetime
) -> None:
    """Store the text in place of the one before; `number` is its own."""
    row = {"number": number, "content": report.model_dump(mode="json"), "by": by, "at": at}
    of_case = update(officer_reports).where(officer_reports.c.case_id == case_id)
    if db.execute(of_case.values(row)).rowcount == 0:
        db.execute(insert(officer_reports), {"case_id": case_id, **row})
