"""The crowd that lists are measured in: no easier to search when it is large, and as busy this week."""

from pathlib import Path

import pytest

from benchmarks import crowd, lists
from benchmarks.lists import Took
from bot.acts import digest_facts, search
from bot.database import database
from bot.office import Office
from bot.programme import load
from bot.render import Texts
from bot.settings import EXAMPLE_PROGRAMME
from flows.dates import local_day
from flows.digest import DigestKind, period
from storage import ledger
from tests.databases import sqlite_file

SMALL, LARGE = 1_000, 1_300


async def counted(count: int, folder: Path) -> dict[str, int]:
    """How much is found among so many cases, by what is asked."""
    programme, _ = load(EXAMPLE_PROGRAMME)
    office = Office(programme, Texts(), crowd.TEAM, "U0BOT", "C0KLG")
    async with database(sqlite_file(folder), now=lambda: crowd.NOW) as perform:
        await perform.unkeyed(lambda tx: crowd.fill(tx.db, programme, count=count))
        sara, today = crowd.person("Sara"), local_day(crowd.NOW)
        found = {
            name: len(
                await perform.read(
                    lambda db, asked=asked: search.find(db, office, asked, person=sara, limit=500)
                )
            )
            for name, asked in lists.searches(count).items()
        }
        week = period(DigestKind.WEEKLY, previous=None, now=crowd.NOW)
        said = await perform.read(lambda db: digest_facts.weekly(db, office, week, today=today))
        found["came this week"] = said.came_count
        found["decided this week"] = len(said.decisions.all)
        found["money to move"] = len(
            await perform.read(lambda db: ledger.not_transferred(db, 2026))
        )
        return found


async def test_as_much_is_found_at_every_size(tmp_path: Path):
    small = await counted(SMALL, tmp_path / "small")
    large = await counted(LARGE, tmp_path / "large")

    assert small == large
    assert min(small.values()) > 0


@pytest.mark.parametrize("count", [1_000, 100_000])
def test_a_fifth_of_the_crowd_is_of_this_year(count: int):
    years = [crowd.happened(number, of=count).year for number in range(0, count, 10)]

    assert 0.15 < years.count(2026) / len(years) < 0.25


def test_each_size_stands_beside_the_smallest():
    found = {
        "digest": {
            1_000: Took(clock=[10, 20, 30], cpu=[10, 10, 10]),
            100_000: Took(clock=[20, 40, 90], cpu=[11, 12, 13]),
        }
    }

    cells = [cell.strip() for cell in lists.report(found).splitlines()[-1].split("|")]

    assert cells[1:6] == ["digest", "20 (10)", "40 (12)", "2.00", "1.20"]
