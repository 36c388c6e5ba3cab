"""What each event of a case does to the money: rows for the ledger, nothing for most events.

A case reserves while it waits for a decision. A decision gives its own year's money and commits the
years' after; moving a year's budget makes committed money decided (R000-47, R000-50).
"""

from decimal import Decimal

from flows.case import Case, Event, State
from flows.decided import (
    Allocation,
    Body,
    BudgetTransferred,
    Decided,
    DecisionCorrected,
    MoneyReturned,
    Verdict,
    recorded_as,
)
from flows.ledger import Entry, EntryKind, own_year
from flows.money import ZERO


def entries(event: Event, *, before: Case, after: Case) -> list[Entry]:
    """What the event does to the money: nothing, for most of them."""
    made: list[Entry] = []
    if (held := _reserved(event, before)) != (holds := _reserved(event, after)):
        made += [_taken_back(entry) for entry in held] + holds
    match event:
        case Decided(verdict=Verdict.GRANTED):
            made += _decided(event)
        case DecisionCorrected(decided=decided):
            assert before.decision is not None
            made += _differences(_decided(before.decision), _decided(decided), event)
        case BudgetTransferred():
            made += _transferred(event, after)
        case MoneyReturned(returned=one):
            made.append(_entry(event, one, EntryKind.RETURNED))
        case _:
            pass
    return [entry for entry in made if entry.amount]


def _reserved(event: Event, case: Case) -> list[Entry]:
    """What is held for the case, for whoever is to decide it in the end."""
    delegated = case.state is State.CHIEF_EXECUTIVE
    body = Body.CHIEF_EXECUTIVE if delegated else Body.EXECUTIVE_BOARD
    return [_entry(event, one, EntryKind.RESERVED, body=body) for one in case.reserved]


def _decided(event: Decided) -> list[Entry]:
    own = own_year(event.allocations)
    made = [
        Entry(
            year=line.year,
            kind=line.kind,
            entry=EntryKind.ADJUSTMENT,
            amount=line.amount,
            by=event.by,
            at=event.at,
            decision=recorded_as(event.number),
            reference=line.source,
        )
        for line in (event.board.financing if event.board else ())
        if not line.from_pot
    ]
    for one in event.allocations:
        kind = EntryKind.DECIDED if one.year == own else EntryKind.COMMITTED
        made.append(_entry(event, one, kind, body=event.body, decision=recorded_as(event.number)))
    return made


def _differences(before: list[Entry], now: list[Entry], event: DecisionCorrected) -> list[Entry]:
    """What a corrected record gives more or less of than the one before; those rows stand."""
    sums: dict[Entry, Decimal] = {}
    for entries_of, sign in ((before, -1), (now, 1)):
        for one in entries_of:
            of = one.model_copy(update={"amount": ZERO, "by": event.by, "at": event.at})
            sums[of] = sums.get(of, ZERO) + sign * one.amount
    return [of.model_copy(update={"amount": amount}) for of, amount in sums.items()]


def _transferred(event: BudgetTransferred, case: Case) -> list[Entry]:
    """The budget is moved; what was committed for the year is decided money from then on."""
    assert case.decision is not None
    own, body, number = own_year(case.granted), case.decision.body, recorded_as(event.decision)
    made = []
    for one in case.granted:
        if (one.kind, one.year) != (event.cost_kind, event.year):
            continue
        if one.year != own:
            committed = _entry(event, one, EntryKind.COMMITTED, body=body, decision=number)
            made.append(_taken_back(committed))
            made.append(_entry(event, one, EntryKind.DECIDED, body=body, decision=number))
        moved = _entry(event, one, EntryKind.TRANSFERRED, decision=number)
        made.append(moved.model_copy(update={"reference": event.reference}))
    return made


def _taken_back(entry: Entry) -> Entry:
    return entry.model_copy(update={"amount": -entry.amount})


def _entry(
    event: Event, of: Allocation, entry: EntryKind, *, body: str = "", decision: str = ""
) -> Entry:
    return Entry(
        year=of.year,
        kind=of.kind,
        entry=entry,
        amount=of.amount,
        by=event.by,
        at=event.at,
        body=body,
        committee=of.committee,
        activity_code=of.activity_code,
        decision=decision,
    )
