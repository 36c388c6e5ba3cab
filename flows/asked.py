"""What a case asks for, by nämnd, kind and budget year: the allocations that are reserved and decided.

Point 4 splits what the measure costs; what is applied for differs from that by own financing and by
compensated capital costs. The sums by kind and year are exactly those of `application.applied_for`.
"""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from fractions import Fraction

from flows import calculation
from flows.application import applied_for, calculation_of, capital_costs, split_of
from flows.calculation import Sums
from flows.capital import yearly_costs
from flows.decided import Allocation
from flows.form import Known
from flows.intake import receivers
from flows.money import ZERO, round_ore
from flows.programme import Programme
from flows.rules import CostKind
from flows.split import SplitRow

Shares = dict[str, Decimal]  # kronor by committee


def asked(programme: Programme, known: Known) -> tuple[Allocation, ...]:
    """Return what is applied for; nothing before there is a calculation.

    Own financing is taken off the nämnder that apply, in their order, then off the others.
    Compensated capital costs go to whoever gets the investment, in proportion to it. Raises
    InvalidAnswer as calculation.applied_for.
    """
    of = calculation_of(known)
    if of is None:
        return ()
    rows = split_of(programme, known)
    yearly = yearly_costs(capital_costs(programme, of))
    eligible = calculation.eligible_costs(of, capital_costs=yearly)
    wanted, costs = applied_for(programme, of), calculation.costs(of)
    applicants = receivers(programme, {"administrations": known.get("administrations", ())})
    found = []
    for kind in CostKind:
        for year in sorted(wanted[kind]):
            shares = _of(rows, kind, year)
            capital = _at(eligible, kind, year) - _at(costs, kind, year)
            for committee, amount in _in_proportion(capital, _investment(rows)).items():
                shares[committee] = shares.get(committee, ZERO) + amount
            own = _at(eligible, kind, year) - _at(wanted, kind, year)
            left = _less(shares, own, first=applicants)
            found += [_allocation(programme, c, kind, year, left[c]) for c in left if left[c]]
    return tuple(found)


def _at(sums: Sums, kind: CostKind, year: int) -> Decimal:
    return sums[kind].get(year, ZERO)


def _of(rows: Iterable[SplitRow], kind: CostKind, year: int) -> Shares:
    shares: Shares = {}
    for row in rows:
        if (row.kind, row.year) == (kind, year):
            shares[row.committee] = shares.get(row.committee, ZERO) + row.amount
    return shares


def _investment(rows: Iterable[SplitRow]) -> Shares:
    """What each nämnd invests in all years together: its weight in the capital costs."""
    shares: Shares = {}
    for row in rows:
        if row.kind is CostKind.INVESTMENT:
            shares[row.committee] = shares.get(row.committee, ZERO) + row.amount
    return shares


def _in_proportion(amount: Decimal, weights: Mapping[str, Decimal]) -> Shares:
    """Whole öre, with what rounding leaves on the last; nothing when there is nothing to share."""
    total = sum(weights.values(), ZERO)
    if not amount or not total:
        return {}
    shares: Shares = {}
    reached, given = ZERO, ZERO
    for committee, weight in weights.items():
        reached += weight
        upto = round_ore(Fraction(amount) * Fraction(reached) / Fraction(total))
        shares[committee] = upto - given
        given = upto
    return shares


def _less(shares: Shares, own: Decimal, *, first: Iterable[str]) -> Shares:
    """The shares when `own` has been taken off, of `first` before the others."""
    left = dict(shares)
    for committee in dict.fromkeys([*first, *shares]):
        off = min(own, left.get(committee, ZERO))
        if off:
            left[committee] -= off
            own -= off
    return left


def _allocation(
    programme: Programme, committee: str, kind: CostKind, year: int, amount: Decimal
) -> Allocation:
    found = programme.committee(committee)
    code = found.activity_code if found else ""
    return Allocation(committee=committee, kind=kind, year=year, amount=amount, activity_code=code)
