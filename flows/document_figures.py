"""The figures of a document: tables of kronor per year, cost lines and capital costs, frozen.

Everything is computed before; here are only the rows and their sums. Amounts are Decimal kronor
with whole öre.
"""

from datetime import date
from decimal import Decimal
from typing import Annotated, Literal, Self

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, model_validator

FROZEN = ConfigDict(frozen=True, extra="forbid")

Kronor = Annotated[Decimal, Field(decimal_places=2)]
Kind = Literal["operating", "investment", "capital_cost"]


class AmountRow(BaseModel):
    """Kronor per year of the table it stands in; `thereafter` is kronor per year from then on."""

    model_config = FROZEN
    label: str
    amounts: tuple[Kronor, ...]
    thereafter: Kronor | None = None

    @property
    def total(self) -> Decimal:
        return sum(self.amounts, Decimal(0))


class AmountTable(BaseModel):
    """Rows of kronor over the same years, with their sums."""

    model_config = FROZEN
    years: tuple[int, ...]
    rows: tuple[AmountRow, ...]

    @model_validator(mode="after")
    def _one_amount_per_year(self) -> Self:
        if any(len(row.amounts) != len(self.years) for row in self.rows):
            raise ValueError("every row has one amount per year")
        return self

    @property
    def totals(self) -> tuple[Decimal, ...]:
        columns = range(len(self.years))
        return tuple(sum((row.amounts[at] for row in self.rows), Decimal(0)) for at in columns)

    @property
    def total(self) -> Decimal:
        return sum(self.totals, Decimal(0))

    @property
    def thereafter(self) -> Decimal | None:
        later = [row.thereafter for row in self.rows if row.thereafter is not None]
        return sum(later, Decimal(0)) if later else None


class OperatingLine(BaseModel):
    """A drift line. `full_year` is the helårseffekt, None for a one-off (never annualised)."""

    model_config = FROZEN
    what: str
    start: date
    end: date | None = None
    permanent: bool
    one_off: bool
    full_year: Kronor | None = None


class Operating(BaseModel):
    """Driftkalkyl: the lines, and what each costs per budget year (deleffekt, R000-32)."""

    model_config = FROZEN
    lines: tuple[OperatingLine, ...]
    per_year: AmountTable

    @property
    def full_year(self) -> Decimal:
        return sum((line.full_year or Decimal(0) for line in self.lines), Decimal(0))


class Component(BaseModel):
    model_config = FROZEN
    what: str
    amount: Kronor
    useful_life_years: int
    residual_value: Kronor = Decimal(0)


class InvestmentLine(BaseModel):
    """With components, useful life and residual value stand on each of them instead."""

    model_config = FROZEN
    what: str
    amount: Kronor
    in_use_from: date
    useful_life_years: int | None = None
    residual_value: Kronor = Decimal(0)
    components: tuple[Component, ...] = ()


class Investment(BaseModel):
    """Investeringskalkyl: the lines, and when each is paid (likviditetsfördelning)."""

    model_config = FROZEN
    lines: tuple[InvestmentLine, ...]
    payments: AmountTable
    forms: tuple[str, ...] = ()
    process_followed: bool = False

    @property
    def total(self) -> Decimal:
        return sum((line.amount for line in self.lines), Decimal(0))


class CapitalCostYear(BaseModel):
    """`rate_percent` is per cent: Decimal("2.5") prints as 2,50 %. `preliminary`: rate carried on."""

    model_config = FROZEN
    year: int
    depreciation: Kronor
    interest: Kronor
    rate_percent: Decimal
    preliminary: bool = False

    @property
    def total(self) -> Decimal:
        return self.depreciation + self.interest


class CapitalCosts(BaseModel):
    """Capital cost per year until the end of life (R000-29), and who bears it (R000-53, R000-54)."""

    model_config = FROZEN
    years: tuple[CapitalCostYear, ...]
    full_year: Kronor | None = None
    rate_source: str | None = None
    compensated: bool = False
    exception_reason: str | None = None

    @property
    def depreciation(self) -> Decimal:
        return sum((year.depreciation for year in self.years), Decimal(0))

    @property
    def interest(self) -> Decimal:
        return sum((year.interest for year in self.years), Decimal(0))

    @property
    def total(self) -> Decimal:
        return self.depreciation + self.interest

    @property
    def preliminary(self) -> bool:
        return any(year.preliminary for year in self.years)


class FinanceOfficer(BaseModel):
    """Who in the ekonomifunktion made the calculation together with the officer (R000-27).

    She confirmed it herself, or `attested_by` states that she has.
    """

    model_config = FROZEN
    name: str
    administration: str | None = None
    confirmed_at: AwareDatetime | None = None
    attested_by: str | None = None


class KindRow(BaseModel):
    """Kronor of one kind: per year of the table, and per year thereafter."""

    model_config = FROZEN
    kind: Kind
    amounts: tuple[Kronor, ...]
    thereafter: Kronor | None = None

    @property
    def total(self) -> Decimal:
        return sum(self.amounts, Decimal(0))


class AmountsByKind(BaseModel):
    """What is applied for, or what the nämnd pays itself: kronor by kind over the same years."""

    model_config = FROZEN
    years: tuple[int, ...]
    rows: tuple[KindRow, ...]

    def table(self, labels: dict[str, str]) -> AmountTable:
        """Word each kind with `labels`, and give the same amounts as a table with sums."""
        rows = (
            AmountRow(label=labels[row.kind], amounts=row.amounts, thereafter=row.thereafter)
            for row in self.rows
        )
        return AmountTable(years=self.years, rows=tuple(rows))


class PropertyInvestment(BaseModel):
    """Fastighetsinvestering: TFF carries it out and holds the dialogue on internhyra (R000-59).

    `contacted` is who was contacted: a person at TFF and the day, or, when TFF itself proposes, the
    verksamhetsförvaltningar and `how` (R000-57, R000-58).
    """

    model_config = FROZEN
    implementer: str
    proposed_by_implementer: bool = False
    contacted: str | None = None
    day: date | None = None
    how: str | None = None
    internal_rent: str | None = None
