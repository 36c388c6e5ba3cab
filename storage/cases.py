"""Cases: their events, and one small row of each for lists, written together.

An event carries a hash over the one before it, so that a changed or missing event shows. The row
is what the events add up to; nothing in it is known only there but the title, which the submitted
answers hold.
"""

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from pydantic import TypeAdapter
from sqlalchemy import Connection, Row, bindparam, delete, insert, select, text, update

from flows.booking import entries
from flows.case import Case, Event, State, replay
from flows.decided import Decided, DecisionCorrected
from flows.errors import Stale
from flows.events import Stage, Submitted
from storage import decisions, ledger, proposals, search, submissions
from storage.tables import case_parties, cases, events

CaseId = str  # "2026-0001"
_EVENT: TypeAdapter[Event] = TypeAdapter(Event)
# One statement that is right on both databases, also when two begin a year at once.
_NEXT_NUMBER = text(
    "INSERT INTO case_numbers (year, last) VALUES (:year, 1)"
    " ON CONFLICT (year) DO UPDATE SET last = case_numbers.last + 1 RETURNING last"
)
_BODIES = (
    select(events.c.body).where(events.c.case_id == bindparam("b_id")).order_by(events.c.length)
)
_LAST_HASH = select(events.c.hash).where(
    events.c.case_id == bindparam("b_id"), events.c.length == bindparam("b_length")
)


@dataclass(frozen=True, slots=True)
class Listed:
    """A case as lists show it. `administrations` are ids."""

    id: CaseId
    state: State
    stage: Stage
    version: int
    title: str
    dnr: str
    administrations: tuple[str, ...]
    first_submitted_at: datetime
    submitted_at: datetime
    since: datetime


def new_id(db: Connection, year: int) -> CaseId:
    return f"{year}-{db.execute(_NEXT_NUMBER, {'year': year}).scalar_one():04}"


def history(db: Connection, case_id: CaseId) -> list[Event]:
    """Every event of the case, in order."""
    return [_EVENT.validate_json(body) for body in db.scalars(_BODIES, {"b_id": case_id})]


def chain(db: Connection, case_id: CaseId) -> list[tuple[str, str]]:
    """Every event as it is stored, with its hash, in order."""
    query = select(events.c.body, events.c.hash).where(events.c.case_id == case_id)
    return [(row.body, row.hash) for row in db.execute(query.order_by(events.c.length))]


def load(db: Connection, case_id: CaseId) -> Case:
    """Add the case's events up. An unknown case is one without events: `length` is 0."""
    return replay(history(db, case_id))


def add(db: Connection, case_id: CaseId, new: Sequence[Event], *, after: Case) -> Case:
    """Add events to the case as it was when they were decided, and return what it is then.

    What they do to the money is entered in the ledger with them.

    Raises Stale when it has changed since. A submission's answers are stored before its event.
    """
    case, booked = after, []
    for event in new:
        before, case = case, case.after(event)
        booked += entries(event, before=before, after=case)
    if not new:
        return case
    # Always the budget years first, then the case: who decides has taken them already.
    ledger.take(db, (entry.year for entry in booked))
    _write_row(db, case_id, case, after=after, submitted=any(isinstance(e, Submitted) for e in new))
    previous = db.scalar(_LAST_HASH, {"b_id": case_id, "b_length": after.length}) or case_id
    rows = []
    for length, event in enumerate(new, start=after.length + 1):
        body = canonical(event)
        previous = chained(previous, body)
        rows.append({"case_id": case_id, "length": length, "body": body, "hash": previous})
    db.execute(insert(events), rows)
    ledger.book(db, booked, case_id=case_id)
    for event in new:
        if isinstance(event, Decided):
            decisions.add(db, case_id, event)
        if isinstance(event, DecisionCorrected):
            decisions.correct(db, event)
    return case


def canonical(event: Event) -> str:
    """The event as JSON in the one form that is stored and hashed."""
    values = event.model_dump(mode="json")
    return json.dumps(values, sort_keys=True, ensure_ascii=False, separators=(",", ":"))


def chained(previous: str, body: str) -> str:
    """The hash of an event: over the hash before it (the case's id before the first) and itself."""
    return hashlib.sha256((previous + body).encode()).hexdigest()


def rebuild(db: Connection, case_id: CaseId) -> None:
    """Write the case's row anew from its events."""
    case = load(db, case_id)
    db.execute(update(cases).where(cases.c.id == case_id).values(_row(db, case_id, case)))
    _write_parties(db, case_id, case)
    proposals.write(db, case_id, case)
    _write_words(db, case_id)


