"""What is left of a budget year's money, and which decisions it does not stretch to."""

from decimal import Decimal

import pytest
from hypothesis import given

from flows.decided import Allocation, Financing
from flows.errors import NotAllowed
from flows.ledger import Account, Accounts, own_year, refuse_over_pot
from flows.rules import CostKind
from tests.flows.lives import amounts

OPERATING, INVESTMENT = CostKind.OPERATING, CostKind.INVESTMENT


def kr(amount: str | int) -> Decimal:
    return Decimal(str(amount))


def to(kind: CostKind, year: int, amount: str | int | Decimal) -> Allocation:
    return Allocation(committee="sn", kind=kind, year=year, amount=Decimal(str(amount)))


def pots(year: int = 2026, **of: Account) -> Accounts:
    made = {
        OPERATING: Account(year=year, kind=OPERATING, pot=kr(10_000_000)),
        INVESTMENT: Account(year=year, kind=INVESTMENT, pot=kr(20_000_000)),
    }
    return {year: made | {CostKind(kind): account for kind, account in of.items()}}


def nothing(year: int) -> Accounts:
    return {year: {kind: Account(year=year, kind=kind) for kind in CostKind}}


def financed(amount: str | int, *, from_pot: bool = False) -> Financing:
    source = "Investeringsreserven"
    return Financing(
        source=source, kind=INVESTMENT, year=2020, amount=kr(amount), from_pot=from_pot
    )


@pytest.mark.requirement("R000-14")
def test_a_year_without_money_refuses_every_decision():
    with pytest.raises(NotAllowed, match="no_pot"):
        refuse_over_pot(pots() | nothing(2028), [to(OPERATING, 2028, "0.01")])


@pytest.mark.requirement("R000-14")
def test_a_decision_over_two_years_needs_both_years_money():
    both = [to(OPERATING, 2027, 100), to(OPERATING, 2028, 100)]

    with pytest.raises(NotAllowed, match="no_pot"):
        refuse_over_pot(pots(2027) | nothing(2028), both)


@given(amounts)
def test_a_pot_stretches_to_its_last_ore_and_no_further(pot: Decimal):
    accounts = pots(operating=Account(year=2026, kind=OPERATING, pot=pot))

    refuse_over_pot(accounts, [to(OPERATING, 2026, pot)])
    with pytest.raises(NotAllowed, match="over_pot") as refused:
        refuse_over_pot(accounts, [to(OPERATING, 2026, pot), to(OPERATING, 2026, "0.01")])

    assert refused.value.facts["left"] == pot


def test_what_others_have_decided_and_committed_is_gone_but_what_they_wait_for_is_not():
    account = Account(
        year=2026,
        kind=OPERATING,
        pot=kr(1000),
        decided_by_board=kr(300),
        committed_by_board=kr(200),
        returned=kr(50),
        reserved_for_board=kr(400),
    )

    assert (account.available, account.grantable, account.left) == (750, 550, 150)
    refuse_over_pot(pots(operating=account), [to(OPERATING, 2026, 550)])
    with pytest.raises(NotAllowed, match="over_pot"):
        refuse_over_pot(pots(operating=account), [to(OPERATING, 2026, 551)])


def test_the_two_pots_are_never_netted():
    with pytest.raises(NotAllowed, match="over_pot"):
        refuse_over_pot(pots(), [to(OPERATING, 2026, 10_000_001)])


@pytest.mark.requirement("R001-8")
def test_haninges_cameras_leave_the_operating_range_as_it_was():
    accounts = pots(
        2020,
        operating=Account(year=2020, kind=OPERATING, pot=kr(15_500_000)),
        investment=Account(year=2020, kind=INVESTMENT, pot=kr(2_500_000)),
    )
    cameras = to(INVESTMENT, 2020, 2_500_000)
    for measures in (12_500_000, 15_500_000):
        refuse_over_pot(accounts, [to(OPERATING, 2020, measures), cameras])

    with pytest.raises(NotAllowed):  # the cameras' money is no room for measures
        refuse_over_pot(accounts, [to(OPERATING, 2020, 15_500_001)])
    with pytest.raises(NotAllowed):  # nor is what measures leave any for cameras
        refuse_over_pot(
            accounts, [to(OPERATING, 2020, 12_500_000), cameras, to(INVESTMENT, 2020, 1)]
        )


@pytest.mark.requirement("R001-17")
def test_an_increase_without_an_equal_financing_is_refused():
    cameras = [to(INVESTMENT, 2020, 2_500_000)]
    accounts = pots(2020, investment=Account(year=2020, kind=INVESTMENT))

    refuse_over_pot(accounts, cameras, financing=[financed(2_500_000)])
    for unequal, why in (
        (financed("2499999.99"), "over_pot"),
        (financed("2500000.01"), "financing_not_equal"),
        (financed(2_500_000, from_pot=True), "over_pot"),
    ):
        with pytest.raises(NotAllowed, match=why):
            refuse_over_pot(accounts, cameras, financing=[unequal])


def test_financing_of_what_is_not_decided_is_refused():
    with pytest.raises(NotAllowed, match="financing_not_equal"):
        refuse_over_pot(pots(2020), [to(OPERATING, 2020, 1)], financing=[financed(1)])


def test_the_decisions_own_year_is_the_first_that_gets_anything():
    assert (
        own_year([to(OPERATING, 2026, 0), to(INVESTMENT, 2028, 1), to(OPERATING, 2027, 1)]) == 2027
    )
    assert own_year([]) is None
