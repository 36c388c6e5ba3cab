"""Capital costs to the öre: the worked examples, and what holds for every investment."""

from datetime import date
from decimal import Decimal
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flows.calculation import Component, InvestmentLine
from flows.capital import full_year_effect, rate_of, schedule, total_schedule, yearly_costs
from flows.errors import InvalidAnswer
from flows.rules import DepreciationStart, InterestOn

RATE = {2020: Decimal("2.5")}
SKR = {
    2020: Decimal("1.5"),
    2021: Decimal("1.25"),
    2022: Decimal("1.0"),
    2023: Decimal("1.25"),
    2024: Decimal("2.5"),
    2025: Decimal("2.5"),
}


def investment(amount, *, years, in_use_from, residual=0):
    return InvestmentLine(
        what="Kameror",
        payments={in_use_from.year: Decimal(amount)},
        in_use_from=in_use_from,
        useful_life=years,
        residual_value=Decimal(residual),
    )


def by_year(line, rates=RATE, **method):
    return {year.year: year for year in schedule(line, rates, **method)}


E1 = investment(2_500_000, years=10, in_use_from=date(2024, 1, 1))
E2 = investment(600_000, years=5, in_use_from=date(2025, 9, 1))


@pytest.mark.parametrize(
    ("year", "depreciation", "interest", "total", "book_value_end"),
    [
        (2024, "250000", "62500", "312500", "2250000"),
        (2025, "250000", "56250", "306250", "2000000"),
        (2026, "250000", "50000", "300000", "1750000"),
        (2033, "250000", "6250", "256250", "0"),
    ],
)
@pytest.mark.requirement("E1", "R000-29")
def test_ten_years_from_january(year, depreciation, interest, total, book_value_end):
    computed = by_year(E1)[year]

    assert computed.depreciation == Decimal(depreciation)
    assert computed.interest == Decimal(interest)
    assert computed.total == Decimal(total)
    assert computed.book_value_end == Decimal(book_value_end)


@pytest.mark.requirement("E1")
def test_ten_years_from_january_in_all():
    computed = schedule(E1, RATE)

    assert [year.year for year in computed] == list(range(2024, 2034))
    assert sum(year.depreciation for year in computed) == 2_500_000
    assert sum(year.interest for year in computed) == 343_750
    assert sum(year.total for year in computed) == 2_843_750


@pytest.mark.parametrize(
    ("interest", "totals", "all_interest"),
    [
        (
            InterestOn.OPENING,
            {2025: "45000", 2026: "134000", 2027: "131000", 2030: "81333.33"},
            "44333.33",
        ),
        (
            InterestOn.MONTHLY,
            {2025: "44875", 2026: "132625", 2027: "129625", 2030: "80750"},
            "38125",
        ),
        (
            InterestOn.AVERAGE,
            {2025: "44833.33", 2026: "132500", 2027: "129500", 2030: "80666.67"},
            "37500",
        ),
    ],
)
@pytest.mark.requirement("E2")
def test_five_years_from_september_by_the_balance_that_bears_interest(
    interest, totals, all_interest
):
    computed = by_year(E2, interest=interest)

    assert {year: computed[year].total for year in totals} == {
        year: Decimal(total) for year, total in totals.items()
    }
    assert sum(year.interest for year in computed.values()) == Decimal(all_interest)


@pytest.mark.requirement("E2")
def test_five_years_from_september_touch_six_calendar_years():
    assert list(by_year(E2)) == [2025, 2026, 2027, 2028, 2029, 2030]


@pytest.mark.requirement("E2")
def test_depreciation_from_the_month_after():
    computed = by_year(E2, start=DepreciationStart.MONTH_AFTER)

    assert (computed[2025].depreciation, computed[2025].interest) == (30_000, 3_750)
    assert computed[2025].total == 33_750
    assert computed[2026].total == 134_250
    assert sum(year.interest for year in computed.values()) == Decimal("44437.50")


@pytest.mark.requirement("E2")
def test_the_parts_of_the_first_two_years():
    computed = by_year(E2)

    assert (computed[2025].depreciation, computed[2025].interest) == (40_000, 5_000)
    assert (computed[2026].depreciation, computed[2026].interest) == (120_000, 14_000)


@pytest.mark.requirement("E2")
def test_the_full_year_effect_is_as_if_in_use_all_the_first_year():
    assert full_year_effect(E2, RATE) == 135_000


def test_depreciation_from_january_the_year_after():
    computed = by_year(E2, start=DepreciationStart.NEXT_YEAR)

    assert list(computed) == [2026, 2027, 2028, 2029, 2030]
    assert computed[2026].depreciation == 120_000


def test_december_in_use_and_the_month_after_is_the_next_year():
    line = investment(1200, years=1, in_use_from=date(2025, 12, 31))

    assert list(by_year(line, start=DepreciationStart.MONTH_AFTER)) == [2026]


@pytest.mark.requirement("E3")
def test_the_capital_cost_rises_when_the_rate_does():
    computed = by_year(investment(1_000_000, years=10, in_use_from=date(2022, 1, 1)), SKR)

    assert [computed[year].interest for year in (2022, 2023, 2024, 2025)] == [
        10_000,
        11_250,
        20_000,
        17_500,
    ]
    assert [computed[year].total for year in (2022, 2023, 2024, 2025)] == [
        110_000,
        111_250,
        120_000,
        117_500,
    ]


