"""What a measure costs by kind and budget year, and what is applied for."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from flows.calculation import (
    Calculation,
    CapitalCostBearer,
    Duration,
    InvestmentLine,
    OperatingLine,
    OwnFinancingRow,
    Recurrence,
    TimeFrame,
    applied_for,
    costs,
    full_year_effect,
    part_year_effect,
    thereafter,
    total,
    years,
)
from flows.capital import schedule, yearly_costs
from flows.errors import InvalidAnswer
from flows.rules import CostKind

AUTUMN = TimeFrame(start=date(2026, 9, 1), end=date(2027, 6, 30))


def recurring(amount, *, start=date(2026, 9, 1), end=date(2027, 6, 30)):
    return OperatingLine(
        what="Trygghetsvärdar",
        amount=Decimal(amount),
        start=start,
        end=end,
        duration=Duration.PERMANENT if end is None else Duration.TEMPORARY,
        recurrence=Recurrence.RECURRING,
    )


def one_off(amount, *, start=date(2026, 9, 1)):
    return OperatingLine(
        what="Utbildning",
        amount=Decimal(amount),
        start=start,
        duration=Duration.TEMPORARY,
        recurrence=Recurrence.ONE_OFF,
    )


def investment(payments):
    return InvestmentLine(
        what="Kameror",
        payments={year: Decimal(amount) for year, amount in payments.items()},
        in_use_from=date(2026, 1, 1),
        useful_life=10,
    )


@pytest.mark.requirement("R000-31")
def test_six_months_over_new_year_are_two_budget_years():
    frame = TimeFrame(start=date(2026, 10, 1), end=date(2027, 3, 31))

    assert frame.budget_years == (2026, 2027)


@pytest.mark.requirement("R000-31")
def test_a_whole_calendar_year_is_one_budget_year():
    assert TimeFrame(start=date(2026, 1, 1), end=date(2026, 12, 31)).budget_years == (2026,)


@pytest.mark.requirement("R000-32", "2.3")
def test_a_cost_from_september_has_a_part_year_and_a_full_year_effect():
    line = recurring(720_000)

    assert part_year_effect(line, year=2026) == 240_000
    assert line.full_year_effect == 720_000


@pytest.mark.requirement("2.3")
def test_a_cost_that_ends_in_june_counts_half_of_that_year():
    assert part_year_effect(recurring(720_000), year=2027) == 360_000
    assert part_year_effect(recurring(720_000), year=2028) == 0
    assert part_year_effect(recurring(720_000), year=2025) == 0


@pytest.mark.requirement("2.3")
def test_a_one_off_cost_is_added_once_and_never_annualised():
    lines = (one_off(100_000), recurring(720_000))
    calculation = Calculation(time_frame=AUTUMN, operating=lines)

    assert costs(calculation)[CostKind.OPERATING] == {2026: 340_000, 2027: 360_000}
    assert full_year_effect(lines) == 720_000


@pytest.mark.parametrize(
    ("start", "end", "kronor"),
    [
        (date(2026, 1, 1), date(2026, 12, 31), "1200"),
        (date(2026, 1, 31), date(2026, 1, 31), "100"),
        (date(2026, 9, 30), date(2027, 6, 1), "400"),
        (date(2025, 3, 1), date(2026, 3, 1), "300"),
        (date(2024, 3, 1), date(2028, 3, 1), "1200"),
        (date(2027, 1, 1), date(2027, 3, 1), "0"),
    ],
)
def test_a_month_counts_whole_from_the_first_to_the_last(start, end, kronor):
    assert part_year_effect(recurring(1200, start=start, end=end), year=2026) == Decimal(kronor)


def test_a_yearly_amount_is_rounded_once_half_up_to_the_ore():
    assert part_year_effect(recurring("0.06", start=date(2026, 12, 1)), year=2026) == Decimal(
        "0.01"
    )
    assert part_year_effect(recurring("100", start=date(2026, 12, 1)), year=2026) == Decimal("8.33")


@given(
    st.decimals(min_value=1, max_value=10**9, places=2),
    st.dates(date(2026, 1, 1), date(2030, 12, 31)),
    st.integers(0, 60),
)
def test_the_years_of_a_cost_add_up_to_its_months(amount, start, more_months):
    month = start.year * 12 + start.month - 1 + more_months
    line = recurring(amount, start=start, end=date(month // 12, month % 12 + 1, 28))

    parts = [part_year_effect(line, year=year) for year in range(2026, 2037)]

    exact = amount * (more_months + 1) / 12
    assert abs(sum(parts) - exact) <= Decimal("0.005") * sum(part > 0 for part in parts)


@pytest.mark.requirement("R000-33", "R000-34")
def test_a_permanent_cost_shows_three_years_and_what_comes_after_per_year():
    frame = TimeFrame(start=date(2026, 9, 1), end=date(2026, 12, 31))
    calculation = Calculation(
        time_frame=frame, operating=(recurring(720_000, end=None), one_off(100_000))
    )

    assert years(calculation) == (2026, 2027, 2028)
    assert costs(calculation)[CostKind.OPERATING] == {2026: 340_000, 2027: 720_000, 2028: 720_000}
    assert thereafter(calculation) == 720_000
    assert calculation.is_permanent


def test_a_temporary_cost_leaves_nothing_after_its_years():
    calculation = Calculation(time_frame=AUTUMN, operating=(recurring(720_000),))

    assert years(calculation) == (2026, 2027)
    assert thereafter(calculation) == 0
    assert not calculation.is_permanent


def test_a_permanent_cost_goes_on_in_every_year_shown():
    frame = TimeFrame(start=date(2026, 1, 1), end=date(2030, 12, 31))
    calculation = Calculation(
        time_frame=frame, operating=(recurring(12, start=date(2026, 1, 1), end=None),)
    )

    assert costs(calculation)[CostKind.OPERATING] == dict.fromkeys(range(2026, 2031), 12)


@pytest.mark.parametrize("field", ["duration", "recurrence", "amount", "start"])
@pytest.mark.requirement("R000-33")
def test_a_drift_line_without_a_required_part_is_no_line(field):
    given_parts = recurring(1).model_dump()
    del given_parts[field]

    with pytest.raises(ValidationError, match=field):
        OperatingLine(**given_parts)


@pytest.mark.requirement("R000-26")
def test_drift_and_investment_are_summed_apart():
    calculation = Calculation(
        time_frame=AUTUMN,
        operating=(recurring(720_000),),
        investments=(investment({2026: 4_000_000, 2027: 2_000_000}), investment({2027: 1})),
    )

    sums = costs(calculation)

    assert sums[CostKind.INVESTMENT] == {2026: 4_000_000, 2027: 2_000_001}
    assert total(sums, kind=CostKind.INVESTMENT) == 6_000_001
    assert total(sums, kind=CostKind.OPERATING) == 600_000


def with_cameras(**more):
    return Calculation(
        time_frame=TimeFrame(start=date(2026, 1, 1), end=date(2026, 12, 31)),
        investments=(investment({2026: 2_500_000}),),
        **more,
    )


def capital_costs_of(calculation):
    return yearly_costs(schedule(calculation.investments[0], {2026: Decimal("2.5")}))


@pytest.mark.requirement("R000-53")
def test_capital_costs_are_shown_but_not_applied_for():
    calculation = with_cameras()
    capital_costs = capital_costs_of(calculation)

    asked = applied_for(calculation, capital_costs=capital_costs)

    assert capital_costs[2026] == 312_500
    assert total(asked, kind=CostKind.INVESTMENT) == 2_500_000
    assert total(asked, kind=CostKind.OPERATING) == 0


@pytest.mark.requirement("R000-54")
def test_capital_costs_are_applied_for_under_the_exception_only_in_the_budget_years():
    calculation = with_cameras(
        capital_costs_borne_by=CapitalCostBearer.PROGRAMME, capital_costs_reason="Ny verksamhet"
    )

    asked = applied_for(calculation, capital_costs=capital_costs_of(calculation))

    assert asked[CostKind.OPERATING] == {2026: 312_500}
    assert asked[CostKind.INVESTMENT] == {2026: 2_500_000}


def test_own_financing_is_taken_off_its_kind_and_year():
    own = (
        OwnFinancingRow(kind=CostKind.OPERATING, year=2026, amount=40_000),
        OwnFinancingRow(kind=CostKind.OPERATING, year=2026, amount=60_000),
        OwnFinancingRow(kind=CostKind.OPERATING, year=2027, amount=360_000),
    )
    calculation = Calculation(time_frame=AUTUMN, operating=(recurring(720_000),), own_financing=own)

    asked = applied_for(calculation, capital_costs={})

    assert asked[CostKind.OPERATING] == {2026: 140_000, 2027: 0}


@pytest.mark.parametrize(("year", "kronor"), [(2026, "240000.01"), (2028, "1")])
def test_own_financing_larger_than_the_cost_is_refused_with_its_year(year, kronor):
    own = (OwnFinancingRow(kind=CostKind.OPERATING, year=year, amount=Decimal(kronor)),)
    calculation = Calculation(time_frame=AUTUMN, operating=(recurring(720_000),), own_financing=own)

    with pytest.raises(InvalidAnswer) as refused:
        applied_for(calculation, capital_costs={})

    assert refused.value.key == "refusals.calculation.own_operating_too_large"
    assert refused.value.facts["year"] == year


def test_a_calculation_survives_being_stored():
    calculation = with_cameras(operating=(recurring("0.01"), one_off("1234567.89")))

    assert Calculation.model_validate_json(calculation.model_dump_json()) == calculation


def test_what_a_line_is_for_is_one_line_of_text():
    assert one_off(1).model_copy().what == "Utbildning"
    line = OperatingLine(**(one_off(1).model_dump() | {"what": "  Två\n rader "}))

    assert line.what == "Två rader"
