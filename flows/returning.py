"""Investment money that a nämnd did not need is lifted back to kommunstyrelsen's project (R000-56).

At most what the nämnd received that budget year and has not returned, nor used by its latest report.
The pot gets it back; the chief executive's cap does not (C-7).
"""

from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal

from pydantic import BaseModel

from flows import closing
from flows.case import Case, State
from flows.decided import Allocation, MoneyReturned
from flows.errors import InvalidAnswer, Stale
from flows.events import PersonId, TextId
from flows.money import ZERO
from flows.rules import CostKind

Received = tuple[str, int]  # committee and budget year


class Returnable(BaseModel, frozen=True):
    """What a nämnd received of the investment in a budget year, and how much can go back."""

    received: Allocation
    most: Decimal


def returnable(case: Case) -> tuple[Returnable, ...]:
    """Each nämnd and budget year that something can be returned of."""
    if case.state is not State.FOLLOW_UP:
        return ()
    moved = {one.year for one in case.transferred if one.cost_kind is CostKind.INVESTMENT}
    got = _summed(
        row for row in case.granted if row.kind is CostKind.INVESTMENT and row.year in moved
    )
    back = _summed(one.returned for one in case.returned)
    unused = _unused(case, [*got.values()])
    found = (
        Returnable(
            received=row,
            most=min(row.amount - (back[at].amount if at in back else ZERO), unused[at[0]]),
        )
        for at, row in got.items()
    )
    return tuple(one for one in found if one.most > 0)


def give_back(
    case: Case,
    *,
    committee: str,
    year: int,
    amount: Decimal,
    reason: TextId | None,
    by: PersonId,
    at: datetime,
) -> MoneyReturned:
    """Raises InvalidAnswer when it is more than can go back, Stale when nothing can."""
    for one in returnable(case):
        if (one.received.committee, one.received.year) == (committee, year):
            if amount > one.most:
                raise InvalidAnswer("refusals.returning.too_much", most=one.most)
            returned = one.received.model_copy(update={"amount": amount})
            return MoneyReturned(at=at, by=by, returned=returned, reason=reason)
    raise Stale("refusals.returning.nothing_left")


def _summed(rows: Iterable[Allocation]) -> dict[Received, Allocation]:
    """One allocation for each nämnd and year, with the sum."""
    sums: dict[Received, Allocation] = {}
    for row in rows:
        at = (row.committee, row.year)
        amount = row.amount + (sums[at].amount if at in sums else ZERO)
        sums[at] = row.model_copy(update={"amount": amount})
    return sums


def _unused(case: Case, got: list[Allocation]) -> dict[str, Decimal]:
    """Kronor of all years together that each nämnd has neither used nor returned.

    What was left one year and paid the next is used.
    """
    left: dict[str, Decimal] = {}
    for row in got:
        left[row.committee] = left.get(row.committee, ZERO) + row.amount
    for (committee, kind, _), amount in closing.used(case).items():
        if kind is CostKind.INVESTMENT and committee in left:
            left[committee] -= amount
    for one in case.returned:
        if one.returned.committee in left:
            left[one.returned.committee] -= one.returned.amount
    return left
