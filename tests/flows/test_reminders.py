"""Who is reminded, when, and when it goes to the next person."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from flows.reminders import Held, Matter, Reminder, Step, due

MONDAY = date(2026, 11, 23)
ANNA, BO, CHIEF, SARA = "T:ANNA", "T:BO", "T:CHIEF", "T:SARA"
FIRST, ESCALATED, LATE = Step.FIRST, Step.ESCALATED, Step.LATE


def held(**changed) -> Held:
    of = {
        "subject": "assessment:2026-0001:application:1",
        "matter": Matter.ASSESSMENT,
        "since": MONDAY - timedelta(days=5),
        "holders": (ANNA, BO),
        "first_on": MONDAY,
        "next": (SARA,),
        "escalates_on": MONDAY + timedelta(days=3),
    }
    return Held(**(of | changed))


def on(day: int, *, of: Held | None = None, given=(), snoozed=None) -> set[tuple[Step, str]]:
    """What is said so many days after Monday."""
    today = MONDAY + timedelta(days=day)
    found = due(of or held(), today=today, given=given, snoozed=snoozed or {})
    return {(one.step, one.person) for one in found}


def test_nothing_is_said_before_the_day():
    assert on(-1) == set()


def test_each_who_has_it_is_reminded_on_the_day_or_as_soon_as_somebody_looks():
    assert on(0) == on(2) == {(FIRST, ANNA), (FIRST, BO)}


def test_each_is_reminded_once():
    assert on(1, given=[(FIRST, ANNA)]) == {(FIRST, BO)}


def test_who_comes_later_is_reminded_too():
    assert on(1, of=held(holders=(ANNA, CHIEF)), given=[(FIRST, ANNA), (FIRST, BO)]) == {
        (FIRST, CHIEF)
    }


def test_it_goes_to_the_next_and_that_is_said_to_those_who_were_late():
    assert on(3, given=[(FIRST, ANNA), (FIRST, BO)]) == {
        (ESCALATED, SARA),
        (LATE, ANNA),
        (LATE, BO),
    }


def test_it_goes_further_at_once_when_nobody_looked_in_time():
    assert on(10) == {(ESCALATED, SARA), (LATE, ANNA), (LATE, BO)}


def test_whoever_was_told_that_it_has_gone_further_is_not_reminded_the_day_after():
    gone = [(ESCALATED, SARA), (LATE, ANNA), (LATE, BO)]

    assert on(11, given=gone) == set()


def test_it_goes_further_once_whoever_is_next_the_day_after():
    gone = [(FIRST, ANNA), (FIRST, BO), (ESCALATED, SARA), (LATE, ANNA), (LATE, BO)]

    assert on(4, given=gone) == set()
    assert on(4, of=held(next=(CHIEF,)), given=gone) == set()


def test_a_snooze_holds_the_reminder_but_not_the_escalation():
    until = MONDAY + timedelta(days=2)
    far = MONDAY + timedelta(days=9)
    given = [(FIRST, ANNA), (FIRST, BO)]

    assert on(1, given=given, snoozed={ANNA: until}) == set()
    assert on(2, given=given, snoozed={ANNA: until}) == {(FIRST, ANNA)}
    assert on(3, given=given, snoozed={ANNA: far}) == {
        (ESCALATED, SARA),
        (LATE, ANNA),
        (LATE, BO),
    }


def test_whoever_is_next_and_had_it_too_is_told_one_thing():
    assert on(3, of=held(holders=(ANNA, SARA))) == {(ESCALATED, SARA), (LATE, ANNA)}


def test_without_a_next_person_it_goes_no_further():
    assert on(9, of=held(next=()), given=[(FIRST, ANNA), (FIRST, BO)]) == set()


def test_when_nobody_has_it_any_more_the_next_is_still_told():
    assert on(3, of=held(holders=())) == {(ESCALATED, SARA)}


people = st.frozensets(st.sampled_from([ANNA, BO, CHIEF, SARA]))


@given(people, people, st.lists(st.integers(0, 3), max_size=30))
def test_however_often_somebody_looks_each_step_is_taken_once_with_each(holders, after, steps):
    of = held(holders=tuple(sorted(holders)), next=tuple(sorted(after)))
    said: list[Reminder] = []
    today = MONDAY - timedelta(days=3)
    for step in steps:
        today += timedelta(days=step)
        taken = [(one.step, one.person) for one in said]
        said += due(of, today=today, given=taken, snoozed={})

    assert len(said) == len(set(said))
    assert {one.person for one in said if one.step is ESCALATED} <= set(after)
    assert {one.person for one in said if one.step is not ESCALATED} <= set(holders)
