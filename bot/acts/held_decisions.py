"""Decisions that wait, and the dates after kommunstyrelsen's: for whom, and since when."""

from datetime import date, time, timedelta

from sqlalchemy import Connection

from bot.acts import chief_executive, who
from bot.acts.held import PAGE, Found, Source, about, link, page_of_cases
from bot.blocks.reminders import Subject
from bot.ids import Value
from bot.office import Office
from bot.timetable import moment
from flows import deadlines
from flows.case import Case, State
from flows.dates import local_day
from flows.decided import Body, Decided
from flows.programme import Role
from flows.reminders import RECORDS, Held, Matter
from storage import cards, cases, reminders

_LOOKED_AFTER = timedelta(
    days=120
)  # kommunstyrelsen's decision: verified, announced, final by then
_BODIES = {
    State.DRAFTING_COMMITTEE: "drafting_committee",
    State.EXECUTIVE_BOARD: "executive_board",
}


# --- decisions -----------------------------------------------------------------------------------


def _decisions(db: Connection, office: Office, today: date, after: str) -> list[str]:
    states = (State.CHIEF_EXECUTIVE, *RECORDS)
    return page_of_cases(db, office, today, after, states, office.programme.reminders.decision)


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
    own = {name.split(":", 2)[2]: link(db, office, post) for name, post in posts.items()}
    return held, about(db, office, key, case, links=own)


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
    return held, about(db, office, key, case, value=Value(key, case.stage, case.version))


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
        value, days = Value(key, case.stage, case.version, decision.number), (by.safe, by.legal)
        yield (
            _dates(db, office, Matter.MINUTES, decision, calendar.add_working_days(by.safe, -1)),
            about(db, office, key, case, value=value, decision=decision, days=days),
        )
    else:
        ends = deadlines.appeal_ends(calendar, announced.announced)
        yield (
            _dates(db, office, Matter.APPEAL, decision, calendar.add_working_days(ends, 1)),
            about(db, office, key, case, decision=decision, days=(ends,)),
        )


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


DECISIONS, MINUTES = Source(_decisions, _decision), Source(_minutes, _minute)
