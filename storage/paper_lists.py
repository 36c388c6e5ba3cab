"""Which cases the reports that belong to no case read: those with money, and those handed on."""

from sqlalchemy import ColumnElement, Connection, select

from flows.follow_up import DueState
from storage import cases as case_rows
from storage.cases import Listed
from storage.tables import cases, due_reports, ledger


def with_money(db: Connection, year: int) -> list[Listed]:
    """The cases that something is entered for in the budget year or the one after, by number."""
    return _with_entries(db, ledger.c.year.in_([year, year + 1]))


def granted(db: Connection) -> list[Listed]:
    """The cases that have been granted money in any year, by number."""
    return _with_entries(db, ledger.c.decision != "")


def handed_on(db: Connection) -> list[str]:
    """The cases with a report that stands in a delrapport, by number."""
    query = select(due_reports.c.case_id).where(due_reports.c.state == DueState.HANDED_ON)
    return list(db.scalars(query.distinct().order_by(due_reports.c.case_id)))


def _with_entries(db: Connection, which: ColumnElement[bool]) -> list[Listed]:
    entered = select(ledger.c.case_id).where(which, ledger.c.case_id.is_not(None))
    query = select(cases.c.id).where(cases.c.id.in_(entered)).order_by(cases.c.id)
    found = (case_rows.listed(db, case_id) for case_id in db.scalars(query))
    return [row for row in found if row is not None]
