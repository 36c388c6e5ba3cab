"""What each förvaltning has proposed, by the year it was first handed in: counted without opening a case."""

from collections.abc import Iterable

from sqlalchemy import Connection, delete, func, insert, select

from flows.case import Case
from flows.dates import local_day
from storage import submissions
from storage.tables import proposals


def write(db: Connection, case_id: str, case: Case) -> None:
    """Write who proposes the case, and its scope, as its latest version says."""
    assert case.first_submitted_at is not None
    answers = submissions.get(db, case_id, case.version)
    row = {
        "case_id": case_id,
        "year": local_day(case.first_submitted_at).year,
        "scope": answers.get("scope", {}).get("value", ""),
    }
    db.execute(delete(proposals).where(proposals.c.case_id == case_id))
    senders = sorted(set(case.administrations))
    if senders:
        db.execute(insert(proposals), [{**row, "administration": one} for one in senders])


def count(db: Connection, *, year: int, administrations: Iterable[str]) -> dict[str, int]:
    """How many cases any of the förvaltningar proposed that year, by scope; each case once."""
    of, units = proposals.c, sorted(set(administrations))
    # A case has one row of each förvaltning, so that only several can count one twice.
    counted = func.count(of.case_id.distinct()) if len(units) > 1 else func.count()
    query = select(of.scope, counted).where(of.year == year, of.administration.in_(units))
    return {row.scope: row[1] for row in db.execute(query.group_by(of.scope))}
