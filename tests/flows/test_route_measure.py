"""Who decides because of what the measure is: permanent, over several years, not linked, new."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flows.calculation import (
    CapitalCostBearer,
    Duration,
    OperatingLine,
    OwnFinancingRow,
    Recurrence,
)
from flows.decided import Body, Reason
from flows.route import matter, route
from tests.flows.filled import split, values
from tests.flows.routes import (
    DAY,
    DRIFT,
    EXAMPLE,
    KRONOR,
    codes,
    delegated,
    gets,
    goes,
    money,
    one_line,
    purchase,
)


@pytest.mark.requirement("R000-7")
def test_what_is_not_linked_to_the_direction_is_for_kommunstyrelsen():
    assert codes(goes(gets(1), linked=False)) == {Reason.NOT_LINKED}


@pytest.mark.requirement("R000-7")
@pytest.mark.parametrize("said", [False, None])
def test_a_statement_that_is_missing_is_no_link(said: bool | None):
    known = values() | {"direction_linked": said}

    assert matter(EXAMPLE, known).linked is False


@pytest.mark.requirement("R000-10")
def test_ten_thousand_a_year_for_good_is_for_kommunstyrelsen():
    known = one_line(10_000, duration=Duration.PERMANENT, start=date(2027, 1, 1))
    found = route(EXAMPLE, matter(EXAMPLE, known), money(year=2027), on=DAY)

    assert found.to is Body.DRAFTING_COMMITTEE
    assert Reason.PERMANENT in codes(found)


@pytest.mark.requirement("R000-11")
def test_money_in_two_calendar_years_is_for_kommunstyrelsen_also_within_twelve_months():
    accounts = money() | money(year=2027)
    found = goes(gets(100_000), gets(100_000, year=2027), accounts=accounts)
    winter = matter(EXAMPLE, one_line(120_000, start=date(2026, 12, 1), end=date(2027, 1, 31)))

    assert codes(found) == {Reason.MULTI_YEAR}
    assert winter.years == {2026, 2027}


@pytest.mark.requirement("R000-11")
def test_a_licence_that_runs_on_the_year_after_makes_it_several_years():
    known = one_line(60_000, start=date(2026, 10, 1), end=date(2027, 3, 31))

    assert Reason.MULTI_YEAR in codes(
        route(EXAMPLE, matter(EXAMPLE, known), money() | money(year=2027), on=DAY)
    )


@pytest.mark.requirement("R000-11")
def test_a_year_that_the_namnd_pays_by_itself_is_not_funded_by_the_decision():
    known = one_line(120_000, start=date(2026, 12, 1), end=date(2027, 1, 31)) | {
        "own_financing": (OwnFinancingRow(kind=DRIFT, year=2027, amount=Decimal(10_000)),)
    }

    assert route(EXAMPLE, matter(EXAMPLE, known), money(), on=DAY).to is Body.CHIEF_EXECUTIVE


@pytest.mark.requirement("R000-11", "R000-54")
@pytest.mark.parametrize("bearer", CapitalCostBearer)
def test_capital_costs_make_it_several_years_only_when_they_are_compensated(
    bearer: CapitalCostBearer,
):
    found = route(EXAMPLE, matter(EXAMPLE, purchase(bearer)), money(), on=DAY)

    if bearer is CapitalCostBearer.COMMITTEE:
        assert found.to is Body.CHIEF_EXECUTIVE
    else:
        assert found.to is Body.DRAFTING_COMMITTEE
        assert {Reason.CAPITAL_COSTS, Reason.MULTI_YEAR} <= codes(found)


@pytest.mark.parametrize("said", [True, None])
def test_new_or_principled_activity_is_first_reviewed_for_kommunfullmaktige(said: bool | None):
    found = matter(EXAMPLE, values() | {"new_activity": said})

    assert goes(gets(1), new_activity=found.new_activity).to is Body.COUNCIL


def test_every_reason_is_given_not_only_the_first():
    accounts = money(drift=delegated(2_000_000))
    found = goes(
        gets(20_000_000),
        accounts=accounts,
        permanent=True,
        linked=False,
        new_activity=True,
        capital_years=frozenset({2026, 2027}),
        disqualified=True,
        advised_against=True,
    )

    assert found.to is Body.COUNCIL
    assert codes(found) == set(Reason) - {
        Reason.WITHIN_DELEGATION,
        Reason.NO_DELEGATION,
        Reason.NO_POT,
    }


@pytest.mark.requirement("R000-5")
@given(
    amount=KRONOR,
    told=st.tuples(*[st.booleans()] * 5),
    year=st.integers(min_value=2025, max_value=2028),
)
def test_no_route_leads_from_klg_straight_to_kommunstyrelsen(
    amount: Decimal, told: tuple[bool, ...], year: int
) -> None:
    permanent, linked, new, disqualified, against = told
    found = goes(
        gets(amount, year=year),
        permanent=permanent,
        linked=linked,
        new_activity=new,
        disqualified=disqualified,
        advised_against=against,
    )

    assert found.to is not Body.EXECUTIVE_BOARD
    assert found.reasons


def test_the_chief_executives_own_jav_takes_the_case_from_her():
    assert codes(goes(gets(1), disqualified=True)) == {Reason.DISQUALIFIED}


def test_that_klg_advised_against_is_told_and_stops_nothing():
    found = goes(gets(1), advised_against=True)

    assert found.to is Body.CHIEF_EXECUTIVE
    assert found.reasons[-1].code is Reason.ADVISED_AGAINST


@pytest.mark.requirement("R003-1", "R003-2")
def test_linkopings_three_million_kronor_is_for_kommunstyrelsen_by_this_rule():
    lines = tuple(
        OperatingLine(
            what=what,
            amount=Decimal(amount),
            start=date(2026, 1, 1),
            duration=Duration.PERMANENT,
            recurrence=Recurrence.RECURRING,
        )
        for what, amount in (("SON", 1_000_000), ("KFN", 500_000), ("KS", 1_500_000))
    )
    shares = {
        "socialnamnden": 1_000_000,
        "kultur-och-fritidsnamnden": 500_000,
        "kommunstyrelsen": 1_500_000,
    }
    known = one_line(1) | {
        "operating": lines,
        "end": date(2026, 12, 31),
        "split": tuple(
            split(committee, "operating", year, amount)
            for year in (2026, 2027, 2028)
            for committee, amount in shares.items()
        ),
    }
    accounts = money() | money(year=2027) | money(year=2028)
    of = matter(EXAMPLE, known)
    found = route(EXAMPLE, of, accounts, on=DAY)

    first = {row.committee: row.amount for row in of.asked if row.year == 2026}
    assert first == {committee: Decimal(amount) for committee, amount in shares.items()}
    assert sum(first.values()) == 3_000_000
    assert found.to is Body.DRAFTING_COMMITTEE
    assert codes(found) == {Reason.CAP, Reason.MULTI_YEAR, Reason.PERMANENT}
