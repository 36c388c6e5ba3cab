"""The register, the ledger and the follow-ups row by row, for whoever wants all of them.

Each is read in pages after the last key seen, so that an export of a hundred thousand cases holds up
nobody for longer than a page.
"""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, Row, select, tuple_

from storage.tables import cases, decisions, due_reports, ledger

PAGE = 2000
Rows = Sequence[Row[Any]]


def of_cases(db: Connection, *, after: str = "") -> Rows:
    """Cases by number, each with the decisions made about it (as many rows as decisions, or one)."""
    page = select(cases).where(cases.c.id > after).order_by(cases.c.id).limit(PAGE).subquery()
    joined = page.outerjoin(decisions, decisions.c.case_id == page.c.id)
    query = select(
        page,
        decisions.c.number,
        decisions.c.body,
        decisions.c.verdict,
        decisions.c.day,
    ).select_from(joined)
    return db.execute(query.order_by(page.c.id, decisions.c.at)).all()


def of_ledger(db: Connection, *, after: int = 0) -> Rows:
    query = select(ledger).where(ledger.c.id > after).order_by(ledger.c.id).limit(PAGE)
    return db.execute(query).all()


def of_reports(db: Connection, *, after: tuple[str, str] = ("", "")) -> Rows:
    """The reports that are owed, by case and key, with the case's name."""
    key = tuple_(due_reports.c.case_id, due_reports.c.key)
    query = (
        select(due_reports, cases.c.title)
        .join(cases, cases.c.id == due_reports.c.case_id)
        .where(key > tuple_(*after))
        .order_by(due_reports.c.case_id, due_reports.c.key)
        .limit(PAGE)
    )
    return db.execute(query).all()
