"""Who decides: a rule that reads what a case asks for, the delegation of the day and the year's money.

The chief executive only when all of it holds (seed 000, the introduction; domain C-3 … C-7);
otherwise Trygghetsberedningen and then kommunstyrelsen, and for new or principled activity first the
review of whether kommunfullmäktige must decide. The rule proposes; a person decides (KL 6 kap. 38 §).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from flows.application import calculation_of, capital_costs
from flows.asked import asked
from flows.calculation import CapitalCostBearer
from flows.decided import Allocation, Body, Reason, RouteReason
from flows.form import Known
from flows.headroom import account, in_order
from flows.ledger import Accounts
from flows.money import ZERO
from flows.programme import Programme
from flows.rules import DelegationRule, in_force

# The delegation of the rutin, whose conditions can be told as met when a municipality's own is wider.
_STRICT = DelegationRule(since=date.min, source="rutinen", operating_cap=ZERO, investment_cap=ZERO)


@dataclass(frozen=True, slots=True)
class Matter:
    """What the rule reads of a case. `capital_years`: those in which the programme bears capital costs."""

    asked: tuple[Allocation, ...]
    permanent: bool = False
    linked: bool = True
    new_activity: bool = False
    capital_years: frozenset[int] = frozenset()

    @property
    def years(self) -> frozenset[int]:
        """The budget years in which the decision funds something (C-3, C-4)."""
        return frozenset(one.year for one in self.asked if one.amount) | self.capital_years


@dataclass(frozen=True, slots=True)
class Route:
    """Who the case waits for, every reason of it, and the source of the rule that was read."""

    to: Body
    reasons: tuple[RouteReason, ...]
    rule: str


def matter(programme: Programme, known: Known) -> Matter:
    """Read the answers. What nobody has said counts against the delegation."""
    of = calculation_of(known)
    capital: frozenset[int] = frozenset()
    if of is not None and of.capital_costs_borne_by is CapitalCostBearer.PROGRAMME:
        capital = frozenset(c.year for c in capital_costs(programme, of) if c.total)
    return Matter(
        asked=asked(programme, known),
        permanent=of is not None and of.is_permanent,
        linked=known.get("direction_linked") is True,
        new_activity=known.get("new_activity") is not False,
        capital_years=capital,
    )


def route(
    programme: Programme,
    of: Matter,
    accounts: Accounts,
    *,
    on: date,
    disqualified: bool = False,
    advised_against: bool = False,
) -> Route:
    """Return who decides that day, with every reason.

    `accounts` are the money of the matter's years without what the case itself has reserved; what
    others have reserved is spoken for. `disqualified`: the chief executive has said that she is jävig.
    """
    rule = in_force(programme.delegation, on=on)
    against = [
        *_of_the_measure(of, rule),
        *(_over_caps(of, rule, accounts) if rule else ()),
        *_over_pots(of, accounts),
        *([RouteReason(code=Reason.DISQUALIFIED)] if disqualified else ()),
    ]
    told = (RouteReason(code=Reason.ADVISED_AGAINST),) if advised_against else ()
    source = rule.source if rule else ""
    if not against:
        return Route(Body.CHIEF_EXECUTIVE, (*_within(of, rule, accounts), *told), source)
    council = any(reason.code is Reason.NEW_ACTIVITY for reason in against)
    to = Body.COUNCIL if council else Body.DRAFTING_COMMITTEE
    return Route(to, (*against, *told), source)


def _of_the_measure(of: Matter, rule: DelegationRule | None) -> Iterator[RouteReason]:
    """What no sum can mend: each unless the rule allows it. Without a rule nothing is allowed."""
    if rule is None:
        yield RouteReason(code=Reason.NO_DELEGATION)
    if of.new_activity and not (rule and rule.new_activity):
        yield RouteReason(code=Reason.NEW_ACTIVITY)
    if not of.linked and not (rule and rule.unlinked):
        yield RouteReason(code=Reason.NOT_LINKED)
    if of.permanent and not (rule and rule.permanent):
        yield RouteReason(code=Reason.PERMANENT)
    if len(of.years) > 1 and not (rule and rule.several_years):
        yield RouteReason(code=Reason.MULTI_YEAR)
    if of.capital_years and not (rule and rule.compensated_capital_costs):
        yield RouteReason(code=Reason.CAPITAL_COSTS)


def _over_caps(of: Matter, rule: DelegationRule, accounts: Accounts) -> Iterator[RouteReason]:
    """Both caps are inclusive and never netted; money that came back gives no new room (C-7)."""
    return (reason for reason in _against_caps(of, rule, accounts) if _passes(reason))


def _within(of: Matter, rule: DelegationRule | None, accounts: Accounts) -> Iterator[RouteReason]:
    """That it is within the delegation: the measure itself, then the figures of each kind and year."""
    if not [*_of_the_measure(of, _STRICT)]:
        yield RouteReason(code=Reason.WITHIN_DELEGATION)
    for reason in _against_caps(of, rule, accounts) if rule else ():
        yield reason.model_copy(update={"code": Reason.WITHIN_DELEGATION})


def _passes(reason: RouteReason) -> bool:
    assert reason.amount is not None
    assert reason.limit is not None
    assert reason.used is not None
    return reason.used + reason.amount > reason.limit


def _against_caps(of: Matter, rule: DelegationRule, accounts: Accounts) -> Iterator[RouteReason]:
    for (year, kind), amount in in_order(of.asked):
        used = account(accounts, year, kind).delegated
        yield RouteReason(
            code=Reason.CAP, kind=kind, year=year, amount=amount, limit=rule.cap(kind), used=used
        )


def _over_pots(of: Matter, accounts: Accounts) -> Iterator[RouteReason]:
    """More than is left of a year's money, or a year that has none (R000-14)."""
    for (year, kind), amount in in_order(of.asked):
        if not has_money(accounts, year):
            yield RouteReason(code=Reason.NO_POT, kind=kind, year=year, amount=amount)
            continue
        money = account(accounts, year, kind)
        if amount > money.left:
            limit = max(money.frame + money.returned, ZERO)
            yield RouteReason(
                code=Reason.OVER_POT,
                kind=kind,
                year=year,
                amount=amount,
                limit=limit,
                used=max(limit - money.left, ZERO),
            )


def has_money(accounts: Accounts, year: int) -> bool:
    """Whether the budget year was given any money at all, of either kind."""
    return any(one.frame for one in accounts.get(year, {}).values())
