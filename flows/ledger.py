"""The ledger: what each event of a case does to the budget years' money, and what is left of it.

For every budget year and kind (domain.md's identity, R000-14):
`available = pot + adjustments + carried over - decided + returned`. Reserved and committed money is
inside what is available: `left = available - committed - reserved`.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from decimal import Decimal
from enum import StrEnum

from pydantic import BaseModel

from flows.case import Case, Event
from flows.decided import Allocation, Body, BudgetTransferred, Decided, MoneyReturned, Verdict
from flows.events import PersonId
from flows.money import ZERO
from flows.rules import CostKind


class EntryKind(StrEnum):
    POT = "pot"
    ADJUSTMENT = "adjustment"  # by kommunfullmäktige or kommunstyrelsen, with a reference
    CARRIED_OVER = (
        "carried_over"  # from the year before: decided by somebody, never automatic (C-8)
    )
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
    body: str = ""  # who decided: flows.decided.Body
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
    reserved: Decimal = ZERO
    decided_by_board: Decimal = ZERO
    decided_by_chief_executive: Decimal = ZERO
    committed: Decimal = ZERO
    transferred: Decimal = ZERO
    returned: Decimal = ZERO

    @property
    def decided(self) -> Decimal:
        return self.decided_by_board + self.decided_by_chief_executive

    @property
    def available(self) -> Decimal:
        """What is not decided, as domain.md writes the identity."""
        return self.pot + self.adjustments + self.carried_over - self.decided + self.returned

    @property
    def left(self) -> Decimal:
        """What a new case can count on: reserved and committed money is spoken for."""
        return self.available - self.committed - self.reserved


Sum = tuple[EntryKind, str]  # the entry, and the body of a decision
_FIELDS: Mapping[Sum, str] = {
    (EntryKind.POT, ""): "pot",
    (EntryKind.ADJUSTMENT, ""): "adjustments",
    (EntryKind.CARRIED_OVER, ""): "carried_over",
    (EntryKind.RESERVED, ""): "reserved",
    (EntryKind.DECIDED, Body.EXECUTIVE_BOARD): "decided_by_board",
    (EntryKind.DECIDED, Body.CHIEF_EXECUTIVE): "decided_by_chief_executive",
    (EntryKind.COMMITTED, ""): "committed",
    (EntryKind.TRANSFERRED, ""): "transferred",
    (EntryKind.RETURNED, ""): "returned",
}


def account(year: int, kind: CostKind, sums: Mapping[Sum, Decimal]) -> Account:
    return Account(year=year, kind=kind, **{_FIELDS[of]: amount for of, amount in sums.items()})


def own_year(allocations: Iterable[Allocation]) -> int | None:
    """The decision's own budget year: the first that gets money (C-6). The years after are committed."""
    return min((one.year for one in allocations if one.amount), default=None)


def entries(event: Event, *, before: Case, after: Case) -> list[Entry]:
    """What the event does to the money: nothing, for most of them."""
    made = [
        *(_entry(event, one, EntryKind.RESERVED, -one.amount) for one in before.reserved),
        *(_entry(event, one, EntryKind.RESERVED, one.amount) for one in after.reserved),
    ]
    if before.reserved == after.reserved:
        made = []
    match event:
        case Decided(verdict=Verdict.GRANTED):
            made += _decided(event)
        case BudgetTransferred():
            made += _transferred(event, after)
        case MoneyReturned(returned=one):
            made.append(_entry(event, one, EntryKind.RETURNED, one.amount))
        case _:
            pass
    return [entry for entry in made if entry.amount]


def _decided(event: Decided) -> list[Entry]:
    own = own_year(event.allocations)
    return [
        _entry(event, one, EntryKind.DECIDED, one.amount, body=event.body, decision=event.number)
        if one.year == own
        else _entry(event, one, EntryKind.COMMITTED, one.amount, decision=event.number)
        for one in event.allocations
    ]


def _transferred(event: BudgetTransferred, case: Case) -> list[Entry]:
    """The budget is moved; what was committed for the year is decided money from then on."""
    assert case.decision is not None
    own = own_year(case.granted)
    made = []
    for one in case.granted:
        if (one.kind, one.year) != (event.cost_kind, event.year):
            continue
        number, reference = event.decision, event.reference
        if one.year != own:
            made += [
                _entry(event, one, EntryKind.COMMITTED, -one.amount, decision=number),
                _entry(
                    event,
                    one,
                    EntryKind.DECIDED,
                    one.amount,
                    body=case.decision.body,
                    decision=number,
                ),
            ]
        moved = _entry(event, one, EntryKind.TRANSFERRED, one.amount, decision=number)
        made.append(moved.model_copy(update={"reference": reference}))
    return made


def _entry(
    event: Event,
    of: Allocation,
    entry: EntryKind,
    amount: Decimal,
    *,
    body: str = "",
    decision: str = "",
) -> Entry:
    return Entry(
        year=of.year,
        kind=of.kind,
        entry=entry,
        amount=amount,
        by=event.by,
        at=event.at,
        body=body,
        committee=of.committee,
        activity_code=of.activity_code,
        decision=decision,
    )
