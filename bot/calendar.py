"""The Swedish calendar: public holidays and the three eves on which nobody works, from `holidays`.

The library's default leaves midsommarafton, julafton and nyårsafton out; lag (1930:173) counts them
as Sundays, and so do people.
"""

from datetime import date
from functools import cache

from flows.working_days import Calendar

_CATEGORIES = ("public", "de_facto")


def sweden() -> Calendar:
    """Any year; each is worked out when it is first asked about."""
    return Calendar(lambda day: day in _holidays(day.year))


@cache
def _holidays(year: int) -> frozenset[date]:
    from holidays.countries.sweden import Sweden  # a quarter of a second; all countries take one

    return frozenset(Sweden(years=year, categories=_CATEGORIES))
