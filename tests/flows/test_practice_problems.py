"""What `lots check` says of reminders, deputies, meetings and digests that do not fit together."""

from datetime import date, time
from typing import Any

import pytest

from bot.calendar import sweden
from flows.practice import ChiefExecutiveDeputy, Digest, DigestKind, Meeting, Reminders
from flows.practice_problems import practice_problems
from flows.programme import Programme, Role
from tests.flows.filled import example

KJELL = "kjell.noren@exempelkommunen.se"


def found(programme: Programme | None = None, **changed: Any) -> list[tuple[Any, ...]]:
    """Each problem: its place, its name, and whether it stops the bot."""
    of = (programme or example()).model_copy(update=changed)
    return [
        (*one.place, one.key.rpartition(".")[2], one.stops)
        for one in practice_problems(of, sweden())
    ]


def without(role: Role) -> Programme:
    people = [p for p in example().people if role not in p.roles]
    return example().model_copy(update={"people": tuple(people)})


def deputy(since: str, until: str | None = None, email: str = KJELL) -> ChiefExecutiveDeputy:
    last = None if until is None else date.fromisoformat(until)
    return ChiefExecutiveDeputy(
        email=email, since=date.fromisoformat(since), until=last, source="KS § 1"
    )


def test_the_example_fits_together():
    assert found() == []


def test_a_meeting_on_a_free_day_is_worth_knowing():
    days = ("2026-12-24", "2026-12-26", "2026-12-22")
    meetings = tuple(Meeting(body="chair_preparation", day=date.fromisoformat(d)) for d in days)

    assert found(meetings=meetings) == [
        ("meetings", 0, "free_day", False),
        ("meetings", 1, "free_day", False),
    ]


@pytest.mark.parametrize("days", [2, 3])
def test_it_goes_further_after_the_first_reminder(days: int):
    assert found(reminders=Reminders(assessment=3, assessment_escalated=days)) == [
        ("reminders", "assessment_escalated", "escalates_first", True)
    ]
    assert found(reminders=Reminders(decision=3, decision_escalated=days)) == [
        ("reminders", "decision_escalated", "escalates_first", True)
    ]


def test_one_deputy_at_a_time():
    at_once = (deputy("2026-07-01", "2026-07-31"), deputy("2026-07-31", "2026-08-05"))
    in_turn = (deputy("2026-07-01", "2026-07-30"), deputy("2026-07-31"))

    assert found(chief_executive_deputies=at_once) == [
        ("chief_executive_deputies", 1, "deputies_at_once", True)
    ]
    assert found(chief_executive_deputies=in_turn) == []


def test_a_deputy_for_ever_overlaps_everyone_after_her():
    for both in (
        (deputy("2026-07-01"), deputy("2027-01-01")),
        (deputy("2027-01-01"), deputy("2026-07-01")),
    ):
        assert found(chief_executive_deputies=both) == [
            ("chief_executive_deputies", 1, "deputies_at_once", True)
        ]


def test_a_deputy_begins_before_she_ends_and_needs_no_other_role():
    ends_first = deputy("2026-07-31", "2026-07-01")
    in_no_list = deputy("2026-07-01", "2026-07-31", email="vem@exempelkommunen.se")

    assert found(chief_executive_deputies=(ends_first,)) == [
        ("chief_executive_deputies", 0, "ends_first", True),
    ]
    assert found(chief_executive_deputies=(in_no_list,)) == []


def test_who_is_missing_when_a_decision_is_sent_is_worth_knowing():
    first, *others = example().committees
    office = first.administrations[0]
    unnamed = office.recipients.model_copy(update={"registrar": None})
    changed = first.model_copy(
        update={"administrations": (office.model_copy(update={"recipients": unnamed}),)}
    )
    place = ("committees", 0, "administrations", 0, "recipients", "registrar")

    assert found(committees=(changed, *others)) == [(*place, "no_recipient", False)]
    assert found(without(Role.INVESTMENT_STRATEGIST)) == [("people", "no_strategist", False)]


@pytest.mark.parametrize(
    ("kind", "role", "when"),
    [
        (DigestKind.MONTHLY, Role.CHIEF_EXECUTIVE, {"day": 1}),
        (DigestKind.RECONCILIATION, Role.FINANCIAL_CONTROL, {"month": 9, "day": 1}),
    ],
)
def test_a_digest_that_nobody_gets_is_worth_knowing(kind, role, when):
    digest = Digest(kind=kind, at=time(8), **when)
    to_somebody = digest.model_copy(update={"to": (KJELL,)})

    assert found(digests=(digest,)) == []
    assert found(without(role), digests=(digest,)) == [("digests", 0, "no_receiver", False)]
    assert found(without(role), digests=(to_somebody,)) == []


def test_before_meetings_somebody_gets_it_and_there_are_such_meetings():
    digest = Digest(kind=DigestKind.MEETING, at=time(8))

    assert found(digests=(digest,)) == [("digests", 0, "no_receiver", False)]
    assert found(digests=(digest.model_copy(update={"to": (KJELL,)}),), meetings=()) == [
        ("digests", 0, "no_meetings", False)
    ]
