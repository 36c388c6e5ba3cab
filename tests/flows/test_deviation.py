"""Budget beside outcome: Nacka's table of 2024 to the decimal (seed 002), and when a deviation is explained."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flows.deviation import Row, Table, passes

PROPOSAL = ("1.6", "1.5", "0.6", "0.1", "1.1", "0.1")
OUTCOME = ("1.2", "1.6", "0.6", "0.0", "0.8", "0.09")
BUDGET = ("1.4", "1.5", "0.9", "0.2", "0.4", "0.6")
LABELS = (
    "Trygghetsvärdar", "SSPF", "Stöd till lokala arbetsgrupper", "Kameraövervakning",
    "Samverkan", "Övriga insatser",
)  # fmt: skip
NACKA = Table(
    rows=tuple(
        Row(label=label, budget=Decimal(budget), outcome=Decimal(outcome))
        for label, budget, outcome in zip(LABELS, BUDGET, OUTCOME, strict=True)
    )
)


def shown(amount: Decimal) -> str:
    return f"{amount:+}".replace(".", ",")


@pytest.mark.requirement("R002-3")
def test_the_distribution_of_2024_is_exactly_five_million():
    assert sum(map(Decimal, PROPOSAL)) == Decimal("5.0")


@pytest.mark.requirement("R002-4")
def test_the_outcome_keeps_its_second_decimal():
    assert str(NACKA.total.outcome) == "4.29"


@pytest.mark.requirement("R002-5")
def test_the_budget_adds_up_to_five_million():
    assert str(NACKA.total.budget) == "5.0"


@pytest.mark.requirement("R002-6")
def test_the_deviation_of_each_row_and_of_all_comes_out_as_in_the_table():
    deviations = [shown(row.deviation) for row in NACKA.rows]

    assert deviations == ["+0,2", "-0,1", "+0,3", "+0,2", "-0,4", "+0,51"]
    assert shown(NACKA.total.deviation) == "+0,71"
    assert NACKA.total.percent_used == Decimal("85.8")


@pytest.mark.requirement("R002-7")
def test_rows_over_budget_are_flagged_although_the_total_is_under():
    assert [row.label for row in NACKA.over] == ["SSPF", "Samverkan"]
    assert not NACKA.total.over


def test_a_forecast_has_a_deviation_of_its_own():
    row = Row(label="A", budget=Decimal(100), outcome=Decimal(40), forecast=Decimal(120))

    assert row.forecast_deviation == Decimal(-20)
    assert row.forecast_over
    assert not row.over


def test_there_is_no_forecast_in_all_when_a_row_has_none():
    rows = (
        Row(label="A", budget=Decimal(1), outcome=Decimal(1), forecast=Decimal(2)),
        Row(label="B", budget=Decimal(1), outcome=Decimal(1)),
    )

    assert Table(rows=rows).total.forecast is None
    assert Table(rows=rows[:1]).total.forecast == Decimal(2)


def test_without_a_budget_there_is_no_per_cent():
    row = Row(label="A", budget=Decimal(0), outcome=Decimal(1))

    assert row.percent_used is None
    assert Table(rows=()).total.percent_used is None


@pytest.mark.parametrize(
    ("used", "budget", "percent"), [("1", "3", "33.3"), ("0.05", "100", "0.1")]
)
def test_the_per_cent_is_rounded_half_up_to_one_decimal(used: str, budget: str, percent: str):
    row = Row(label="A", budget=Decimal(budget), outcome=Decimal(used))

    assert row.percent_used == Decimal(percent)


@pytest.mark.requirement("R002-8")
@pytest.mark.parametrize(
    ("deviation", "explained"),
    [
        ("10000", False),  # 10 % of 100 000, and the kronor: neither is passed
        ("10000.01", True),
        ("-10000.01", True),  # over is a deviation as well
        ("9999", False),
        ("0", False),
    ],
)
def test_a_deviation_is_explained_when_it_passes_both_limits(deviation: str, *, explained: bool):
    limits = {"percent": Decimal(10), "kronor": Decimal(10_000)}

    assert passes(Decimal(deviation), Decimal(100_000), **limits) is explained


def test_one_limit_alone_is_not_enough():
    limits = {"percent": Decimal(10), "kronor": Decimal(10_000)}

    assert not passes(Decimal(20_000), Decimal(1_000_000), **limits)  # 2 %
    assert not passes(Decimal(5_000), Decimal(10_000), **limits)  # 50 %
    assert passes(Decimal(-10_001), Decimal(0), **limits)


amounts = st.decimals(min_value=0, max_value=10**9, places=2)


@given(st.lists(st.tuples(amounts, amounts), max_size=20))
def test_the_deviations_add_up_to_the_deviation_of_all(rows: list[tuple[Decimal, Decimal]]):
    table = Table(rows=tuple(Row(label="x", budget=b, outcome=o) for b, o in rows))

    assert sum((row.deviation for row in table.rows), Decimal(0)) == table.total.deviation
