"""Rules and figures that differ between municipalities, as the programme states them.

A rule holds from `since` to `until` and cites its source, so that an old case is explained by the
rules of its day. A figure belongs to a budget year. Nothing here decides anything.
"""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, TypeVar

from pydantic import BaseModel, BeforeValidator, Field, StringConstraints
from pydantic_core import PydanticCustomError

Words = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
Year = Annotated[int, Field(ge=2000, le=2100)]
Id = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_-]*$")]
Email = Annotated[
    str, StringConstraints(to_lower=True, strip_whitespace=True, pattern=r"^[^@\s]+@[^@\s]+\.\w+$")
]
# What a button or an entry of a list has room for in Slack; it is also what is stored.
Choice = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=75)]


def _exact(value: object) -> Decimal:
    """Read a whole number or a written one ("2 500 000,50"); a float has already lost öre."""
    if isinstance(value, float):
        raise PydanticCustomError("float_refused", "write {value} as a string", {"value": value})
    if isinstance(value, Decimal):
        return value
    written = str(value).replace(" ", "").replace("\xa0", "").replace(",", ".")
    if isinstance(value, bool) or not written.replace(".", "", 1).isdecimal():
        raise PydanticCustomError("not_a_number", "{value} is no number", {"value": str(value)})
    return Decimal(written)


Kronor = Annotated[Decimal, BeforeValidator(_exact), Field(ge=0, decimal_places=2)]
Percent = Annotated[Decimal, BeforeValidator(_exact), Field(ge=0, le=100, decimal_places=3)]
Factor = Annotated[Decimal, BeforeValidator(_exact), Field(gt=0, le=100, decimal_places=3)]


class CostKind(StrEnum):
    """Drift or investering: two budgets that are never netted."""

    OPERATING = "operating"
    INVESTMENT = "investment"


class Dated(BaseModel, frozen=True, extra="forbid"):
    """What holds from `since` up to and including `until` (None: until further notice)."""

    since: date
    until: date | None = None
    source: Words

    def holds(self, *, on: date) -> bool:
        return self.since <= on and (self.until is None or on <= self.until)


Rule = TypeVar("Rule", bound=Dated)


def in_force(rules: Iterable[Rule], *, on: date) -> Rule | None:
    """Return the rule that holds on that day, or None when there is none."""
    return next((rule for rule in rules if rule.holds(on=on)), None)


class Majority(StrEnum):
    """How many of the eligible members must agree for an outcome."""

    MAJORITY = "majority"  # more than half
    ALL = "all"
    COUNT = "count"  # the number in AssessmentRule.count


class AssessmentRule(Dated, frozen=True, extra="forbid"):
    rule: Majority = Majority.MAJORITY
    count: Annotated[int, Field(ge=1)] | None = None


class DelegationRule(Dated, frozen=True, extra="forbid"):
    """What the chief executive may reallocate per budget year; both caps are inclusive."""

    operating_cap: Kronor
    investment_cap: Kronor
    permanent: bool = False  # may decide permanent costs (R000-10)
    several_years: bool = False  # may decide costs in several budget years (R000-11)
    compensated_capital_costs: bool = False  # may bear the nämnd's capital costs (R000-54)
    unlinked: bool = False  # may decide what is not connected to the direction (R000-7)
    new_activity: bool = (
        False  # may decide new or principled activity; else kommunfullmäktige first
    )

    def cap(self, kind: CostKind) -> Decimal:
        return self.operating_cap if kind is CostKind.OPERATING else self.investment_cap


class YearMoney(BaseModel, frozen=True, extra="forbid"):
    """The money set aside for one budget year."""

    year: Year
    operating: Kronor
    investment: Kronor
    source: Words

    def of(self, kind: CostKind) -> Decimal:
        return self.operating if kind is CostKind.OPERATING else self.investment


class InterestRate(BaseModel, frozen=True, extra="forbid"):
    """Internränta of one budget year, in per cent. The municipality decides its own."""

    year: Year
    percent: Percent
    source: Words
    decided_by: Words


class PriceBaseAmount(BaseModel, frozen=True, extra="forbid"):
    """Prisbasbelopp of one year, in kronor."""

    year: Year
    amount: Kronor
    source: Words


class Comparison(StrEnum):
    AT_LEAST = "at_least"
    OVER = "over"


class InvestmentThreshold(Dated, frozen=True, extra="forbid"):
    """From which sum and life a cost is suggested as an investment.

    Either `factor` × the year's prisbasbelopp or the sum `fixed`; a person confirms the suggestion.
    """

    factor: Factor | None = None
    fixed: Kronor | None = None
    comparison: Comparison = Comparison.AT_LEAST
    minimum_life_years: Annotated[int, Field(ge=1)] = 3


class InterestOn(StrEnum):
    """The balance that internränta is charged on."""

    OPENING = "opening"  # book value on 1 January; in the first year the acquisition value
    MONTHLY = "monthly"
    AVERAGE = "average"


class DepreciationStart(StrEnum):
    IN_USE_MONTH = "in_use_month"
    MONTH_AFTER = "month_after"
    NEXT_YEAR = "next_year"


class CapitalCostMethod(BaseModel, frozen=True, extra="forbid"):
    """Rak nominell metod, and the two choices in it where practice differs."""

    interest_on: InterestOn = InterestOn.OPENING
    start: DepreciationStart = DepreciationStart.IN_USE_MONTH
    source: Words
