"""What was budgeted beside what was used: deviations row by row and in all, as Nacka's table has them.

A deviation is budget minus outcome: positive is under budget. Amounts keep the decimals they came
with, so that 4,29 is never printed as 4,3; only the per cent used is rounded, to one decimal.
"""

from decimal import ROUND_HALF_UP, Decimal

from pydantic import BaseModel

from flows.rules import Kronor, Percent

_TENTH = Decimal("0.1")


class Row(BaseModel, frozen=True):
    """One line of the table. `label` is what it is called; `forecast` is for the full year."""

    label: str
    budget: Decimal
    outcome: Decimal
    forecast: Decimal | None = None

    @property
    def deviation(self) -> Decimal:
        return self.budget - self.outcome

    @property
    def forecast_deviation(self) -> Decimal | None:
        return None if self.forecast is None else self.budget - self.forecast

    @property
    def over(self) -> bool:
        """More was used than was budgeted: shown also when the total is under (R002-7)."""
        return self.outcome > self.budget

    @property
    def forecast_over(self) -> bool:
        return self.forecast is not None and self.forecast > self.budget

    @property
    def percent_used(self) -> Decimal | None:
        """Per cent of the budget, half up to one decimal; None without a budget."""
        if not self.budget:
            return None
        return (self.outcome / self.budget * 100).quantize(_TENTH, ROUND_HALF_UP)


class Table(BaseModel, frozen=True):
    rows: tuple[Row, ...]

    @property
    def total(self) -> Row:
        """The sums; its `label` is empty. There is a forecast when every row has one."""
        forecasts = [row.forecast for row in self.rows if row.forecast is not None]
        whole = len(forecasts) == len(self.rows) and bool(self.rows)
        return Row(
            label="",
            budget=sum((row.budget for row in self.rows), Decimal(0)),
            outcome=sum((row.outcome for row in self.rows), Decimal(0)),
            forecast=sum(forecasts, Decimal(0)) if whole else None,
        )

    @property
    def over(self) -> tuple[Row, ...]:
        """The rows that have used more than their budget."""
        return tuple(row for row in self.rows if row.over)


def passes(deviation: Decimal, budget: Decimal, *, percent: Percent, kronor: Kronor) -> bool:
    """Whether a deviation must be explained: larger than both the per cent of the budget and the kronor.

    Either way counts, over and under (R002-8). Without a budget every kronor over `kronor` counts.
    """
    size = abs(deviation)
    return size > kronor and size > budget * percent / 100
