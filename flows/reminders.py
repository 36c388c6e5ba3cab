"""Who is to be reminded of what waits for her, and when it goes to the next person.

A reminder is given once, again when she has snoozed it, and goes further once; to whom it has gone is
what was stored (`given`). The subject carries version or round, so that a new one begins anew.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from flows.case import State
from flows.events import PersonId


class Matter(StrEnum):
    """What somebody is reminded of."""

    DRAFT = "draft"  # an application that nobody has touched
    COMPLETION = "completion"  # KLG or the deciders have asked back
    ASSESSMENT = "assessment"
    CLOSING = "closing"  # everybody has answered without an outcome
    CHIEF_EXECUTIVE = "chief_executive"  # the decision
    COUNCIL_REVIEW = "council_review"  # what the political bodies said
    DRAFTING_COMMITTEE = "drafting_committee"
    EXECUTIVE_BOARD = "executive_board"
    REPORT = "report"  # late
    MINUTES = "minutes"  # to be verified and announced
    APPEAL = "appeal"  # the appeal time is over


RECORDS = {
    State.COUNCIL_REVIEW: Matter.COUNCIL_REVIEW,
    State.DRAFTING_COMMITTEE: Matter.DRAFTING_COMMITTEE,
    State.EXECUTIVE_BOARD: Matter.EXECUTIVE_BOARD,
}


class Step(StrEnum):
    FIRST = "first"
    ESCALATED = "escalated"  # to the next person
    LATE = "late"  # to whom it had waited for: it has gone to the next


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """Something that waits: for whom, from which day she is reminded, and who is the next and when.

    Without `next` it goes no further.
    """

    subject: str
    matter: Matter
    since: date
    holders: tuple[PersonId, ...]
    first_on: date
    next: tuple[PersonId, ...] = ()
    escalates_on: date | None = None


@dataclass(frozen=True, slots=True)
class Reminder:
    step: Step
    person: PersonId


def due(
    held: Held,
    *,
    today: date,
    given: Collection[tuple[str, PersonId]],
    snoozed: Mapping[PersonId, date],
) -> tuple[Reminder, ...]:
    """What is to be said today. `given` are the steps that have been taken, and with whom."""
    escalated = any(step == Step.ESCALATED for step, _ in given)
    if held.next and not escalated and _has_come(held.escalates_on, today):
        return tuple(_escalation(held))
    if not _has_come(held.first_on, today):
        return ()
    return tuple(
        Reminder(Step.FIRST, person)
        for person in held.holders
        if _again(snoozed.get(person), today, was_told=_was_told(person, given))
    )


def _escalation(held: Held) -> Iterator[Reminder]:
    """A snooze does not hold it up; whoever is the next herself is not told that she was late."""
    yield from (Reminder(Step.ESCALATED, person) for person in held.next)
    yield from (Reminder(Step.LATE, person) for person in held.holders if person not in held.next)


def _was_told(person: PersonId, given: Collection[tuple[str, PersonId]]) -> bool:
    """Reminded, or told that it has gone on before anybody came to remind her."""
    return (Step.FIRST, person) in given or (Step.LATE, person) in given


def _again(until: date | None, today: date, *, was_told: bool) -> bool:
    return today >= until if until is not None else not was_told


def _has_come(day: date | None, today: date) -> bool:
    return day is not None and day <= today
