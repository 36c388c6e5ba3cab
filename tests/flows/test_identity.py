"""Identity numbers are found however they are written, and little else is."""

import random
import time
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from personnummer import personnummer

from flows import identity, phone

NUMBER = "850709-9805"  # the number of public test suites; nobody's


@pytest.mark.parametrize(
    "written",
    [
        "850709-9805",
        "850709+9805",
        "8507099805",
        "198507099805",
        "19850709-9805",
        "850709 9805",
        "850709 - 9805",
        "850709–9805",
        "850709—9805",
        "850709\u20119805",
        "850709\u22129805",
        "850709\u00a09805",
        "850709\u202f9805",
        "850709\n9805",
        "850709_9805",
        "850709/9805",
        "1985-07-09-9805",
        "1985-07-099805",
        "1985 07 09 9805",
        "85.07.09-9805",
        "８５０７０９-９８０５",
        "٨٥٠٧٠٩-٩٨٠٥",
        "85\u200b0709-98\u00ad05",
        "850709-T980",
        "19850709R980",
    ],
)
def test_a_personnummer_is_found_however_it_is_written(written):
    before, after = "Ring Anna (", "), tack."

    assert identity.find(before + written + after) == [(len(before), len(before) + len(written))]
    assert identity.contains(written)


@pytest.mark.parametrize("written", ["701063-2391", "640883-3231"])
def test_a_samordningsnummer_is_found(written):
    assert personnummer.valid(written)
    assert identity.contains(written)


@pytest.mark.parametrize(
    "around", ["pnr{}.", "ID:{}x", "kvitto_{}.pdf", "{},{}", "12-{}", "{} 12 st"]
)
def test_what_stands_around_it_does_not_hide_it(around):
    assert identity.contains(around.replace("{}", NUMBER))


def test_every_number_in_a_text_is_found():
    text = f"{NUMBER} och 19121212+1212, {NUMBER}"

    assert [text[start:end] for start, end in identity.find(text)] == [
        NUMBER,
        "19121212+1212",
        NUMBER,
    ]


@pytest.mark.parametrize(
    "text",
    [
        "2 500 000",
        "2 500 000 kr",
        "1 201 019 876 kr",
        "2024-00430",
        "KS 2020/66",
        "KFKS-2024-00430",
        "556703-7485",
        "16556703-7485",
        "2026-10-01 – 2027-03-31",
        "2026-10-01-2027-03-31",
        "20261001–20270331",
        "070-123 45 67",
        "+46701234567",
        "850709-9806",
        "851309-9805",
        "850732-9805",
        "18507099805",
        "85070998051",
        "",
    ],
)
def test_amounts_diary_numbers_dates_and_phones_are_left_alone(text):
    assert identity.find(text) == []


def _check_digit(digits):
    total = sum(
        sum(divmod(int(digit) * (2 - position % 2), 10)) for position, digit in enumerate(digits)
    )
    return str(-total % 10)


births = st.dates(date(1900, 1, 1), date(2026, 12, 31))
serials = st.integers(1, 999)
separators = st.sampled_from(["", "-", "+", " ", "–", "\u2011", "\u00a0", " - "])


@given(births, serials, separators, st.booleans(), st.booleans())
def test_every_real_number_is_found(birth, serial, separator, with_century, coordination):
    day = birth.day + 60 * coordination
    digits = f"{birth:%y%m}{day:02d}{serial:03d}"
    whole = digits + _check_digit(digits)
    plain = f"{birth:%Y}"[:2] * with_century + whole[:6] + separator + whole[6:]

    assert identity.contains(f"Kontakta {plain} senast fredag.")


@given(st.integers(0, 10**10 - 1).map("{:010d}".format))
def test_ten_digits_are_found_exactly_when_the_personnummer_package_finds_them_valid(digits):
    assert identity.contains(digits) == personnummer.valid(digits)


@given(births, serials, st.integers(0, 9), st.booleans())
def test_a_date_and_four_digits_are_found_exactly_when_valid(birth, serial, check, coordination):
    written = f"{birth:%Y%m}{birth.day + 60 * coordination:02d}-{serial:03d}{check}"

    assert identity.contains(written) == personnummer.valid(written)


@given(st.text())
def test_a_span_is_a_part_of_the_text(text):
    for start, end in identity.find(text + NUMBER):
        assert 0 <= start < end <= len(text) + len(NUMBER)
        assert (text + NUMBER)[start].isdecimal()


def share(make):
    chance = random.Random(2026)
    return sum(identity.contains(make(chance)) for _ in range(5_000)) / 5_000


def grouped(chance):
    return f"{chance.randrange(1, 10 ** chance.randrange(3, 13)):,} kr".replace(",", " ")


@pytest.mark.parametrize(
    ("make", "most"),
    [
        (grouped, 0),
        (lambda chance: f"KS-{chance.randrange(2000, 2100)}-{chance.randrange(10**5):05d}", 0),
        (
            lambda chance: (
                f"{chance.randrange(20, 100)}{chance.randrange(2000, 10000)}-{chance.randrange(10**4):04d}"
            ),
            0,
        ),
        (
            lambda chance: (
                f"07{chance.randrange(10)}-{chance.randrange(1000):03d} {chance.randrange(100):02d} {chance.randrange(100):02d}"
            ),
            0,
        ),
        (lambda chance: f"{chance.randrange(10**10):010d}", 0.01),
    ],
    ids=["amounts", "diary numbers", "organisations", "phones", "any ten digits"],
)
def test_false_hits_are_few(make, most):
    assert share(make) <= most


@pytest.mark.parametrize("piece", ["1", "850709 ", "19", "0 ", "8 5-", "８", "1985-07-", "\u200b1"])
def test_hostile_text_takes_linear_time(piece):
    began = time.perf_counter()
    identity.contains(piece * (100_000 // len(piece)))

    assert time.perf_counter() - began < 2


PHONE_THAT_IS_ALSO_A_DATE = "0701019804"


def test_a_phone_that_is_also_an_identity_number_passes_where_phones_are_taken_out():
    assert identity.contains(PHONE_THAT_IS_ALSO_A_DATE)
    assert not identity.contains(phone.without_phones(f"Anna Ek, {PHONE_THAT_IS_ALSO_A_DATE}"))


@pytest.mark.parametrize("written", [NUMBER, "070101-9804", "070101 9804", "07-01-01-9804"])
def test_a_number_that_is_not_written_like_a_phone_is_found_beside_phones_too(written):
    assert identity.contains(phone.without_phones(f"Anna Ek, 070-123 45 67, {written}"))


def test_ordinary_letters_are_folded_at_once_as_they_would_be_one_by_one():
    ordinary = [chr(code) for code in range(0x250) if identity._FOLDED.fullmatch(chr(code))]
    assert {"å", "Ö", "é", "7", "~", "\n"} <= set(ordinary)
    for text in (*ordinary, "".join(ordinary)):
        folded, origin = identity._fold_each(text)
        assert identity._fold(text) == (folded, range(len(text)))
        assert origin == list(range(len(text)))