def waiting(db: Connection, state: State, *, limit: int = 50) -> list[Listed]:
    """The cases in a state, the one that has waited longest first."""
    query = select(cases).where(cases.c.state == state).order_by(cases.c.since).limit(limit)
    return [_listed(row) for row in db.execute(query)]


def latest(db: Connection, *, limit: int = 50) -> list[Listed]:
    """The inbox: the cases first submitted last, whatever has become of them."""
    query = select(cases).order_by(cases.c.first_submitted_at.desc(), cases.c.id.desc())
    return [_listed(row) for row in db.execute(query.limit(limit))]


def of(db: Connection, parties: Iterable[str], *, limit: int = 50) -> list[Listed]:
    """The cases of a person ("T1:U1") or of administrations (ids), those first submitted last first."""
    newest: dict[CaseId, datetime] = {}
    for party in parties:  # each is a range of the index; there are few of them
        query = select(case_parties.c.case_id, case_parties.c.first_submitted_at)
        query = query.where(case_parties.c.party == party)
        query = query.order_by(case_parties.c.first_submitted_at.desc()).limit(limit)
        newest.update((row.case_id, row.first_submitted_at) for row in db.execute(query))
    ids = sorted(newest, key=lambda case_id: (newest[case_id], case_id), reverse=True)[:limit]
    return several(db, ids)


def several(db: Connection, ids: Sequence[CaseId]) -> list[Listed]:
    """These cases, in this order."""
    found = {row.id: _listed(row) for row in db.execute(select(cases).where(cases.c.id.in_(ids)))}
    return [found[case_id] for case_id in ids if case_id in found]


def among(db: Connection, ids: Sequence[CaseId], parties: Iterable[str]) -> set[CaseId]:
    """Those of the cases that are of one of the parties."""
    query = select(case_parties.c.case_id).where(
        case_parties.c.case_id.in_(ids), case_parties.c.party.in_(list(parties))
    )
    return set(db.scalars(query))


def listed(db: Connection, case_id: CaseId) -> Listed | None:
    row = db.execute(select(cases).where(cases.c.id == case_id)).first()
    return None if row is None else _listed(row)


def _write_row(
    db: Connection, case_id: CaseId, case: Case, *, after: Case, submitted: bool
) -> None:
    """Write the row first: on PostgreSQL it is what two who add at once meet at."""
    if after.length == 0:
        db.execute(insert(cases), {"id": case_id, **_row(db, case_id, case)})
    else:
        unchanged = update(cases).where(cases.c.id == case_id, cases.c.length == after.length)
        values = _row(db, case_id, case) if submitted else _changing(case)
        if db.execute(unchanged.values(values)).rowcount != 1:
            raise Stale("refusals.assessment.meanwhile")
    if submitted:
        _write_parties(db, case_id, case)
        proposals.write(db, case_id, case)
    if submitted or case.dnr != after.dnr:
        _write_words(db, case_id)


def _changing(case: Case) -> dict[str, Any]:
    """What every event may change."""
    return {"length": case.length, "state": case.state, "dnr": case.dnr, "since": case.since}


def _row(db: Connection, case_id: CaseId, case: Case) -> dict[str, Any]:
    answers = submissions.get(db, case_id, case.version)
    return {
        **_changing(case),
        "stage": case.stage,
        "version": case.version,
        "title": answers["title"]["value"],
        "administrations": list(case.administrations),
        "first_submitted_at": case.first_submitted_at,
        "submitted_at": case.submitted_at,
    }


def _write_parties(db: Connection, case_id: CaseId, case: Case) -> None:
    db.execute(delete(case_parties).where(case_parties.c.case_id == case_id))
    parties = sorted({*case.authors, *case.administrations})
    first = case.first_submitted_at
    rows = [{"case_id": case_id, "party": p, "first_submitted_at": first} for p in parties]
    db.execute(insert(case_parties), rows)


def _write_words(db: Connection, case_id: CaseId) -> None:
    row = listed(db, case_id)
    assert row is not None
    words = f"{row.id} {row.dnr} {row.title}"
    search.remember(db, case_id, text=words, first_submitted_at=row.first_submitted_at)


def _listed(row: Row[Any]) -> Listed:
    return Listed(
        id=row.id,
        state=State(row.state),
        stage=Stage(row.stage),
        version=row.version,
        title=row.title,
        dnr=row.dnr,
        administrations=tuple(row.administrations),
        first_submitted_at=row.first_submitted_at,
        submitted_at=row.submitted_at,
        since=row.since,
    )
