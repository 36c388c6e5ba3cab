"""Search: the beginnings of words in a case's number, dnr and title, the newest first."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Connection, insert

from bot.database import database
from storage import search
from storage.tables import cases

FIRST = datetime(2026, 1, 5, 9, tzinfo=UTC)
TITLES = {
    "2026-0001": "Trygghetsvärdar i centrum KS 2026/17",
    "2026-0002": "Belysning i Ängsparken KS 2026:18",
    "2026-0003": "Trygghetsvandring i Ängsparken",
    "2026-0004": "100 % tryggt_torg",
}


def fill(db: Connection) -> None:
    for days, (case_id, text) in enumerate(TITLES.items()):
        at = FIRST + timedelta(days=days)
        row = {
            "id": case_id, "length": 1, "state": "assessment", "stage": "proposal", "version": 1,
            "title": text, "dnr": "", "administrations": [], "first_submitted_at": at,
            "submitted_at": at, "since": at,
        }  # fmt: skip
        db.execute(insert(cases), row)
        search.remember(db, case_id, text=f"{case_id} {text}", first_submitted_at=at)


@pytest.mark.parametrize(
    ("written", "found"),
    [
        ("trygg", ["2026-0004", "2026-0003", "2026-0001"]),
        ("ÄNGSPARKEN", ["2026-0003", "2026-0002"]),
        ("ängs trygg", ["2026-0003"]),
        ("0002", ["2026-0002"]),
        ("2026-0002", ["2026-0002"]),
        ("2026/17", ["2026-0001"]),
        ("ks 18", ["2026-0002"]),
        ("torget", []),
        ("%", []),
        ("", []),
    ],
)
async def test_what_is_written_is_found_by_the_beginnings_of_its_words(
    database_url: str, written: str, found: list[str]
) -> None:
    async with database(database_url, now=lambda: FIRST) as perform:
        await perform.unkeyed(lambda tx: fill(tx.db))

        assert await perform.read(lambda db: search.find(db, written)) == found


async def test_a_case_is_no_longer_found_by_words_it_has_lost(database_url: str) -> None:
    async with database(database_url, now=lambda: FIRST) as perform:
        await perform.unkeyed(lambda tx: fill(tx.db))
        await perform.unkeyed(
            lambda tx: search.remember(
                tx.db, "2026-0002", text="2026-0002 Ljus", first_submitted_at=FIRST
            )
        )

        assert await perform.read(lambda db: search.find(db, "belysning")) == []
        assert await perform.read(lambda db: search.find(db, "ljus")) == ["2026-0002"]
