"""Drift or investment: what the threshold suggests, and why. A person decides.

The sum is the whole purchase, never one invoice of it. The threshold is the municipality's own: a
factor of the year's price base amount (prisbasbelopp), or a fixed sum.
"""

from collections.abc import Mapping
from decimal import Decimal
from typing import NamedTuple

from flows.money import round_ore
from flows.rules import Comparison, CostKind, InvestmentThreshold


class Suggestion(NamedTuple):
    """`kind` is None when nothing can be suggested; `key` words the reason with `facts`."""

    kind: CostKind | None
    key: str
    facts: dict[str, object]


def suggest(
    amount: Decimal,
    *,
    useful_life: int,
    year: int,
    threshold: InvestmentThreshold,
    price_base_amounts: Mapping[int, Decimal],
) -> Suggestion:
    """Suggest drift or investment for a purchase of `amount` kronor that lasts `useful_life` years.

    `price_base_amounts` is kronor by year. A year that is missing gives no suggestion: last year's
    amount is another law.
    """
    if useful_life < threshold.minimum_life_years:
        facts: dict[str, object] = {"minimum_life": threshold.minimum_life_years}
        return Suggestion(CostKind.OPERATING, "calculation.classification.short_life", facts)
    limit = _limit(threshold, price_base_amounts.get(year))
    if limit is None:
        return Suggestion(None, "calculation.classification.no_price_base_amount", {"year": year})
    reached = amount >= limit if threshold.comparison is Comparison.AT_LEAST else amount > limit
    kind = CostKind.INVESTMENT if reached else CostKind.OPERATING
    key = f"calculation.classification.{'reached' if reached else 'below'}_{threshold.comparison}"
    return Suggestion(kind, key, {"amount": amount, "limit": limit, "year": year})


def _limit(threshold: InvestmentThreshold, price_base_amount: Decimal | None) -> Decimal | None:
    if threshold.fixed is not None:
        return threshold.fixed
    if price_base_amount is None or threshold.factor is None:
        return None
    return round_ore(threshold.factor * price_base_amount)
