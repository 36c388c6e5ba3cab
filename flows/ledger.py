"""The ledger's rows and what they add up to: the money of each budget year, and what is left of it.

For every budget year and kind `available = pot + adjustments + carried over - decided + returned`.
What earlier years' decisions have committed, and what waits for a decision (reserved), is inside
what is available: `left = available - committed - reserved`.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from decimal import Decimal
from enum import StrEnum

from pydantic import BaseModel

from flows.decided import Allocation, Body, Financing
from flows.errors import NotAllowed
from flows.events import PersonId
from flows.money import ZERO
from flows.rules import CostKind


class EntryKind(StrEnum):
    POT = "pot"
    ADJUSTMENT = "adjustment"  # by kommunfullmäktige or kommunstyrelsen, with a reference
    CARRIED_OVER = "carried_over"  # from the year before: somebody's decision, never automatic
    RESERVED = "reserved"  # of a case that waits for its decision
    DECIDED = "decided"
    COMMITTED = "committed"  # by an earlier year's decision; decided when the budget is moved
    TRANSFERRED = "transferred"
    RETURNED = "returned"


class Entry(BaseModel, frozen=True):
    """One row. `amount` in kronor, negative where it takes back an earlier one."""

    year: int
    kind: CostKind
    entry: EntryKind
    amount: Decimal
    by: PersonId
    at: datetime
    body: str = ""  # whose decision: flows.decided.Body, of what is reserved, decided, committed
    committee: str = ""
    activity_code: str = ""
    decision: str = ""
    reference: str = ""


class Account(BaseModel, frozen=True):
    """One budget year's money of one kind, in kronor."""

    year: int
    kind: CostKind
    pot: Decimal = ZERO
    adjustments: Decimal = ZERO
    carried_over: Decimal = ZERO
    reserved_for_board: Decimal = ZERO
    reserved_for_chief_executive: Decimal = ZERO
    decided_by_board: Decimal = ZERO
    decided_by_chief_executive: Decimal = ZERO
    committed_by_board: Decimal = ZERO
    committed_by_chief_executive: Decimal = ZERO
    transferred: Decimal = ZERO
    returned: Decimal = ZERO

    @property
    def frame(self) -> Decimal:
        """The money that the year was given, before any decision."""
        return self.pot + self.adjustments + self.carried_over

    @property
    def reserved(self) -> Decimal:
        return self.reserved_for_board + self.reserved_for_chief_executive

    @property
    def decided(self) -> Decimal:
        return self.decided_by_board + self.decided_by_chief_executive

    @property
    def committed(self) -> Decimal:
        return self.committed_by_board + self.committed_by_chief_executive

    @property
    def delegated(self) -> Decimal:
        """What counts against the chief executive's cap: her decisions, whatever was returned (C-7)."""
        return self.decided_by_chief_executive + self.committed_by_chief_executive

    @property
    def available(self) -> Decimal:
        """What is not decided."""
        return self.frame - self.decided + self.returned

    @property
    def grantable(self) -> Decimal:
        """The most a decision can give. A reservation is no decision, so it stops nobody else's."""
        return self.available - self.committed

    @property
    def left(self) -> Decimal:
        """What a new case can count on. Below zero when more is applied for than there is."""
        return self.grantable - self.reserved


Accounts = Mapping[int, Mapping[CostKind, Account]]  # by budget year
Sum = tuple[EntryKind, str]  # the entry, and the body of a decision
_FIELDS: Mapping[Sum, str] = {
    (EntryKind.POT, ""): "pot",
    (EntryKind.ADJUSTMENT, ""): "adjustments",
    (EntryKind.CARRIED_OVER, ""): "carried_over",
    (EntryKind.RESERVED, Body.EXECUTIVE_BOARD): "reserved_for_board",
    (EntryKind.RESERVED, Body.CHIEF_EXECUTIVE): "reserved_for_chief_executive",
    (EntryKind.DECIDED, Body.EXECUTIVE_BOARD): "decided_by_board",
    (EntryKind.DECIDED, Body.CHIEF_EXECUTIVE): "decided_by_chief_executive",
    (EntryKind.COMMITTED, Body.EXECUTIVE_BOARD): "committed_by_board",
    (EntryKind.COMMITTED, Body.CHIEF_EXECUTIVE): "committed_by_chief_executive",
    (EntryKind.TRANSFERRED, ""): "transferred",
    (EntryKind.RETURNED, ""): "returned",
}


def account(year: int, kind: CostKind, sums: Mapping[Sum, Decimal]) -> Account:
    return Account(year=year, kind=kind, **{_FIELDS[of]: amount for of, amount in sums.items()})


def own_year(allocations: Iterable[Allocation]) -> int | None:
    """The decision's own budget year: the first that gets money (C-6). The years after are committed."""
    return min((one.year for one in allocations if one.amount), default=None)


def without(
    accounts: Accounts, allocations: Iterable[Allocation], financing: Iterable[Financing]
) -> dict[int, dict[CostKind, Account]]:
    """The money as it would be if kommunstyrelsen had never given this."""
    given = totals(allocations)
    brought = totals(line for line in financing if not line.from_pot)
    return {
        year: {
            kind: of.model_copy(
                update={
                    "decided_by_board": of.decided_by_board - given.get((year, kind), ZERO),
                    "adjustments": of.adjustments - brought.get((year, kind), ZERO),
                }
            )
            for kind, of in kinds.items()
        }
        for year, kinds in accounts.items()
    }


def refuse_over_pot(
    accounts: Accounts,
    allocations: Iterable[Allocation],
    *,
    financing: Iterable[Financing] = (),
) -> None:
    """Raises NotAllowed unless the money for a decision is there; `accounts` has all its years.

    What is not taken from the pot has a line of financing of its own, which increases it (R001-17).
    """
    asked = totals(allocations)
    brought = totals(line for line in financing if not line.from_pot)
    for year, kind in sorted(asked.keys() | brought.keys()):
        of = accounts.get(year, {})
        if not any(account.frame for account in of.values()):
            raise NotAllowed("refusals.ledger.no_pot", year=year)
        amount, added = (sums.get((year, kind), ZERO) for sums in (asked, brought))
        facts = {"year": year, "kind": kind, "amount": amount, "financed": added}
        if added > amount:
            raise NotAllowed("refusals.ledger.financing_not_equal", **facts)
        if amount > of[kind].grantable + added:
            raise NotAllowed("refusals.ledger.over_pot", left=of[kind].grantable, **facts)


def totals(lines: Iterable[Allocation | Financing]) -> dict[tuple[int, CostKind], Decimal]:
    """Kronor by budget year and kind; what is nothing is left out."""
    sums: dict[tuple[int, CostKind], Decimal] = {}
    for one in lines:
        if one.amount:
            sums[one.year, one.kind] = sums.get((one.year, one.kind), ZERO) + one.amount
    return sums
