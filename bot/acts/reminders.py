"""Reminds: on working days, at the programme's hour, of what is due; and puts off what is snoozed.

The timer owes a job for each kind of thing, and a job for each page of it: what is due is looked at,
said and remembered in one transaction, and no gesture waits for more than a page.
"""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime

from bot.acts import reminded, who
from bot.acts.held import PAGE
from bot.acts.writing import tell
from bot.blocks import reminders as blocks
from bot.blocks.reminders import Subject
from bot.office import Office
from bot.owed import Job
from bot.perform import Transaction
from bot.timetable import Timer, on_working_days
from bot.words import listed
from flows.dates import local_day
from flows.errors import Stale
from flows.events import PersonId
from flows.reminders import Held, Matter, Reminder, Step, due
from storage import reminders

JOB = "reminders"


def moments(office: Office, after: datetime, until: datetime) -> Iterable[datetime]:
    return on_working_days(office.programme.reminders.at)(office, after, until)


def begin(tx: Transaction, _office: Office, _moment: datetime) -> None:
    for source in reminded.SOURCES:
        tx.owe(Job(name=JOB, arguments={"source": source, "after": ""}))


TIMERS = (Timer("reminders", moments, begin),)


def page(tx: Transaction, office: Office, *, source: str, after: str) -> None:
    """Remind of a page of what could be due, and owe the next page."""
    of, today = reminded.SOURCES[source], local_day(tx.now)
    keys = of.page(tx.db, office, today, after)
    for key in keys:
        for held, about in of.held(tx.db, office, key, today):
            _remind(tx, office, held, about, today=today)
    if len(keys) == PAGE:
        tx.owe(Job(name=JOB, arguments={"source": source, "after": keys[-1]}))


def _remind(tx: Transaction, office: Office, held: Held, about: Subject, *, today: date) -> None:
    given = reminders.given(tx.db, held.subject)
    snoozed = reminders.snoozed(tx.db, held.subject)
    for one in due(held, today=today, given=given, snoozed=snoozed):
        reminders.add(tx.db, held.subject, one.step, one.person, at=tx.now)
        _say(tx, office, held, about, one)


def _say(tx: Transaction, office: Office, held: Held, about: Subject, one: Reminder) -> None:
    snooze = one.step is Step.FIRST and held.matter is not Matter.APPEAL
    text, content = blocks.message(
        office,
        replace(
            about,
            holders=_names(tx, office, held.holders),
            link=about.links.get(one.person, about.link),
        ),
        matter=held.matter,
        step=one.step,
        since=held.since,
        subject=held.subject,
        next_one=_names(tx, office, held.next),
        snooze=office.programme.reminders.snooze if snooze else None,
    )
    tell(tx, one.person, text, content)


def snooze(tx: Transaction, office: Office, *, subject: str, by: PersonId) -> None:
    """Remind her again in so many working days, if it still waits for her; twice is once.

    Raises Stale when she has never been reminded of it: the button was not hers.
    """
    who.require_employee(tx.db, office, by)
    if (Step.FIRST, by) not in reminders.given(tx.db, subject):
        raise Stale("refusals.reminders.not_yours")
    days = office.programme.reminders.snooze
    until = office.calendar.add_working_days(local_day(tx.now), days)
    if reminders.snoozed(tx.db, subject).get(by) == until:
        return
    reminders.snooze(tx.db, subject, by, until=until)
    tell(tx, by, office.texts("reminders.said.snoozed", until=until))


def _names(tx: Transaction, office: Office, people: Iterable[PersonId]) -> str:
    return listed(who.name_of(tx.db, office, person) for person in people)
