"""The ledger's sums as a decision left them, whatever has been entered since."""

from collections import defaultdict
from collections.abc import Iterable
from decimal import Decimal

from sqlalchemy import Connection, func, select

from flows.ledger import Account, EntryKind, Sum, account
from flows.rules import CostKind
from storage.tables import ledger


def after_decision(db: Connection, number: str, years: Iterable[int]) -> list[Account]:
    """Both kinds of the years' money; an unknown decision is one after all that has been entered."""
    last = db.scalar(select(func.max(ledger.c.id)).where(ledger.c.decision == number))
    return [one for year in sorted(set(years)) for one in _until(db, year, last)]


def _until(db: Connection, year: int, last: int | None) -> list[Account]:
    of = ledger.c
    query = select(of.kind, of.entry, of.body, func.sum(of.amount)).where(of.year == year)
    if last is not None:
        query = query.where(of.id <= last)
    found: dict[CostKind, dict[Sum, Decimal]] = defaultdict(dict)
    for kind, entry, body, amount in db.execute(query.group_by(of.kind, of.entry, of.body)):
        found[CostKind(kind)][EntryKind(entry), body] = Decimal(amount)
    return [account(year, kind, found[kind]) for kind in CostKind]
