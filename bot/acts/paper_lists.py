"""Anmälan av delegationsbeslut: what has come since the last list goes to kommunstyrelsen's next meeting.

What stands in a list is marked with its key in the transaction that orders it, so that nothing is
listed twice or forgotten, and the document says the same however often it is made. The delrapport is
ordered in the same way by bot/acts/part_report.py.
"""

from datetime import date, datetime, time
from itertools import count

from sqlalchemy import Connection

from bot.acts import papers
from bot.office import Office
from bot.perform import Transaction
from bot.timetable import Timer, before_meetings
from flows.dates import local_day
from flows.papers import PaperName
from storage import decisions
from storage import papers as stored

NAME: PaperName = "delegation_list"
BODY = "executive_board"
WORKING_DAYS, AT = 5, time(8)  # when the agenda of kommunstyrelsen is put together


def order(tx: Transaction, office: Office, *, meeting: date) -> str | None:
    """Order the list to the meeting and return its key; None when there is nothing to announce.

    A further list to the same meeting has what was decided since the first one.
    """
    new = [one.number for one in decisions.unlisted(tx.db, column="announced_in")]
    if not new:
        return None
    key = _free(tx.db, meeting)
    decisions.list_in(tx.db, new, column="announced_in", key=key)
    papers.order(tx, office, NAME, key)
    return key


def _free(db: Connection, meeting: date) -> str:
    first = meeting.isoformat()
    keys = (first if number == 1 else f"{first}/{number}" for number in count(1))
    return next(key for key in keys if not stored.of(db, NAME, key))


def _before_meeting(tx: Transaction, office: Office, at: datetime) -> None:
    for held in office.programme.meetings:
        day = office.calendar.add_working_days(held.day, -WORKING_DAYS)
        if held.body == BODY and day == local_day(at):
            order(tx, office, meeting=held.day)


TIMERS = (Timer("delegation_list", before_meetings((BODY,), WORKING_DAYS, AT), _before_meeting),)
