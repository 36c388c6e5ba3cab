"""What remains before a granted case may close: report, transfers, project, returned money."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest

from flows.case import Case, State
from flows.closing import Awaited, last_is_received, remaining, unused, used
from flows.decided import (
    Allocation,
    Body,
    BudgetTransferred,
    Decided,
    MoneyReturned,
    Reported,
    ReportReceived,
    Verdict,
)
from flows.rules import CostKind

AT = datetime(2028, 1, 20, 9, tzinfo=UTC)
WHO: dict[str, Any] = {"at": AT, "by": "T:U"}
SOCIAL, TFF = "socialnamnden", "teknik-och-fastighetsnamnden"
DRIFT = Allocation(committee=SOCIAL, kind=CostKind.OPERATING, year=2027, amount=Decimal(400_000))
BUILT = Allocation(committee=TFF, kind=CostKind.INVESTMENT, year=2027, amount=Decimal(2_000_000))


def spent(of: Allocation, kronor: int) -> Allocation:
    return of.model_copy(update={"amount": Decimal(kronor)})


def decided(*granted: Allocation) -> Decided:
    return Decided(
        **WHO,
        body=Body.EXECUTIVE_BOARD,
        verdict=Verdict.GRANTED,
        number="KS",
        day=date(2026, 12, 15),
        version=1,
        pdf_sha256="",
        rule="",
        allocations=granted,
    )


def moved(of: Allocation) -> BudgetTransferred:
    return BudgetTransferred(**WHO, decision="KS", cost_kind=of.kind, year=of.year)


def case(*granted: Allocation, **changed: Any) -> Case:
    """A case of which nothing remains, unless it is changed."""
    done: dict[str, Any] = {
        "state": State.FOLLOW_UP,
        "decision": decided(*granted),
        "transferred": tuple(moved(one) for one in granted),
        "reports": (Reported(**WHO, key="2027-year_end", version=1, last=True, outcome=granted),),
        "received": (ReportReceived(**WHO, key="2027-year_end", version=1),),
        "project": "P 4711",
    }
    return Case(**done | changed)


def what(case: Case, *, year: int = 2028) -> list[Awaited]:
    return [one.what for one in remaining(case, year=year)]


def test_nothing_remains_when_all_is_reported_moved_and_used():
    assert what(case(DRIFT, BUILT)) == []


def test_a_case_waits_for_its_last_report_to_be_received():
    assert what(case(DRIFT, received=())) == [Awaited.REPORT]
    assert what(case(DRIFT, reports=(), received=())) == [Awaited.REPORT]


def test_a_report_that_is_not_the_last_is_not_enough():
    april = Reported(**WHO, key="2027-april", version=1, outcome=(DRIFT,))
    received = ReportReceived(**WHO, key="2027-april", version=1)

    assert what(case(DRIFT, reports=(april,), received=(received,))) == [Awaited.REPORT]


def test_a_new_version_of_the_last_report_must_be_received_too():
    last = case(DRIFT).reports[0]
    again = last.model_copy(update={"version": 2})

    assert not last_is_received(case(DRIFT, reports=(last, again)))


def test_every_granted_budget_is_moved_first():
    found = remaining(case(DRIFT, BUILT, transferred=(moved(BUILT),)), year=2028)

    assert [(one.what, one.kind, one.year, one.amount) for one in found] == [
        (Awaited.TRANSFER, CostKind.OPERATING, 2027, Decimal(400_000))
    ]


def test_money_of_coming_years_holds_nothing_up():
    later = DRIFT.model_copy(update={"year": 2029})
    granted = case(DRIFT, later, transferred=(moved(DRIFT),))

    assert what(granted, year=2028) == []
    assert what(granted, year=2029) == [Awaited.TRANSFER]


@pytest.mark.requirement("R000-51")
def test_an_investment_is_not_closed_without_its_project_in_the_ordinary_process():
    assert what(case(BUILT, project="")) == [Awaited.PROJECT]
    assert what(case(DRIFT, project="")) == []


def test_unused_investment_money_is_returned_to_the_krona():
    reports = (case(BUILT).reports[0].model_copy(update={"outcome": (spent(BUILT, 1_600_000),)}),)

    def back(kronor: int) -> Case:
        returned = MoneyReturned(**WHO, returned=spent(BUILT, kronor))
        return case(BUILT, reports=reports, returned=(returned,) if kronor else ())

    assert unused(back(0), year=2028) == {TFF: Decimal(400_000)}
    assert what(back(0)) == what(back(399_999)) == [Awaited.RETURN]
    assert what(back(400_000)) == []


def test_unused_drift_money_stays_where_it_is():
    reports = (case(DRIFT).reports[0].model_copy(update={"outcome": (spent(DRIFT, 1),)}),)

    assert what(case(DRIFT, reports=reports)) == []


def test_what_was_used_is_what_the_newest_version_says():
    first = case(BUILT).reports[0]
    again = first.model_copy(update={"version": 2, "outcome": (spent(BUILT, 5),)})

    assert used(case(BUILT, reports=(first, again))) == {
        (TFF, CostKind.INVESTMENT, 2027): Decimal(5)
    }


@pytest.mark.parametrize("state", [State.REJECTED, State.WITHDRAWN, State.CLOSED, State.REMITTED])
def test_of_a_case_that_is_not_followed_up_nothing_remains(state: State):
    assert what(case(DRIFT, received=(), state=state)) == []
