"""Follow-up reports: which are to come and how far each has come, and their answers as handed in."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Connection, Row, insert, select, update

from flows.follow_up import Due, DueState
from storage.tables import due_reports, report_submissions


@dataclass(frozen=True, slots=True)
class DueReport:
    """A report that is to come. It is asked for on the working day after `ask_on`, the last day it is about."""

    case_id: str
    key: str
    ask_on: date
    late_on: date
    state: DueState

    @property
    def due(self) -> Due:
        return Due(key=self.key, day=self.ask_on)


def plan(db: Connection, reports: Iterable[DueReport]) -> None:
    """Store a granted case's plan. Made once, never worked out again."""
    names = ("case_id", "key", "ask_on", "late_on", "state")
    rows = [{name: getattr(one, name) for name in names} for one in reports]
    if rows:
        db.execute(insert(due_reports), rows)


def of_case(db: Connection, case_id: str) -> list[DueReport]:
    """The case's plan, the earliest first."""
    rows = select(due_reports).where(due_reports.c.case_id == case_id)
    return [_due(row) for row in db.execute(rows.order_by(due_reports.c.ask_on, due_reports.c.key))]


def get(db: Connection, case_id: str, key: str) -> DueReport | None:
    rows = select(due_reports).where(due_reports.c.case_id == case_id, due_reports.c.key == key)
    row = db.execute(rows).first()
    return None if row is None else _due(row)


def in_state(
    db: Connection,
    state: DueState,
    *,
    asked_before: date | None = None,
    late_before: date | None = None,
    limit: int | None = None,
) -> list[DueReport]:
    """The reports in a state, those first that were due first; days are themselves not included."""
    of = due_reports.c
    rows = select(due_reports).where(of.state == state)
    if asked_before is not None:
        rows = rows.where(of.ask_on < asked_before)
    if late_before is not None:
        rows = rows.where(of.late_on < late_before)
    rows = rows.order_by(of.ask_on, of.case_id, of.key).limit(limit)
    return [_due(row) for row in db.execute(rows)]


def change(db: Connection, case_id: str, key: str, state: DueState) -> None:
    found = (due_reports.c.case_id == case_id) & (due_reports.c.key == key)
    db.execute(update(due_reports).where(found).values(state=state))


def submit(
    db: Connection, case_id: str, key: str, version: int, answers: Mapping[str, Mapping[str, Any]]
) -> None:
    """Store a version's answers, before the event that says it was handed in. `answers` is JSON."""
    row = {"case_id": case_id, "key": key, "version": version, "answers": answers}
    db.execute(insert(report_submissions), row)


def submitted(db: Connection, case_id: str, key: str, version: int) -> dict[str, dict[str, Any]]:
    """The answers of a version: value, by, at. Raises NoResultFound when there is no such version."""
    of = report_submissions.c
    rows = select(of.answers).where(of.case_id == case_id, of.key == key, of.version == version)
    found: dict[str, dict[str, Any]] = db.execute(rows).scalar_one()
    return found


def _due(row: Row[Any]) -> DueReport:
    return DueReport(
        case_id=row.case_id,
        key=row.key,
        ask_on=row.ask_on,
        late_on=row.late_on,
        state=DueState(row.state),
    )
