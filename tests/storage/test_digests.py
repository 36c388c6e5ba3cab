"""What digests ask the database: answered by ranges of indexes, and counted right."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Connection, event, insert, text

from bot.database import database
from flows.case import State
from flows.follow_up import DueState
from storage import digests, proposals
from storage.tables import cases, decisions, due_reports
from storage.tables import proposals as proposed

START = datetime(2026, 1, 1, tzinfo=UTC)
DAY = timedelta(days=1)
MANY = 4_000
STATES = [State.CLOSED] * 9 + [State.ASSESSMENT]


def write(db: Connection) -> None:
    """Many cases, nearly all of them closed, one a half-hour; each decided, each with a report."""
    numbers = range(MANY)
    db.execute(insert(cases), [case(n) for n in numbers])
    db.execute(insert(decisions), [decision(n) for n in numbers])
    db.execute(insert(due_reports), [report(n) for n in numbers])
    db.execute(insert(proposed), [proposal(n) for n in numbers])
    db.execute(text("ANALYZE"))


def case(n: int) -> dict[str, Any]:
    at = START + n * timedelta(minutes=30)
    return {
        "id": f"c{n}", "length": 1, "state": STATES[n % 10], "stage": "application", "version": 1,
        "title": "Värdar", "dnr": "", "administrations": ["a"],
        "first_submitted_at": at, "submitted_at": at, "since": at,
    }  # fmt: skip


def decision(n: int) -> dict[str, Any]:
    at = START + n * timedelta(minutes=30)
    return {
        "number": f"D{n}", "case_id": f"c{n}", "body": "chief_executive", "verdict": "granted",
        "day": at.date(), "year": 2026, "at": at, "part_report": f"r{n % 400}",
    }  # fmt: skip


def report(n: int) -> dict[str, Any]:
    state = DueState.ASKED if n % 100 == 0 else DueState.RECEIVED
    day = date(2026, 4, 30)
    return {"case_id": f"c{n}", "key": "k", "ask_on": day, "late_on": day, "state": state}


def proposal(n: int) -> dict[str, Any]:
    scope = "own_operations" if n % 4 == 0 else "cross_sector"
    return {
        "case_id": f"c{n}",
        "administration": f"a{n % 50}",
        "year": 2020 + n % 8,
        "scope": scope,
    }


LAST_WEEK = {"since": START + 80 * DAY, "until": START + 81 * DAY}
# Each query, and the index that must serve it.
ASKED: dict[str, tuple[Callable[[Connection], Any], str]] = {
    "waiting": (lambda db: digests.waiting(db, [State.ASSESSMENT]), "ix_cases_state_since"),
    "late": (
        lambda db: digests.waiting_since(db, State.ASSESSMENT, before=START + DAY),
        "ix_cases_state_since",
    ),
    "moved": (lambda db: digests.moved(db, since=START + 83 * DAY), "ix_cases_state_since"),
    "handed_in": (
        lambda db: digests.handed_in(db, **LAST_WEEK, limit=10),
        "ix_cases_submitted_at",
    ),
    "decided": (lambda db: digests.decided(db, **LAST_WEEK), "ix_decisions_body_at"),
    "in_part_report": (lambda db: digests.in_part_report(db, "r7"), "ix_decisions_part_report"),
    "late_reports": (
        lambda db: digests.late_reports(db, today=date(2026, 6, 1), limit=10),
        "ix_due_reports_state_ask_on",
    ),
    "proposals": (
        lambda db: proposals.count(db, year=2023, administrations=["a3", "a11"]),
        "ix_proposals_year_administration",
    ),
}


@dataclass
class Watched:
    """A connection, or the driver's cursor, that notes what storage/prepared.py gives it."""

    real: Any
    asked: list[tuple[str, Any]]

    def __getattr__(self, name: str) -> Any:
        return getattr(self.real, name)

    @property
    def connection(self) -> Any:
        return self

    def cursor(self) -> Any:
        return Watched(self.real.connection.cursor(), self.asked)

    def execute(self, statement: Any, *values: Any) -> Any:
        if isinstance(statement, str):
            self.asked.append((statement, *values))
        return self.real.execute(statement, *values)


