"""What waits for somebody, as it is now: each kind of thing is loaded, and said for whom and since when.

A page of ids is a first choice by an index; `held` looks again, in the transaction that reminds, so
that nobody is reminded of what is not hers any more.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from sqlalchemy import Connection

from bot.acts import assessment, card, chief_executive, report_about, who, writing
from bot.blocks.reminders import Subject
from bot.ids import Value
from bot.office import Office
from bot.timetable import moment
from flows import deadlines
from flows.case import Case, State
from flows.dates import local_day
from flows.decided import Body, Decided
from flows.errors import NotAllowed
from flows.events import PersonId
from flows.follow_up import DueState
from flows.panel import closers
from flows.programme import Role
from flows.reminders import RECORDS, Held, Matter
from storage import cards, cases, digests, drafts, outbox, reminders, reports

PAGE = 25
_COMPLETES = frozenset({State.CLARIFICATION, State.SUPPLEMENT, State.REMITTED})
_LOOKED_AFTER = timedelta(
    days=120
)  # kommunstyrelsen's decision: verified, announced, final by then
_BODIES = {
    State.DRAFTING_COMMITTEE: "drafting_committee",
    State.EXECUTIVE_BOARD: "executive_board",
}

Found = Iterator[tuple[Held, Subject]]


@dataclass(frozen=True, slots=True)
class Source:
    """`page`: ids after the given one, of what could be due today. `held`: one of them as it is now."""

    page: Callable[[Connection, Office, date, str], list[str]]
    held: Callable[[Connection, Office, str, date], Found]


# --- applications --------------------------------------------------------------------------------


def _drafts(db: Connection, office: Office, today: date, after: str) -> list[str]:
    before = _before(office, today, office.programme.reminders.draft)
    return reminders.untouched_drafts(db, before=before, after=after, limit=PAGE)


def _draft(db: Connection, office: Office, key: str, _today: date) -> Found:
    draft, members = drafts.with_members(db, int(key))
    if draft is None or draft.state != drafts.OPEN:
        return
    since, matter = draft.changed_at, Matter.DRAFT
    if draft.case_id is not None:
        case = cases.load(db, draft.case_id)
        if case.state not in _COMPLETES or case.since is None:
            return
        since, matter = max(since, case.since), Matter.COMPLETION
    day = local_day(since)
    held = Held(
        subject=f"draft:{key}:{day}",
        matter=matter,
        since=day,
        holders=_writers(db, office, members),
        first_on=office.calendar.add_working_days(day, office.programme.reminders.draft),
    )
    title = writing.load(db, office, draft.id).title
    yield held, Subject(title=title, case_id=draft.case_id or "", draft=draft.id)


# --- KLG's assessment ----------------------------------------------------------------------------


def _assessments(db: Connection, office: Office, today: date, after: str) -> list[str]:
    days = office.programme.reminders.assessment
    return _cases(db, office, today, after, (State.ASSESSMENT,), days)


def _assessment(db: Connection, office: Office, key: str, _today: date) -> Found:
    sitting = assessment.sit(db, office, key)
    case, panel = sitting.case, sitting.panel
    if case.state is not State.ASSESSMENT or case.since is None:
        return
    seats = (panel.sitting(seat) for seat in sitting.tally.awaited)
    awaited = tuple(member.person for member in seats if member is not None)
    ends = closers(case, panel) or panel.secretaries
    # When everybody has answered it waits for whoever ends it, from the last answer on.
    since = case.since if awaited else max([case.since, *(o.at for o in case.opinions.values())])
    matter = Matter.ASSESSMENT if awaited else Matter.CLOSING
    rules, day = office.programme.reminders, local_day(since)
    held = Held(
        subject=f"{matter}:{key}:{case.stage}:{case.version}",
        matter=matter,
        since=day,
        holders=awaited or ends,
        first_on=office.calendar.add_working_days(day, rules.assessment),
        next=ends if awaited else tuple(p for p in panel.secretaries if p not in ends),
        escalates_on=office.calendar.add_working_days(day, rules.assessment_escalated),
    )
    value = None if awaited else Value(key, case.stage, case.version)
    yield held, _about(db, office, key, case, value=value)


# --- decisions -----------------------------------------------------------------------------------


def _decisions(db: Connection, office: Office, today: date, after: str) -> list[str]:
    states = (State.CHIEF_EXECUTIVE, *RECORDS)
    return _cases(db, office, today, after, states, office.programme.reminders.decision)


def _decision(db: Connection, office: Office, key: str, today: date) -> Found:
    case = cases.load(db, key)
    if case.state is State.CHIEF_EXECUTIVE:
        yield _delegated(db, office, key, case, today)
    elif case.state in RECORDS:
        yield _political(db, office, key, case, today)


def _delegated(
    db: Connection, office: Office, key: str, case: Case, today: date
) -> tuple[Held, Subject]:
    assert case.since is not None
    rules, day = office.programme.reminders, local_day(case.since)
    deputies = chief_executive.deputies(db, office, on=today)
    deciders = dict.fromkeys([*chief_executive.herself(db, office), *deputies])
    held = Held(
        subject=f"decision:{key}:{case.version}",
        matter=Matter.CHIEF_EXECUTIVE,
        since=day,
        holders=tuple(deciders),
        first_on=office.calendar.add_working_days(day, rules.decision),
        next=who.with_role(db, office, Role.SECRETARY),
        escalates_on=office.calendar.add_working_days(day, rules.decision_escalated),
    )
    posts = cards.beginning(db, key, f"chief_executive:{case.version}:")
    own = {name.split(":", 2)[2]: _link(db, office, post) for name, post in posts.items()}
    return held, _about(db, office, key, case, links=own)


def _political(
    db: Connection, office: Office, key: str, case: Case, today: date
) -> tuple[Held, Subject]:
    """What the secretary records: a body's word after its meeting, when the programme knows that."""
    assert case.since is not None
    matter, day = RECORDS[case.state], local_day(case.since)
    body = _BODIES.get(case.state)
    meetings = [m.day for m in office.programme.meetings if m.body == body and m.day >= day]
    met = [held_on for held_on in meetings if held_on <= today]
    since = max(met) if met else min(meetings, default=day)
    counsel = matter is Matter.COUNCIL_REVIEW
    held = Held(
        subject=f"{matter}:{key}:{case.version}:{since}",
        matter=matter,
        since=since,
        holders=(
            *who.with_role(db, office, Role.SECRETARY),
            *(who.with_role(db, office, Role.LEGAL_COUNSEL) if counsel else ()),
        ),
        first_on=office.calendar.add_working_days(since, office.programme.reminders.decision),
    )
    return held, _about(db, office, key, case, value=Value(key, case.stage, case.version))


