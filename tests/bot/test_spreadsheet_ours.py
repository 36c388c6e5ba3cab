"""A workbook is known as ours whoever saved it last, and nothing else is."""

import io
import zipfile

import pytest
from openpyxl import Workbook, load_workbook

from bot.spreadsheet.layout import VERSION
from bot.spreadsheet.ours import is_ours
from tests.bot.workbooks import workbook


def saved(book: Workbook) -> bytes:
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def packed(**parts: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, text in parts.items():
            archive.writestr(name, text)
    return out.getvalue()


def test_it_is_known_as_it_was_handed_out_and_when_it_has_been_saved():
    assert is_ours(workbook())
    assert is_ours(saved(load_workbook(io.BytesIO(workbook()))))


def test_it_is_known_as_excel_saves_it_with_the_texts_apart():
    assert is_ours(packed(**{"xl/sharedStrings.xml": f"<sst><si><t>{VERSION}</t></si></sst>"}))


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"%PDF-1.7",
        saved(Workbook()),
        packed(**{"docProps/core.xml": VERSION}),
        workbook()[:2000],
    ],
    ids=["nothing", "pdf", "somebody's", "elsewhere", "cut off"],
)
def test_nothing_else_is_ours(data: bytes):
    assert not is_ours(data)
