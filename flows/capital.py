"""Capital cost of an investment: depreciation and internal interest, year by year.

Straight nominal method ("rak nominell metod"): equal depreciation from the month in use, interest on
what is left. Exact fractions inside; depreciation and interest are each rounded once a year, and the
last year's depreciation is what remains, so that the book value ends exactly at the residual value.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction

from flows.calculation import Component, InvestmentLine
from flows.errors import InvalidAnswer
from flows.money import ZERO, round_ore
from flows.rules import DepreciationStart, InterestOn

MONTHS = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class CapitalYear:
    """Kronor of a calendar year. `rate` in per cent; `preliminary` when carried from an earlier year."""

    year: int
    depreciation: Decimal
    interest: Decimal
    book_value_end: Decimal
    rate: Decimal
    preliminary: bool

    @property
    def total(self) -> Decimal:
        return self.depreciation + self.interest


def schedule(
    line: InvestmentLine,
    rates: Mapping[int, Decimal],
    *,
    interest: InterestOn = InterestOn.OPENING,
    start: DepreciationStart = DepreciationStart.IN_USE_MONTH,
) -> tuple[CapitalYear, ...]:
    """Return every year from the first with depreciation until the investment is fully depreciated.

    `rates` is the internal interest rate in per cent by year. Components are computed one by one and
    added; their lives are never averaged. Raises InvalidAnswer when no rate is known for the first
    year or any before it.
    """
    return total_schedule([line], rates, interest=interest, start=start)


def total_schedule(
    lines: Iterable[InvestmentLine],
    rates: Mapping[int, Decimal],
    *,
    interest: InterestOn = InterestOn.OPENING,
    start: DepreciationStart = DepreciationStart.IN_USE_MONTH,
) -> tuple[CapitalYear, ...]:
    """Return the schedules of several investments, added year by year; see `schedule`."""
    parts = [
        tuple(
            _of_part(
                part,
                rates,
                first_month=_first_month(line.in_use_from, start),
                interest=interest,
            )
        )
        for line in lines
        for part in line.parts
    ]
    shown = sorted({year.year for part in parts for year in part})
    return tuple(_added(year, parts) for year in shown)


def yearly_costs(schedule: Iterable[CapitalYear]) -> dict[int, Decimal]:
    """Capital cost in kronor by year, as calculation.applied_for takes it."""
    return {year.year: year.total for year in schedule}


def full_year_effect(
    line: InvestmentLine,
    rates: Mapping[int, Decimal],
    *,
    interest: InterestOn = InterestOn.OPENING,
    start: DepreciationStart = DepreciationStart.IN_USE_MONTH,
) -> Decimal:
    """Return the first year's capital cost in kronor, as if in use all that year."""
    year = _first_month(line.in_use_from, start) // MONTHS
    january = line.model_copy(update={"in_use_from": date(year, 1, 1)})
    return schedule(january, rates, interest=interest)[0].total


def rate_of(year: int, rates: Mapping[int, Decimal]) -> tuple[Decimal, bool]:
    """Return `(rate, preliminary)`: the year's rate in per cent, or the last known before it."""
    known = [earlier for earlier in rates if earlier <= year]
    if not known:
        raise InvalidAnswer("refusals.calculation.no_interest_rate", year=year)
    return rates[max(known)], max(known) != year


def _first_month(in_use_from: date, start: DepreciationStart) -> int:
    """Return the first month that is depreciated, counted from January of year 0."""
    month = in_use_from.year * MONTHS + in_use_from.month - 1
    match start:
        case DepreciationStart.IN_USE_MONTH:
            return month
        case DepreciationStart.MONTH_AFTER:
            return month + 1
        case DepreciationStart.NEXT_YEAR:
            return (in_use_from.year + 1) * MONTHS


def _of_part(
    part: Component, rates: Mapping[int, Decimal], *, first_month: int, interest: InterestOn
) -> Iterator[CapitalYear]:
    residual = part.residual_value
    per_month = Fraction(part.amount - residual) / (part.useful_life * MONTHS)
    end = first_month + part.useful_life * MONTHS
    opening, printed = Fraction(part.amount), part.amount
    for year in range(first_month // MONTHS, (end - 1) // MONTHS + 1):
        months = min(end, (year + 1) * MONTHS) - max(first_month, year * MONTHS)
        rate, preliminary = rate_of(year, rates)
        balance = _balance(interest, opening=opening, per_month=per_month, months=months)
        is_last = (year + 1) * MONTHS >= end
        depreciation = printed - residual if is_last else round_ore(per_month * months)
        opening -= per_month * months
        printed -= depreciation
        yield CapitalYear(
            year=year,
            depreciation=depreciation,
            interest=round_ore(Fraction(rate) / 100 * balance * months / MONTHS),
            book_value_end=printed,
            rate=rate,
            preliminary=preliminary,
        )


def _balance(
    interest: InterestOn, *, opening: Fraction, per_month: Fraction, months: int
) -> Fraction:
    """Return what bears interest: the opening book value, or a mean over the active months."""
    match interest:
        case InterestOn.OPENING:
            return opening
        case InterestOn.MONTHLY:
            return opening - per_month * (months - 1) / 2
        case InterestOn.AVERAGE:
            return opening - per_month * months / 2


def _added(year: int, parts: Iterable[tuple[CapitalYear, ...]]) -> CapitalYear:
    """Add what the parts cost in a year. A finished part keeps its residual value in the books."""
    so_far = [[passed for passed in part if passed.year <= year] for part in parts]
    latest = [passed[-1] for passed in so_far if passed]
    active = [part for part in latest if part.year == year]
    return CapitalYear(
        year=year,
        depreciation=sum((part.depreciation for part in active), ZERO),
        interest=sum((part.interest for part in active), ZERO),
        book_value_end=sum((part.book_value_end for part in latest), ZERO),
        rate=active[0].rate,
        preliminary=active[0].preliminary,
    )
