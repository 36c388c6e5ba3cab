"""What stands in the way of recording kommunstyrelsen's decision: everything missing, by input.

A decision must state the measure, which nämnder, what kind, how much and for which years, how an
investment is paid, and how each increase is financed (R000-42 – R000-47, R001-17).
"""

from datetime import datetime

from flows.board import day_refused, earliest_day
from flows.board_record import (
    Heading,
    Minutes,
    Names,
    Wanted,
    amount_field,
    cells,
    payment_field,
    pot_field,
)
from flows.case import Case
from flows.decided import Verdict
from flows.errors import FlowError, InvalidAnswer
from flows.ledger import own_year, totals
from flows.money import ZERO
from flows.rules import CostKind

Wrong = dict[str, FlowError]  # by the name of the input, in the order of the form


def heading_problems(case: Case, heading: Heading, *, at: datetime) -> Wrong:
    wrong: Wrong = {}
    refusal = day_refused(heading.day, earliest=earliest_day(case), at=at)
    if refusal is not None:
        wrong["day"] = refusal
    if heading.verdict is Verdict.GRANTED:
        for name in ("committees", "kinds", "years"):
            if not getattr(heading, name):
                wrong[name] = InvalidAnswer(f"refusals.board.{name}_missing")
    return wrong


def problems(minutes: Minutes, wanted: Wanted) -> Wrong:
    """Everything that the record lacks or that does not add up, by input (R000-42 – R000-47)."""
    wrong: Wrong = {}
    if minutes.heading.verdict is not Verdict.GRANTED:
        if not minutes.reason:
            wrong["reason"] = InvalidAnswer("refusals.board.reason_missing")
        return wrong | _names_in_two_lists(minutes.names)
    if not minutes.points:
        wrong["points"] = InvalidAnswer("refusals.board.points_missing")
    amounts = _amounts(minutes, wanted)
    wrong |= amounts | _investment(minutes, wanted)
    unsaid = {name.partition(":")[2].partition(":")[2] for name in amounts}  # "operating:2027"
    financing = _financing(minutes, wanted)
    wrong |= {name: one for name, one in financing.items() if name.partition(":")[2] not in unsaid}
    if wanted.compensation and minutes.compensates is None:
        wrong["compensates"] = InvalidAnswer("refusals.board.compensation_missing")
    return wrong | _names_in_two_lists(minutes.names)


def _amounts(minutes: Minutes, wanted: Wanted) -> Wrong:
    """Which nämnder, what kind, how much, and what to budget for each later year (R000-47)."""
    written = cells(minutes.heading, wanted)
    own = own_year(minutes.allocations)
    if own is None:
        (kind, year), committees = next(iter(written.items()))
        name = amount_field(committees[0], kind, year)
        return {name: InvalidAnswer("refusals.board.amounts_missing")}
    said = {(one.kind, one.year) for one in minutes.allocations}
    asked = {(one.kind, one.year) for one in wanted.allocations if one.amount}
    kinds = {one.kind for one in minutes.granted if one.amount}
    return {
        amount_field(committees[0], kind, year): InvalidAnswer(
            "refusals.board.later_year_missing", year=year
        )
        for (kind, year), committees in written.items()
        if year > own and kind in kinds and (kind, year) in asked - said
    }


def _investment(minutes: Minutes, wanted: Wanted) -> Wrong:
    """Totalkalkyl, and when it is paid if that is in more than one year (R000-45)."""
    invested = sum((one.amount for one in minutes.granted if one.kind is CostKind.INVESTMENT), ZERO)
    if not invested:
        return {}
    total = minutes.total_estimate
    if total is None:
        return {"total_estimate": InvalidAnswer("refusals.board.total_missing")}
    if total < invested:
        facts = {"total": total, "granted": invested}
        return {"total_estimate": InvalidAnswer("refusals.board.total_too_small", **facts)}
    years = sorted({*wanted.paid_in, *minutes.investment_years})
    if len(years) == 1 and not any(minutes.payments.values()):
        return {}  # all of it is paid that year
    name = payment_field(years[0])
    if not any(minutes.payments.values()):
        return {name: InvalidAnswer("refusals.board.payments_missing", total=total)}
    paid = sum(minutes.payments.values(), ZERO)
    if paid != total:
        return {name: InvalidAnswer("refusals.board.payments_differ", paid=paid, total=total)}
    return {}


def _financing(minutes: Minutes, wanted: Wanted) -> Wrong:
    """Each increase is financed by lines that are equal to it, kind for kind and year for year."""
    given, financed = totals(minutes.granted), totals(minutes.financing)
    written = cells(minutes.heading, wanted)
    wrong: Wrong = {}
    for year, kind in sorted(given.keys() | financed.keys()):
        amount, of = given.get((year, kind), ZERO), financed.get((year, kind), ZERO)
        if amount != of:
            key = "financing_differs" if of else "financing_missing"
            facts = {"kind": kind, "year": year, "amount": amount, "financed": of}
            name = pot_field(kind, year) if (kind, year) in written else "other_financing"
            wrong[name] = InvalidAnswer(f"refusals.board.{key}", **facts)
    return wrong


def _names_in_two_lists(names: Names) -> Wrong:
    """A reservation is made by somebody who took part (KL 4 kap. 27 §), so nobody stands in two lists."""
    wrong: Wrong = {}
    seen = {_who(name) for name in names.reservations}
    for field in ("not_participating", "disqualified"):
        listed: tuple[str, ...] = getattr(names, field)
        twice = [name for name in listed if _who(name) in seen]
        if twice:
            wrong[field] = InvalidAnswer("refusals.board.name_twice", names=", ".join(twice))
        seen |= {_who(name) for name in listed}
    return wrong


def _who(name: str) -> str:
    """The name without its party: `Anna Ek (M)` is Anna Ek."""
    return " ".join(name.partition("(")[0].split()).casefold()
