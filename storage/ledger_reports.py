"""The ledger's sums as reports need them: as they were after a certain row, and nämnd by nämnd."""

from collections import defaultdict
from collections.abc import Iterable
from decimal import Decimal

from sqlalchemy import Connection, func, select

from flows.ledger import Account, EntryKind, Sum, account
from flows.rules import CostKind
from storage.tables import ledger, ledger_sums

CommitteeSums = dict[str, dict[tuple[CostKind, EntryKind], Decimal]]  # by the nämnd's id


def after_decision(db: Connection, number: str, years: Iterable[int]) -> list[Account]:
    """Both kinds of the years' money as the decision left it, whatever has been entered since."""
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


def by_committee(db: Connection, year: int) -> CommitteeSums:
    """What has been entered for each nämnd in the budget year, by kind and entry, in kronor."""
    of = ledger_sums.c
    query = select(of.committee, of.kind, of.entry, func.sum(of.amount)).where(
        of.year == year, of.committee != ""
    )
    found: CommitteeSums = defaultdict(dict)
    for committee, kind, entry, amount in db.execute(
        query.group_by(of.committee, of.kind, of.entry)
    ):
        found[committee][CostKind(kind), EntryKind(entry)] = Decimal(amount)
    return found
