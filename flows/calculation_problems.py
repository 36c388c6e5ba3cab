"""What does not hold together in a calculation: all of it at once, each with its field and reason.

A problem's `field` is a path in the model (`operating.0.end`, `investments.1.payments.2027`), so that
a modal can show it at its field and the workbook at its cell.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from flows.calculation import (
    Calculation,
    CapitalCostBearer,
    Duration,
    InvestmentLine,
    OperatingLine,
    Recurrence,
    TimeFrame,
    eligible_costs,
    own_financing,
)
from flows.errors import InvalidAnswer
from flows.money import ZERO

LONGEST_TIME_FRAME = 20  # budget years; a longer one is a slip of the finger


class Problem(NamedTuple):
    field: str
    refusal: InvalidAnswer


def problems(
    calculation: Calculation, *, capital_costs: Mapping[int, Decimal]
) -> tuple[Problem, ...]:
    """Return every problem of the calculation; none when it can be confirmed.

    `capital_costs` is kronor by year, from capital.yearly_costs.
    """
    frame = calculation.time_frame
    of_frame = tuple(time_frame_problems(frame))
    if of_frame:  # everything else is measured against it
        return of_frame
    return (
        *_of_whole(calculation),
        *_of_each("operating", (operating_problems(o, frame) for o in calculation.operating)),
        *_of_each("investments", (investment_problems(i, frame) for i in calculation.investments)),
        *own_financing_problems(calculation, capital_costs=capital_costs),
    )


def _of_each(name: str, lines: Iterable[Iterable[Problem]]) -> Iterator[Problem]:
    for position, found in enumerate(lines):
        for field, refusal in found:
            yield Problem(f"{name}.{position}.{field}", refusal)


def _of_whole(calculation: Calculation) -> Iterator[Problem]:
    if not calculation.operating and not calculation.investments:
        yield _problem("operating", "no_costs")
    exception = calculation.capital_costs_borne_by is CapitalCostBearer.PROGRAMME
    if exception and not calculation.capital_costs_reason.strip():
        yield _problem("capital_costs_reason", "no_capital_costs_reason")


def time_frame_problems(frame: TimeFrame) -> Iterator[Problem]:
    if frame.end < frame.start:
        yield _problem("end", "time_frame_reversed", start=frame.start, end=frame.end)
    elif len(frame.budget_years) > LONGEST_TIME_FRAME:
        yield _problem("end", "time_frame_too_long", longest=LONGEST_TIME_FRAME)


def operating_problems(line: OperatingLine, frame: TimeFrame) -> Iterator[Problem]:
    """Return what is wrong in a drift line, itself or against the time frame."""
    permanent = line.duration is Duration.PERMANENT
    one_off = line.recurrence is Recurrence.ONE_OFF
    if not line.amount:
        yield _problem("amount", "no_amount")
    if one_off and permanent:
        yield _problem("duration", "one_off_permanent")
    yield from _outside("start", line.start, frame)
    if line.end is None:
        if not one_off and not permanent:
            yield _problem("end", "no_end")
    elif one_off:
        yield _problem("end", "one_off_with_end")
    elif permanent:
        yield _problem("end", "permanent_with_end")
    elif line.end < line.start:
        yield _problem("end", "end_before_start", start=line.start)
    else:
        yield from _outside("end", line.end, frame)


def investment_problems(line: InvestmentLine, frame: TimeFrame) -> Iterator[Problem]:
    """Return what is wrong in an investment line, itself or against the time frame."""
    if not line.acquisition_value:
        yield _problem("payments", "no_payments")
    for year, amount in line.payments.items():
        if amount and year not in frame.budget_years:
            yield _problem(f"payments.{year}", "outside_time_frame", year=year, **_span(frame))
    if line.in_use_from.year < frame.start.year:
        yield _problem("in_use_from", "in_use_before_start", start=frame.start)
    if line.components:
        yield from _component_problems(line)
    elif line.useful_life is None:
        yield _problem("useful_life", "no_useful_life")
    if line.residual_value > line.acquisition_value:
        yield _problem("residual_value", "residual_too_large", amount=line.acquisition_value)


def _component_problems(line: InvestmentLine) -> Iterator[Problem]:
    if line.useful_life is not None:
        yield _problem("useful_life", "useful_life_twice")
    if line.residual_value:
        yield _problem("residual_value", "residual_value_twice")
    for position, part in enumerate(line.components):
        if not part.amount:
            yield _problem(f"components.{position}.amount", "no_amount")
        if part.residual_value > part.amount:
            yield _problem(
                f"components.{position}.residual_value", "residual_too_large", amount=part.amount
            )
    parts = sum((part.amount for part in line.components), ZERO)
    if parts != line.acquisition_value:
        yield _problem(
            "components",
            "components_differ",
            parts=parts,
            payments=line.acquisition_value,
            difference=abs(line.acquisition_value - parts),
        )


def own_financing_problems(
    calculation: Calculation, *, capital_costs: Mapping[int, Decimal]
) -> Iterator[Problem]:
    """Return every kind and year where own financing is larger than the cost."""
    eligible = eligible_costs(calculation, capital_costs=capital_costs)
    for (kind, year), own in own_financing(calculation).items():
        cost = eligible[kind].get(year, ZERO)
        if own > cost:
            yield _problem(
                f"own_financing.{kind}.{year}",
                f"own_{kind}_too_large",
                year=year,
                own=own,
                cost=cost,
            )


def _outside(field: str, day: date, frame: TimeFrame) -> Iterator[Problem]:
    if day.year not in frame.budget_years:
        yield _problem(field, "outside_time_frame", year=day.year, **_span(frame))


def _span(frame: TimeFrame) -> dict[str, int]:
    return {"first": frame.start.year, "last": frame.end.year}


def _problem(field: str, reason: str, **facts: object) -> Problem:
    return Problem(field, InvalidAnswer(f"refusals.calculation.{reason}", **facts))
