"""What a digest says, as facts: whose period, who is late, what counts, how many lines there is room for."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from flows.case import State
from flows.decided import Body, Verdict
from flows.digest import (
    MOST_LINES,
    MOST_OF_A_KIND,
    OPEN,
    Decision,
    Decisions,
    Group,
    Status,
    activity,
    is_late,
    late_since,
    lines_each,
    of_interest,
    period,
)
from flows.ledger import Account
from flows.practice import DigestKind, Reminders
from flows.rules import CostKind
from flows.working_days import Calendar

CHRISTMAS = {date(2026, 12, 24), date(2026, 12, 25)}
CALENDAR = Calendar(lambda day: day in CHRISTMAS)
MONDAY = datetime(2026, 11, 23, 7, tzinfo=UTC)
USUAL = Reminders()


def test_a_period_begins_where_the_one_before_ended():
    first = period(DigestKind.WEEKLY, previous=None, now=MONDAY)
    second = period(DigestKind.WEEKLY, previous=MONDAY, now=MONDAY + timedelta(days=7))

    assert first.until == second.since
    assert first.until - first.since == timedelta(days=7)
    assert first.until < MONDAY  # what is being committed just now is in the next one


def test_the_first_month_is_a_month():
    found = period(DigestKind.MONTHLY, previous=None, now=MONDAY)

    assert (found.until - found.since).days == 31


@pytest.mark.requirement("R000-2")
def test_a_proposal_within_the_own_operations_is_not_kommunovergripande():
    found = activity(
        "socialnämnden", {"own_operations": 3, "several_operations": 1, "cross_sector": 2}
    )

    assert (found.proposals, found.municipal) == (6, 3)


@pytest.mark.requirement("R000-1")
def test_a_committee_without_proposals_has_zero_of_both():
    found = activity("kommunstyrelsen", {})

    assert (found.proposals, found.municipal) == (0, 0)


def test_nobody_is_late_on_the_last_day_allowed():
    assert not is_late(State.ASSESSMENT, USUAL.assessment, USUAL)
    assert is_late(State.ASSESSMENT, USUAL.assessment + 1, USUAL)
    assert is_late(State.CHIEF_EXECUTIVE, USUAL.decision + 1, USUAL)


def test_a_body_that_meets_on_its_own_days_is_never_late():
    assert not is_late(State.EXECUTIVE_BOARD, 500, USUAL)
    assert late_since(State.EXECUTIVE_BOARD, MONDAY.date(), USUAL, CALENDAR) is None


@pytest.mark.parametrize("today", [date(2026, 12, 23) + timedelta(days=n) for n in range(14)])
def test_what_is_counted_as_late_is_what_is_called_late(today: date):
    limit = late_since(State.ASSESSMENT, today, USUAL, CALENDAR)
    assert limit is not None

    for since in (today - timedelta(days=n) for n in range(20)):
        days = CALENDAR.working_days_between(since, today)
        assert is_late(State.ASSESSMENT, days, USUAL) == (since <= limit)


@pytest.mark.parametrize("groups", range(len(OPEN) + 1))
def test_every_group_has_a_line_and_all_have_room(groups: int):
    assert 1 <= lines_each(groups) <= 5
    assert lines_each(groups) * groups <= max(MOST_LINES, groups)


def test_every_decision_is_summed_and_the_first_are_shown():
    found = Decisions(all=tuple(decision(number) for number in range(40)))

    assert found.sum(CostKind.OPERATING) == Decimal(40 * 1_000)
    assert found.sum(CostKind.INVESTMENT) == 0
    assert (len(found.shown), found.rest) == (MOST_OF_A_KIND, 40 - MOST_OF_A_KIND)
    assert found.granted == 40


def test_another_years_money_is_shown_when_something_of_it_is_bound():
    this = Account(year=2026, kind=CostKind.OPERATING, pot=Decimal(10))
    untouched = Account(year=2027, kind=CostKind.OPERATING, pot=Decimal(10))
    bound = Account(year=2027, kind=CostKind.INVESTMENT, committed_by_board=Decimal(1))

    assert of_interest([this, untouched, bound], year=2026) == (this, bound)


def test_a_year_without_a_pot_is_shown_only_for_what_is_asked_of_it():
    nothing = Account(year=2028, kind=CostKind.OPERATING)
    asked = Account(year=2028, kind=CostKind.INVESTMENT, reserved_for_board=Decimal(1))

    assert of_interest([nothing, asked], year=2028) == (asked,)


def test_a_case_in_follow_up_is_not_one_that_somebody_is_awaited_for():
    day = date(2026, 11, 1)
    follow_up = Group(
        state=State.FOLLOW_UP, count=7, since=day - timedelta(days=99), late=0, shown=()
    )
    board = Group(state=State.EXECUTIVE_BOARD, count=2, since=day, late=0, shown=())
    found = Status(groups=(board, follow_up))

    assert (found.waiting, found.since) == (2, day)


def decision(number: int) -> Decision:
    return Decision(
        number=f"D 2026-{number:04}",
        case_id="2026-0001",
        title="Värdar",
        body=Body.CHIEF_EXECUTIVE,
        verdict=Verdict.GRANTED,
        day=MONDAY.date(),
        year=2026,
        amounts={CostKind.OPERATING: Decimal(1_000)},
    )