def plans(db: Connection, ask: Callable[[Any], Any]) -> Iterator[str]:
    """How the database answers each statement that is asked, as it says itself."""
    asked: list[tuple[str, Any]] = []

    def seen(_c: object, _cursor: object, statement: str, values: Any, *_: object) -> None:
        asked.append((statement, values))

    event.listen(db, "before_cursor_execute", seen)
    ask(Watched(db, asked))
    event.remove(db, "before_cursor_execute", seen)
    explain = "EXPLAIN QUERY PLAN"
    if db.dialect.name == "postgresql":
        explain = "EXPLAIN"
        # A table of this size may well be read whole; the question is what it does with a large one.
        db.exec_driver_sql("SET LOCAL enable_seqscan = off")
    for statement, values in asked:
        rows = db.exec_driver_sql(f"{explain} {statement}", values)
        yield "\n".join(str(row[-1]) for row in rows)


@pytest.mark.parametrize("name", ASKED)
async def test_no_query_reads_every_case(name: str, database_url: str) -> None:
    ask, index = ASKED[name]
    async with database(database_url, now=lambda: START) as perform:
        await perform.unkeyed(lambda tx: write(tx.db))

        found = await perform.read(lambda db: [*plans(db, ask)])

    assert found
    for plan in found:
        assert index in plan, plan
        assert not re.search(r"SCAN (cases|decisions|due_reports|proposals)\b(?! USING)", plan), (
            plan
        )
        assert "Seq Scan on" not in plan, plan


async def test_the_counts_are_right(database_url: str) -> None:
    async with database(database_url, now=lambda: START) as perform:
        await perform.unkeyed(lambda tx: write(tx.db))

        (waits,) = await perform.read(lambda db: digests.waiting(db, [State.ASSESSMENT]))
        moved = await perform.read(lambda db: digests.moved(db, since=START + 83 * DAY))
        came, shown = await perform.read(lambda db: digests.handed_in(db, **LAST_WEEK, limit=10))
        late, oldest = await perform.read(
            lambda db: digests.late_reports(db, today=date(2026, 6, 1), limit=10)
        )
        own = await perform.read(
            lambda db: proposals.count(db, year=2020, administrations=["a0", "a8"])
        )

    assert (waits.count, waits.since) == (MANY // 10, START + 9 * timedelta(minutes=30))
    assert moved == MANY - 83 * 48
    assert came == 48
    assert [row.id for row in shown] == [f"c{81 * 48 - 1 - n}" for n in range(10)]
    assert (late, len(oldest)) == (MANY // 100, 10)
    numbers = [n for n in range(MANY) if n % 8 == 0 and n % 50 in {0, 8}]
    assert sum(own.values()) == len(numbers)
    assert own == {"own_operations": len(numbers)}  # every eighth is a fourth too


async def test_a_report_is_not_late_on_its_last_day(sqlite_url: str) -> None:
    async with database(sqlite_url, now=lambda: START) as perform:
        await perform.unkeyed(lambda tx: write(tx.db))

        late, _ = await perform.read(
            lambda db: digests.late_reports(db, today=date(2026, 4, 30), limit=10)
        )

    assert late == 0


async def test_a_case_of_two_forvaltningar_under_one_namnd_is_one_proposal(
    database_url: str,
) -> None:
    async with database(database_url, now=lambda: START) as perform:
        await perform.unkeyed(lambda tx: write(tx.db))
        both = [proposal(n) | {"administration": "extra", "year": 2030} for n in range(3)]
        both += [proposal(n) | {"case_id": "c1", "year": 2030} for n in (5, 6)]
        await perform.unkeyed(lambda tx: tx.db.execute(insert(proposed), both).rowcount)

        alone = await perform.read(
            lambda db: proposals.count(db, year=2030, administrations=["extra"])
        )
        together = await perform.read(
            lambda db: proposals.count(db, year=2030, administrations=["extra", "a5", "a6"])
        )

    assert sum(alone.values()) == 3
    assert together == alone  # c1 is sent by all three
