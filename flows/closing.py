"""Closing: what a granted case still waits for before it can be closed, thing by thing.

The last report received by KLG, each due budget transferred, and of an investment its project in the
ordinary investment process and not a krona unaccounted for. Money of coming years holds nothing up.
"""

from collections.abc import Iterator
from decimal import Decimal
from enum import StrEnum

from pydantic import BaseModel

from flows.case import Case, State
from flows.decided import Reported
from flows.money import ZERO
from flows.rules import CostKind


class Awaited(StrEnum):
    REPORT = "report"  # the last one, received by KLG
    TRANSFER = "transfer"  # of one kind and budget year
    PROJECT = "project"  # R000-51: the ordinary investment process closes the investment
    RETURN = "return"  # R000-56: investment money that was not used


class Remaining(BaseModel, frozen=True):
    """One thing that remains; `kind`, `year`, `committee` and kronor as far as it is about them."""

    what: Awaited
    kind: CostKind | None = None
    year: int | None = None
    committee: str = ""
    amount: Decimal = ZERO


def remaining(case: Case, *, year: int) -> tuple[Remaining, ...]:
    """What remains of a granted case in the present `year`; nothing when it can be closed."""
    if case.state is not State.FOLLOW_UP:
        return ()
    return tuple(_remaining(case, year))


def _remaining(case: Case, year: int) -> Iterator[Remaining]:
    if not last_is_received(case):
        yield Remaining(what=Awaited.REPORT)
    yield from _transfers(case, year)
    investments = [one for one in case.granted if one.kind is CostKind.INVESTMENT and one.amount]
    if investments and not case.project:
        yield Remaining(what=Awaited.PROJECT)
    if investments and last_is_received(case):
        for committee, amount in unused(case, year=year).items():
            yield Remaining(
                what=Awaited.RETURN, kind=CostKind.INVESTMENT, committee=committee, amount=amount
            )


def last_is_received(case: Case) -> bool:
    """KLG has received the version of the last report that holds."""
    holds = {one.key: one for one in case.reports}
    received = {(one.key, one.version) for one in case.received}
    return any(one.last and (one.key, one.version) in received for one in holds.values())


def holding(case: Case) -> tuple[Reported, ...]:
    """The newest version of each report, in the order they were first handed in."""
    return tuple({one.key: one for one in case.reports}.values())


def used(case: Case) -> dict[tuple[str, CostKind, int], Decimal]:
    """Kronor used by nämnd, kind and budget year, as the latest report that says it."""
    return {
        (one.committee, one.kind, one.year): one.amount
        for report in holding(case)
        for one in report.outcome
    }


def unused(case: Case, *, year: int) -> dict[str, Decimal]:
    """Kronor of the investment that each nämnd has neither used nor returned, up to the year."""
    left: dict[str, Decimal] = {}
    for one in case.granted:
        if one.kind is CostKind.INVESTMENT and one.year <= year:
            left[one.committee] = left.get(one.committee, ZERO) + one.amount
    for (committee, kind, of), amount in used(case).items():
        if kind is CostKind.INVESTMENT and of <= year and committee in left:
            left[committee] -= amount
    for back in case.returned:
        if back.returned.committee in left:
            left[back.returned.committee] -= back.returned.amount
    return {committee: amount for committee, amount in left.items() if amount > 0}


def _transfers(case: Case, year: int) -> Iterator[Remaining]:
    moved = {(one.cost_kind, one.year) for one in case.transferred}
    due: dict[tuple[CostKind, int], Decimal] = {}
    for one in case.granted:
        if one.amount and one.year <= year:
            due[one.kind, one.year] = due.get((one.kind, one.year), ZERO) + one.amount
    for (kind, of), amount in due.items():
        if (kind, of) not in moved:
            yield Remaining(what=Awaited.TRANSFER, kind=kind, year=of, amount=amount)
