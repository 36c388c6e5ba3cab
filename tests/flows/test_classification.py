"""Drift or investment is suggested from the dated threshold, with the reason."""

from datetime import date
from decimal import Decimal

import pytest

from bot.render import Texts
from flows.classification import suggest
from flows.rules import Comparison, CostKind, InvestmentThreshold

PRICE_BASE_AMOUNTS = {
    2020: Decimal(47_300),
    2021: Decimal(47_600),
    2022: Decimal(48_300),
    2023: Decimal(52_500),
    2024: Decimal(57_300),
    2025: Decimal(58_800),
    2026: Decimal(59_200),
}


def threshold(**rule):
    return InvestmentThreshold(since=date(2020, 1, 1), source="KF § 1", **rule)


def suggested(amount, *, useful_life=5, year=2024, **rule):
    suggestion = suggest(
        Decimal(amount),
        useful_life=useful_life,
        year=year,
        threshold=threshold(**(rule or {"factor": "1"})),
        price_base_amounts=PRICE_BASE_AMOUNTS,
    )
    assert Texts()(suggestion.key, **suggestion.facts)  # worded, with every fact it needs
    return suggestion.kind


@pytest.mark.requirement("R000-28", "2.5", "2.4")
@pytest.mark.parametrize(
    ("year", "factor", "kind"),
    [
        (2022, "1", CostKind.INVESTMENT),
        (2023, "1", CostKind.OPERATING),
        (2023, "0.5", CostKind.INVESTMENT),
    ],
)
def test_fifty_thousand_for_five_years_is_one_or_the_other_by_year_and_factor(year, factor, kind):
    assert suggested(50_000, year=year, factor=factor) is kind


@pytest.mark.requirement("2.5")
def test_items_bought_together_are_judged_together():
    assert suggested(10 * 8_000) is CostKind.INVESTMENT
    assert suggested(8_000) is CostKind.OPERATING


@pytest.mark.requirement("2.4")
@pytest.mark.parametrize(("year", "amount"), PRICE_BASE_AMOUNTS.items())
def test_the_threshold_is_that_years_price_base_amount(year, amount):
    assert suggested(amount, year=year) is CostKind.INVESTMENT
    assert suggested(amount - Decimal("0.01"), year=year) is CostKind.OPERATING


@pytest.mark.parametrize(
    ("comparison", "kind"),
    [(Comparison.AT_LEAST, CostKind.INVESTMENT), (Comparison.OVER, CostKind.OPERATING)],
)
@pytest.mark.requirement("R000-28")
def test_the_threshold_itself_is_reached_or_not_as_the_rule_says(comparison, kind):
    assert suggested(57_300, factor="1", comparison=comparison) is kind
    assert suggested("57300.01", factor="1", comparison=comparison) is CostKind.INVESTMENT


def test_what_lasts_shorter_than_three_years_is_drift():
    assert suggested(1_000_000, useful_life=2) is CostKind.OPERATING
    assert suggested(1_000_000, useful_life=3) is CostKind.INVESTMENT


def test_a_fixed_sum_needs_no_price_base_amount():
    assert suggested(25_000, year=2031, fixed=25_000) is CostKind.INVESTMENT


@pytest.mark.requirement("2.4")
def test_a_year_without_its_price_base_amount_gives_no_suggestion():
    assert suggested(1_000_000, year=2027) is None
