"""What is asked for by each nämnd is exactly what is applied for."""

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from flows.application import applied_for, calculation_of
from flows.asked import asked
from flows.calculation import (
    CapitalCostBearer,
    OwnFinancingRow,
)
from flows.split import SplitRow
from tests.flows.filled import split, values
from tests.flows.routes import DRIFT, EXAMPLE, INVESTMENT, one_line, purchase


def test_what_is_reserved_is_what_is_applied_for_nothing_more_and_nothing_less():
    known = values()
    of = calculation_of(known)
    assert of is not None
    rows = asked(EXAMPLE, known)
    for kind, by_year in applied_for(EXAMPLE, of).items():
        for year, amount in by_year.items():
            assert sum(r.amount for r in rows if (r.kind, r.year) == (kind, year)) == amount

    assert {row.activity_code for row in rows} == {"TR200", "TR300", "TR400"}


def test_own_financing_comes_off_those_who_apply_first():
    known = one_line(300_000) | {
        "administrations": ("socialforvaltningen",),
        "split": (
            split("kultur-och-fritidsnamnden", "operating", 2026, 200_000),
            split("socialnamnden", "operating", 2026, 100_000),
        ),
        "own_financing": (OwnFinancingRow(kind=DRIFT, year=2026, amount=Decimal(150_000)),),
    }

    rows = [(row.committee, row.amount) for row in asked(EXAMPLE, known)]

    assert rows == [("kultur-och-fritidsnamnden", Decimal(150_000))]


@given(
    first=st.decimals(min_value=1, max_value=900_000, places=2),
    second=st.decimals(min_value=0, max_value=900_000, places=2),
    own=st.decimals(min_value=0, max_value=1, places=3),
)
def test_however_it_is_split_the_sums_are_those_applied_for(
    first: Decimal, second: Decimal, own: Decimal
) -> None:
    total = first + second
    known = purchase(CapitalCostBearer.PROGRAMME, total) | {
        "split": tuple(
            SplitRow(committee=committee, kind=INVESTMENT, year=2026, amount=amount)
            for committee, amount in (("socialnamnden", first), ("kommunstyrelsen", second))
        ),
        "own_financing": (
            OwnFinancingRow(
                kind=INVESTMENT, year=2026, amount=(total * own).quantize(Decimal("0.01"))
            ),
        ),
    }
    of = calculation_of(known)
    assert of is not None
    found = asked(EXAMPLE, known)
    for kind, by_year in applied_for(EXAMPLE, of).items():
        for year, amount in by_year.items():
            assert sum(r.amount for r in found if (r.kind, r.year) == (kind, year)) == amount
