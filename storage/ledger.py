"""The ledger's rows, only ever added, and their running sums, written together.

`take` the budget years before reading their sums in a gesture that decides by them: on PostgreSQL the
row is locked until the commit, on SQLite there is one writer anyway. Two decisions never count the
same kronor.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import Connection, Row, case, func, insert, select, text

from flows.case import State
from flows.ledger import Account, Entry, EntryKind, Sum, account
from flows.money import ZERO
from flows.rules import CostKind
from storage.tables import cases, ledger, ledger_sums

_TAKE = text(
    "INSERT INTO budget_years (year, entries) VALUES (:year, 1)"
    " ON CONFLICT (year) DO UPDATE SET entries = budget_years.entries + 1"
)
_ADD = text(
    "INSERT INTO ledger_sums (year, kind, entry, body, committee, activity_code, amount)"
    " VALUES (:year, :kind, :entry, :body, :committee, :activity_code, :ore)"
    " ON CONFLICT (year, kind, entry, body, committee, activity_code)"
    " DO UPDATE SET amount = ledger_sums.amount + excluded.amount"
)


_AT_A_TIME = 500  # ids in one question


@dataclass(frozen=True, slots=True)
class Booked:
    """A row of the ledger as it was entered, with the case it leads to."""

    id: int
    entry: Entry
    case_id: str | None


def take(db: Connection, years: Iterable[int]) -> None:
    """Let nobody else enter anything in these budget years until the commit."""
    for year in sorted(set(years)):
        db.execute(_TAKE, {"year": year})


def book(db: Connection, entries: Sequence[Entry], *, case_id: str | None = None) -> None:
    """Enter the rows, and add them to the sums."""
    if not entries:
        return
    take(db, (entry.year for entry in entries))
    db.execute(insert(ledger), [{**entry.model_dump(), "case_id": case_id} for entry in entries])
    for entry in entries:
        sums = {name: getattr(entry, name) for name in ("year", "body", "committee")}
        sums |= {"kind": entry.kind, "entry": entry.entry, "activity_code": entry.activity_code}
        db.execute(_ADD, {**sums, "ore": int(entry.amount * 100)})


def accounts(db: Connection, year: int) -> dict[CostKind, Account]:
    """Both kinds of the budget year's money, as they are in this transaction."""
    of = ledger_sums.c
    query = select(of.kind, of.entry, of.body, func.sum(of.amount)).where(of.year == year)
    found: dict[CostKind, dict[Sum, Decimal]] = defaultdict(dict)
    for kind, entry, body, amount in db.execute(query.group_by(of.kind, of.entry, of.body)):
        found[CostKind(kind)][EntryKind(entry), body] = Decimal(amount)
    return {kind: account(year, kind, found[kind]) for kind in CostKind}


def taken(db: Connection, years: Iterable[int]) -> dict[int, dict[CostKind, Account]]:
    """Take the budget years, and return their money: what a decision is measured against."""
    needed = set(years)
    take(db, needed)
    return {year: accounts(db, year) for year in sorted(needed)}


def years(db: Connection) -> list[int]:
    """Every budget year that something has been entered in."""
    return list(db.scalars(select(ledger_sums.c.year).distinct().order_by(ledger_sums.c.year)))


Receiver = tuple[str, str]  # a nämnd's id, and its activity code when it was entered


def by_committee(db: Connection, year: int) -> dict[Receiver, dict[CostKind, Account]]:
    """What each nämnd has of the budget year's money, by activity code."""
    found: dict[Receiver, dict[CostKind, dict[Sum, Decimal]]] = {}
    of = ledger_sums.c
    query = select(ledger_sums).where(of.year == year, of.committee != "")
    for row in db.execute(query.order_by(of.committee, of.activity_code)):
        kinds = found.setdefault((row.committee, row.activity_code), {k: {} for k in CostKind})
        kinds[CostKind(row.kind)][EntryKind(row.entry), row.body] = row.amount
    return {
        receiver: {kind: account(year, kind, sums) for kind, sums in kinds.items()}
        for receiver, kinds in found.items()
    }


