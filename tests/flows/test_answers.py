"""Reading an answer: typed values or a hint, and never an identity number."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flows import answers
from flows.errors import InvalidAnswer
from flows.form import LONGEST, Ask, Kind
from flows.intake import Dialogue, NamedPerson
from tests.flows.filled import ANNA, items, values, with_own_questions

TEXT, LINE = Ask("what", 1, Kind.TEXT), Ask("title", 0, Kind.LINE, longest=120)
CONTACT = Ask("contact", 0, Kind.CONTACT, longest=300)
CHOICE = Ask("scope", 1, Kind.CHOICE, options=("own", "several"))
CHOICES = Ask("concerned", 4, Kind.CHOICES, options=("a", "b", "c"))
ROWS = Ask("dialogue", 5, Kind.ROWS, row=Dialogue)
KINDS = [TEXT, LINE, CONTACT, CHOICE, CHOICES, Ask("d", 1, Kind.DATE), Ask("y", 1, Kind.YES_NO)]
KINDS += [Ask("p", 3, Kind.PERSON), Ask("c", 3, Kind.CONFIRM)]
AT = datetime(2026, 11, 20, 8, 15, tzinfo=UTC)


def refused(ask: Ask, raw: Any) -> str:
    with pytest.raises(InvalidAnswer) as found:
        answers.read(ask, raw)
    return found.value.key.removeprefix("refusals.answers.")


@pytest.mark.requirement("R000-21", "R000-22", "R000-23", "R000-25")
@pytest.mark.parametrize(
    "blank", ["", "   ", "\n\t", "-", "…", "\u200b", "\u2060\ufeff\u00ad", "👍"]
)
@pytest.mark.parametrize("ask", [TEXT, LINE, CONTACT], ids=lambda ask: ask.kind)
def test_a_text_has_a_letter_or_a_digit(ask: Ask, blank: str):
    assert refused(ask, blank) == "blank"


@given(st.text(alphabet=st.characters(categories=["Zs", "Cc", "Cf", "Pd", "Po"]), max_size=40))
def test_nothing_that_cannot_be_read_is_an_answer(text: str):
    assert refused(TEXT, text) == "blank"


@pytest.mark.parametrize("ask", KINDS, ids=lambda ask: ask.kind)
@pytest.mark.parametrize("number", ["19850709-9805", "Hon heter 850709-9805.", "7010632391"])
def test_an_identity_number_is_found_whatever_is_asked(ask: Ask, number: str):
    assert refused(ask, number) == "identity_number"


def test_a_phone_number_is_welcome_in_a_contact_only():
    assert answers.read(CONTACT, "Anna, 0701740605") == "Anna, 0701740605"


def test_a_line_is_one_line_and_a_text_keeps_its_lines():
    assert answers.read(LINE, " Trygga\n  centrum ") == "Trygga centrum"
    assert answers.read(TEXT, " ett\n\ntvå ") == "ett\n\ntvå"


def test_the_longest_text_is_taken_and_one_more_is_not():
    assert len(answers.read(TEXT, "a" * LONGEST)) == LONGEST
    assert refused(TEXT, "a" * (LONGEST + 1)) == "too_long"
    assert refused(LINE, "a" * 121) == "too_long"


@pytest.mark.parametrize(
    ("said", "means"), [("Ja", True), ("jo!", True), ("N", False), (True, True)]
)
def test_yes_and_no_are_read(said: Any, means: bool):
    assert answers.read(Ask("y", 1, Kind.YES_NO), said) is means


@given(st.text(max_size=8))
def test_anything_else_is_neither_yes_nor_no(said: str):
    if said.strip().lower().rstrip(".!") in answers.YES | answers.NO:
        return
    assert refused(Ask("y", 1, Kind.YES_NO), said) == "yes_or_no"


def test_choices_come_in_the_order_of_the_options_and_once():
    assert answers.read(CHOICES, ["c", "a", "a"]) == ("a", "c")
    assert refused(CHOICES, []) == "choose_one"
    assert refused(CHOICES, ["a", "x"]) == "not_an_option"
    assert refused(CHOICE, "x") == "not_an_option"


def test_a_confirmation_is_yes_or_nothing():
    assert answers.read(Ask("c", 3, Kind.CONFIRM), "ja") is True
    assert refused(Ask("c", 3, Kind.CONFIRM), "nej") == "not_confirmed"


@pytest.mark.requirement("R000-27")
def test_a_person_is_chosen_or_named():
    chosen = NamedPerson(name="Eva Lund", person="T1:U1")
    ask = Ask("finance_officer", 3, Kind.PERSON)

    assert answers.read(ask, chosen) is chosen
    assert answers.read(ask, " Eva  Lund ") == NamedPerson(name="Eva Lund")
    assert refused(ask, "12") == "name_needed"


def test_a_table_has_the_rows_that_are_needed():
    assert refused(ROWS, []) == "row_needed"
    assert answers.read(Ask("operating", 3, Kind.ROWS, row=Dialogue, least=0), []) == ()


@pytest.mark.parametrize("key", sorted(values()))
def test_what_is_stored_is_read_back_as_it_was(key: str):
    asked = {i.ask.key: i.ask for i in items(with_own_questions(), values())}
    if key not in asked:  # of TFF's own proposals, or of a nämnd that can pay
        return
    row = {"value": answers.to_json(values()[key]), "by": ANNA, "at": AT, "basis": "", "number": 1}

    read = answers.from_json(asked[key], row)

    assert read is not None
    assert read.value == values()[key]


@pytest.mark.parametrize(
    ("ask", "value"),
    [(CHOICE, "gone"), (CHOICES, ["a", "gone"]), (Ask("d", 1, Kind.DATE), "snart"), (ROWS, [{}])],
)
def test_a_stored_answer_that_no_longer_fits_is_asked_again(ask: Ask, value: Any):
    row = {"value": value, "by": ANNA, "at": AT, "basis": "", "number": 1}

    assert answers.from_json(ask, row) is None
    assert answers.reader({ask.key: row})(ask) is None


def test_a_question_that_was_skipped_is_answered():
    row = {"value": None, "by": ANNA, "at": AT, "basis": "", "number": 1}

    assert answers.from_json(Ask("x", 1, Kind.TEXT, optional=True), row) is not None
    assert answers.read(Ask("d", 1, Kind.DATE), date(2027, 1, 1)) == date(2027, 1, 1)
