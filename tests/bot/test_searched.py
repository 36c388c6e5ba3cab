"""Identity numbers inside dropped files are found; what is none is left alone."""

import io
from decimal import Decimal

import docx
import openpyxl
import pytest

from bot.jobs.searched import has_identity_number

NUMBER = "850709-9805"


def workbook(value: object) -> bytes:
    book = openpyxl.Workbook()
    book.active.append(["Kostnad", value])
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def document(text: str) -> bytes:
    made = docx.Document()
    made.add_paragraph(text)
    file = io.BytesIO()
    made.save(file)
    return file.getvalue()


@pytest.mark.parametrize("value", [NUMBER, f"Gäller {NUMBER}.", 198507099805])
def test_an_identity_number_in_a_cell_is_found(value: object):
    assert has_identity_number(workbook(value), "xlsx")


@pytest.mark.parametrize("value", ["Trygghetsvärdar", 2_500_000, Decimal("1234567.50")])
def test_amounts_and_words_in_cells_are_let_through(value: object):
    assert not has_identity_number(workbook(value), "xlsx")


def test_an_identity_number_in_a_word_file_is_found():
    assert has_identity_number(document(f"Född {NUMBER}"), "docx")
    assert not has_identity_number(document("Trygghetsvärdar i centrum"), "docx")


@pytest.mark.parametrize("encoding", ["utf-8", "latin-1"])
def test_an_identity_number_in_a_text_file_is_found(encoding: str):
    assert has_identity_number(f"Västra gården; {NUMBER}".encode(encoding), "csv")
    assert not has_identity_number("Västra gården; 2 500 000".encode(encoding), "csv")


def test_a_broken_file_is_no_reason_to_stop():
    assert not has_identity_number(b"PK\x03\x04 not an archive", "xlsx")