# --- kommunstyrelsen's minutes -------------------------------------------------------------------


def _minutes(db: Connection, _office: Office, today: date, after: str) -> list[str]:
    since = moment(today, time(0)) - _LOOKED_AFTER
    return reminders.board_decisions(db, since=since, after=after, limit=PAGE)


def _minute(db: Connection, office: Office, key: str, _today: date) -> Found:
    case = cases.load(db, key)
    decision, announced = case.decision, case.announced
    if decision is None or decision.body is not Body.EXECUTIVE_BOARD:
        return
    calendar = office.calendar
    if announced is None or announced.decision != decision.number:
        by = deadlines.verify_by(calendar, decision.day)
        value = Value(key, case.stage, case.version, decision.number)
        about = _about(
            db, office, key, case, value=value, decision=decision, days=(by.safe, by.legal)
        )
        first_on = calendar.add_working_days(by.safe, -1)
        yield _dates(db, office, Matter.MINUTES, decision, first_on), about
    else:
        ends = deadlines.appeal_ends(calendar, announced.announced)
        about = _about(db, office, key, case, decision=decision, days=(ends,))
        first_on = calendar.add_working_days(ends, 1)
        yield _dates(db, office, Matter.APPEAL, decision, first_on), about


def _dates(
    db: Connection, office: Office, matter: Matter, decision: Decided, first_on: date
) -> Held:
    return Held(
        subject=f"{matter}:{decision.number}",
        matter=matter,
        since=decision.day,
        holders=who.with_role(db, office, Role.SECRETARY),
        first_on=first_on,
    )


