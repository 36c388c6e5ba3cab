"""What was asked for beside what was granted, row by row: where they differ is always shown."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from flows.decided import Allocation
from flows.money import ZERO
from flows.rules import CostKind


@dataclass(frozen=True, slots=True)
class Compared:
    """Kronor to one nämnd, of one kind, in one budget year."""

    committee: str
    kind: CostKind
    year: int
    asked: Decimal
    granted: Decimal

    @property
    def difference(self) -> Decimal:
        """What was asked for and not granted; negative when more was granted."""
        return self.asked - self.granted


def compared(asked: Iterable[Allocation], granted: Iterable[Allocation]) -> tuple[Compared, ...]:
    """Every nämnd, kind and year that is in either, those asked for first and in their order."""
    sought, given = _sums(asked), _sums(granted)
    return tuple(
        Compared(*at, asked=sought.get(at, ZERO), granted=given.get(at, ZERO))
        for at in dict.fromkeys([*sought, *given])
    )


def _sums(allocations: Iterable[Allocation]) -> dict[tuple[str, CostKind, int], Decimal]:
    sums: dict[tuple[str, CostKind, int], Decimal] = {}
    for one in allocations:
        at = (one.committee, one.kind, one.year)
        sums[at] = sums.get(at, ZERO) + one.amount
    return sums
