"""Follow-up reports: planned when a case is granted, asked for on their day, handed in by the officers.

The conversation is the intake's (acts/writing chooses the form). What KLG does with a report is in
acts/report_klg.
"""

from datetime import date, datetime

from sqlalchemy import Connection

from bot.acts import home, papers, reminders, report_about, version, who, writing
from bot.acts.writing import Writing
from bot.blocks import reporting as blocks
from bot.office import Office
from bot.owed import Blocks, Job
from bot.perform import Transaction
from bot.timetable import Timer
from flows import follow_up, reporting
from flows.case import Case, State
from flows.dates import local_day
from flows.decided import Reported
from flows.errors import NotAllowed
from flows.events import PersonId, Stage
from flows.follow_up import DueState
from flows.papers import report_key
from flows.programme import Role
from storage import cases, drafts, reports, submissions
from storage.reports import DueReport

JOB = "ask_report"
MOST_DRAFTS = 200  # of one person, those handed in included


def granted(tx: Transaction, office: Office, case_id: str, case: Case) -> None:
    """Make the plan of a case that was granted; of any other there is none."""
    if case.state is not State.FOLLOW_UP or case.decision is None:
        return
    stored = submissions.get(tx.db, case_id, case.decision.version)
    _, contract = report_about.application(tx.db, case_id, case)
    end = date.fromisoformat(stored["end"]["value"])
    plan = follow_up.plan(
        office.programme.follow_up,
        decided=case.decision.day,
        end=end,
        effect=contract.when if contract else end,
    )
    late = office.programme.follow_up_rules.late_after
    reports.plan(
        tx.db,
        [
            DueReport(
                case_id=case_id,
                key=due.key,
                ask_on=due.day,
                late_on=office.calendar.add_working_days(due.day, late),
                state=DueState.PLANNED,
            )
            for due in plan
        ],
    )


# --- asking --------------------------------------------------------------------------------------


def ask_due(tx: Transaction, _office: Office, at: datetime) -> None:
    """Owe the asking for every report whose day is over; each is a transaction of its own."""
    for due in reports.in_state(tx.db, DueState.PLANNED, asked_before=local_day(at)):
        tx.owe(Job(name=JOB, arguments={"case": due.case_id, "key": due.key}))


TIMERS = (Timer("reports", reminders.moments, ask_due),)


def ask(tx: Transaction, office: Office, *, case_id: str, key: str) -> None:
    """Open the report's draft and tell those who wrote the application; asked before, nothing."""
    due = reports.get(tx.db, case_id, key)
    case = cases.load(tx.db, case_id)
    if due is None or due.state is not DueState.PLANNED or case.state is not State.FOLLOW_UP:
        return
    writers = _writers(tx.db, case_id, case)
    present = [person for person in writers if _is_present(tx.db, office, person)]
    draft_id = drafts.add(
        tx.db,
        owner=(present or writers)[0],
        stage=Stage.APPLICATION,
        form_version=reporting.FORM_VERSION,
        at=tx.now,
        case_id=case_id,
        report=key,
    )
    for person in present[1:]:
        drafts.join(tx.db, draft_id, person=person, role=drafts.AUTHOR, at=tx.now)
    reports.change(tx.db, case_id, key, DueState.ASKED)
    about = report_about.about(tx.db, office, case_id, key)
    text = office.texts("reporting.said.asked", report=about, late_on=due.late_on)
    for person in present:
        writing.tell(tx, person, *blocks.with_begin(office, text, draft_id))
    if not present:
        _nobody_is_left(tx, office, case, about.title, about.period, draft_id)
    home.case_changed(tx, office, case_id, case)


def _writers(db: Connection, case_id: str, case: Case) -> list[PersonId]:
    """Who wrote the application, its owner first; finance only lent a hand."""
    draft = drafts.of_case(db, case_id)
    members = drafts.members(db, draft.id) if draft else {}
    wrote = [person for person, role in members.items() if role != drafts.FINANCE]
    wrote.sort(key=lambda person: members[person] != drafts.OWNER)
    return wrote or list(case.authors)


