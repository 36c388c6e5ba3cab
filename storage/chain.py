"""The hash chain of every case as it stands in the database: what `lots verify` walks.

Each event's hash is taken over the one before, so that a changed, missing or added event shows where it
stands. Somebody who can write to the database could make a whole chain anew: the sums that registrators
have been sent, one with each decision, are what such a chain is compared with.
"""

from dataclasses import dataclass

from sqlalchemy import Connection, select, union

from storage.cases import CaseId, chained
from storage.tables import cases, events

PAGE = 500


@dataclass(frozen=True, slots=True)
class Held:
    """Every link of the case holds. `seal` is the hash of its last event."""

    case_id: CaseId
    events: int
    seal: str


@dataclass(frozen=True, slots=True)
class Broken:
    """The first event that is not as it was written, by number, from 1: changed, missing, added."""

    case_id: CaseId
    number: int
    why: str


def page(db: Connection, *, after: CaseId) -> list[CaseId]:
    """The next cases by number, those that have lost their row or their first event too."""
    both = union(select(cases.c.id), select(events.c.case_id)).subquery()
    query = select(both.c.id).where(both.c.id > after).order_by(both.c.id).limit(PAGE)
    return list(db.scalars(query))


def check(db: Connection, case_id: CaseId) -> Held | Broken:
    """Go through the case's events in order, as far as they hold."""
    rows = select(events.c.length, events.c.body, events.c.hash).where(events.c.case_id == case_id)
    previous, number = case_id, 0
    for row in db.execute(rows.order_by(events.c.length)):
        number += 1
        if row.length != number:
            return Broken(case_id, number, "missing")
        if chained(previous, row.body) != row.hash:
            return Broken(case_id, number, "changed")
        previous = row.hash
    written = db.scalar(select(cases.c.length).where(cases.c.id == case_id))
    if written is None or written > number:
        return Broken(case_id, number + 1, "missing")
    if written < number:
        return Broken(case_id, written + 1, "added")
    return Held(case_id, number, previous)
