"""A calculation that does not hold together is told all at once, each problem at its field."""

from datetime import date
from decimal import Decimal

import pytest

from bot.render import Texts
from flows.calculation import (
    Calculation,
    CapitalCostBearer,
    Component,
    Duration,
    InvestmentLine,
    OperatingLine,
    OwnFinancingRow,
    Recurrence,
    TimeFrame,
)
from flows.calculation_problems import problems
from flows.rules import CostKind

FRAME = TimeFrame(start=date(2026, 3, 1), end=date(2027, 6, 30))
LINE = OperatingLine(
    what="Värdar",
    amount=Decimal(720_000),
    start=date(2026, 9, 1),
    end=date(2027, 6, 30),
    duration=Duration.TEMPORARY,
    recurrence=Recurrence.RECURRING,
)
CAMERAS = InvestmentLine(
    what="Kameror",
    payments={2026: Decimal(2_000_000), 2027: Decimal(500_000)},
    in_use_from=date(2027, 7, 1),
    useful_life=10,
)


def found_in(calculation, capital_costs=None):
    texts = Texts()
    found = problems(calculation, capital_costs=capital_costs or {})
    for _, refusal in found:
        assert texts(refusal.key, **refusal.facts)  # worded, with every fact it needs
    return {field: refusal.key.removeprefix("refusals.calculation.") for field, refusal in found}


def of_line(**changes):
    line = LINE.model_copy(update=changes)
    return found_in(Calculation(time_frame=FRAME, operating=(line,)))


def of_investment(**changes):
    line = CAMERAS.model_copy(update=changes)
    return found_in(Calculation(time_frame=FRAME, investments=(line,)))


def test_a_calculation_that_holds_together_has_no_problems():
    assert found_in(Calculation(time_frame=FRAME, operating=(LINE,), investments=(CAMERAS,))) == {}


@pytest.mark.requirement("R000-26")
def test_neither_drift_nor_investment_is_refused():
    assert found_in(Calculation(time_frame=FRAME)) == {"operating": "no_costs"}


@pytest.mark.requirement("R000-26")
@pytest.mark.parametrize("kind", ["operating", "investments"])
def test_one_of_drift_and_investment_is_enough(kind):
    lines = {"operating": (LINE,), "investments": (CAMERAS,)}

    assert found_in(Calculation(time_frame=FRAME, **{kind: lines[kind]})) == {}


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"amount": Decimal(0)}, {"amount": "no_amount"}),
        ({"end": None}, {"end": "no_end"}),
        ({"end": date(2026, 8, 31)}, {"end": "end_before_start"}),
        ({"end": date(2028, 1, 1)}, {"end": "outside_time_frame"}),
        ({"start": date(2025, 12, 31)}, {"start": "outside_time_frame"}),
        ({"duration": Duration.PERMANENT}, {"end": "permanent_with_end"}),
        ({"recurrence": Recurrence.ONE_OFF}, {"end": "one_off_with_end"}),
        (
            {"recurrence": Recurrence.ONE_OFF, "duration": Duration.PERMANENT, "end": None},
            {"duration": "one_off_permanent"},
        ),
    ],
)
@pytest.mark.requirement("R000-32", "R000-33")
def test_what_is_wrong_in_a_drift_line_stands_at_its_field(changes, problem):
    expected = {f"operating.0.{field}": reason for field, reason in problem.items()}

    assert of_line(**changes) == expected


@pytest.mark.parametrize("month", [1, 2, 12])
def test_a_line_may_start_any_day_of_the_first_budget_year(month):
    assert of_line(start=date(2026, month, 1)) == {}


def test_permanent_and_one_off_lines_need_no_end():
    assert of_line(duration=Duration.PERMANENT, end=None) == {}
    assert of_line(recurrence=Recurrence.ONE_OFF, end=None) == {}


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"payments": {}}, {"payments": "no_payments"}),
        (
            {"payments": {2027: Decimal(1), 2028: Decimal(1)}},
            {"payments.2028": "outside_time_frame"},
        ),
        ({"in_use_from": date(2025, 12, 31)}, {"in_use_from": "in_use_before_start"}),
        ({"useful_life": None}, {"useful_life": "no_useful_life"}),
        ({"residual_value": Decimal(2_500_001)}, {"residual_value": "residual_too_large"}),
    ],
)
@pytest.mark.requirement("R000-29")
def test_what_is_wrong_in_an_investment_stands_at_its_field(changes, problem):
    expected = {f"investments.0.{field}": reason for field, reason in problem.items()}

    assert of_investment(**changes) == expected


def component(amount, **more):
    return Component(what="Stolpe", amount=Decimal(amount), useful_life=20, **more)


def test_components_stand_in_for_the_whole_life():
    parts = (component(2_000_000), component(500_000))

    assert of_investment(components=parts, useful_life=None) == {}


def test_components_that_differ_from_the_payments_are_told_in_kronor():
    line = CAMERAS.model_copy(
        update={"components": (component("2499999.99"),), "useful_life": None}
    )

    (problem,) = problems(Calculation(time_frame=FRAME, investments=(line,)), capital_costs={})

    assert problem.field == "investments.0.components"
    assert problem.refusal.facts["difference"] == Decimal("0.01")


def test_life_and_residual_value_stand_either_on_the_whole_or_on_the_components():
    assert of_investment(components=(component(2_500_000),), residual_value=Decimal(1)) == {
        "investments.0.useful_life": "useful_life_twice",
        "investments.0.residual_value": "residual_value_twice",
    }


def test_a_component_with_too_large_a_residual_value_or_no_amount_is_named():
    parts = (component(2_500_000, residual_value=Decimal(2_500_001)), component(0))

    assert of_investment(components=parts, useful_life=None) == {
        "investments.0.components.0.residual_value": "residual_too_large",
        "investments.0.components.1.amount": "no_amount",
    }


@pytest.mark.parametrize(
    ("end", "reason"),
    [(date(2026, 2, 28), "time_frame_reversed"), (date(2206, 6, 30), "time_frame_too_long")],
)
@pytest.mark.requirement("R000-31")
def test_an_impossible_time_frame_is_told_alone(end, reason):
    frame = TimeFrame(start=date(2026, 3, 1), end=end)

    assert found_in(Calculation(time_frame=frame)) == {"end": reason}


@pytest.mark.requirement("R000-54")
def test_the_exception_for_capital_costs_needs_its_reason():
    exception = Calculation(
        time_frame=FRAME,
        investments=(CAMERAS,),
        capital_costs_borne_by=CapitalCostBearer.PROGRAMME,
        capital_costs_reason="  ",
    )

    assert found_in(exception) == {"capital_costs_reason": "no_capital_costs_reason"}


def test_own_financing_may_not_be_larger_than_the_cost_of_its_year():
    own = (
        OwnFinancingRow(kind=CostKind.INVESTMENT, year=2027, amount=Decimal("500000.01")),
        OwnFinancingRow(kind=CostKind.OPERATING, year=2026, amount=Decimal(1)),
    )
    calculation = Calculation(time_frame=FRAME, investments=(CAMERAS,), own_financing=own)

    assert found_in(calculation) == {
        "own_financing.investment.2027": "own_investment_too_large",
        "own_financing.operating.2026": "own_operating_too_large",
    }


def test_every_problem_is_told_at_once():
    calculation = Calculation(
        time_frame=FRAME,
        operating=(LINE, LINE.model_copy(update={"end": None})),
        investments=(CAMERAS.model_copy(update={"useful_life": None}),),
    )

    assert found_in(calculation) == {
        "operating.1.end": "no_end",
        "investments.0.useful_life": "no_useful_life",
    }
