"""Who decides: the caps, the pots, and everything else that takes a case from the chief executive."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flows.application import applied_for, calculation_of
from flows.asked import asked
from flows.calculation import (
    CapitalCostBearer,
    Duration,
    OperatingLine,
    OwnFinancingRow,
    Recurrence,
)
from flows.decided import Allocation, Body, Reason
from flows.intake import Scope
from flows.ledger import Account
from flows.programme import Programme
from flows.route import Matter, Route, matter, route
from flows.rules import CostKind, DelegationRule
from flows.split import SplitRow
from tests.flows.filled import example, split, values

DAY = date(2026, 11, 23)
DRIFT, INVESTMENT = CostKind.OPERATING, CostKind.INVESTMENT
EXAMPLE = example()
KRONOR = st.decimals(min_value=0, max_value=3_000_000, places=2)


def gets(
    amount: Decimal | int,
    kind: CostKind = DRIFT,
    year: int = 2026,
    committee: str = "socialnamnden",
) -> Allocation:
    return Allocation(committee=committee, kind=kind, year=year, amount=Decimal(amount))


def money(
    *,
    drift: Mapping[str, Any] | None = None,
    investment: Mapping[str, Any] | None = None,
    year: int = 2026,
) -> dict[int, dict[CostKind, Account]]:
    """The example municipality's pot of the year, with what has happened to it."""
    pots = {DRIFT: Decimal(10_000_000), INVESTMENT: Decimal(20_000_000)}
    changed = {DRIFT: drift or {}, INVESTMENT: investment or {}}
    return {
        year: {
            kind: Account(year=year, kind=kind, **({"pot": pots[kind]} | dict(changed[kind])))
            for kind in CostKind
        }
    }


def delegated(amount: Decimal | int) -> dict[str, Decimal]:
    return {"decided_by_chief_executive": Decimal(amount)}


def goes(
    *asked_for: Allocation,
    accounts: Mapping[int, Mapping[CostKind, Account]] | None = None,
    programme: Programme = EXAMPLE,
    on: date = DAY,
    disqualified: bool = False,
    advised_against: bool = False,
    **about: Any,
) -> Route:
    of = Matter(asked_for, **about)
    known = money() if accounts is None else accounts
    told = {"disqualified": disqualified, "advised_against": advised_against}
    return route(programme, of, known, on=on, **told)


def codes(found: Route) -> set[Reason]:
    return {reason.code for reason in found.reasons}


def delegating(**allowed: bool) -> Programme:
    rule = EXAMPLE.delegation[0].model_copy(update=allowed)
    return EXAMPLE.model_copy(update={"delegation": (rule,)})


# --- within the delegation -------------------------------------------------------------------------


def test_what_fits_the_delegation_goes_to_the_chief_executive_with_the_figures_and_the_source():
    found = goes(gets(500_000), accounts=money(drift=delegated(1_500_000)))

    assert found.to is Body.CHIEF_EXECUTIVE
    measure, reason = found.reasons
    assert (measure.code, measure.limit) == (Reason.WITHIN_DELEGATION, None)
    assert (reason.code, reason.kind, reason.year) == (Reason.WITHIN_DELEGATION, DRIFT, 2026)
    assert (reason.amount, reason.used, reason.limit) == (500_000, 1_500_000, 2_000_000)
    assert found.rule == EXAMPLE.delegation[0].source


# --- caps ------------------------------------------------------------------------------------------


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


# --- the measure itself ----------------------------------------------------------------------------


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


# --- the money of the year -------------------------------------------------------------------------


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


# --- settings --------------------------------------------------------------------------------------


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


# --- what is asked for, by nämnd -------------------------------------------------------------------


def test_what_is_reserved_is_what_is_applied_for_nothing_more_and_nothing_less():
    known = values()
    of = calculation_of(known)
    assert of is not None
    rows = asked(EXAMPLE, known)
    for kind, by_year in applied_for(EXAMPLE, of).items():
        for year, amount in by_year.items():
            assert sum(r.amount for r in rows if (r.kind, r.year) == (kind, year)) == amount

    assert {row.activity_code for row in rows} == {"TR200", "TR300", "TR400"}


def test_own_financing_comes_off_those_who_apply_first():
    known = one_line(300_000) | {
        "administrations": ("socialforvaltningen",),
        "split": (
            split("kultur-och-fritidsnamnden", "operating", 2026, 200_000),
            split("socialnamnden", "operating", 2026, 100_000),
        ),
        "own_financing": (OwnFinancingRow(kind=DRIFT, year=2026, amount=Decimal(150_000)),),
    }

    rows = [(row.committee, row.amount) for row in asked(EXAMPLE, known)]

    assert rows == [("kultur-och-fritidsnamnden", Decimal(150_000))]


@given(
    first=st.decimals(min_value=1, max_value=900_000, places=2),
    second=st.decimals(min_value=0, max_value=900_000, places=2),
    own=st.decimals(min_value=0, max_value=1, places=3),
)
def test_however_it_is_split_the_sums_are_those_applied_for(
    first: Decimal, second: Decimal, own: Decimal
) -> None:
    total = first + second
    known = purchase(CapitalCostBearer.PROGRAMME, total) | {
        "split": tuple(
            SplitRow(committee=committee, kind=INVESTMENT, year=2026, amount=amount)
            for committee, amount in (("socialnamnden", first), ("kommunstyrelsen", second))
        ),
        "own_financing": (
            OwnFinancingRow(
                kind=INVESTMENT, year=2026, amount=(total * own).quantize(Decimal("0.01"))
            ),
        ),
    }
    of = calculation_of(known)
    assert of is not None
    found = asked(EXAMPLE, known)
    for kind, by_year in applied_for(EXAMPLE, of).items():
        for year, amount in by_year.items():
            assert sum(r.amount for r in found if (r.kind, r.year) == (kind, year)) == amount


# --- Linköping ---------------------------------------------------------------------------------------


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


def one_line(
    amount: int,
    *,
    start: date = date(2026, 3, 1),
    end: date | None = None,
    duration: Duration = Duration.TEMPORARY,
) -> dict[str, Any]:
    """An application for one drift cost to socialnämnden, and nothing that speaks against it."""
    recurring = end is not None or duration is Duration.PERMANENT
    line = OperatingLine(
        what="Kostnad",
        amount=Decimal(amount),
        start=start,
        end=end,
        duration=duration,
        recurrence=Recurrence.RECURRING if recurring else Recurrence.ONE_OFF,
    )
    return {
        "administrations": ("socialforvaltningen",),
        "scope": Scope.CROSS_SECTOR,
        "direction_linked": True,
        "new_activity": False,
        "start": start,
        "end": end or start,
        "operating": (line,),
    }


def purchase(bearer: CapitalCostBearer, amount: Decimal = Decimal(500_000)) -> dict[str, Any]:
    """An investment of that sum in 2026, in use the same year for ten years."""
    line = values()["investments"][0].model_copy(
        update={
            "payments": {2026: amount},
            "in_use_from": date(2026, 10, 1),
            "components": (),
            "useful_life": 10,
        }
    )
    none = {"operating": (), "investments": (line,), "capital_bearer": bearer}
    return one_line(1, end=date(2027, 12, 31)) | none
