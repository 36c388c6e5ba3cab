"""A municipality with many cases behind it: 200 that are open, and as many more that are closed.

Open cases are added as the bot adds them. Closed ones are written as rows in bulk (register, parties,
words, proposals, decisions, ledger, events), since they are only to be in the way: over four years, a fifth
of them in the present budget year, and none of the last weeks, so that a week is as busy at every size.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import Connection, insert, text

from flows.case import Case, Event, State
from flows.decided import Allocation, Body, Decided, Reason, Routed, RouteReason, Verdict
from flows.events import DocumentsStored, Opinion, OutcomeReached, Stage, Submitted
from flows.programme import Programme
from flows.rules import CostKind
from storage import cases, submissions
from storage.search import words
from storage.tables import (
    case_parties,
    case_words,
    decisions,
    events,
    ledger,
    people,
    proposals,
)
from storage.tables import (
    cases as register,
)

TEAM = "T0"
OPEN = 200
NOW = datetime(2026, 11, 20, 9, tzinfo=UTC)
BATCH = 5_000
YEARS, CALM = timedelta(days=1400), timedelta(days=40)
WORDS = ("Belysning", "Trygghetsvärdar", "Vandringar", "Skolgård")  # each in a fourth of the cases


def fill(db: Connection, programme: Programme, *, count: int) -> None:
    """`count` cases in all, the open ones last."""
    _people(db, programme)
    for first in range(0, count - OPEN, BATCH):
        _closed(db, programme, range(first, min(first + BATCH, count - OPEN)), of=count)
    db.execute(
        text(
            "INSERT INTO ledger_sums (year, kind, entry, body, committee, activity_code, amount)"
            " SELECT year, kind, entry, body, committee, activity_code, SUM(amount) FROM ledger"
            " GROUP BY year, kind, entry, body, committee, activity_code"
        )
    )
    for rank in range(OPEN):
        _opened(db, programme, count - OPEN + rank, rank=rank)


def person(name: str) -> str:
    return f"{TEAM}:U0{name.split(maxsplit=1)[0].upper()}"


def _people(db: Connection, programme: Programme) -> None:
    rows = [
        {
            "id": person(one.name), "email": one.email, "name": one.name, "deleted": False,
            "restricted": False, "seen_at": NOW,
        }
        for one in programme.people
    ]  # fmt: skip
    db.execute(insert(people), rows)


def _title(number: int) -> str:
    return f"{WORDS[number % len(WORDS)]} {number % 997} nr{number}"


def _senders(programme: Programme, number: int) -> list[str]:
    return [programme.administrations[number % len(programme.administrations)].id]


def happened(number: int, *, of: int) -> datetime:
    """When a closed case happened: the first long ago, the last some weeks ago."""
    return NOW - YEARS + (YEARS - CALM) * number / of


def _closed(db: Connection, programme: Programme, numbers: range, *, of: int) -> None:
    table: dict[Any, list[dict[str, Any]]] = {
        one: []
        for one in (register, case_parties, case_words, proposals, events, decisions, ledger)
    }
    known: set[str] = set()
    for number in numbers:
        for to, row in _rows_of(programme, number, at=happened(number, of=of)):
            table[to].append(row)
        known.update(words(_title(number)))
    for to, rows in table.items():
        db.execute(insert(to), rows)
    db.execute(
        text("INSERT INTO vocabulary (word) VALUES (:word) ON CONFLICT DO NOTHING"),
        [{"word": word} for word in known],
    )


def _rows_of(
    programme: Programme, number: int, *, at: datetime
) -> Iterator[tuple[Any, dict[str, Any]]]:
    case_id = f"{at.year}-{number:06}"
    (sender,) = _senders(programme, number)
    committee = programme.committee_of(sender)
    assert committee is not None
    yield register, {
        "id": case_id, "length": 6, "state": State.CLOSED, "stage": "application", "version": 1,
        "title": _title(number), "dnr": f"KS {at.year}/{number}", "administrations": [sender],
        "first_submitted_at": at, "submitted_at": at, "since": at,
    }  # fmt: skip
    for party in (sender, f"{TEAM}:U{number % 300}"):
        yield case_parties, {"case_id": case_id, "party": party, "first_submitted_at": at}
    for word in words(_title(number)):
        yield case_words, {"case_id": case_id, "word": word, "first_submitted_at": at}
    yield proposals, {
        "case_id": case_id, "administration": sender, "year": at.year, "scope": "cross_sector",
    }  # fmt: skip
    for length in range(1, 7):
        body = json.dumps({"kind": "dnr_given", "dnr": "x" * 300})
        yield events, {"case_id": case_id, "length": length, "body": body, "hash": "0" * 64}
    yield decisions, {
        "number": f"D {number}", "case_id": case_id, "body": "chief_executive", "verdict": "granted",
        "day": at.date(), "year": at.year, "at": at, "announced_in": "x", "part_report": "x",
    }  # fmt: skip
    for entry in ("decided", "transferred"):
        yield ledger, {
            "year": at.year, "kind": "operating", "entry": entry,
            "body": "chief_executive" if entry == "decided" else "", "committee": committee.id,
            "activity_code": committee.activity_code, "amount": Decimal(10), "case_id": case_id,
            "decision": f"D {number}", "reference": "", "by": f"{TEAM}:U1", "at": at,
        }  # fmt: skip


def _opened(db: Connection, programme: Programme, number: int, *, rank: int) -> None:
    """A fifth each is assessed, completed, waits for chief executive or board, or for its money."""
    case_id, at = f"2026-{number:06}", NOW - timedelta(hours=2 * rank)
    senders = tuple(_senders(programme, rank))
    by = f"{TEAM}:U{number % 300}"
    said = {
        "title": _title(number), "what": "Ljus längs gångvägen.", "goal": "Fler ska våga gå där.",
        "scope": "cross_sector", "administrations": list(senders),
    }  # fmt: skip
    answers = {key: {"value": value, "by": by, "at": at.isoformat()} for key, value in said.items()}
    submissions.add(db, case_id, 1, stage=Stage.APPLICATION, answers=answers)
    committee = programme.committee_of(senders[0])
    assert committee is not None
    asked = Allocation(
        committee=committee.id, kind=CostKind.OPERATING, year=2026, amount=Decimal(1000)
    )
    said_of_it = Said(at=at, by=by, senders=senders, asked=asked, number=f"D {case_id}")
    cases.add(db, case_id, _events(said_of_it, rank // 7 % 5), after=Case())


@dataclass(frozen=True, slots=True)
class Said:
    """What the events of an open case have in common."""

    at: datetime
    by: str
    senders: tuple[str, ...]
    asked: Allocation
    number: str


def _events(said: Said, far: int) -> list[Event]:
    """The case's events: 0 is assessed, 1 is completed, 2 to 4 are decided, drafted or granted."""
    at, by = said.at, said.by
    stage, version = Stage.APPLICATION, 1
    found: list[Event] = [
        Submitted(
            at=at,
            by=by,
            stage=stage,
            version=version,
            administrations=said.senders,
            authors=(by,),
        ),
        DocumentsStored(at=at, by=by, version=version, issue=1, pdf_sha256="ab", docx_sha256="cd"),
    ]
    if far == 0:
        return found
    outcome = Opinion.COMPLETE if far == 1 else Opinion.RECOMMEND
    reached = OutcomeReached(
        at=at,
        by=by,
        stage=stage,
        version=version,
        outcome=outcome,
        rule="majority",
        votes=3,
        eligible=4,
    )
    if far == 1:
        return [*found, reached]
    to = Body.DRAFTING_COMMITTEE if far == 3 else Body.CHIEF_EXECUTIVE
    routed = Routed(
        at=at,
        by=by,
        to=to,
        reasons=(RouteReason(code=Reason.WITHIN_DELEGATION),),
        reserved=(said.asked,),
        rule="rutinen",
    )
    if far < 4:
        return [*found, reached, routed]
    decided = Decided(
        at=at,
        by=by,
        body=Body.CHIEF_EXECUTIVE,
        verdict=Verdict.GRANTED,
        number=said.number,
        day=at.date(),
        version=version,
        pdf_sha256="ab",
        rule="rutinen",
        allocations=(said.asked,),
    )
    return [*found, reached, routed, decided]
