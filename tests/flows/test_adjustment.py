"""A budget year's money is changed by a decision that is cited, and never carried over by itself."""

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flows.adjustment import Adjustment, Change, entries, read, refuse_again
from flows.errors import InvalidAnswer, NotAllowed
from flows.inputs import WrongInputs
from flows.ledger import Account, Entry, EntryKind
from flows.rules import CostKind
from tests.flows.klg import NOON, SARA
from tests.flows.lives import amounts

REFERENCE = "KF 2026-06-15 § 88"
INPUTS = {
    "change": "increase",
    "year": "2026",
    "kind": "operating",
    "amount": "1,6 mkr",
    "reference": REFERENCE,
}


def account(year: int = 2026, pot: int | Decimal = 1000, **more: Any) -> Account:
    return Account(year=year, kind=CostKind.OPERATING, pot=Decimal(pot), **more)


def rows(change: Change, amount: int | Decimal, *, this: Account, before: Account) -> list[Entry]:
    of = Adjustment(
        change=change,
        year=2026,
        kind=CostKind.OPERATING,
        amount=Decimal(amount),
        reference=REFERENCE,
    )
    return entries(of, this, before, by=SARA, at=NOON)


@pytest.mark.requirement("R002-17")
def test_a_change_cites_the_decision_it_rests_on():
    assert read(INPUTS).reference == REFERENCE
    assert (
        read(INPUTS | {"reference": "kommunfullmäktige 15 juni 2026 § 88"}).reference == REFERENCE
    )
    for none in ("", "ekonomichefen sade det", "KF 2026-06-15", "§ 88"):
        with pytest.raises(WrongInputs) as refused:
            read(INPUTS | {"reference": none})
        assert list(refused.value.by_input) == ["reference"]


@pytest.mark.parametrize("amount", ["0", "-5", "", "ca 5 mkr", "0,001"])
def test_an_amount_is_one_that_is_more_than_nothing(amount: str):
    with pytest.raises(WrongInputs) as refused:
        read(INPUTS | {"amount": amount})

    assert list(refused.value.by_input) == ["amount"]


def test_an_increase_and_a_decrease_are_rows_of_their_own():
    (more,) = rows(Change.INCREASE, 500, this=account(), before=account(2025))
    (less,) = rows(Change.DECREASE, 500, this=account(), before=account(2025))

    assert (more.entry, more.amount, more.reference) == (EntryKind.ADJUSTMENT, 500, REFERENCE)
    assert less.amount == -500


def test_what_is_decided_cannot_be_taken_away_but_what_waits_can():
    this = account(decided_by_board=Decimal(600), reserved_for_board=Decimal(300))

    assert len(rows(Change.DECREASE, 400, this=this, before=account(2025))) == 1
    with pytest.raises(InvalidAnswer, match="decided_already"):
        rows(Change.DECREASE, 401, this=this, before=account(2025))


def test_carrying_over_takes_what_is_left_of_the_year_before_out_of_it():
    before = account(2025, decided_by_board=Decimal(600), reserved_for_board=Decimal(100))

    out, into = rows(Change.CARRY_OVER, 300, this=account(), before=before)

    assert [(row.year, row.amount, row.entry) for row in (out, into)] == [
        (2025, -300, EntryKind.CARRIED_OVER),
        (2026, 300, EntryKind.CARRIED_OVER),
    ]
    with pytest.raises(InvalidAnswer, match="not_left"):
        rows(Change.CARRY_OVER, 301, this=account(), before=before)


@given(st.sampled_from([Change.DECREASE, Change.CARRY_OVER]), amounts, amounts)
def test_no_change_takes_more_than_there_is(change: Change, pot: Decimal, amount: Decimal):
    try:
        made = rows(change, amount, this=account(pot=pot), before=account(2025, pot))
    except InvalidAnswer:
        assert amount > pot
    else:
        assert amount <= pot
        assert sum(row.amount for row in made) == (0 if change is Change.CARRY_OVER else -amount)


def test_the_same_change_is_not_entered_twice():
    first = rows(Change.INCREASE, 500, this=account(), before=account(2025))
    other = [row.model_copy(update={"reference": "KF 2026-09-21 § 120"}) for row in first]

    refuse_again(other, first)
    with pytest.raises(NotAllowed, match="entered_already"):
        refuse_again(first, first)
