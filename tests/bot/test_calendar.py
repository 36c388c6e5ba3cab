"""The days on which nobody works are those that the library of all the world's holidays has."""

from datetime import date

from holidays.countries.sweden import Sweden

from bot.calendar import sweden


def test_a_century_of_holidays_is_what_the_library_says() -> None:
    known = set(Sweden(years=range(2005, 2101), categories=("public", "de_facto")))
    calendar = sweden()
    days = range(date(2005, 1, 1).toordinal(), date(2101, 1, 1).toordinal())

    ours = {day for day in map(date.fromordinal, days) if calendar.is_holiday(day)}

    assert ours == known
