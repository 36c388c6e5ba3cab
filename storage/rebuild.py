"""Everything that is read from the events, made anew from them: it finds no difference, or names it.

The ledger's rows are only added and so never rewritten: where a case's events do not give its rows,
that is said and left to a person. Their sums are made anew from the rows.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Table, delete, func, insert, select

from flows.booking import entries
from flows.case import Case
from flows.decided import Decided, DecisionCorrected
from storage import cases, decisions, ledger
from storage.tables import (
    case_parties,
    case_words,
    events,
    ledger_sums,
    proposals,
)
from storage.tables import cases as listed
from storage.tables import (
    decisions as decided,
)
from storage.tables import (
    ledger as rows,
)

PAGE = 500
_OF_CASE: tuple[tuple[Table, Any], ...] = (
    (listed, listed.c.id),
    (case_parties, case_parties.c.case_id),
    (case_words, case_words.c.case_id),
    (proposals, proposals.c.case_id),
    (decided, decided.c.case_id),
)
# Lists that a decision stands in are known only to its row.
_KEPT = ("announced_in", "part_report")


@dataclass(frozen=True, slots=True)
class Difference:
    """What was not as the events say: the table, and the case or budget year. `mended`: it is now."""

    table: str
    of: str
    mended: bool = True


def page(db: Connection, *, after: str) -> list[str]:
    """The next cases by number, to be rebuilt in a transaction of their own."""
    query = select(events.c.case_id).where(events.c.length == 1, events.c.case_id > after)
    return list(db.scalars(query.order_by(events.c.case_id).limit(PAGE)))


def is_needed(db: Connection) -> bool:
    """Whether there are cases from before lists kept when each was first handed in."""
    query = select(case_parties.c.case_id).where(case_parties.c.first_submitted_at.is_(None))
    return db.execute(query.limit(1)).first() is not None


def case(db: Connection, case_id: str) -> Iterator[Difference]:
    """Make everything about the case anew."""
    before = {table.name: _rows(db, table, key, case_id) for table, key in _OF_CASE}
    cases.rebuild(db, case_id)
    _decisions(db, case_id)
    for table, key in _OF_CASE:
        if _rows(db, table, key, case_id) != before[table.name]:
            yield Difference(table.name, case_id)
    if not _booked_as_decided(db, case_id):
        yield Difference(rows.name, case_id, mended=False)


def sums(db: Connection) -> Iterator[Difference]:
    """Add the ledger's rows up anew."""
    keys = [c for c in rows.c if c.name in ledger_sums.primary_key.columns]
    ledger.take(db, ledger.years(db))
    added = select(*keys, func.sum(rows.c.amount).label("amount")).group_by(*keys)
    right = {tuple(row) for row in db.execute(added)}
    stored = {tuple(row) for row in db.execute(select(*_like(keys), ledger_sums.c.amount))}
    if {row for row in right if row[-1]} == {row for row in stored if row[-1]}:
        return
    for year in sorted({row[0] for row in right ^ stored}):
        yield Difference(ledger_sums.name, str(year))
    db.execute(delete(ledger_sums))
    names = [*(key.name for key in keys), "amount"]
    db.execute(insert(ledger_sums), [dict(zip(names, row, strict=True)) for row in right])


def _like(keys: list[Any]) -> list[Any]:
    return [ledger_sums.c[key.name] for key in keys]


def _rows(db: Connection, table: Table, key: Any, case_id: str) -> list[tuple[Any, ...]]:
    found = db.execute(select(table).where(key == case_id)).all()
    return sorted((tuple(row) for row in found), key=repr)


def _decisions(db: Connection, case_id: str) -> None:
    stored = db.execute(select(decided).where(decided.c.case_id == case_id)).all()
    kept = {row.number: {name: getattr(row, name) for name in _KEPT} for row in stored}
    db.execute(delete(decided).where(decided.c.case_id == case_id))
    for event in cases.history(db, case_id):
        if isinstance(event, Decided):
            decisions.add(db, case_id, event)
            if lists := kept.get(event.number):
                db.execute(decided.update().where(decided.c.number == event.number).values(lists))
        if isinstance(event, DecisionCorrected):
            decisions.correct(db, event)


def _booked_as_decided(db: Connection, case_id: str) -> bool:
    """Whether the case's rows of the ledger are those that its events give."""
    now, expected = Case(), []
    for event in cases.history(db, case_id):
        before, now = now, now.after(event)
        expected += entries(event, before=before, after=now)
    return [booked.entry for booked in ledger.of_case(db, case_id)] == expected
