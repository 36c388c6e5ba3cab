"""Numbers, dates and sizes as a Swedish reader expects them."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markupsafe import Markup

from bot.documents import formats


@pytest.mark.parametrize(
    ("value", "written"),
    [
        ("2500000", "2 500 000"),
        ("81333.33", "81 333,33"),
        ("81333.30", "81 333,30"),
        ("0", "0"),
        ("-100000", "\N{MINUS SIGN}100 000"),
        ("999999999999.99", "999 999 999 999,99"),
    ],
)
def test_an_amount_has_no_break_spaces_and_oere_only_if_any(value: str, written: str) -> None:
    assert formats.amount(Decimal(value)) == written.replace(" ", "\u00a0")


@given(st.decimals(min_value=-(10**12), max_value=10**12, places=2))
def test_an_amount_reads_back_exactly(value: Decimal) -> None:
    written = formats.amount(value)
    plain = written.replace("\u00a0", "").replace(",", ".").replace("\N{MINUS SIGN}", "-")
    assert Decimal(plain) == value


def test_one_amount_with_oere_gives_the_whole_column_oere() -> None:
    assert formats.decimals((Decimal(1), Decimal("2.50")), [None, (Decimal(3),)]) == 2
    assert formats.decimals((Decimal(1), Decimal("2.00"))) == 0
    assert formats.amount(Decimal(1), 2) == "1,00"


def test_dates_and_times_are_swedish_time_in_words() -> None:
    assert formats.datum(date(2026, 11, 22)) == "22\u00a0november\u00a02026"
    assert formats.datum("hösten 2028") == "hösten 2028"
    assert formats.kortdatum(date(2027, 8, 1)) == "1\u00a0aug.\u00a02027"
    summer = datetime(2026, 6, 30, 22, 30, tzinfo=UTC)
    assert formats.tid(summer) == "1\u00a0juli\u00a02026 kl.\u00a000.30"


def test_sizes_and_rates() -> None:
    sizes = [formats.storlek(size).replace("\u00a0", " ") for size in (0, 1, 184_320, 2_411_724)]
    assert sizes == ["1 kB", "1 kB", "184 kB", "2,4 MB"]
    assert formats.procent(Decimal("2.5")) == "2,50\u00a0%"


def test_paragraphs_are_kept_and_markup_is_not() -> None:
    made = formats.paragraphs("\n Ett <b>\nrad två\n\n\nTvå & tre\n")
    assert made == Markup("<p>Ett &lt;b&gt;<br/>rad två</p><p>Två &amp; tre</p>")
    assert formats.paragraphs(" \n\n ") == ""


def test_a_listing_reads_as_a_sentence() -> None:
    assert formats.listing(["A"]) == "A"
    assert formats.listing([2026, 2027, 2028]) == "2026, 2027 och 2028"