def committed_after(db: Connection, year: int) -> dict[int, dict[CostKind, Decimal]]:
    """Kronor that decisions have committed of each later budget year, those that are nothing left out."""
    of, found = ledger_sums.c, defaultdict[int, dict[CostKind, Decimal]](dict)
    query = select(of.year, of.kind, func.sum(of.amount)).where(
        of.year > year, of.entry == EntryKind.COMMITTED
    )
    for later, kind, amount in db.execute(query.group_by(of.year, of.kind).order_by(of.year)):
        if amount:
            found[later][CostKind(kind)] = Decimal(amount)
    return dict(found)


def not_transferred(db: Connection, year: int) -> list[str]:
    """The cases with money of the budget year that has not been moved, in the order of their ids.

    They are followed up: no case is closed before its budget is moved, so that only those are read.
    """
    of = ledger.c
    signed = case((of.entry == EntryKind.TRANSFERRED, -of.amount), else_=of.amount)
    # In two steps: asked for at once, SQLite reads the whole year's rows instead of the few cases'.
    followed_up = db.scalars(select(cases.c.id).where(cases.c.state == State.FOLLOW_UP)).all()
    found: list[str] = []
    for first in range(0, len(followed_up), _AT_A_TIME):
        query = (
            select(of.case_id)
            .where(
                of.case_id.in_(followed_up[first : first + _AT_A_TIME]),
                of.year == year,
                of.entry.in_([EntryKind.DECIDED, EntryKind.COMMITTED, EntryKind.TRANSFERRED]),
            )
            .group_by(of.case_id)
            .having(func.sum(signed) > ZERO)
        )
        found += db.scalars(query)
    return sorted(found)


def of_case(db: Connection, case_id: str) -> list[Booked]:
    """Every row of the case, in order."""
    query = select(ledger).where(ledger.c.case_id == case_id).order_by(ledger.c.id)
    return [_booked(row) for row in db.execute(query)]


def of_year(db: Connection, year: int, *, after: int = 0, limit: int = 1000) -> list[Booked]:
    """The budget year's rows in order, those after the row `after`."""
    query = select(ledger).where(ledger.c.year == year, ledger.c.id > after)
    return [_booked(row) for row in db.execute(query.order_by(ledger.c.id).limit(limit))]


def of_committee(
    db: Connection, year: int, committee: str, *, before: int | None = None, limit: int = 20
) -> list[Booked]:
    """The nämnd's rows of the budget year, the newest first, those older than the row `before`."""
    query = select(ledger).where(ledger.c.year == year, ledger.c.committee == committee)
    if before is not None:
        query = query.where(ledger.c.id < before)
    return [_booked(row) for row in db.execute(query.order_by(ledger.c.id.desc()).limit(limit))]


def citing(db: Connection, years: Iterable[int], reference: str) -> list[Entry]:
    """The rows of those budget years that rest on the decision, and are of no case."""
    of = ledger.c
    query = select(ledger).where(
        of.year.in_(sorted(set(years))), of.reference == reference, of.case_id.is_(None)
    )
    return [_booked(row).entry for row in db.execute(query)]


def set_pot(
    db: Connection, *, year: int, kind: CostKind, pot: Decimal, source: str, by: str, at: datetime
) -> None:
    """Enter the difference when the ledger's pot is another. Those who set it at once enter it once."""
    take(db, [year])
    if difference := pot - accounts(db, year)[kind].pot:
        entered = Entry(
            year=year,
            kind=kind,
            entry=EntryKind.POT,
            amount=difference,
            reference=source,
            by=by,
            at=at,
        )
        book(db, [entered])


def _booked(row: Row[Any]) -> Booked:
    values = row._mapping  # noqa: SLF001  SQLAlchemy's way to a row's values
    fields = {name: values[name] for name in Entry.model_fields}
    return Booked(id=values["id"], entry=Entry(**fields), case_id=values["case_id"])