# --- follow-up reports ---------------------------------------------------------------------------


def _reports(db: Connection, _office: Office, today: date, after: str) -> list[str]:
    return reminders.late_reports(db, today=today, after=after, limit=PAGE)


def _report(db: Connection, office: Office, key: str, today: date) -> Found:
    case_id, _, period = key.partition("/")
    due, case = reports.get(db, case_id, period), cases.load(db, case_id)
    draft = drafts.of_report(db, case_id, period)
    if due is None or due.state is not DueState.ASKED or due.late_on >= today or draft is None:
        return
    if case.state is not State.FOLLOW_UP:
        return
    add = office.calendar.add_working_days
    held = Held(
        subject=f"report:{key}",
        matter=Matter.REPORT,
        since=due.late_on,
        holders=_writers(db, office, drafts.members(db, draft.id)),
        first_on=add(due.late_on, 1),
        next=who.with_role(db, office, Role.SECRETARY),
        escalates_on=add(due.late_on, office.programme.reminders.report_escalated),
    )
    name = report_about.name(office, period)
    yield held, _about(db, office, case_id, case, period=name, draft=draft.id)


SOURCES: Mapping[str, Source] = {
    "drafts": Source(_drafts, _draft),
    "assessments": Source(_assessments, _assessment),
    "decisions": Source(_decisions, _decision),
    "minutes": Source(_minutes, _minute),
    "reports": Source(_reports, _report),
}


# --- what they share -----------------------------------------------------------------------------


def _cases(
    db: Connection, office: Office, today: date, after: str, states: tuple[State, ...], days: int
) -> list[str]:
    before = _before(office, today, days)
    return reminders.waiting_cases(db, states, before=before, after=after, limit=PAGE)


def _before(office: Office, today: date, days: int) -> datetime:
    """What began before then has waited for so many working days by today."""
    return moment(office.calendar.add_working_days(today, 1 - days), time(0))


def _writers(db: Connection, office: Office, members: Mapping[str, str]) -> tuple[PersonId, ...]:
    """Whose draft it is: its owner, or when she has left those who write it with her."""
    present = [person for person in members if _is_here(db, office, person)]
    owners = tuple(person for person in present if members[person] == drafts.OWNER)
    return owners or tuple(person for person in present if members[person] == drafts.AUTHOR)


def _is_here(db: Connection, office: Office, person: PersonId) -> bool:
    try:
        who.require_employee(db, office, person)
    except NotAllowed:
        return False
    return True


def _about(
    db: Connection,
    office: Office,
    case_id: str,
    case: Case,
    *,
    value: Value | None = None,
    decision: Decided | None = None,
    days: tuple[date, ...] = (),
    period: str = "",
    draft: int | None = None,
    links: Mapping[PersonId, str] | None = None,
) -> Subject:
    place = digests.places(db, [case_id]).get(case_id)
    return Subject(
        title=card.facts(db, office, case_id, case).title,
        case_id=case_id,
        number=decision.number if decision else "",
        period=period,
        days=days,
        draft=draft,
        value=value,
        link=office.message_at(place.channel, place.ts) if place else "",
        links=links or {},
    )


def _link(db: Connection, office: Office, post: int) -> str:
    stands = outbox.delivery(db, post)
    return office.message_at(stands.channel, stands.ts) if stands.channel and stands.ts else ""
