"""Which reports a granted case owes: round year ends, one-day measures, and who is never asked twice."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flows.follow_up import Due, holds_effect, is_last, period_of, plan, years_ended
from flows.practice import FollowUpPeriod
from tests.flows.filled import example

PERIODS = example().follow_up
JUNE = FollowUpPeriod(key="half", name="halvår", month=6, day=30)
DECEMBER = FollowUpPeriod(key="year", name="helår", month=12, day=31)
SOME_PERIODS = st.sampled_from([PERIODS, (JUNE,), (DECEMBER,), (JUNE, DECEMBER), ()])
DAYS = st.dates(min_value=date(2026, 1, 1), max_value=date(2029, 12, 31))


def keys(decided: str, end: str, effect: str, periods=PERIODS) -> list[str]:
    return [due.key for due in made(decided, end, effect, periods)]


def made(decided: str, end: str, effect: str, periods=PERIODS) -> tuple[Due, ...]:
    days = {"decided": decided, "end": end, "effect": effect}
    return plan(periods, **{name: date.fromisoformat(day) for name, day in days.items()})


@pytest.mark.requirement("R001-11")
def test_every_year_has_its_three_periods():
    found = made("2026-12-15", "2027-12-31", "2027-12-31")

    assert [(due.key, due.day.isoformat()) for due in found] == [
        ("2026-year_end", "2026-12-31"),
        ("2027-april", "2027-04-30"),
        ("2027-august", "2027-08-31"),
        ("2027-year_end", "2027-12-31"),
    ]


def test_a_measure_that_ends_within_a_period_is_reported_in_it_and_at_the_years_end():
    assert keys("2027-01-10", "2027-03-15", "2027-03-15") == ["2027-april", "2027-year_end"]


def test_a_measure_of_one_day():
    assert keys("2027-05-01", "2027-05-05", "2027-05-05") == ["2027-august", "2027-year_end"]


def test_the_day_of_a_period_belongs_to_it():
    assert keys("2027-01-10", "2027-04-30", "2027-04-30")[0] == "2027-april"
    assert keys("2027-04-30", "2027-12-31", "2027-12-31") == ["2027-august", "2027-year_end"]


def test_a_measure_that_ends_after_new_year_is_followed_into_that_year():
    assert keys("2026-11-01", "2027-01-01", "2027-01-01") == [
        "2026-year_end",
        "2027-april",
        "2027-year_end",
    ]


def test_an_effect_to_be_measured_within_a_planned_period_is_asked_for_there():
    assert "effect" not in keys("2026-12-15", "2027-12-31", "2027-06-15")


def test_an_effect_to_be_measured_later_has_a_report_of_its_own_which_is_the_last():
    found = made("2026-12-15", "2027-12-31", "2028-10-31")

    assert [due.key for due in found][-2:] == ["2027-year_end", "effect"]
    assert found[-1].day == date(2028, 10, 31)
    assert is_last(found, "effect")
    assert not is_last(found, "2027-year_end")


def test_an_effect_between_two_reports_is_not_kept_waiting_for_the_later():
    found = keys("2027-01-10", "2027-03-15", "2027-06-01")

    assert found == ["2027-april", "effect", "2027-year_end"]


def test_with_one_period_a_year_the_effect_and_the_end_are_asked_for_on_their_days():
    found = made("2026-11-01", "2027-07-31", "2027-10-15", (JUNE,))

    assert [(due.key, due.day.isoformat()) for due in found] == [
        ("2027-half", "2027-06-30"),
        ("final", "2027-07-31"),
        ("effect", "2027-10-15"),
        ("2028-half", "2028-06-30"),  # which sees the budget year's end
    ]
    assert holds_effect(found, "effect", effect=date(2027, 10, 15))
    assert is_last(found, "2028-half")


def test_a_measure_that_ends_with_the_year_is_not_followed_into_the_next():
    assert keys("2026-11-01", "2027-12-31", "2027-12-31", (JUNE,)) == ["2027-half", "final"]


def test_with_one_period_a_year_what_falls_shortly_before_it_waits_for_it():
    assert keys("2026-11-01", "2027-05-31", "2027-04-01", (JUNE,)) == ["2027-half"]
    assert keys("2027-01-10", "2027-09-15", "2027-09-30", (DECEMBER,)) == ["2027-year"]


def test_what_was_over_when_it_was_granted_waits_for_the_years_only_period():
    assert keys("2027-07-01", "2027-01-31", "2026-12-31", (JUNE,)) == ["2028-half"]


def test_without_periods_the_end_and_the_effect_are_asked_for():
    assert keys("2026-12-15", "2027-12-31", "2028-10-31", ()) == ["final", "effect"]
    assert keys("2026-12-15", "2027-12-31", "2027-12-31", ()) == ["final"]


def test_a_measure_that_was_over_when_it_was_granted_is_reported_once_more():
    assert keys("2027-06-01", "2027-05-05", "2027-05-05") == ["2027-august", "2027-year_end"]


def test_a_period_on_a_day_that_the_month_lacks_is_its_last():
    february = FollowUpPeriod(key="winter", name="vinter", month=2, day=31)

    assert [due.day for due in made("2027-12-01", "2028-12-31", "2028-12-31", (february,))] == [
        date(2028, 2, 29),
        date(2029, 2, 28),
    ]


def test_the_effect_is_said_in_the_first_report_after_its_day():
    found = made("2026-12-15", "2027-12-31", "2027-06-15")
    asked = [due.key for due in found if holds_effect(found, due.key, effect=date(2027, 6, 15))]

    assert asked == ["2027-august"]


def test_an_effect_of_long_ago_is_said_in_the_first_report():
    found = made("2026-12-15", "2027-12-31", "2026-01-01")

    assert holds_effect(found, "2026-year_end", effect=date(2026, 1, 1))


def test_a_year_is_settled_by_the_first_report_that_sees_its_end():
    twice = made("2026-11-01", "2027-11-30", "2027-11-30", (JUNE,))
    thrice = made("2026-11-01", "2027-12-31", "2027-12-31")

    assert years_ended(twice, "2027-half", {2026, 2027}) == {2026}
    assert years_ended(twice, "2028-half", {2026, 2027}) == {2027}
    assert not any(years_ended(thrice, due.key, {2026, 2027}) for due in thrice)


def test_a_year_whose_last_day_was_the_decisions_is_settled_in_the_next():
    found = made("2026-12-31", "2027-12-31", "2027-12-31")

    assert years_ended(found, "2027-april", {2026, 2027}) == {2026}


def test_a_key_leads_to_its_period():
    april = period_of(PERIODS, "2027-april")
    assert april is not None
    assert april.forecast
    assert period_of(PERIODS, "effect") is None
    assert period_of(PERIODS, "2027-march") is None


@given(SOME_PERIODS, DAYS, DAYS, DAYS)
def test_every_plan_follows_the_measure_to_its_end(
    periods: tuple[FollowUpPeriod, ...], decided: date, end: date, effect: date
):
    found = plan(periods, decided=decided, end=end, effect=effect)
    days = [due.day for due in found]

    assert len({due.key for due in found}) == len(found)
    assert len(set(days)) == len(days)
    assert days == sorted(days)
    assert days[0] >= decided
    assert days[-1] >= max(end, decided)
    assert days[-1] >= effect
    assert sum(holds_effect(found, due.key, effect=effect) for due in found) == 1
    assert sum(is_last(found, due.key) for due in found) == 1
    # Nobody waits longer for a report about the end or the effect than four months.
    for of in (end, effect):
        assert any(of <= day <= of + timedelta(days=123) for day in days) or of <= decided
