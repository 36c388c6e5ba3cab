"""Who decides because of the money: the caps, the pots, the year's rule and the municipality's settings."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flows.decided import Body, Reason
from flows.programme import Programme
from flows.rules import CostKind, DelegationRule
from tests.flows.routes import (
    DRIFT,
    EXAMPLE,
    INVESTMENT,
    KRONOR,
    codes,
    delegated,
    gets,
    goes,
    money,
)


def delegating(**allowed: bool) -> Programme:
    rule = EXAMPLE.delegation[0].model_copy(update=allowed)
    return EXAMPLE.model_copy(update={"delegation": (rule,)})


def test_what_fits_the_delegation_goes_to_the_chief_executive_with_the_figures_and_the_source():
    found = goes(gets(500_000), accounts=money(drift=delegated(1_500_000)))

    assert found.to is Body.CHIEF_EXECUTIVE
    measure, reason = found.reasons
    assert (measure.code, measure.limit) == (Reason.WITHIN_DELEGATION, None)
    assert (reason.code, reason.kind, reason.year) == (Reason.WITHIN_DELEGATION, DRIFT, 2026)
    assert (reason.amount, reason.used, reason.limit) == (500_000, 1_500_000, 2_000_000)
    assert found.rule == EXAMPLE.delegation[0].source


@pytest.mark.requirement("R000-8")
def test_the_drift_cap_is_inclusive_and_a_krona_more_is_for_kommunstyrelsen():
    used = money(drift=delegated(1_500_000))

    assert goes(gets(500_000), accounts=used).to is Body.CHIEF_EXECUTIVE
    over = goes(gets(500_001), accounts=used)
    assert (over.to, codes(over)) == (Body.DRAFTING_COMMITTEE, {Reason.CAP})


@pytest.mark.requirement("R000-9")
def test_the_two_caps_are_counted_apart():
    both = goes(gets(2_000_000), gets(2_500_000, INVESTMENT))
    over = goes(gets(2_500_001, INVESTMENT))

    assert both.to is Body.CHIEF_EXECUTIVE
    assert [(r.code, r.kind) for r in over.reasons] == [(Reason.CAP, INVESTMENT)]


@pytest.mark.requirement("R000-8", "R000-9")
@given(used=KRONOR, amount=KRONOR, kind=st.sampled_from(CostKind))
def test_exactly_at_the_cap_passes_and_one_ore_over_does_not(
    used: Decimal, amount: Decimal, kind: CostKind
) -> None:
    cap = EXAMPLE.delegation[0].cap(kind)
    used = min(used, cap)
    rest, over = cap - used, cap - used + Decimal("0.01")
    accounts = money(**{"drift" if kind is DRIFT else "investment": delegated(used)})

    assert goes(gets(rest, kind), accounts=accounts).to is Body.CHIEF_EXECUTIVE
    assert codes(goes(gets(over, kind), accounts=accounts)) == {Reason.CAP}
    fits = used + amount <= cap
    assert (goes(gets(amount, kind), accounts=accounts).to is Body.CHIEF_EXECUTIVE) == fits


@pytest.mark.requirement("R000-9")
@given(drift=KRONOR, investment=KRONOR, unused=KRONOR)
def test_what_is_unused_of_one_kind_is_never_room_for_the_other(
    drift: Decimal, investment: Decimal, unused: Decimal
) -> None:
    accounts = money(drift=delegated(min(unused, Decimal(2_000_000))))
    alone = goes(gets(investment, INVESTMENT), accounts=accounts)
    together = goes(gets(drift), gets(investment, INVESTMENT), accounts=accounts)

    over = {r.kind for r in together.reasons if r.code is Reason.CAP}
    assert (INVESTMENT in over) == (alone.to is not Body.CHIEF_EXECUTIVE)


@pytest.mark.requirement("R000-8")
@given(used=KRONOR, more=KRONOR, amount=KRONOR, added=KRONOR)
def test_more_asked_for_or_more_decided_never_brings_a_case_back_to_the_chief_executive(
    used: Decimal, more: Decimal, amount: Decimal, added: Decimal
) -> None:
    before = goes(gets(amount), accounts=money(drift=delegated(used)))
    after = goes(gets(amount + added), accounts=money(drift=delegated(used + more)))

    assert before.to is Body.CHIEF_EXECUTIVE or after.to is not Body.CHIEF_EXECUTIVE
    if before.to is not Body.CHIEF_EXECUTIVE:
        assert codes(before) <= codes(after)


def test_what_was_returned_gives_the_pot_back_and_no_new_room_under_the_cap():
    spent = delegated(2_500_000) | {"returned": Decimal(2_500_000)}

    assert codes(goes(gets(1, INVESTMENT), accounts=money(investment=spent))) == {Reason.CAP}


def test_the_cap_is_that_of_the_budget_year_of_the_money_whenever_it_is_decided():
    accounts = money(drift=delegated(2_000_000)) | money(year=2027)

    assert goes(gets(2_000_000, year=2027), accounts=accounts).to is Body.CHIEF_EXECUTIVE
    assert codes(goes(gets(1, year=2026), accounts=accounts)) == {Reason.CAP}


def test_kommunstyrelsens_own_decisions_do_not_count_against_the_delegation():
    accounts = money(drift={"decided_by_board": Decimal(5_000_000)})

    assert goes(gets(2_000_000), accounts=accounts).to is Body.CHIEF_EXECUTIVE


@pytest.mark.requirement("R000-14")
def test_a_year_without_money_is_nothing_to_decide_of():
    found = goes(gets(1, year=2028))

    assert found.to is Body.DRAFTING_COMMITTEE
    assert [(r.code, r.year) for r in found.reasons] == [(Reason.NO_POT, 2028)]


@pytest.mark.requirement("R000-14")
@given(left=KRONOR, amount=st.decimals(min_value=1, max_value=2_000_000, places=2))
def test_no_more_than_what_is_left_of_the_pot_is_the_chief_executives(
    left: Decimal, amount: Decimal
) -> None:
    taken = Decimal(10_000_000) - left
    others = {"decided_by_board": taken / 2, "reserved_for_board": taken - taken / 2}
    found = goes(gets(amount), accounts=money(drift=others))

    assert (found.to is Body.CHIEF_EXECUTIVE) == (amount <= left)
    if amount > left:
        [reason] = found.reasons
        assert reason.code is Reason.OVER_POT
        assert (reason.limit, reason.used) == (10_000_000, taken)


@pytest.mark.parametrize(
    ("setting", "about"),
    [
        ("permanent", {"permanent": True}),
        ("unlinked", {"linked": False}),
        ("new_activity", {"new_activity": True}),
        ("several_years", {"capital_years": frozenset()}),
        ("compensated_capital_costs", {"capital_years": frozenset({2026})}),
    ],
)
def test_a_municipality_can_let_the_chief_executive_decide_more(
    setting: str, about: dict[str, Any]
):
    both = [gets(1), gets(1, year=2027)] if setting == "several_years" else [gets(1)]
    accounts = money() | money(year=2027)

    assert goes(*both, accounts=accounts, **about).to is not Body.CHIEF_EXECUTIVE
    allowed = goes(*both, accounts=accounts, programme=delegating(**{setting: True}), **about)
    assert allowed.to is Body.CHIEF_EXECUTIVE


def test_the_rule_is_the_one_in_force_that_day():
    old, new = (
        EXAMPLE.delegation[0].model_copy(update={"until": date(2026, 12, 31)}),
        DelegationRule(
            since=date(2027, 2, 1),
            operating_cap=Decimal(100),
            investment_cap=Decimal(0),
            source="Ny delegation",
        ),
    )
    programme = EXAMPLE.model_copy(update={"delegation": (old, new)})

    assert goes(gets(101), programme=programme, on=date(2026, 12, 31)).to is Body.CHIEF_EXECUTIVE
    between = goes(gets(101), programme=programme, on=date(2027, 1, 1))
    assert (codes(between), between.rule) == ({Reason.NO_DELEGATION}, "")
    after = goes(gets(101), programme=programme, on=date(2027, 2, 1))
    assert (codes(after), after.rule) == ({Reason.CAP}, "Ny delegation")
