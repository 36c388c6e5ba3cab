"""Kommunstyrelsen's decision as its minutes have it, and the event of it.

What must be there is in flows/board_problems.py. Amounts may differ from what was asked, which is
shown (flows/granted.py). Years are budget years, amounts Decimal kronor.
"""

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal

from pydantic import BaseModel

from flows.case import Case
from flows.decided import Allocation, BoardRecord, Body, Decided, Financing, Verdict
from flows.events import PersonId, TextId
from flows.rules import CostKind


class Heading(BaseModel, frozen=True):
    """The meeting, and who gets what in which years: what the rest of the record is about."""

    verdict: Verdict
    day: date
    paragraph: str
    dnr: str
    committees: tuple[str, ...] = ()
    kinds: tuple[CostKind, ...] = ()
    years: tuple[int, ...] = ()
    every: bool = False  # an amount for each nämnd of each kind in each year, asked for or not


class Wanted(BaseModel, frozen=True):
    """What the case asks for, as far as the record must answer it."""

    allocations: tuple[Allocation, ...]
    paid_in: tuple[int, ...] = ()  # budget years of the investment's payments
    compensation: bool = False  # of capital costs: särskilda skäl (R000-54)

    @property
    def years(self) -> tuple[int, ...]:
        return tuple(sorted({one.year for one in self.allocations}))

    @property
    def kinds(self) -> tuple[CostKind, ...]:
        return tuple(kind for kind in CostKind if any(a.kind is kind for a in self.allocations))

    @property
    def committees(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(one.committee for one in self.allocations))


class Names(BaseModel, frozen=True):
    """Three different things, and none of them is absence, which is not recorded (R001-18)."""

    reservations: tuple[str, ...] = ()
    not_participating: tuple[str, ...] = ()
    disqualified: tuple[str, ...] = ()


class Minutes(BaseModel, frozen=True):
    """What the secretary has read in the minutes. An amount of 0 kr is something said."""

    heading: Heading
    points: tuple[str, ...] = ()
    allocations: tuple[Allocation, ...] = ()
    total_estimate: Decimal | None = None
    payments: Mapping[int, Decimal] = {}
    financing: tuple[Financing, ...] = ()
    compensates: bool | None = None
    names: Names = Names()
    proposals: str = ""
    reason: str = ""

    @property
    def granted(self) -> tuple[Allocation, ...]:
        """What the nämnder get. One that gets nothing in any year is none of them."""
        paid = {one.committee for one in self.allocations if one.amount}
        return tuple(one for one in self.allocations if one.committee in paid)

    @property
    def investment_years(self) -> tuple[int, ...]:
        invested = (one for one in self.granted if one.kind is CostKind.INVESTMENT)
        return tuple(sorted({one.year for one in invested if one.amount}))


class Texts(BaseModel, frozen=True):
    """Where the free text of a record has been stored."""

    points: TextId | None = None
    reservations: TextId | None = None
    not_participating: TextId | None = None
    disqualified: TextId | None = None
    proposals: TextId | None = None
    reason: TextId | None = None


def decided(
    case: Case, case_id: str, minutes: Minutes, texts: Texts, *, by: PersonId, at: datetime
) -> Decided:
    """The event of a record that has no problems."""
    heading, granted = minutes.heading, minutes.heading.verdict is Verdict.GRANTED
    return Decided(
        at=at,
        by=by,
        body=Body.EXECUTIVE_BOARD,
        verdict=heading.verdict,
        number=number(heading, case_id),
        day=heading.day,
        version=case.version,
        pdf_sha256=case.pdf_sha256,
        rule="",
        allocations=minutes.granted if granted else (),
        reason=texts.reason,
        board=BoardRecord(
            paragraph=heading.paragraph,
            dnr=heading.dnr,
            points=texts.points,
            total_estimate=minutes.total_estimate if granted and minutes.investment_years else None,
            payments=_paid(minutes) if granted else {},
            financing=minutes.financing if granted else (),
            compensates_capital_costs=bool(granted and minutes.compensates),
            reservations=texts.reservations,
            not_participating=texts.not_participating,
            disqualified=texts.disqualified,
            proposals=texts.proposals,
        ),
    )


def _paid(minutes: Minutes) -> dict[int, Decimal]:
    """The payments by year; an investment of one year is paid in it."""
    total, years = minutes.total_estimate, minutes.investment_years
    if total is None or not years:
        return {}
    paid = {year: amount for year, amount in minutes.payments.items() if amount}
    return paid or {years[0]: total}


def number(heading: Heading, case_id: str) -> str:
    """`KS 2026-12-15 § 22 (2026-0001)`: one paragraph may be about several cases."""
    return f"KS {heading.day} {heading.paragraph} ({case_id})"


def cells(heading: Heading, wanted: Wanted) -> dict[tuple[CostKind, int], tuple[str, ...]]:
    """Which nämnder an amount is written for, by kind and year.

    What was asked for, and what the heading has beyond it; with `every`, all there is.
    """
    asked = {(one.committee, one.kind, one.year) for one in wanted.allocations}
    found = {}
    for kind in heading.kinds:
        for year in heading.years:
            new = heading.every or kind not in wanted.kinds or year not in wanted.years
            written = tuple(
                one
                for one in heading.committees
                if new or one not in wanted.committees or (one, kind, year) in asked
            )
            if not written and any((k, y) == (kind, year) for _, k, y in asked):
                written = heading.committees  # somebody else gets it instead
            if written:
                found[kind, year] = written
    return found


def amount_field(committee: str, kind: CostKind, year: int) -> str:
    return f"amount:{committee}:{kind}:{year}"


def pot_field(kind: CostKind, year: int) -> str:
    return f"pot:{kind}:{year}"


def payment_field(year: int) -> str:
    return f"payment:{year}"