def _is_present(db: Connection, office: Office, person: PersonId) -> bool:
    try:
        who.require_employee(db, office, person)
    except NotAllowed:
        return False
    return True


def _nobody_is_left(
    tx: Transaction, office: Office, case: Case, title: str, period: str, draft_id: int
) -> None:
    """Everybody who wrote has gone: the förvaltning's officers may go on, and the secretary knows."""
    text = office.texts("reporting.said.nobody_left", title=title, period=period)
    for person in who.with_role(tx.db, office, Role.OFFICER):
        if who.administration_of(tx.db, office, person) in case.administrations:
            writing.tell(tx, person, *blocks.with_begin(office, text, draft_id))
    for person in who.with_role(tx.db, office, Role.SECRETARY):
        writing.tell(tx, person, text)


# --- handing in ----------------------------------------------------------------------------------


def hand_in(tx: Transaction, office: Office, opened: Writing, *, person: PersonId) -> None:
    """Hand in a version of a report in which nothing is missing. Raises NotAllowed when it is received."""
    about = opened.report
    assert about is not None
    case = cases.load(tx.db, about.case_id)
    if not report_about.may_be_changed(tx.db, case, about.case_id, about.key):
        raise NotAllowed("refusals.reports.received")
    number = _store(tx, opened, case, about.key, person=person)
    event = Reported(
        at=tx.now,
        by=person,
        key=about.key,
        version=number,
        last=about.last,
        outcome=reporting.outcome(about, opened.known),
    )
    after = cases.add(tx.db, about.case_id, [event], after=case)
    reports.change(tx.db, about.case_id, about.key, DueState.REPORTED)
    drafts.change(tx.db, opened.draft.id, state=drafts.SUBMITTED, changed_at=tx.now)
    version.fold(tx, office, number, person=person)
    drafts.stand_nowhere(tx.db, draft_id=opened.draft.id)
    paper = report_key(about.case_id, about.key, version=number)
    papers.order(tx, office, "follow_up", paper, about.case_id)
    klg = office.programme.names.klg
    text = office.texts("reporting.said.handed_in", report=about, version=number, klg=klg)
    for member in opened.members:
        writing.tell(tx, member, *blocks.with_answers(office, text, opened.draft.id))
    home.case_changed(tx, office, about.case_id, after)


def _store(tx: Transaction, opened: Writing, case: Case, key: str, *, person: PersonId) -> int:
    """Store the answers as handed in; returns the version. Raises NotAllowed when nothing has changed."""
    case_id = str(opened.draft.case_id)
    handed_in = version.with_appendices(tx, opened, by=person)
    last = max((one.version for one in case.reports if one.key == key), default=0)
    if last:
        before = reports.submitted(tx.db, case_id, key, last)
        unchanged = not version.differing(before, handed_in)
        if unchanged and version.same_appendices(before, handed_in):
            raise NotAllowed("refusals.intake.nothing_changed", version=last)
    reports.submit(tx.db, case_id, key, last + 1, handed_in)
    return last + 1


# --- what waits for a person ---------------------------------------------------------------------


def to_write(db: Connection, person: PersonId) -> list[tuple[int, DueReport]]:
    """The reports that wait for the person, by the draft's id, the earliest first."""
    found = [
        (draft.id, due)
        for draft in drafts.of_person(db, person, limit=MOST_DRAFTS)
        if draft.form == drafts.REPORT and draft.state == drafts.OPEN and draft.case_id
        if (due := reports.get(db, draft.case_id, draft.report)) is not None
    ]
    return sorted(found, key=lambda one: (one[1].ask_on, one[1].case_id))


def mine(db: Connection, office: Office, person: PersonId) -> tuple[str, Blocks]:
    """The reports that wait for the person, a line and a button each. Raises NotAllowed for guests."""
    who.require_employee(db, office, person)
    waiting = []
    for draft_id, due in to_write(db, person):
        title, _ = report_about.application(db, due.case_id, cases.load(db, due.case_id))
        waiting.append(
            blocks.Waiting(draft_id, title, report_about.name(office, due.key), due.late_on)
        )
    return blocks.mine(office, waiting)
