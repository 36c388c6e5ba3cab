"""The split between committees equals point 3 to the öre, or the difference is shown where it is."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.render import Texts
from flows.errors import InvalidAnswer
from flows.rules import CostKind
from flows.split import SplitRow, differences, rest_on

DRIFT, INVESTMENT = CostKind.OPERATING, CostKind.INVESTMENT


def row(committee, amount, *, kind=DRIFT, year=2026):
    return SplitRow(committee=committee, kind=kind, year=year, amount=Decimal(amount))


def sums(operating, investment=None):
    return {DRIFT: operating, INVESTMENT: investment or {}}


THREE_MILLION = sums({2026: Decimal(3_000_000)})


@pytest.mark.requirement("R000-38")
def test_a_split_that_equals_the_cost_is_accepted():
    rows = [row("son", 1_000_000), row("kfn", 500_000), row("ks", 1_500_000)]

    assert differences(rows, THREE_MILLION) == ()


@pytest.mark.requirement("R000-38")
def test_one_krona_too_little_is_shown_with_kind_and_year():
    rows = [row("son", 1_000_000), row("kfn", 500_000), row("ks", 1_499_999)]

    (difference,) = differences(rows, THREE_MILLION)

    assert (difference.kind, difference.year, difference.amount) == (DRIFT, 2026, 1)


@pytest.mark.requirement("R000-38")
def test_a_right_sum_in_the_wrong_year_or_kind_is_a_difference():
    cost = sums({2026: Decimal(2), 2027: Decimal(2)}, {2026: Decimal(1), 2027: Decimal(0)})
    rows = [row("son", 3), row("son", 1, year=2027), row("son", 1, kind=INVESTMENT, year=2027)]

    assert [(gap.kind, gap.year, gap.amount) for gap in differences(rows, cost)] == [
        (DRIFT, 2026, -1),
        (DRIFT, 2027, 1),
        (INVESTMENT, 2026, 1),
        (INVESTMENT, 2027, -1),
    ]


def test_a_year_outside_the_calculation_is_a_difference():
    (difference,) = differences([row("son", 5, year=2031)], sums({2026: Decimal(0)}))

    assert (difference.year, difference.cost, difference.split) == (2031, 0, 5)


def test_the_rest_goes_on_the_named_committee_in_place_of_what_it_had():
    cost = sums({2026: Decimal("10.01")}, {2026: Decimal(4), 2027: Decimal(6)})
    rows = [row("son", 3), row("ks", 99), row("son", 4, kind=INVESTMENT)]

    filled = rest_on("ks", rows, cost)

    assert filled == (
        row("son", 3),
        row("son", 4, kind=INVESTMENT),
        row("ks", "7.01"),
        row("ks", 6, kind=INVESTMENT, year=2027),
    )


def test_there_is_no_rest_when_the_others_have_too_much():
    with pytest.raises(InvalidAnswer) as refused:
        rest_on("ks", [row("son", 3_000_001)], THREE_MILLION)

    assert refused.value.key == "refusals.calculation.split_operating_exceeded"
    assert refused.value.facts["excess"] == 1
    assert "2026" in Texts()(refused.value.key, **refused.value.facts)


kronor = st.decimals(min_value=0, max_value=10**7, places=2)
some_rows = st.lists(
    st.builds(
        row,
        st.sampled_from(["son", "kfn", "ks"]),
        kronor,
        kind=st.sampled_from(CostKind),
        year=st.integers(2026, 2028),
    )
)
some_sums = st.builds(
    sums,
    *[
        st.fixed_dictionaries(dict.fromkeys((2026, 2027, 2028), st.decimals(0, 10**9, places=2)))
        for _ in CostKind
    ],
)


@given(some_rows, some_sums)
def test_after_the_rest_nothing_differs_and_the_others_are_untouched(rows, cost):
    try:
        filled = rest_on("ks", rows, cost)
    except InvalidAnswer:
        others = [given for given in rows if given.committee != "ks"]
        assert any(gap.amount < 0 for gap in differences(others, cost))
    else:
        assert differences(filled, cost) == ()
        assert [r for r in filled if r.committee != "ks"] == [
            r for r in rows if r.committee != "ks"
        ]


@given(some_rows, some_sums)
def test_the_differences_explain_the_whole_difference(rows, cost):
    gaps = differences(rows, cost)

    costs_in_all = sum(amount for by_year in cost.values() for amount in by_year.values())
    assert sum(gap.amount for gap in gaps) == costs_in_all - sum(r.amount for r in rows)