@pytest.mark.requirement("E3")
def test_a_year_after_the_last_known_rate_uses_that_one_and_is_preliminary():
    computed = by_year(investment(1_000_000, years=10, in_use_from=date(2022, 1, 1)), SKR)

    assert {year for year, cost in computed.items() if cost.preliminary} == set(range(2026, 2032))
    assert computed[2031].rate == Decimal("2.5")


@pytest.mark.requirement("E4")
def test_components_are_computed_one_by_one_and_added():
    parts = [(2_000_000, 50), (1_000_000, 40), (800_000, 20), (200_000, 5)]
    building = InvestmentLine(
        what="Lokal",
        payments={2023: Decimal(1_500_000), 2024: Decimal(2_500_000)},
        in_use_from=date(2024, 1, 1),
        components=tuple(
            Component(what=f"Del {life}", amount=Decimal(amount), useful_life=life)
            for amount, life in parts
        ),
    )

    computed = by_year(building)

    assert (computed[2024].depreciation, computed[2024].interest) == (145_000, 100_000)
    assert computed[2024].total == 245_000
    assert (computed[2025].depreciation, computed[2025].interest) == (145_000, 96_375)
    assert computed[2025].total == 241_375
    assert (computed[2029].depreciation, computed[2029].interest) == (105_000, 81_875)
    assert computed[2029].total == 186_875
    assert list(computed) == list(range(2024, 2074))
    assert computed[2073].book_value_end == 0


@pytest.mark.requirement("E5")
def test_a_residual_value_is_left_at_the_end():
    computed = by_year(investment(500_000, years=5, in_use_from=date(2024, 1, 1), residual=50_000))

    assert {year.depreciation for year in computed.values()} == {Decimal(90_000)}
    assert computed[2024].total == 102_500
    assert computed[2028].total == 93_500
    assert computed[2028].book_value_end == 50_000


@pytest.mark.requirement("E6")
def test_cameras_at_a_rate_that_is_held():
    computed = by_year(
        investment(2_500_000, years=10, in_use_from=date(2020, 1, 1)), {2020: Decimal("1.5")}
    )

    assert (computed[2020].total, computed[2021].total) == (287_500, 283_750)


@pytest.mark.requirement("R000-29")
def test_without_any_rate_up_to_the_first_year_nothing_is_computed():
    with pytest.raises(InvalidAnswer) as refused:
        schedule(E1, {2025: Decimal("2.5")})

    assert refused.value.key == "refusals.calculation.no_interest_rate"
    assert refused.value.facts == {"year": 2024}


def test_a_rate_is_preliminary_when_it_is_an_earlier_years():
    assert rate_of(2025, SKR) == (Decimal("2.5"), False)
    assert rate_of(2026, SKR) == (Decimal("2.5"), True)


def test_a_finished_component_keeps_its_residual_value_in_the_books():
    line = InvestmentLine(
        what="Bilar",
        payments={2024: Decimal(300)},
        in_use_from=date(2024, 1, 1),
        components=(
            Component(what="Kort", amount=100, useful_life=1, residual_value=40),
            Component(what="Lång", amount=200, useful_life=2, residual_value=20),
        ),
    )

    computed = by_year(line)

    assert [computed[year].book_value_end for year in (2024, 2025)] == [150, 60]


def test_the_schedules_of_several_investments_are_added():
    both = yearly_costs(total_schedule([E1, E2], RATE))

    assert both[2024] == 312_500
    assert both[2025] == 306_250 + 45_000


lines = st.builds(
    investment,
    st.decimals(min_value=Decimal(1), max_value=Decimal(10) ** 9, places=2),
    years=st.integers(1, 60),
    in_use_from=st.dates(date(2020, 1, 1), date(2030, 12, 31)),
    residual=st.decimals(min_value=0, max_value=1, places=2),
)


@given(lines, st.sampled_from(InterestOn), st.sampled_from(DepreciationStart))
def test_what_is_depreciated_is_exactly_what_was_paid_less_the_residual_value(
    line, interest, start
):
    computed = schedule(line, SKR, interest=interest, start=start)

    paid, residual = line.acquisition_value, line.residual_value
    assert sum(year.depreciation for year in computed) == paid - residual
    assert computed[-1].book_value_end == residual
    assert all(year.interest >= 0 for year in computed)
    values = [paid, *(year.book_value_end for year in computed)]
    assert [year.depreciation for year in computed] == [
        before - after for before, after in pairwise(values)
    ]


@given(lines)
def test_interest_on_the_opening_balance_is_never_the_lowest(line):
    total = {
        method: sum(year.interest for year in schedule(line, RATE, interest=method))
        for method in InterestOn
    }

    ore_per_year = Decimal("0.01") * len(schedule(line, RATE))
    assert total[InterestOn.OPENING] + ore_per_year >= total[InterestOn.MONTHLY]
    assert total[InterestOn.MONTHLY] + ore_per_year >= total[InterestOn.AVERAGE]
