"""Working days: counted and moved to, on a calendar that is told which days are free.

Which days those are in Sweden is for bot/calendar.py; here a calendar is a predicate, and Saturdays
and Sundays are free on every one.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

_DAY = timedelta(days=1)
_SATURDAY = 5


@dataclass(frozen=True, slots=True)
class Calendar:
    """`is_holiday`: public holidays, and eves on which nobody works; weekends need not be among them."""

    is_holiday: Callable[[date], bool]

    def is_working_day(self, day: date) -> bool:
        return day.weekday() < _SATURDAY and not self.is_holiday(day)

    def next_working_day(self, day: date) -> date:
        """The day itself when somebody works then, else the first such day after it."""
        while not self.is_working_day(day):
            day += _DAY
        return day

    def last_working_day(self, day: date) -> date:
        """The day itself when somebody works then, else the last such day before it."""
        while not self.is_working_day(day):
            day -= _DAY
        return day

    def add_working_days(self, day: date, number: int) -> date:
        """The working day that many after `day`, or before it when negative; for 0 the day itself."""
        step = _DAY if number > 0 else -_DAY
        for _ in range(abs(number)):
            day += step
            while not self.is_working_day(day):
                day += step
        return day

    def working_days_between(self, day: date, later: date) -> int:
        """How many working days have begun after `day`, up to and with `later`; 0 when it is not later."""
        span = range(1, (later - day).days + 1)
        return sum(self.is_working_day(day + n * _DAY) for n in span)
