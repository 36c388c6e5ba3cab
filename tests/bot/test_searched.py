"""Identity numbers inside dropped files are found; what is none is left alone."""

import io
import time
import zipfile
from decimal import Decimal

import docx
import openpyxl
import pytest

from bot.jobs.searched import has_identity_number, is_unsafe

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


def packed(**parts: bytes) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return file.getvalue()


@pytest.mark.parametrize(
    "name",
    ["word/vbaProject.bin", "xl/externalLinks/externalLink1.xml", "xl/macrosheets/sheet1.xml",
     "word/activeX/activeX1.xml", "Basic/Standard/script.xml"],
)  # fmt: skip
def test_macros_and_links_to_other_files_are_unsafe(name: str):
    for ending in ("docx", "xlsx", "odt"):
        assert is_unsafe(packed(**{"word/document.xml": b"<w:p/>", name: b"x"}), ending)
        assert not is_unsafe(packed(**{"word/document.xml": b"<w:p/>"}), ending)


def test_a_document_that_would_fill_the_memory_is_unsafe():
    sheets = {f"xl/worksheets/sheet{n}.xml": b"a" * 4_000_000 for n in range(8)}
    bomb = packed(**sheets)
    assert len(bomb) < 1_000_000
    assert is_unsafe(bomb, "xlsx")


def test_a_page_of_less_than_signs_takes_no_time():
    began = time.monotonic()
    assert not has_identity_number(packed(**{"word/document.xml": b"<" * 2_000_000}), "docx")
    assert time.monotonic() - began < 5


def test_damage_anywhere_is_unsafe_or_searched_and_never_raises():
    whole = packed(**{"word/document.xml": b"<w:p>19850709-9805</w:p>" * 50})
    for at in range(0, len(whole), 9):
        damaged = whole[:at] + b"\xff" + whole[at + 1 :]
        is_unsafe(damaged, "docx")
        has_identity_number(damaged, "docx")


def test_a_number_is_found_wherever_it_stands_in_a_long_text():
    for before in (0, 199_990, 199_999, 200_000, 400_030):
        assert has_identity_number(b"a" * before + b" 19850709-9805 " + b"b" * 300_000, "txt")
