"""What KLG sees of a case at a glance: who asks, for what, how much, and what to watch out for."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from flows import calculation
from flows.application import applied_for, calculation_of
from flows.calculation import Calculation, CapitalCostBearer, Sums
from flows.decided import Allocation
from flows.form import Known
from flows.intake import Scope
from flows.money import ZERO
from flows.programme import Programme
from flows.rules import CostKind


class Flag(StrEnum):
    """Something KLG should know before it presses; none of them stops a case."""

    NOT_CROSS_SECTOR = "not_cross_sector"  # a preference, not a bar (R000-3)
    NEW_ACTIVITY = "new_activity"  # perhaps a matter for kommunfullmäktige
    NOT_LINKED = "not_linked"  # not connected to the politisk inriktning (R000-7)
    WITHIN_BUDGET = "within_budget"  # the nämnd could finance it itself (R000-24)
    PERMANENT = "permanent"
    SEVERAL_YEARS = "several_years"
    PROPERTY = "property"
    CAPITAL_COSTS = "capital_costs"  # särskilda skäl: the programme is to bear them (R000-54)
    PRELIMINARY_RATE = "preliminary_rate"


@dataclass(frozen=True, slots=True)
class YearSum:
    """Kronor applied for, or granted, in one budget year."""

    year: int
    operating: Decimal
    investment: Decimal

    @property
    def total(self) -> Decimal:
        return self.operating + self.investment


@dataclass(frozen=True, slots=True)
class CardFacts:
    """`committees` and `administrations` are names. No sums before points 2-4 are written."""

    title: str
    committees: tuple[str, ...]
    administrations: tuple[str, ...]
    what: str
    goal: str
    scope: Scope
    flags: tuple[Flag, ...]
    sums: tuple[YearSum, ...] = ()
    thereafter: Decimal = ZERO  # kronor per year that permanent costs go on with

    @property
    def operating(self) -> Decimal:
        return sum((year.operating for year in self.sums), ZERO)

    @property
    def investment(self) -> Decimal:
        return sum((year.investment for year in self.sums), ZERO)

    @property
    def total(self) -> Decimal:
        return self.operating + self.investment


def card_facts(programme: Programme, known: Known) -> CardFacts:
    """Read the facts from a submission's answers."""
    of = calculation_of(known)
    sums: Sums = applied_for(programme, of) if of is not None else {}
    flags = [*_about_the_proposal(known)]
    if of is not None:
        flags += _about_the_money(programme, of, sums)
    administrations = tuple(known["administrations"])
    committees = (programme.committee_of(key) for key in administrations)
    names = (programme.administration(key) for key in administrations)
    return CardFacts(
        title=known["title"],
        committees=tuple(dict.fromkeys(c.name for c in committees if c is not None)),
        administrations=tuple(a.name for a in names if a is not None),
        what=known["what"],
        goal=known["goal"],
        scope=Scope(known["scope"]),
        flags=tuple(flags),
        sums=_by_year(sums),
        thereafter=calculation.thereafter(of) if of is not None else ZERO,
    )


def granted(allocations: Iterable[Allocation]) -> tuple[YearSum, ...]:
    """What a decision gave, year by year."""
    given: dict[CostKind, dict[int, Decimal]] = {}
    for one in allocations:
        of = given.setdefault(one.kind, {})
        of[one.year] = of.get(one.year, ZERO) + one.amount
    return _by_year(given)


def _by_year(sums: Sums) -> tuple[YearSum, ...]:
    operating, investment = sums.get(CostKind.OPERATING, {}), sums.get(CostKind.INVESTMENT, {})
    return tuple(
        YearSum(year, operating.get(year, ZERO), investment.get(year, ZERO))
        for year in sorted(operating.keys() | investment.keys())
    )


def _about_the_proposal(known: Known) -> Iterator[Flag]:
    if known["scope"] != Scope.CROSS_SECTOR:
        yield Flag.NOT_CROSS_SECTOR
    if known.get("new_activity") is True:
        yield Flag.NEW_ACTIVITY
    if known.get("direction_linked") is False:
        yield Flag.NOT_LINKED
    if known.get("own_budget") is True:
        yield Flag.WITHIN_BUDGET
    if known.get("property") is True:
        yield Flag.PROPERTY


def _about_the_money(programme: Programme, of: Calculation, sums: Sums) -> Iterator[Flag]:
    if of.is_permanent:
        yield Flag.PERMANENT
    if of.is_permanent or sum(year.total > 0 for year in _by_year(sums)) > 1:
        yield Flag.SEVERAL_YEARS
    if of.investments and of.capital_costs_borne_by is CapitalCostBearer.PROGRAMME:
        yield Flag.CAPITAL_COSTS
    if of.investments and _rate_is_carried(programme, of.time_frame.start):
        yield Flag.PRELIMINARY_RATE


def _rate_is_carried(programme: Programme, start: date) -> bool:
    """The first budget year has no rate of its own; later years seldom have, and are not flagged."""
    rate = programme.interest_rate(start.year)
    return rate is None or rate.year != start.year
