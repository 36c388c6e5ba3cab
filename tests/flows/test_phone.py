"""Phone numbers are recognised as people write them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flows import phone


@pytest.mark.parametrize(
    "written",
    [
        "070-123 45 67",
        "070-1234567",
        "0701234567",
        "070 123 45 67",
        "070 123 4567",
        "+46 70 123 45 67",
        "+46701234567",
        "+46 (0)70-123 45 67",
        "0046 70 123 45 67",
        "08-123 456 78",
        "08-12 34 56",
        "08 12 34 56 78",
        "(08) 123 456 78",
        "0141-22 33 44",
        "011/20 60 00",
        "010-123 45 67",
        "070\u00a0123\u00a045\u00a067",
        " 08-123 456 78 ",
    ],
)
def test_a_phone_number_is_recognised(written):
    assert phone.without_phones(written).strip() == "☎"


@pytest.mark.parametrize(
    "written",
    [
        "",
        "123",
        "850709-9805",
        "070123-4567",
        "070123 4567",
        "07-01-23-4567",
        "200701234567",
        "08-12",
        "2 500 000",
        "2024-00430",
        "070-123 45 67 och 08-123 456 78",
        "070-123 45 67x",
        "070-123 45 67-8901",
    ],
)
def test_anything_else_is_no_phone_number(written):
    assert phone.without_phones(written).strip() != "☎"


def test_phone_numbers_are_found_in_running_text():
    text = "Anna Ek, 070-123 45 67 eller växeln 011-20 60 00."

    assert [text[start:end] for start, end in phone.find(text)] == [
        "070-123 45 67",
        "011-20 60 00",
    ]


def test_a_mark_stands_where_a_phone_number_stood():
    assert phone.without_phones("85 070-123 45 67 07099805") == "85 ☎ 07099805"


@given(st.text("0123456789+()-/ ", max_size=60))
def test_what_is_found_is_a_part_of_the_text_that_begins_like_a_number(text):
    for start, end in phone.find(text):
        assert text[start:end][0] in "0+("
        assert text[end - 1].isdigit()
