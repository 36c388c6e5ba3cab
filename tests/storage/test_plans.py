"""What is asked all the time reads ranges of indexes, never a whole table that grows with the years.

The databases are empty: with nothing to count they choose by what the indexes promise, as among many.
"""

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Connection, insert, select

from bot.database import database
from flows.case import State
from flows.follow_up import DueState
from storage import (
    cases,
    conversations,
    deliveries,
    drafts,
    gestures,
    ledger,
    outbox,
    people,
    register,
    reminders,
    reports,
    search,
    standing,
    tables,
)
from storage.outbox import KINDS, Claim
from tests.storage.test_digests import plans

NOW = datetime(2026, 11, 20, 9, tzinfo=UTC)
CLAIM = Claim(owner="o", lease=timedelta(seconds=30))
GROWING = (
    "answers|appendices|case_parties|case_words|cases|conversations|decisions|draft_members|drafts"
    "|due_reports|events|gestures|ledger|outbox|people|positions|proposals|reminders|submissions|texts"
)
PAGE: dict[str, Any] = {"after": "", "limit": 50}

ASKED: dict[str, Callable[[Connection], Any]] = {
    "who answers": lambda db: standing.of(db, "T1:U1"),
    "the draft and its members": lambda db: drafts.with_members(db, 1),
    "the answers": lambda db: drafts.answers_of(db, 1),
    "a person's drafts": lambda db: drafts.of_person(db, "T1:U1"),
    "a case's draft": lambda db: drafts.of_case(db, "2026-0001"),
    "known gestures": lambda db: gestures.known(db, ["a", "b"]),
    "a person's channel": lambda db: conversations.channel(db, "U1"),
    "channels in use": lambda db: conversations.active(db, since=NOW, limit=50),
    "people by address": lambda db: people.by_emails(db, ["a@b.se", "c@d.se"]),
    "what is due": lambda db: deliveries.due(db, kinds=KINDS, now=NOW),
    "the heads of lanes": lambda db: deliveries.claim_due(
        db, kinds=KINDS, claim=CLAIM, now=NOW, limit=9
    ),
    "the head of a lane": lambda db: deliveries.claim_due(
        db, kinds=KINDS, claim=CLAIM, now=NOW, limit=1, lanes=["D1"]
    ),
    "an update that waits": lambda db: outbox.replace(db, lane="update:1", payload={}),
    "how much is owed": outbox.depths,
    "what was given up": outbox.failed,
    "home: hers": lambda db: cases.of(db, ["T1:U1", "socialforvaltningen"]),
    "home: the inbox": lambda db: cases.latest(db, limit=20),
    "home: what waits": lambda db: cases.waiting(db, State.ASSESSMENT),
    "home: several cases": lambda db: cases.several(db, ["a", "b"]),
    "home: those she may see": lambda db: cases.among(db, ["a", "b"], ["T1:U1"]),
    "a case's events": lambda db: cases.history(db, "a"),
    "search: a word": lambda db: search.find(db, "trygg"),
    "home: money to move": lambda db: ledger.not_transferred(db, 2026),
    "reports that are asked": lambda db: reports.in_state(
        db, DueState.ASKED, asked_before=date(2026, 11, 20), limit=50
    ),
    "reports of a case": lambda db: reports.of_case(db, "a"),
    "reminders given": lambda db: reminders.given(db, "draft/1"),
    "untouched drafts": lambda db: reminders.untouched_drafts(db, before=NOW, **PAGE),
    "cases that wait long": lambda db: reminders.waiting_cases(
        db, [State.ASSESSMENT, State.CLARIFICATION], before=NOW, **PAGE
    ),
    "late reports": lambda db: reminders.late_reports(db, today=date(2026, 11, 20), **PAGE),
    "decisions of the board": lambda db: reminders.board_decisions(db, since=NOW, **PAGE),
    "a page of the register": register.of_cases,
    "a page of the ledger": register.of_ledger,
    "a page of the reports": register.of_reports,
}


def reads_a_whole_table(plan: str) -> bool:
    whole = rf"(SCAN ({GROWING})\b(?! USING)|Seq Scan on ({GROWING})\b)"
    return re.search(whole, plan) is not None


def write(db: Connection) -> None:
    """A word, and cases that are followed up: what is asked first goes on to what belongs to them."""
    db.execute(insert(tables.vocabulary), {"word": "trygghetsvärdar"})
    case = {
        "length": 1, "state": State.FOLLOW_UP, "stage": "application", "version": 1, "title": "",
        "dnr": "", "administrations": [], "first_submitted_at": NOW, "submitted_at": NOW,
        "since": NOW,
    }  # fmt: skip
    db.execute(insert(tables.cases), [case | {"id": f"2026-{number}"} for number in range(40)])


@pytest.mark.parametrize("name", ASKED)
async def test_no_query_reads_a_whole_table(name: str, database_url: str) -> None:
    async with database(database_url, now=lambda: NOW) as perform:
        await perform.unkeyed(lambda tx: write(tx.db))
        found = await perform.unkeyed(lambda tx: [*plans(tx.db, ASKED[name])])

    assert found
    assert [plan for plan in found if reads_a_whole_table(plan)] == []


async def test_money_to_move_is_looked_for_among_its_cases_entries_not_the_years(
    database_url: str,
) -> None:
    async with database(database_url, now=lambda: NOW) as perform:
        await perform.unkeyed(lambda tx: write(tx.db))
        found = await perform.unkeyed(
            lambda tx: [*plans(tx.db, lambda db: ledger.not_transferred(db, 2026))]
        )

    (of_ledger,) = [plan for plan in found if "ledger" in plan]
    assert "ix_ledger_case_year" in of_ledger


async def test_a_query_without_an_index_would_be_seen(database_url: str) -> None:
    everywhere = select(tables.drafts).where(tables.drafts.c.stage == "proposal")
    async with database(database_url, now=lambda: NOW) as perform:
        (found,) = await perform.unkeyed(
            lambda tx: [*plans(tx.db, lambda db: db.execute(everywhere))]
        )

    assert reads_a_whole_table(found)
