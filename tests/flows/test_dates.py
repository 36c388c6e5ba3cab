"""Dates as people write them, and the budget years between two of them."""

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flows.dates import MONTHS, budget_years, local_day, parse_date
from flows.errors import InvalidAnswer

days = st.dates(date(2000, 1, 1), date(2099, 12, 31))


@given(days)
def test_every_way_of_writing_a_date_is_read(day: date):
    month = MONTHS[day.month - 1]
    for written in (
        day.isoformat(),
        f"{day:%Y%m%d}",
        f" {day.day}/{day.month} {day.year} ",
        f"{day.day} {month} {day.year}",
        f"den {day.day} {month[:3]}. {day.year}",
        f"{day.day}:e {month.upper()} {day.year}",
    ):
        assert parse_date(written) == day


@given(st.text(max_size=30))
def test_whatever_is_written_is_a_date_or_refused_as_one(text: str):
    why = ""
    try:
        parse_date(text)
    except InvalidAnswer as refusal:
        why = refusal.key

    assert why in {
        "",
        *(f"refusals.answers.date_{one}" for one in ("unreadable", "impossible", "far_away")),
    }


@pytest.mark.parametrize(
    ("written", "why"),
    [
        ("snart", "date_unreadable"),
        ("2027", "date_unreadable"),
        ("1 ma 2027", "date_unreadable"),
        ("2027-02-30", "date_impossible"),
        ("31/4 2027", "date_impossible"),
        ("2206-01-01", "date_far_away"),
        ("1027-01-01", "date_far_away"),
    ],
)
def test_what_is_wrong_with_a_date_is_said(written: str, why: str):
    with pytest.raises(InvalidAnswer) as refused:
        parse_date(written)

    assert refused.value.key == f"refusals.answers.{why}"


@pytest.mark.requirement("R000-31")
def test_six_months_over_new_year_are_two_budget_years():
    assert budget_years(date(2026, 10, 1), date(2027, 3, 31)) == (2026, 2027)


@given(days, days)
def test_budget_years_are_the_calendar_years_touched(one: date, other: date):
    start, end = sorted([one, other])

    years = budget_years(start, end)

    assert (years[0], years[-1]) == (start.year, end.year)
    assert len(years) == end.year - start.year + 1


def test_a_day_is_swedish():
    assert local_day(datetime(2026, 12, 31, 23, 30, tzinfo=UTC)) == date(2027, 1, 1)
    assert local_day(datetime(2026, 6, 30, 21, 59, tzinfo=UTC)) == date(2026, 6, 30)
