"""What digests ask the database: counts and the oldest few, each a range of an index.

None of them grows with what is closed or was decided long ago. What a period is about includes
`since` and not `until`.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, and_, func, select

from flows.case import State
from flows.decided import Body
from flows.events import Stage
from flows.follow_up import DueState
from flows.ledger import EntryKind
from flows.rules import CostKind
from storage.tables import cards, cases, decisions, due_reports, fired, ledger, outbox

_BODIES = (Body.CHIEF_EXECUTIVE, Body.EXECUTIVE_BOARD)
_GIVEN = (
    EntryKind.DECIDED,
    EntryKind.COMMITTED,
)  # what a decision gave; a transfer moves it between


@dataclass(frozen=True, slots=True)
class Waits:
    """The cases in a state: how many, and since when the first of them."""

    state: State
    count: int
    since: datetime


@dataclass(frozen=True, slots=True)
class Place:
    """Where a message stands in Slack."""

    channel: str
    ts: str


@dataclass(frozen=True, slots=True)
class Report:
    """A report that is late: it was to be handed in by `late_on`."""

    case_id: str
    title: str
    key: str
    late_on: date


def previous(db: Connection, name: str, *, before: datetime) -> datetime | None:
    """When the timer acted the last time before that moment."""
    query = select(func.max(fired.c.fire_at))
    found: datetime | None = db.scalar(query.where(fired.c.name == name, fired.c.fire_at < before))
    return found


def waiting(db: Connection, states: Iterable[State]) -> list[Waits]:
    """How many cases each of the states has; those without any are left out."""
    of = cases.c
    query = (
        select(of.state, func.count().label("count"), func.min(of.since).label("since"))
        .where(of.state.in_([*states]))
        .group_by(of.state)
    )
    return [Waits(State(row.state), row[1], row.since) for row in db.execute(query)]


def waiting_since(db: Connection, state: State, *, before: datetime) -> int:
    """How many cases have been in the state since before that moment."""
    query = select(func.count()).where(cases.c.state == state, cases.c.since < before)
    return db.scalar(query.select_from(cases)) or 0


def moved(db: Connection, *, since: datetime) -> int:
    """How many cases have come into their present state since then."""
    query = select(func.count()).select_from(cases)
    return db.scalar(query.where(cases.c.state.in_([*State]), cases.c.since >= since)) or 0


def handed_in(
    db: Connection, *, since: datetime, until: datetime, limit: int
) -> tuple[int, list[Row[Any]]]:
    """How many cases have a new version, and the latest of them as rows of `cases`."""
    when = and_(cases.c.submitted_at >= since, cases.c.submitted_at < until)
    number = db.scalar(select(func.count()).select_from(cases).where(when)) or 0
    query = select(cases).where(when).order_by(cases.c.submitted_at.desc(), cases.c.id.desc())
    return number, [*db.execute(query.limit(limit))]


def decided(
    db: Connection, *, since: datetime, until: datetime, bodies: Sequence[Body] = _BODIES
) -> list[Row[Any]]:
    """The decisions of the period with their cases' titles, the oldest first."""
    when = and_(decisions.c.body.in_([*bodies]), decisions.c.at >= since, decisions.c.at < until)
    return _with_titles(db, when)


def in_part_report(db: Connection, key: str) -> list[Row[Any]]:
    """The delegated decisions that stand in a delrapport, with their cases' titles."""
    when = and_(decisions.c.body == Body.CHIEF_EXECUTIVE, decisions.c.part_report == key)
    return _with_titles(db, when)


def given(db: Connection, found: Iterable[Row[Any]]) -> dict[str, dict[CostKind, Decimal]]:
    """The kronor of each decision, by its number: over all years, drift and investment apart."""
    rows = [*found]
    of = ledger.c
    query = (
        select(of.decision, of.kind, func.sum(of.amount))
        .where(
            of.case_id.in_({row.case_id for row in rows}),
            of.decision.in_([row.number for row in rows]),
            of.entry.in_(_GIVEN),
        )
        .group_by(of.decision, of.kind)
    )
    sums: dict[str, dict[CostKind, Decimal]] = defaultdict(dict)
    for number, kind, amount in db.execute(query) if rows else ():
        sums[number][CostKind(kind)] = Decimal(amount)
    return sums


def late_reports(db: Connection, *, today: date, limit: int) -> tuple[int, list[Report]]:
    """How many reports should have come, and those that are latest."""
    late = and_(due_reports.c.state == DueState.ASKED, due_reports.c.late_on < today)
    number = db.scalar(select(func.count()).select_from(due_reports).where(late)) or 0
    query = (
        select(due_reports, cases.c.title)
        .join(cases, cases.c.id == due_reports.c.case_id)
        .where(late)
        .order_by(due_reports.c.late_on, due_reports.c.case_id)
        .limit(limit)
    )
    return number, [
        Report(row.case_id, row.title, row.key, row.late_on) for row in db.execute(query)
    ]


def reports_to_receive(db: Connection) -> int:
    """How many reports are handed in and wait for KLG to receive them."""
    query = (
        select(func.count())
        .select_from(due_reports)
        .where(due_reports.c.state == DueState.REPORTED)
    )
    return db.scalar(query) or 0


def places(db: Connection, case_ids: Iterable[str]) -> dict[str, Place]:
    """Where KLG's latest card about each case stands; those that are not posted yet are left out."""
    query = (
        select(cards.c.case_id, cards.c.stage, outbox.c.channel, outbox.c.ts)
        .join(outbox, outbox.c.id == cards.c.post)
        .where(cards.c.case_id.in_([*case_ids]), outbox.c.ts.is_not(None))
    )
    rows = sorted(db.execute(query), key=lambda row: row.stage == Stage.APPLICATION)
    return {row.case_id: Place(row.channel, row.ts) for row in rows}


def _with_titles(db: Connection, when: ColumnElement[bool]) -> list[Row[Any]]:
    query = select(decisions, cases.c.title).join(cases, cases.c.id == decisions.c.case_id)
    return [*db.execute(query.where(when).order_by(decisions.c.at, decisions.c.number))]
