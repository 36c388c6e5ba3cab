"""What happens by the clock: each timer acts once at each of its moments, whichever replica is first.

The moment is a row of `fired`, written in the transaction of the act: a restart loses none, and a
second replica finds it taken. An act looks at the state of things, never at how often it was called.
"""

import asyncio
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import partial
from time import monotonic

import structlog

from bot.office import Office
from bot.perform import Perform, Transaction
from flows.dates import SWEDEN, local_day
from flows.practice import Weekday
from storage import fired

log = structlog.get_logger(__name__)

# What was missed is caught up with in order; of what is older than this only the last of each timer.
CAUGHT_UP = timedelta(days=7)
_FARTHEST = timedelta(days=400)  # a yearly timer, with a margin
_DAY = timedelta(days=1)
_WEEKDAYS: tuple[Weekday, ...] = ("monday", "tuesday", "wednesday", "thursday", "friday")

Moments = Callable[[Office, datetime, datetime], Iterable[datetime]]
IsDue = Callable[[Office, date], bool]


@dataclass(frozen=True, slots=True)
class Timer:
    """`moments` gives the aware moments in (after, until], in order; `act` is told which one it is.

    `name` stands in the database: a renamed timer begins anew.
    """

    name: str
    moments: Moments
    act: Callable[[Transaction, Office, datetime], None]


# --- moments -------------------------------------------------------------------------------------


def daily(at: time) -> Moments:
    """Every day, free ones too."""
    return _on_days(at, lambda _office, _day: True)


def on_working_days(at: time) -> Moments:
    """Every working day, at the hour in Sweden."""
    return _on_days(at, lambda office, day: office.calendar.is_working_day(day))


def weekly(weekday: Weekday, at: time) -> Moments:
    """That day of every week; when it is free, the next working day."""
    return _on_days(at, _or_next(lambda day: day.weekday() == _WEEKDAYS.index(weekday)))


def monthly(day: int, at: time) -> Moments:
    """That day of every month (at most the 28th); when it is free, the next working day."""
    return _on_days(at, _or_next(lambda on: on.day == day))


def yearly(month: int, day: int, at: time) -> Moments:
    """That day of every year; when it is free, the next working day."""
    return _on_days(at, _or_next(lambda on: (on.month, on.day) == (month, day)))


def before_meetings(bodies: Sequence[str], working_days: int, at: time) -> Moments:
    """So many working days before each of the bodies' meetings in the programme."""

    def is_due(office: Office, day: date) -> bool:
        meetings = (m.day for m in office.programme.meetings if m.body in bodies)
        return day in {office.calendar.add_working_days(held, -working_days) for held in meetings}

    return _on_days(at, is_due)


def moment(day: date, at: time) -> datetime:
    """When it is `at` in Sweden that day; an hour that comes twice is its first, one skipped the next."""
    return datetime.combine(day, at, tzinfo=SWEDEN).astimezone(UTC)


def _on_days(at: time, is_due: IsDue) -> Moments:
    def moments(office: Office, after: datetime, until: datetime) -> Iterator[datetime]:
        first, last = local_day(after), local_day(until)
        for number in range((last - first).days + 1):
            day = first + number * _DAY
            if after < moment(day, at) <= until and is_due(office, day):
                yield moment(day, at)

    return moments


def _or_next(is_named: Callable[[date], bool]) -> IsDue:
    """The named day, or the first working day after it: the free days before a day count as it."""

    def is_due(office: Office, day: date) -> bool:
        calendar = office.calendar
        if not calendar.is_working_day(day):
            return False
        since = calendar.add_working_days(day, -1)
        return any(is_named(day - n * _DAY) for n in range((day - since).days))

    return is_due


# --- the loop ------------------------------------------------------------------------------------


class Timetable:
    """`run` until cancelled; `once` acts on what is due now."""

    def __init__(
        self,
        perform: Perform,
        office: Office,
        timers: Sequence[Timer],
        *,
        now: Callable[[], datetime],
        poll_s: float,
    ) -> None:
        self._perform = perform
        self._office = office
        self._timers = timers
        self._now = now
        self._poll_s = poll_s
        self._looked_at = monotonic()
        self._done_until: dict[str, datetime] = {}  # by timer: what came before is acted on

    async def run(self) -> None:
        while True:
            await self.once()
            await asyncio.sleep(self._poll_s)

    def age_s(self) -> float:
        """How long ago the timetable was last looked at and nothing failed."""
        return monotonic() - self._looked_at

    async def once(self) -> None:
        """Act on every moment that has come, in order. What fails is tried again the next time."""
        until, failed = self._now(), False
        for timer in self._timers:
            try:
                await self._catch_up(timer, until)
            except Exception:
                failed = True
                log.exception("a timer failed; tried again", timer=timer.name)
        if not failed:
            self._looked_at = monotonic()

    async def _catch_up(self, timer: Timer, until: datetime) -> None:
        after = self._done_until.get(timer.name) or await self._perform.read(
            lambda db: fired.last(db, timer.name)
        )
        if after is None:
            # The first time ever: from now on nothing is missed, and nothing of before is due.
            after = until
            await self._perform.unkeyed(lambda tx: fired.add(tx.db, timer.name, until, at=tx.now))
        come = [*timer.moments(self._office, max(after, until - _FARTHEST), until)]
        recent = [at for at in come if until - at <= CAUGHT_UP]
        for at in recent or come[-1:]:
            await self._perform.unkeyed(partial(self._fire, timer=timer, at=at))
        self._done_until[timer.name] = max(after, until)

    def _fire(self, tx: Transaction, *, timer: Timer, at: datetime) -> None:
        if fired.add(tx.db, timer.name, at, at=tx.now):
            log.info("timer", timer=timer.name, moment=at.isoformat())
            timer.act(tx, self._office, at)
