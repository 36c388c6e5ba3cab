"""Point 3: what a measure costs, by kind and budget year, and what is applied for.

Lines are what people fill in; everything else is computed from them. A budget year is a calendar
year. Each computed yearly amount of a line is rounded once, half up, to the öre; sums add rounded
amounts, so that every column of a printed table adds up (docs/decisions/0004).
"""

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from flows.errors import InvalidAnswer
from flows.money import ZERO, Kronor, round_ore
from flows.rules import CostKind

YEARS_SHOWN_WHEN_PERMANENT = 3


class Duration(StrEnum):
    TEMPORARY = "temporary"
    PERMANENT = "permanent"


class Recurrence(StrEnum):
    ONE_OFF = "one_off"
    RECURRING = "recurring"


class CapitalCostBearer(StrEnum):
    """Who pays capital costs: the main rule is the committee, the exception needs its reason."""

    COMMITTEE = "committee"
    PROGRAMME = "programme"


Sums = dict[CostKind, dict[int, Decimal]]
"""Kronor by kind and budget year."""


def _one_line(text: str) -> str:
    return " ".join(text.split())


UsefulLife = Annotated[int, Field(ge=1, le=100)]
What = Annotated[str, AfterValidator(_one_line), Field(min_length=1, max_length=200)]


class Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class TimeFrame(Frozen):
    """From when to when the work on the measure goes on, both days included."""

    start: date
    end: date

    @property
    def budget_years(self) -> tuple[int, ...]:
        return tuple(range(self.start.year, self.end.year + 1))


class OperatingLine(Frozen):
    """A drift cost. `amount` is kronor per full year, or in all when the cost is one-off.

    A recurring cost counts from the month of `start` to the month of `end`, both included. A
    permanent or one-off cost has no `end`.
    """

    what: What
    amount: Kronor
    start: date
    end: date | None = None
    duration: Duration
    recurrence: Recurrence

    @property
    def full_year_effect(self) -> Decimal:
        """Kronor in a whole year. A one-off cost has none: it is never annualised."""
        return ZERO if self.recurrence is Recurrence.ONE_OFF else self.amount


class Component(Frozen):
    """A part of an investment with its own useful life (years) and residual value."""

    what: What
    amount: Kronor
    useful_life: UsefulLife
    residual_value: Kronor = ZERO


class InvestmentLine(Frozen):
    """An investment: `payments` in kronor by year, and what its capital cost is computed from.

    Either `useful_life` (years) for the whole, or `components` whose amounts add up to the payments.
    """

    what: What
    payments: dict[int, Kronor]
    in_use_from: date
    useful_life: UsefulLife | None = None
    residual_value: Kronor = ZERO
    components: tuple[Component, ...] = ()

    @property
    def acquisition_value(self) -> Decimal:
        return sum(self.payments.values(), ZERO)

    @property
    def parts(self) -> tuple[Component, ...]:
        """What is depreciated: the components, or the whole as the only one."""
        if self.components or self.useful_life is None:
            return self.components
        whole = Component(
            what=self.what,
            amount=self.acquisition_value,
            useful_life=self.useful_life,
            residual_value=self.residual_value,
        )
        return (whole,)


class OwnFinancingRow(Frozen):
    """What the committee pays itself of one kind in one budget year."""

    kind: CostKind
    year: int
    amount: Kronor


class Calculation(Frozen):
    time_frame: TimeFrame
    operating: tuple[OperatingLine, ...] = ()
    investments: tuple[InvestmentLine, ...] = ()
    own_financing: tuple[OwnFinancingRow, ...] = ()
    capital_costs_borne_by: CapitalCostBearer = CapitalCostBearer.COMMITTEE
    capital_costs_reason: str = ""

    @property
    def is_permanent(self) -> bool:
        """A permanent cost asks point 2 for a sentence on long-term financing."""
        return any(line.duration is Duration.PERMANENT for line in self.operating)


def part_year_effect(line: OperatingLine, *, year: int) -> Decimal:
    """Kronor that the line costs in a budget year: the full-year amount by its active months."""
    if line.recurrence is Recurrence.ONE_OFF:
        return line.amount if line.start.year == year else ZERO
    return round_ore(Fraction(line.amount) * active_months(line, year=year) / 12)


def active_months(line: OperatingLine, *, year: int) -> int:
    first = max(_month(line.start), year * 12)
    last = year * 12 + 11 if line.end is None else min(_month(line.end), year * 12 + 11)
    return max(0, last - first + 1)


def _month(day: date) -> int:
    return day.year * 12 + day.month - 1


def full_year_effect(lines: Iterable[OperatingLine]) -> Decimal:
    return sum((line.full_year_effect for line in lines), ZERO)


def years(calculation: Calculation) -> tuple[int, ...]:
    """Return the budget years shown: those of the time frame, and three for each permanent cost."""
    first, last = calculation.time_frame.start.year, calculation.time_frame.end.year
    permanent = (
        line.start.year + YEARS_SHOWN_WHEN_PERMANENT - 1
        for line in calculation.operating
        if line.duration is Duration.PERMANENT
    )
    return tuple(range(first, max([last, *permanent]) + 1))


def thereafter(calculation: Calculation) -> Decimal:
    """Kronor per year that the permanent costs go on with after the years shown."""
    return full_year_effect(
        line for line in calculation.operating if line.duration is Duration.PERMANENT
    )


def costs(calculation: Calculation) -> Sums:
    """Drift and investment payments by budget year; every year shown has its sum, also when 0."""
    shown = years(calculation)
    return {
        CostKind.OPERATING: {
            year: sum((part_year_effect(line, year=year) for line in calculation.operating), ZERO)
            for year in shown
        },
        CostKind.INVESTMENT: {
            year: sum((line.payments.get(year, ZERO) for line in calculation.investments), ZERO)
            for year in shown
        },
    }


def applied_for(calculation: Calculation, *, capital_costs: Mapping[int, Decimal]) -> Sums:
    """Return what is applied for by kind and budget year: the costs less own financing.

    `capital_costs` (kronor by year, from capital.yearly_costs) count as drift, and only when the
    programme bears them. Refuses own financing that is larger than the cost, naming the year.
    """
    asked = eligible_costs(calculation, capital_costs=capital_costs)
    for (kind, year), own in own_financing(calculation).items():
        cost = asked[kind].get(year, ZERO)
        if own > cost:
            raise InvalidAnswer(
                f"refusals.calculation.own_{kind}_too_large", year=year, own=own, cost=cost
            )
        if own:
            asked[kind][year] = cost - own
    return asked


def own_financing(calculation: Calculation) -> dict[tuple[CostKind, int], Decimal]:
    """Kronor by kind and budget year; rows of the same kind and year are added."""
    sums: dict[tuple[CostKind, int], Decimal] = {}
    for row in calculation.own_financing:
        sums[row.kind, row.year] = sums.get((row.kind, row.year), ZERO) + row.amount
    return sums


def eligible_costs(calculation: Calculation, *, capital_costs: Mapping[int, Decimal]) -> Sums:
    """Return the costs that special funds can cover, before own financing."""
    sums = costs(calculation)
    if calculation.capital_costs_borne_by is CapitalCostBearer.PROGRAMME:
        for year in sums[CostKind.OPERATING]:
            sums[CostKind.OPERATING][year] += capital_costs.get(year, ZERO)
    return sums


def total(sums: Sums, *, kind: CostKind) -> Decimal:
    return sum(sums[kind].values(), ZERO)
