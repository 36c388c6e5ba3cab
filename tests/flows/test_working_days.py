"""Counting working days: on a calendar of any free days, and on the Swedish one."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.calendar import sweden
from flows.working_days import Calendar

SWEDEN = sweden()
DAY = timedelta(days=1)
days = st.dates(date(2024, 1, 1), date(2029, 12, 31))


@st.composite
def calendars(draw):
    """A few free days here and there, also many in a row."""
    free = draw(st.frozensets(st.dates(date(2026, 1, 1), date(2026, 3, 31)), max_size=40))
    return Calendar(lambda day: day in free)


near = st.dates(date(2026, 1, 1), date(2026, 3, 31))


@given(calendars(), near, st.integers(1, 30))
def test_going_forward_and_counting_agree(calendar, day, number):
    later = calendar.add_working_days(day, number)

    assert calendar.is_working_day(later)
    assert calendar.working_days_between(day, later) == number


@given(calendars(), near, st.integers(1, 30))
def test_going_back_from_a_working_day_undoes_going_there(calendar, day, number):
    start = calendar.next_working_day(day)

    assert calendar.add_working_days(calendar.add_working_days(start, number), -number) == start


@given(calendars(), near)
def test_the_next_and_the_last_working_day_leave_a_working_day_where_it_is(calendar, day):
    after, before = calendar.next_working_day(day), calendar.last_working_day(day)

    assert before <= day <= after
    assert (before == day == after) is calendar.is_working_day(day)
    assert not any(
        calendar.is_working_day(before + n * DAY) for n in range(1, (after - before).days)
    )


@given(calendars(), near, near, near)
def test_counts_of_two_stretches_add_up(calendar, one, other, third):
    first, middle, last = sorted([one, other, third])

    counted = calendar.working_days_between
    assert counted(first, last) == counted(first, middle) + counted(middle, last)
    assert counted(last, first) == 0 or first == last


@given(days)
def test_no_weekend_is_a_working_day_in_sweden(day):
    assert day.weekday() < 5 or not SWEDEN.is_working_day(day)


@pytest.mark.parametrize(
    ("day", "name"),
    [
        ("2026-01-06", "trettondedag jul"),
        ("2026-04-03", "långfredagen"),
        ("2026-04-06", "annandag påsk"),
        ("2026-05-01", "första maj"),
        ("2026-05-14", "Kristi himmelsfärdsdag"),
        ("2026-06-19", "midsommarafton"),
        ("2026-12-24", "julafton"),
        ("2026-12-25", "juldagen"),
        ("2026-12-31", "nyårsafton"),
        ("2027-01-01", "nyårsdagen"),
        ("2027-03-29", "annandag påsk, dagen efter att klockan ställs fram"),
        ("2027-06-25", "midsommarafton"),
    ],
)
def test_nobody_works_on(day, name):
    assert not SWEDEN.is_working_day(date.fromisoformat(day)), name


@pytest.mark.parametrize(
    "day", ["2026-06-05", "2026-12-23", "2026-12-28", "2026-04-02", "2026-10-30"]
)
def test_people_work_on_the_days_around_them(day):
    assert SWEDEN.is_working_day(date.fromisoformat(day))


@pytest.mark.parametrize(
    ("day", "number", "then"),
    [
        ("2026-12-22", 1, "2026-12-23"),
        ("2026-12-22", 2, "2026-12-28"),  # over julafton, juldagen and a weekend
        ("2026-12-22", 4, "2026-12-30"),
        ("2026-12-22", 5, "2027-01-04"),  # nyårsafton, nyårsdagen and a weekend
        ("2026-12-22", 7, "2027-01-07"),  # trettondedag jul
        ("2026-06-17", 2, "2026-06-22"),  # midsommarafton is a Friday
        ("2026-06-22", -2, "2026-06-17"),
        ("2026-12-26", -1, "2026-12-23"),
        ("2026-12-26", 0, "2026-12-26"),
    ],
)
def test_christmas_and_midsummer_are_stepped_over(day, number, then):
    assert SWEDEN.add_working_days(date.fromisoformat(day), number) == date.fromisoformat(then)
