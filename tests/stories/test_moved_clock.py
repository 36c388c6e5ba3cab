"""The whole bot on a test clock: moved forward while it runs, it reminds, and Slack's time is Slack's."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from bot import clock
from flows.dates import SWEDEN
from tests.people import Town, at_work, town
from tests.waiting import until


@pytest.fixture
def hands(tmp_path: Path) -> Path:
    """The file that says what time it is: a Monday morning."""
    file = tmp_path / "clock"
    moves(file, "2026-11-23T08:55:00+01:00")
    return file


@pytest.fixture
async def here(sqlite_url: str, tmp_path: Path, hands: Path) -> AsyncIterator[Town]:
    async with town(sqlite_url, tmp_path, asleep=True) as asleep:
        settings = asleep.settings.model_copy(update={"test_clock": hands})
        yield replace(asleep, settings=settings)


def test_the_file_is_believed_from_when_it_was_written(hands: Path):
    moved = clock.of(hands)
    hands.write_text("2027-03-28T01:59:59+01:00")

    since = moved() - datetime(2027, 3, 28, 1, 59, 59, tzinfo=SWEDEN)
    assert timedelta(0) <= since < timedelta(seconds=10)


@pytest.mark.parametrize("written", ["", "2027-03-28", "2027-03-28T02:00:00", "snart"])
def test_a_file_that_is_half_written_moves_nothing(hands: Path, written: str):
    moved = clock.of(hands)
    hands.write_text(written)

    assert moved().astimezone(SWEDEN).date().isoformat() == "2026-11-23"
    with pytest.raises(clock.ClockError):
        clock.of(hands)


async def test_moved_two_weeks_an_untouched_draft_is_reminded_of_once(here: Town, hands: Path):
    async with at_work(here):
        await here.anna.says("ny")
        moves(hands, "2026-12-07T09:00:01+01:00")
        await here.anna.sees("inte rörd sedan 23 november 2026")
        moves(hands, "2026-12-08T09:00:01+01:00")
        await here.anna.presses("Påminn mig senare")
        await here.anna.sees("igen den 11 december 2026")

    async with at_work(here):  # the clock stays moved over a restart, and nothing is said again
        await here.quiet()
        texts = [message["text"] for message in await here.anna.messages()]
        assert len([text for text in texts if "inte rörd" in text]) == 1
        moves(hands, "2026-12-11T09:00:01+01:00")
        await until(lambda: _reminders(here, 2))


async def test_what_is_written_while_the_clock_is_moved_is_answered_after_a_restart(
    here: Town, hands: Path
):
    async with at_work(here):
        await here.anna.says("hjälp")
        moves(hands, "2028-01-03T09:00:00+01:00")
    await here.sandbox.say("U0ANNA", "ny")
    async with at_work(here):
        await here.anna.sees("Rör förslaget något som är hemligt")


def moves(hands: Path, to: str) -> None:
    hands.write_text(to)


async def _reminders(here: Town, number: int) -> bool:
    texts = [message["text"] for message in await here.anna.messages()]
    return len([text for text in texts if "inte rörd" in text]) == number
