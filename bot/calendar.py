"""The Swedish calendar: public holidays (lag 1989:253) and the three eves on which nobody works.

Midsommarafton, julafton and nyårsafton count as Sundays by lag (1930:173), and so do people. Worked out
here since 2005, when nationaldagen became one: the library `holidays`, which the tests compare with, brings
all the world's countries along, a tenth of the time that the bot takes to start.
"""

from collections.abc import Iterator
from datetime import date, timedelta
from functools import cache

from flows.working_days import Calendar

_FIXED = ((1, 1), (1, 6), (5, 1), (6, 6), (12, 24), (12, 25), (12, 26), (12, 31))
# Långfredagen, påskdagen, annandag påsk, Kristi himmelsfärdsdag, pingstdagen: days after Easter Sunday.
_AROUND_EASTER = (-2, 0, 1, 39, 49)
_SATURDAY = 5


def sweden() -> Calendar:
    """Any year from 2005; each is worked out when it is first asked about."""
    return Calendar(lambda day: day in _holidays(day.year))


@cache
def _holidays(year: int) -> frozenset[date]:
    return frozenset(_days(year))


def _days(year: int) -> Iterator[date]:
    for month, day in _FIXED:
        yield date(year, month, day)
    for days in _AROUND_EASTER:
        yield _easter(year) + timedelta(days=days)
    midsummer = _saturday(date(year, 6, 20))
    yield from (midsummer - timedelta(days=1), midsummer)
    yield _saturday(date(year, 10, 31))  # alla helgons dag


def _saturday(first: date) -> date:
    """The Saturday of the seven days from `first`."""
    return first + timedelta(days=(_SATURDAY - first.weekday()) % 7)


def _easter(year: int) -> date:
    """Easter Sunday in the Gregorian calendar (Meeus, Jones and Butcher)."""
    century, rest = divmod(year, 100)
    golden = year % 19
    moon = (19 * golden + century - century // 4 - (8 * century + 13) // 25 + 15) % 30
    week = (32 + 2 * (century % 4) + 2 * (rest // 4) - moon - rest % 4) % 7
    late = (golden + 11 * moon + 22 * week) // 451
    month, day = divmod(moon + week - 7 * late + 114, 31)
    return date(year, month, day + 1)
