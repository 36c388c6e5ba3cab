"""The dates after a meeting, by the worked examples of domain.md §3.1 and around free days."""

from datetime import date

import pytest

from bot.calendar import sweden
from flows.deadlines import Deadline, announce_by, appeal_ends, verify_by

SWEDEN = sweden()


@pytest.mark.parametrize(
    ("announced", "ends"),
    [
        ("2026-12-03", "2026-12-28"),  # three weeks end on julafton, a Thursday
        ("2026-12-02", "2026-12-23"),
        ("2026-12-04", "2026-12-28"),  # juldagen
        ("2026-12-10", "2027-01-04"),  # nyårsafton
        ("2026-05-29", "2026-06-22"),  # midsommarafton
        ("2026-05-16", "2026-06-08"),  # Saturday 6 June is nationaldagen
        ("2027-03-05", "2027-03-30"),  # långfredagen, and Easter with the clocks put forward
    ],
)
def test_three_weeks_end_on_the_same_weekday_or_the_next_working_day(announced, ends):
    assert appeal_ends(SWEDEN, date.fromisoformat(announced)) == date.fromisoformat(ends)


def test_minutes_are_verified_within_fourteen_days():
    day = date(2026, 12, 15)

    assert verify_by(SWEDEN, date(2026, 12, 1)) == Deadline(legal=day, safe=day)


def test_before_christmas_the_safe_day_is_before_julafton():
    assert verify_by(SWEDEN, date(2026, 12, 10)) == Deadline(
        legal=date(2026, 12, 28), safe=date(2026, 12, 23)
    )


def test_the_notice_comes_the_second_day_after_and_the_safe_day_is_not_after_the_weekend():
    assert announce_by(SWEDEN, date(2026, 12, 3)) == Deadline(
        legal=date(2026, 12, 7), safe=date(2026, 12, 4)
    )


def test_verified_before_a_long_weekend_it_is_announced_at_once():
    assert announce_by(SWEDEN, date(2026, 12, 23)) == Deadline(
        legal=date(2026, 12, 28), safe=date(2026, 12, 23)
    )
