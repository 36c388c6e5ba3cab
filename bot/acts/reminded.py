"""What waits for somebody, as it is now: each kind of thing is loaded, and said for whom and since when.

A page of ids is a first choice by an index; `held` looks again, in the transaction that reminds, so
that nobody is reminded of what is not hers any more.
"""

from collections.abc import Mapping
from datetime import date

from sqlalchemy import Connection

from bot.acts import assessment, held_decisions, report_about, who, writing
from bot.acts.held import PAGE, Found, Source, about, began_before, page_of_cases, writers
from bot.blocks.reminders import Subject
from bot.ids import Value
from bot.office import Office
from flows.case import State
from flows.dates import local_day
from flows.follow_up import DueState
from flows.panel import closers
from flows.programme import Role
from flows.reminders import Held, Matter
from storage import cases, drafts, reminders, reports

_COMPLETES = frozenset({State.CLARIFICATION, State.SUPPLEMENT, State.REMITTED})


# --- applications --------------------------------------------------------------------------------


def _drafts(db: Connection, office: Office, today: date, after: str) -> list[str]:
    before = began_before(office, today, office.programme.reminders.draft)
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
        holders=writers(db, office, members),
        first_on=office.calendar.add_working_days(day, office.programme.reminders.draft),
    )
    title = writing.load(db, office, draft.id).title
    yield held, Subject(title=title, case_id=draft.case_id or "", draft=draft.id)


# --- KLG's assessment ----------------------------------------------------------------------------


def _assessments(db: Connection, office: Office, today: date, after: str) -> list[str]:
    days = office.programme.reminders.assessment
    return page_of_cases(db, office, today, after, (State.ASSESSMENT,), days)


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
    yield held, about(db, office, key, case, value=value)


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
        holders=writers(db, office, drafts.members(db, draft.id)),
        first_on=add(due.late_on, 1),
        next=who.with_role(db, office, Role.SECRETARY),
        escalates_on=add(due.late_on, office.programme.reminders.report_escalated),
    )
    name = report_about.name(office, period)
    yield held, about(db, office, case_id, case, period=name, draft=draft.id)


SOURCES: Mapping[str, Source] = {
    "drafts": Source(_drafts, _draft),
    "assessments": Source(_assessments, _assessment),
    "decisions": held_decisions.DECISIONS,
    "minutes": held_decisions.MINUTES,
    "reports": Source(_reports, _report),
}
