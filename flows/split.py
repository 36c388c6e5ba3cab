"""Point 4: how drift and investment are split between committees, year by year.

The split must equal point 3 to the öre in every kind and year; what differs is shown in kronor with
where it arises. Adding the kinds up, or the years, would hide a difference.
"""

from collections.abc import Iterable
from decimal import Decimal
from typing import NamedTuple

from flows.calculation import Frozen, Sums
from flows.errors import InvalidAnswer
from flows.money import ZERO, Kronor
from flows.rules import CostKind


class SplitRow(Frozen):
    """What one committee (by its id) gets of one kind in one budget year."""

    committee: str
    kind: CostKind
    year: int
    amount: Kronor


class Difference(NamedTuple):
    """Where the split and point 3 differ. `amount` is what is left to split; negative: too much."""

    kind: CostKind
    year: int
    cost: Decimal
    split: Decimal

    @property
    def amount(self) -> Decimal:
        return self.cost - self.split


def differences(rows: Iterable[SplitRow], sums: Sums) -> tuple[Difference, ...]:
    """Every kind and year where the rows do not add up to `sums` (from calculation.costs)."""
    split = _by_kind_and_year(rows)
    cost = {
        (kind, year): amount for kind, by_year in sums.items() for year, amount in by_year.items()
    }
    return tuple(
        Difference(kind, year, cost.get((kind, year), ZERO), split.get((kind, year), ZERO))
        for kind, year in sorted(cost.keys() | split.keys(), key=lambda at: (_ORDER[at[0]], at[1]))
        if cost.get((kind, year), ZERO) != split.get((kind, year), ZERO)
    )


def rest_on(committee: str, rows: Iterable[SplitRow], sums: Sums) -> tuple[SplitRow, ...]:
    """Give the committee what the others leave, in place of what it had.

    Refuses when the others already have more than the cost, naming kind, year and kronor.
    """
    others = tuple(row for row in rows if row.committee != committee)
    left = differences(others, sums)
    for difference in left:
        if difference.amount < 0:
            raise InvalidAnswer(
                f"refusals.calculation.split_{difference.kind}_exceeded",
                year=difference.year,
                cost=difference.cost,
                split=difference.split,
                excess=-difference.amount,
            )
    rest = (
        SplitRow(committee=committee, kind=gap.kind, year=gap.year, amount=gap.amount)
        for gap in left
    )
    return (*others, *rest)


_ORDER = {kind: position for position, kind in enumerate(CostKind)}


def _by_kind_and_year(rows: Iterable[SplitRow]) -> dict[tuple[CostKind, int], Decimal]:
    sums: dict[tuple[CostKind, int], Decimal] = {}
    for row in rows:
        sums[row.kind, row.year] = sums.get((row.kind, row.year), ZERO) + row.amount
    return sums
