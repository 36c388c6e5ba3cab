"""The chief executive's deputies: what waited when their days began comes to them too.

A case is shown to those who may decide when something happens to it (acts/chief_executive). A deputy's
first day is no such event, so each working day asks whether somebody lacks a message.
"""

from datetime import datetime

from sqlalchemy import Connection

from bot.acts import chief_executive, reminders
from bot.office import Office
from bot.owed import Job
from bot.perform import Transaction
from bot.timetable import Timer
from flows.case import State
from flows.dates import local_day
from flows.events import PersonId
from storage import cards, cases

_MOST = 5_000  # more than ever wait for her at once


def told_of_what_waits(tx: Transaction, office: Office, _at: datetime) -> None:
    """Owe the message about each case that a deputy of this day has none of; a job each."""
    deputies = chief_executive.deputies(tx.db, office, on=local_day(tx.now))
    if not deputies:
        return
    for row in cases.waiting(tx.db, State.CHIEF_EXECUTIVE, limit=_MOST):
        if _lacks(tx.db, row.id, row.version, deputies):
            years = sorted({one.year for one in cases.load(tx.db, row.id).reserved})
            arguments = {"case": row.id, "years": years}
            tx.owe(Job(name=chief_executive.JOB, arguments=arguments))


TIMERS = (Timer("deputies", reminders.moments, told_of_what_waits),)


def _lacks(db: Connection, case_id: str, version: int, people: tuple[PersonId, ...]) -> bool:
    posted = cards.beginning(db, case_id, f"chief_executive:{version}:")
    return any(f"chief_executive:{version}:{person}" not in posted for person in people)
