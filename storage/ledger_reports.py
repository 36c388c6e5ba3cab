"""The ledger's sums as a decision left them, whatever has been entered since."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal

from sqlalchemy import Connection, func, select

from flows.ledger import Account, EntryKind, Sum, account
from flows.rules import CostKind
from storage.tables import ledger


def after(db: Connection, case_id: str, at: datetime, years: Iterable[int]) -> list[Account]:
    """Both kinds of the years' money after what happened in the case at that moment.

    Rows are numbered while the budget year is held (storage.ledger.take), so a number before is what
    the decision was measured against. When nothing was entered then, the money is as it is now.
    """
    of = ledger.c
    last = db.scalar(select(func.max(of.id)).where(of.case_id == case_id, of.at == at))
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
