"""What is left of a cap and of a pot, and what would be left if this case were granted."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from flows.decided import Allocation, Body
from flows.ledger import Account, Accounts, totals
from flows.rules import CostKind, DelegationRule


@dataclass(frozen=True, slots=True, kw_only=True)
class Headroom:
    """One kind and budget year, in kronor. `reserved` is what other cases have reserved.

    `cap` is None when no delegation is in force; the cap counts only delegated decisions (C-7).
    """

    year: int
    kind: CostKind
    amount: Decimal
    cap: Decimal | None
    delegated: Decimal
    money: Decimal
    decided: Decimal
    reserved: Decimal

    @property
    def cap_left(self) -> Decimal:
        return (self.cap or Decimal(0)) - self.delegated

    @property
    def cap_left_after(self) -> Decimal:
        return self.cap_left - self.amount

    @property
    def pot_left(self) -> Decimal:
        """Below zero when more is applied for than there is."""
        return self.money - self.decided - self.reserved

    @property
    def pot_left_after(self) -> Decimal:
        return self.pot_left - self.amount


def headroom(
    asked: Iterable[Allocation], rule: DelegationRule | None, accounts: Accounts
) -> tuple[Headroom, ...]:
    """Return it for each budget year and kind that the case asks for, in order.

    `accounts` are without what the case itself has reserved.
    """
    return tuple(
        _headroom(account(accounts, year, kind), amount, rule)
        for (year, kind), amount in in_order(asked)
    )


def _headroom(of: Account, amount: Decimal, rule: DelegationRule | None) -> Headroom:
    return Headroom(
        year=of.year,
        kind=of.kind,
        amount=amount,
        cap=rule.cap(of.kind) if rule else None,
        delegated=of.delegated,
        money=of.frame + of.returned,
        decided=of.decided + of.committed,
        reserved=of.reserved,
    )


def in_order(allocations: Iterable[Allocation]) -> list[tuple[tuple[int, CostKind], Decimal]]:
    """The sums by budget year and kind: years in order, drift before investment."""
    order = {kind: position for position, kind in enumerate(CostKind)}
    found = totals(allocations).items()
    return sorted(found, key=lambda sum_: (sum_[0][0], order[sum_[0][1]]))


def account(accounts: Accounts, year: int, kind: CostKind) -> Account:
    """That year's money of the kind; a year that nobody has entered anything in has none."""
    return accounts.get(year, {}).get(kind) or Account(year=year, kind=kind)


def without(accounts: Accounts, reserved: Iterable[Allocation], *, waits_for: Body) -> Accounts:
    """The accounts as they would be without what a case has reserved with whom it waits for."""
    own = totals(reserved)
    delegated = waits_for is Body.CHIEF_EXECUTIVE
    field = "reserved_for_chief_executive" if delegated else "reserved_for_board"
    return {
        year: {
            kind: of.model_copy(update={field: getattr(of, field) - own.get((year, kind), 0)})
            for kind, of in kinds.items()
        }
        for year, kinds in accounts.items()
    }


def without_reservations(accounts: Accounts) -> Accounts:
    """The accounts as a decision meets them: a reservation is no decision and stops nobody else's."""
    nothing = {"reserved_for_board": Decimal(0), "reserved_for_chief_executive": Decimal(0)}
    return {
        year: {kind: of.model_copy(update=nothing) for kind, of in kinds.items()}
        for year, kinds in accounts.items()
    }
