"""Amounts are read as people write them, exactly, or refused with what to write instead."""

from decimal import Decimal, localcontext
from fractions import Fraction

import pytest
from babel.numbers import format_decimal
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel, ValidationError

from bot.render import Texts, kr
from flows.errors import InvalidAnswer
from flows.money import LARGEST, Kronor, parse_amount, round_ore

amounts = st.decimals(min_value=Decimal("0.01"), max_value=LARGEST, places=2)


@pytest.mark.parametrize(
    ("written", "kronor"),
    [
        ("1,6 mkr", "1600000"),
        ("1.1 mkr", "1100000"),
        ("1,1 mkr", "1100000"),
        ("1,6mkr", "1600000"),
        ("5 mnkr", "5000000"),
        ("5 Mkr", "5000000"),
        ("5 MKR", "5000000"),
        ("2,125 mkr", "2125000"),
        ("0,125 mkr", "125000"),
        ("0.125 mkr", "125000"),
        ("4,29 mkr", "4290000"),
        ("2 miljon", "2000000"),
        ("10 miljon", "10000000"),
        ("2,5 miljoner", "2500000"),
        ("2,5 miljoner kronor", "2500000"),
        ("2,5 milj. kr", "2500000"),
        ("200 tkr", "200000"),
        ("200 tusen kronor", "200000"),
        ("0,5 tkr", "500"),
        ("2 500 000 kr", "2500000"),
        ("2 500 000", "2500000"),
        ("2500000", "2500000"),
        ("2\u00a0500\u00a0000\u00a0kr", "2500000"),
        ("2\u202f500\u202f000 kr", "2500000"),
        ("2\u2009500\u2009000 kronor", "2500000"),
        ("2.500.000", "2500000"),
        ("2.500.000 kr", "2500000"),
        ("2,500,000 kr", "2500000"),
        ("2.500.000,50", "2500000.50"),
        ("2,500.50 kr", "2500.50"),
        ("1 234,50 kr", "1234.50"),
        ("1234.5", "1234.50"),
        ("1 krona", "1"),
        ("500:-", "500"),
        ("500 :-", "500"),
        ("500,-", "500"),
        ("500 SEK", "500"),
        ("SEK 500", "500"),
        ("  500   kr. ", "500"),
        ("５００ kr", "500"),
        ("1000 mkr", "1000000000"),
    ],
)
@pytest.mark.requirement("R002-10")
def test_an_amount_is_read_as_people_write_it(written, kronor):
    assert parse_amount(written) == Decimal(kronor)


@pytest.mark.parametrize(
    ("written", "reason"),
    [
        ("", "empty"),
        ("  \u00a0 ", "empty"),
        ("1.100 kr", "ambiguous"),
        ("1,234", "thousands"),
        ("12.345", "thousands"),
        ("1.500 tkr", "ambiguous"),
        ("1.234 mkr", "ambiguous"),
        ("-200 tkr", "negative"),
        ("\u2212200 tkr", "negative"),
        ("–200", "negative"),
        ("minus 200", "negative"),
        ("0", "zero"),
        ("0,00 kr", "zero"),
        ("1,2345 kr", "too_precise"),
        ("10,505", "thousands"),
        ("1234,505", "too_precise"),
        ("1,234567891 mkr", "too_precise"),
        ("5-6 mnkr", "range"),
        ("5 – 6 mnkr", "range"),
        ("1-1,5", "range"),
        ("5 mkr - 6 mkr", "range"),
        ("5 till 6 mkr", "range"),
        ("2 eller 3 mkr", "range"),
        ("ca 5 mkr", "approximate"),
        ("cirka 5 mkr", "approximate"),
        ("~5 mkr", "approximate"),
        ("25 00 000", "grouping"),
        ("1 6 mkr", "grouping"),
        ("1.2.3", "grouping"),
        ("2.500,000.00", "grouping"),
        ("2'500'000", "not_an_amount"),
        ("200 euro", "unknown_unit"),
        ("200 tkr per år", "unknown_unit"),
        ("1e6", "not_an_amount"),
        ("NaN", "not_an_amount"),
        ("Infinity", "not_an_amount"),
        ("två miljoner", "not_an_amount"),
        ("kr", "not_an_amount"),
        ("9" * 70, "not_an_amount"),
        ("1000000000001", "too_large"),
        ("2000000 mkr", "too_large"),
    ],
)
def test_what_is_no_single_exact_amount_is_refused_with_its_reason(written, reason):
    with pytest.raises(InvalidAnswer) as refused:
        parse_amount(written)

    assert refused.value.key == f"refusals.money.{reason}"
    assert "{" not in Texts()(refused.value.key, **refused.value.facts)


def test_an_ambiguous_amount_is_refused_with_both_readings():
    with pytest.raises(InvalidAnswer) as refused:
        parse_amount("1.100 kr")

    assert refused.value.facts == {"as_thousands": "1 100 kr", "as_decimals": "1,1 kr"}


@pytest.mark.parametrize("written", ["1.100 kr", "1,230", "12.000 tkr", "1.250 mkr"])
def test_each_reading_that_a_refusal_offers_is_itself_readable(written):
    with pytest.raises(InvalidAnswer) as refused:
        parse_amount(written)

    facts = refused.value.facts
    assert parse_amount(facts["as_thousands"]) == 1000 * parse_amount(facts["as_decimals"])


def test_zero_is_read_where_it_makes_sense():
    assert parse_amount("0 kr", allow_zero=True) == 0


@given(amounts)
def test_what_we_print_is_read_back_as_the_same_amount(amount):
    assert parse_amount(kr(amount)) == amount
    assert parse_amount(str(amount)) == amount
    assert parse_amount(format_decimal(amount, "#,##0.00", locale="sv_SE") + " SEK") == amount


@given(st.text(max_size=80) | st.text("0123456789 .,-kmrtnsek:\u00a0–", max_size=30))
def test_any_text_is_a_whole_number_of_ore_or_refused(text):
    try:
        amount = parse_amount(text)
    except InvalidAnswer:
        return
    assert 0 < amount <= LARGEST
    assert amount.as_tuple().exponent == -2


def test_half_an_ore_is_rounded_up():
    assert round_ore(Decimal("0.005")) == Decimal("0.01")
    assert round_ore(Decimal("0.0049999999999999999999999999999999")) == 0
    assert round_ore(Fraction(2, 3)) == Decimal("0.67")
    assert round_ore(Decimal("-0.005")) == Decimal("-0.01")


@given(st.fractions(min_value=0, max_value=10**12))
def test_rounding_is_exact_whatever_the_decimal_context(amount):
    with localcontext() as context:
        context.prec = 3
        rounded = round_ore(amount)

    assert abs(Fraction(rounded) - amount) <= Fraction(1, 200)
    assert rounded.as_tuple().exponent == -2


class Cost(BaseModel):
    amount: Kronor


@pytest.mark.parametrize("value", [0.1, 1.0, "1.234", -1, "-0.01", "NaN", "Infinity", 10**13])
def test_a_model_takes_no_float_and_no_fraction_of_an_ore(value):
    with pytest.raises(ValidationError):
        Cost(amount=value)


@given(amounts)
def test_an_amount_survives_being_stored(amount):
    assert Cost.model_validate_json(Cost(amount=amount).model_dump_json()).amount == amount
