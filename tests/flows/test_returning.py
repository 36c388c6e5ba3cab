"""Investment money goes back: at most what was received and neither used nor returned before."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flows.case import Case, replay
from flows.decided import BudgetTransferred, Reported
from flows.errors import InvalidAnswer, Stale
from flows.returning import give_back, returnable
from flows.rules import CostKind
from tests.flows.klg import NOON, SARA, submitted
from tests.flows.lives import WHO, amounts
from tests.flows.test_booking import decision, kr, to

INVESTMENT = CostKind.INVESTMENT


def received(
    *rows: object, used: tuple[object, ...] = (), years: tuple[int, ...] = (2026,)
) -> Case:
    given_ = decision(*rows)  # type: ignore[arg-type]
    return replay(
        [
            submitted(),
            given_,
            *(
                BudgetTransferred(**WHO, decision=given_.number, cost_kind=INVESTMENT, year=year)
                for year in years
            ),
            *([Reported(**WHO, key="2026-august", version=1, outcome=used)] if used else []),
        ]
    )


def back(
    case: Case, amount: str | int | Decimal, *, committee: str = "tf", year: int = 2026
) -> Case:
    of = {"committee": committee, "year": year, "amount": Decimal(str(amount))}
    return case.after(give_back(case, **of, reason=None, by=SARA, at=NOON))


@pytest.mark.requirement("R000-56")
def test_what_was_not_used_can_go_back_and_not_a_krona_more():
    """Granted 2 000 000, used 1 600 000."""
    case = received(
        to("tf", INVESTMENT, 2026, 2_000_000), used=(to("tf", INVESTMENT, 2026, 1_600_000),)
    )

    with pytest.raises(InvalidAnswer, match="too_much") as refused:
        back(case, 400_001)
    case = back(case, 400_000)

    assert refused.value.facts["most"] == 400_000
    assert case.returned[0].returned.amount == 400_000
    assert returnable(case) == ()
    with pytest.raises(Stale):
        back(case, "0.01")


@pytest.mark.requirement("R000-56")
def test_what_has_not_been_moved_cannot_come_back():
    row = to("tf", INVESTMENT, 2026, 100)

    assert returnable(received(row, years=())) == ()
    assert returnable(replay([submitted()])) == ()
    assert [one.most for one in returnable(received(row))] == [100]


def test_operating_money_is_not_lifted_back():
    case = received(to("sn", CostKind.OPERATING, 2026, 100))
    moved = BudgetTransferred(
        **WHO, decision="KS 2026-12-15 § 22", cost_kind=CostKind.OPERATING, year=2026
    )

    assert returnable(case.after(moved)) == ()


def test_one_committees_unused_money_is_not_anothers():
    case = received(to("tf", INVESTMENT, 2026, 100), to("kf", INVESTMENT, 2026, 900))

    with pytest.raises(InvalidAnswer, match="too_much"):
        back(case, 101)
    with pytest.raises(Stale):
        back(case, 1, committee="sn")


def test_what_was_left_one_year_and_paid_the_next_is_used():
    case = received(
        to("tf", INVESTMENT, 2026, 100),
        to("tf", INVESTMENT, 2027, 100),
        used=(to("tf", INVESTMENT, 2026, 40), to("tf", INVESTMENT, 2027, 130)),
        years=(2026, 2027),
    )

    assert {one.received.year: one.most for one in returnable(case)} == {2026: 30, 2027: 30}
    assert returnable(back(case, 30)) == ()


@given(amounts, st.lists(amounts, max_size=4))
def test_however_it_is_handed_back_no_more_than_was_received_comes(
    got: Decimal, parts: list[Decimal]
):
    case = received(to("tf", INVESTMENT, 2026, str(got)))
    for part in parts:
        try:
            case = back(case, part)
        except (InvalidAnswer, Stale):
            continue

    returned = sum((one.returned.amount for one in case.returned), kr(0))
    assert returned <= got
    assert sum((one.most for one in returnable(case)), kr(0)) == got - returned
