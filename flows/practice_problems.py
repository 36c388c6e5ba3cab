"""What in a programme's practice does not fit together: reminders, deputies, meetings, digests.

As flows/programme_problems.py, for the parts of flows/practice.py. Which days are free is told.
"""

from collections.abc import Iterator
from itertools import combinations

from flows.practice import ChiefExecutiveDeputy, DigestKind
from flows.programme import Programme, Role
from flows.programme_problems import Problem
from flows.working_days import Calendar

# Whose digest it is, beside those that the programme adds; KLG's channel gets the others.
_RECEIVERS = {
    DigestKind.MONTHLY: Role.CHIEF_EXECUTIVE,
    DigestKind.RECONCILIATION: Role.FINANCIAL_CONTROL,
}


def practice_problems(programme: Programme, calendar: Calendar) -> list[Problem]:
    """Return everything that does not fit together, in the order of the file's parts."""
    return [
        *_receivers(programme),
        *_deputies(programme),
        *_reminders(programme),
        *_meetings(programme, calendar),
        *_digests(programme),
    ]


def _problem(what: str, *place: str | int, stops: bool = True, **facts: object) -> Problem:
    return Problem(place, f"programme.practice.{what}", facts, stops)


def _receivers(programme: Programme) -> Iterator[Problem]:
    """Who gets a decision but is not named: nothing is stopped by it, and the secretary has to see to it."""
    for number, committee in enumerate(programme.committees):
        for position, one in enumerate(committee.administrations):
            place = ("committees", number, "administrations", position, "recipients")
            for duty in ("registrar", "director", "finance_manager"):
                if getattr(one.recipients, duty) is None:
                    yield _problem("no_recipient", *place, duty, stops=False, name=one.name)
    if not programme.with_role(Role.INVESTMENT_STRATEGIST):
        yield _problem("no_strategist", "people", stops=False)


def _deputies(programme: Programme) -> Iterator[Problem]:
    """One at a time decides in the chief executive's place."""
    listed = programme.chief_executive_deputies
    for number, one in enumerate(listed):
        place = ("chief_executive_deputies", number)
        if one.until is not None and one.until < one.since:
            yield _problem("ends_first", *place, since=one.since, until=one.until)
    for (_, one), (number, other) in combinations(enumerate(listed), 2):
        if _overlap(one, other):
            day = max(one.since, other.since)
            yield _problem("deputies_at_once", "chief_executive_deputies", number, date=day)


def _overlap(one: ChiefExecutiveDeputy, other: ChiefExecutiveDeputy) -> bool:
    begins, ends = one.until is None or other.since <= one.until, other.until
    return begins and (ends is None or one.since <= ends)


def _reminders(programme: Programme) -> Iterator[Problem]:
    rules = programme.reminders
    for name, first, next_one in (
        ("assessment", rules.assessment, rules.assessment_escalated),
        ("decision", rules.decision, rules.decision_escalated),
    ):
        if next_one <= first:
            place = ("reminders", f"{name}_escalated")
            yield _problem("escalates_first", *place, first=first, escalated=next_one)


def _meetings(programme: Programme, calendar: Calendar) -> Iterator[Problem]:
    for number, meeting in enumerate(programme.meetings):
        if not calendar.is_working_day(meeting.day):
            yield _problem("free_day", "meetings", number, stops=False, date=meeting.day)


def _digests(programme: Programme) -> Iterator[Problem]:
    held = {meeting.body for meeting in programme.meetings}
    for number, digest in enumerate(programme.digests):
        place, kind = ("digests", number), digest.kind
        role = _RECEIVERS.get(kind)
        alone = role is not None and not programme.with_role(role)
        if not digest.to and (alone or kind is DigestKind.MEETING):
            yield _problem("no_receiver", *place, stops=False, kind=kind.value)
        if kind is DigestKind.MEETING and not held & {*digest.bodies}:
            yield _problem("no_meetings", *place, stops=False, bodies=", ".join(digest.bodies))
