"""The sums of the documents: what was given adds up, per nämnd and year, and a report equals the ledger."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from flows.case import Case, replay
from flows.decided import Allocation, Body, Decided, Reported, Verdict
from flows.ledger import Account
from flows.money import ZERO
from flows.papers import caps_left, pot_left, report_key, sums
from flows.report_papers import AnnualReport, compared
from flows.rules import CostKind
from tests.bot.documents.decision_examples import DRIFT, INVESTMENT, gets
from tests.bot.documents.report_examples import annual_report, nacka
from tests.flows.filled import AT, example

PROGRAMME = example()
allocations = st.lists(
    st.builds(
        Allocation,
        committee=st.sampled_from([one.id for one in PROGRAMME.committees]),
        kind=st.sampled_from(CostKind),
        year=st.integers(2024, 2030),
        amount=st.integers(0, 10**12).map(lambda ore: Decimal(ore) / 100),
        activity_code=st.sampled_from(["", "TR200"]),
    )
)


@given(allocations)
def test_every_oere_that_was_given_stands_in_the_tables_once(given_: list[Allocation]) -> None:
    found = sums(PROGRAMME, given_)

    assert found.total == sum((one.amount for one in given_), ZERO)
    assert found.years == tuple(sorted({one.year for one in given_ if one.amount}))
    for kind, table in found.by_kind:
        assert table.total == sum((one.amount for one in given_ if one.kind is kind), ZERO)
    named = {code.committee for code in found.codes} | {*found.uncoded}
    assert named == {*found.committees}


def test_a_committee_that_gets_nothing_is_not_named() -> None:
    assert sums(PROGRAMME, [gets("socialnamnden", DRIFT, 2027, "0")]).committees == ()


def test_what_is_left_is_the_accounts_own() -> None:
    account = Account(
        year=2027,
        kind=DRIFT,
        pot=Decimal(10_000_000),
        carried_over=Decimal(500_000),
        decided_by_board=Decimal(3_000_000),
        reserved_for_chief_executive=Decimal(700_000),
        committed_by_board=Decimal(250_000),
        returned=Decimal(100_000),
    )
    left = pot_left(account)
    assert left.left == account.left == Decimal(6_650_000)
    assert left.pot - left.decided + left.returned - left.committed - left.reserved == left.left


@pytest.mark.requirement("R000-9")
def test_the_caps_are_two_and_never_netted() -> None:
    rule = PROGRAMME.delegation[0]
    accounts = {
        DRIFT: Account(year=2026, kind=DRIFT, decided_by_chief_executive=Decimal(2_000_000)),
        INVESTMENT: Account(year=2026, kind=INVESTMENT),
    }
    found = {cap.kind: cap.left for cap in caps_left(rule, accounts)}
    assert found == {DRIFT: Decimal(0), INVESTMENT: Decimal(2_500_000)}
    assert caps_left(None, accounts) == ()


def test_a_new_version_of_a_report_is_another_document() -> None:
    assert report_key("2026-0001", "2027-april") == "2026-0001/2027-april"
    assert report_key("2026-0001", "2027-april", version=2) == "2026-0001/2027-april/2"


@pytest.mark.requirement("R000-13")
@pytest.mark.parametrize("field", ["operating", "investment", "returned"])
def test_an_annual_report_that_differs_from_the_ledger_cannot_be_made(field: str) -> None:
    said = annual_report().model_dump()
    said["committees"][1][field] += Decimal("0.01")
    with pytest.raises(ValidationError, match="do not add up to the ledger"):
        AnnualReport.model_validate(said)


@pytest.mark.requirement("R002-3", "R002-4", "R002-5", "R002-6")
def test_nackas_sums_and_deviations_are_exact() -> None:
    of = nacka()
    total = of.table.total
    assert of.proposal == Decimal(5000000)
    assert (total.outcome, total.budget) == (Decimal(4290000), Decimal(5000000))
    assert [row.deviation / 1_000_000 for row in of.table.rows] == [
        *map(Decimal, ("0.2", "-0.1", "0.3", "0.2", "-0.4", "0.51"))
    ]
    assert total.deviation == Decimal(710000)


def reported(key: str, *outcome: Allocation, version: int = 1) -> Reported:
    return Reported(at=AT, by="T:U", key=key, version=version, outcome=outcome)


def test_the_latest_outcome_of_each_committee_counts_once() -> None:
    april = reported("2027-april", gets("socialnamnden", DRIFT, 2027, "100"))
    august = reported("2027-august", gets("socialnamnden", DRIFT, 2027, "250"))
    corrected = reported("2027-august", gets("socialnamnden", DRIFT, 2027, "240"), version=2)
    case = with_reports(april, august, corrected)

    found = compared(case, DRIFT, year=2027, label="Ljus")

    assert found is not None
    assert (found.row.outcome, found.row.budget, found.proposal) == (
        Decimal(240),
        Decimal(300),
        Decimal(50),
    )
    assert found.reported
    assert compared(case, INVESTMENT, year=2027, label="Ljus") is None


def test_a_year_that_nobody_has_reported_on_has_no_outcome_of_0_kr() -> None:
    found = compared(with_reports(), DRIFT, year=2027, label="Ljus")

    assert found is not None
    assert not found.reported


def with_reports(*events: Reported) -> Case:
    case = replay(events)
    return case.model_copy(update={"decision": granted()})


def granted() -> Decided:
    return Decided(
        at=AT,
        by="T:U",
        body=Body.EXECUTIVE_BOARD,
        verdict=Verdict.GRANTED,
        number="KS",
        day=date(2026, 12, 15),
        version=1,
        pdf_sha256="",
        rule="",
        allocations=(
            gets("socialnamnden", DRIFT, 2027, "300"),
            gets("socialnamnden", DRIFT, 2028, "50"),
        ),
    )
