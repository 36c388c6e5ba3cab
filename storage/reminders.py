"""What people have been reminded of and have snoozed; and what could be due, a page at a time.

A page is only a first choice: whoever reminds loads each of its cases and looks at what it is now.
"""

from collections.abc import Collection
from datetime import date, datetime

from sqlalchemy import Connection, delete, func, insert, select, update

from flows.decided import Body
from flows.follow_up import DueState
from storage.drafts import APPLICATION, OPEN
from storage.tables import cases, decisions, drafts, due_reports, reminders, snoozes


def given(db: Connection, subject: str) -> frozenset[tuple[str, str]]:
    """The steps that have been taken, and with whom."""
    query = select(reminders.c.step, reminders.c.person).where(reminders.c.subject == subject)
    return frozenset((row.step, row.person) for row in db.execute(query))


def add(db: Connection, subject: str, step: str, person: str, *, at: datetime) -> None:
    """Remember that it was said; a snooze of it is over."""
    again = update(reminders).where(
        reminders.c.subject == subject, reminders.c.step == step, reminders.c.person == person
    )
    if db.execute(again.values(at=at)).rowcount == 0:
        row = {"subject": subject, "step": step, "person": person, "at": at}
        db.execute(insert(reminders), row)
    db.execute(delete(snoozes).where(snoozes.c.subject == subject, snoozes.c.person == person))


def when(db: Connection, subject: str, step: str) -> datetime | None:
    """When the step was first taken with anybody."""
    query = select(func.min(reminders.c.at)).where(
        reminders.c.subject == subject, reminders.c.step == step
    )
    first: datetime | None = db.scalar(query)
    return first


def snoozed(db: Connection, subject: str) -> dict[str, date]:
    """Until when, by person."""
    query = select(snoozes.c.person, snoozes.c.until).where(snoozes.c.subject == subject)
    return {row.person: row.until for row in db.execute(query)}


def snooze(db: Connection, subject: str, person: str, *, until: date) -> None:
    ours = update(snoozes).where(snoozes.c.subject == subject, snoozes.c.person == person)
    if db.execute(ours.values(until=until)).rowcount == 0:
        db.execute(insert(snoozes), {"subject": subject, "person": person, "until": until})


# --- pages: ids after `after` --------------------------------------------------------------------


def untouched_drafts(db: Connection, *, before: datetime, after: str, limit: int) -> list[str]:
    """Open applications that nobody has changed since then."""
    query = select(drafts.c.id).where(
        drafts.c.state == OPEN,
        drafts.c.changed_at < before,
        drafts.c.form == APPLICATION,
        drafts.c.id > int(after or 0),
    )
    return [str(found) for found in db.scalars(query.order_by(drafts.c.id).limit(limit))]


def waiting_cases(
    db: Connection, states: Collection[str], *, before: datetime, after: str, limit: int
) -> list[str]:
    """The cases that have been in one of the states since before then."""
    query = select(cases.c.id).where(
        cases.c.state.in_(states), cases.c.since < before, cases.c.id > after
    )
    return [*db.scalars(query.order_by(cases.c.id).limit(limit))]


def late_reports(db: Connection, *, today: date, after: str, limit: int) -> list[str]:
    """Reports that were asked for and should have come: "2026-0001/2027-april"."""
    named = due_reports.c.case_id + "/" + due_reports.c.key
    query = select(named).where(
        due_reports.c.state == DueState.ASKED, due_reports.c.late_on < today, named > after
    )
    return [*db.scalars(query.order_by(named).limit(limit))]


def board_decisions(db: Connection, *, since: datetime, after: str, limit: int) -> list[str]:
    """Cases that kommunstyrelsen has decided since then."""
    query = select(decisions.c.case_id).where(
        decisions.c.body == Body.EXECUTIVE_BOARD,
        decisions.c.at >= since,
        decisions.c.case_id > after,
    )
    return [*db.scalars(query.distinct().order_by(decisions.c.case_id).limit(limit))]
