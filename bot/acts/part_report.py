"""The delrapport to Trygghetsberedningens ordförandeberedning: what is new goes into it, once (R000-12).

Delegated decisions that no delrapport has, and the reports that KLG has received (R000-61), are marked
with its key in the transaction that orders it. Nothing is in two, and nothing falls between.
"""

from datetime import date
from itertools import count

from sqlalchemy import Connection

from bot.acts import papers, report_klg
from bot.office import Office
from bot.perform import Transaction
from flows.papers import PaperName
from storage import decisions
from storage import papers as stored

NAME: PaperName = "part_report"


def compile_for(tx: Transaction, office: Office, meeting: date) -> str:
    """Order the delrapport to a meeting and return its key; a further one when there is one already."""
    key = _free(tx.db, meeting)
    new = [one.number for one in decisions.unlisted(tx.db, column=NAME)]
    decisions.list_in(tx.db, new, column=NAME, key=key)
    report_klg.hand_on(tx, office, key)
    papers.order(tx, office, NAME, key)
    return key


def _free(db: Connection, meeting: date) -> str:
    first = meeting.isoformat()
    keys = (first if number == 1 else f"{first}/{number}" for number in count(1))
    return next(key for key in keys if not stored.of(db, NAME, key))
