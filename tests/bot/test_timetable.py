"""Timers: at which moments they act, and that each moment is acted on once, whatever happens."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

import pytest
from sqlalchemy import select

from bot.database import database
from bot.office import Office
from bot.perform import Perform, Transaction
from bot.render import Texts
from bot.timetable import (
    Timer,
    Timetable,
    before_meetings,
    daily,
    monthly,
    on_working_days,
    weekly,
    yearly,
)
from flows.dates import SWEDEN
from flows.practice import Meeting
from storage.tables import texts
from tests.flows.filled import example
from tests.waiting import until

NINE, HALF_PAST_TWO = time(9), time(2, 30)
FRIDAY = datetime(2026, 11, 20, 12, tzinfo=UTC)


def office(**changed) -> Office:
    return Office(example().model_copy(update=changed), Texts(), "T", "U0BOT", "C0KLG")


def local(day: str, hour: str = "09:00") -> datetime:
    return datetime.fromisoformat(f"{day}T{hour}").replace(tzinfo=SWEDEN)


def fires(moments, since: str, until: str, **changed) -> list[str]:
    """The moments between two days, in Swedish time."""
    found = moments(office(**changed), local(since, "00:00"), local(until, "23:59"))
    return [f"{at.astimezone(SWEDEN):%Y-%m-%d %H:%M}" for at in found]


# --- moments -------------------------------------------------------------------------------------


def test_working_days_leave_out_christmas():
    assert fires(on_working_days(NINE), "2026-12-23", "2027-01-04") == [
        "2026-12-23 09:00",
        "2026-12-28 09:00",
        "2026-12-29 09:00",
        "2026-12-30 09:00",
        "2027-01-04 09:00",
    ]


def test_working_days_leave_out_midsummer():
    assert fires(on_working_days(NINE), "2026-06-18", "2026-06-22") == [
        "2026-06-18 09:00",
        "2026-06-22 09:00",
    ]


@pytest.mark.parametrize("changes", ["2026-03-29", "2026-10-25", "2027-03-28"])
def test_nine_is_nine_on_both_sides_of_a_change_of_the_clocks(changes):
    day = date.fromisoformat(changes)
    around = [str(day + timedelta(days=n)) for n in (-1, 0, 1)]

    assert fires(daily(NINE), around[0], around[2]) == [f"{one} 09:00" for one in around]


def test_an_hour_that_is_skipped_comes_once():
    assert fires(daily(HALF_PAST_TWO), "2026-03-28", "2026-03-30") == [
        "2026-03-28 02:30",
        "2026-03-29 03:30",
        "2026-03-30 02:30",
    ]


def test_an_hour_that_comes_twice_is_its_first():
    found = [*daily(HALF_PAST_TWO)(office(), local("2026-10-25", "00:00"), local("2026-10-26"))]

    assert found[0] == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
    assert [at.astimezone(SWEDEN).date().day for at in found] == [25, 26]


def test_weekly_comes_the_next_working_day_when_the_day_is_free():
    assert fires(weekly("monday", NINE), "2027-03-22", "2027-04-05") == [
        "2027-03-22 09:00",
        "2027-03-30 09:00",  # annandag påsk is a Monday
        "2027-04-05 09:00",
    ]


def test_monthly_and_yearly_come_the_next_working_day_too():
    assert fires(monthly(1, NINE), "2026-12-30", "2027-02-02") == [
        "2027-01-04 09:00",
        "2027-02-01 09:00",
    ]
    assert fires(yearly(12, 24, NINE), "2026-12-01", "2027-12-31") == [
        "2026-12-28 09:00",
        "2027-12-27 09:00",
    ]


def test_so_many_working_days_before_each_of_the_bodies_meetings():
    meetings = (
        Meeting(body="chair_preparation", day=date(2027, 1, 7)),
        Meeting(body="executive_board", day=date(2027, 1, 8)),
    )
    moments = before_meetings(["chair_preparation"], 3, NINE)

    assert fires(moments, "2026-12-01", "2027-02-01", meetings=meetings) == ["2026-12-30 09:00"]


def test_the_bounds_are_after_the_first_and_up_to_the_last():
    moment = local("2026-11-23")

    assert [*daily(NINE)(office(), moment, moment + timedelta(hours=1))] == []
    assert [*daily(NINE)(office(), moment - timedelta(hours=1), moment)] == [moment]


# --- acting --------------------------------------------------------------------------------------


@dataclass
class Bell:
    """Rings by writing a row, in the transaction of the firing."""

    perform: Perform
    now: datetime = FRIDAY
    failing: bool = False

    def ring(self, tx: Transaction, _office: Office, moment: datetime) -> None:
        if self.failing:
            raise RuntimeError("nobody rings")
        tx.db.execute(texts.insert(), {"case_id": "bell", "body": moment.isoformat()})

    def timetable(self, moments=None) -> Timetable:
        timer = Timer("bell", moments or on_working_days(NINE), self.ring)
        return Timetable(self.perform, office(), [timer], now=lambda: self.now, poll_s=0.01)

    async def rung(self) -> list[str]:
        query = select(texts.c.body).order_by(texts.c.id)
        found = await self.perform.read(lambda db: [*db.scalars(query)])
        return [datetime.fromisoformat(at).astimezone(SWEDEN).strftime("%m-%d %H") for at in found]


@asynccontextmanager
async def opened(url: str) -> AsyncIterator[Bell]:
    async with database(url, now=lambda: FRIDAY) as perform:
        yield Bell(perform)


@pytest.fixture
async def bell(database_url: str) -> AsyncIterator[Bell]:
    async with opened(database_url) as one:
        yield one


async def test_nothing_of_before_the_first_start_is_due(bell: Bell):
    await bell.timetable().once()

    assert await bell.rung() == []


async def test_a_moment_is_acted_on_once_however_often_it_is_looked_at(bell: Bell):
    timetable = bell.timetable()
    await timetable.once()
    bell.now += timedelta(days=3)
    await timetable.once()
    await timetable.once()

    assert await bell.rung() == ["11-23 09"]


async def test_two_replicas_act_once(bell: Bell, database_url: str):
    await bell.timetable().once()
    async with opened(database_url) as other:
        bell.now = other.now = FRIDAY + timedelta(days=5)
        one, two = bell.timetable(), other.timetable()
        await asyncio.gather(*(each.once() for each in (one, two, one, two)))

        assert await bell.rung() == ["11-23 09", "11-24 09", "11-25 09"]


async def test_what_came_while_it_was_down_is_caught_up_with(database_url: str):
    async with opened(database_url) as before:
        await before.timetable().once()
    async with opened(database_url) as after:
        after.now = FRIDAY + timedelta(days=4)
        await after.timetable().once()

        assert await after.rung() == ["11-23 09", "11-24 09"]


async def test_after_a_long_absence_the_last_week_is_caught_up_with(bell: Bell):
    await bell.timetable().once()
    bell.now = local("2026-12-28", "10:00")
    await bell.timetable().once()

    assert await bell.rung() == ["12-22 09", "12-23 09", "12-28 09"]


async def test_of_what_was_missed_long_ago_only_the_last_is_done(bell: Bell):
    moments = monthly(1, NINE)
    await bell.timetable(moments).once()
    bell.now = local("2027-03-20")
    await bell.timetable(moments).once()

    assert await bell.rung() == ["03-01 09"]


async def test_an_act_that_fails_leaves_the_moment_for_the_next_time(bell: Bell):
    timetable = bell.timetable()
    await timetable.once()
    bell.now += timedelta(days=3)
    bell.failing = True
    await timetable.once()
    bell.failing = False
    await timetable.once()

    assert await bell.rung() == ["11-23 09"]


async def test_a_timer_that_fails_holds_no_other_up(bell: Bell):
    def fail(_tx: Transaction, _office: Office, _moment: datetime) -> None:
        raise RuntimeError("never")

    timers = [Timer("broken", daily(NINE), fail), Timer("bell", daily(NINE), bell.ring)]
    timetable = Timetable(bell.perform, office(), timers, now=lambda: bell.now, poll_s=1)
    await timetable.once()
    bell.now += timedelta(days=1)
    await timetable.once()

    assert await bell.rung() == ["11-21 09"]


async def test_a_clock_that_is_put_back_rings_nothing_twice(bell: Bell):
    timetable = bell.timetable()
    await timetable.once()
    bell.now += timedelta(days=3)
    await timetable.once()
    bell.now -= timedelta(days=2)
    await timetable.once()
    bell.now += timedelta(days=2)
    await timetable.once()

    assert await bell.rung() == ["11-23 09"]


async def test_it_looks_again_and_again_until_it_is_stopped(bell: Bell):
    await bell.timetable().once()
    running = asyncio.create_task(bell.timetable().run())
    await asyncio.sleep(0.05)
    bell.now += timedelta(days=3)
    await until(bell.rung)
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)

    assert await bell.rung() == ["11-23 09"]
