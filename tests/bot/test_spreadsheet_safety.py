"""A file that is not the workbook, or is made to do harm, is refused with one sentence."""

import io
import time
import tracemalloc
import zipfile
import zlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook
from openpyxl.reader.excel import load_workbook

from bot.spreadsheet import Contents, worded
from bot.spreadsheet.safety import LARGEST_FILE, LARGEST_UNPACKED
from tests.bot.workbooks import TEXTS, read, repacked, workbook
from tests.fuzzing import tries

SHEET = "xl/worksheets/sheet2.xml"
TYPES = "[Content_Types].xml"


def refused(data):
    (problem,) = read(data)
    assert (problem.sheet, problem.cell) == ("", "")
    assert worded(problem, TEXTS)
    return problem.refusal.key.removeprefix("spreadsheet.problems.")


def part(data, name):
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return archive.read(name)


def saved(book):
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


@pytest.mark.parametrize("data", [b"", b"hej", b"%PDF-1.7", b"PK\x03\x04", b"Vad;Belopp\n"])
def test_what_is_no_workbook_is_refused(data):
    assert refused(data) == "not_a_workbook"


def test_another_archive_is_refused():
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("word/document.xml", "<w/>")

    assert refused(file.getvalue()) == "not_a_workbook"


def test_an_older_format_or_a_password_is_told():
    assert refused(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)) == "old_or_locked"


def test_a_workbook_of_ones_own_is_another_workbook():
    assert refused(saved(Workbook())) == "other_workbook"


def test_a_workbook_of_another_version_is_refused():
    book = load_workbook(io.BytesIO(workbook()))
    book["Listor"]["A1"] = "trygghetslots/kalkyl/0"

    assert refused(saved(book)) == "other_workbook"


def test_a_missing_sheet_is_named():
    book = load_workbook(io.BytesIO(workbook()))
    del book["Komponenter"]
    data = saved(book)

    assert refused(data) == "sheet_missing"
    assert "Komponenter" in worded(read(data)[0], TEXTS)


def test_macros_are_refused_by_part_and_by_type():
    data = workbook()
    macro_type = part(data, TYPES).replace(
        b"openxmlformats-officedocument.spreadsheetml.sheet.main",
        b"ms-excel.sheet.macroEnabled.main",
    )

    assert refused(repacked(data, add={"xl/vbaProject.bin": b"x"})) == "macros"
    assert refused(repacked(data, add={"xl/embeddings/oleObject1.bin": b"x"})) == "macros"
    assert refused(repacked(data, replace={TYPES: macro_type})) == "macros"


def test_links_to_other_workbooks_are_refused():
    data = repacked(workbook(), add={"xl/externalLinks/externalLink1.xml": b"<externalLink/>"})

    assert refused(data) == "external_links"


def test_a_zip_bomb_is_refused_before_it_is_unpacked():
    data = repacked(workbook(), add={"xl/bomb.xml": b"0" * (LARGEST_UNPACKED + 1)})
    assert len(data) < LARGEST_FILE

    began = time.perf_counter()

    assert refused(data) == "too_large"
    assert time.perf_counter() - began < 1


def test_a_part_that_is_larger_than_it_declares_is_never_unpacked_whole():
    bomb, declared = b"0" * 200_000_000, b"0" * 100
    data = bytearray(repacked(workbook(), add={"xl/bomb.xml": bomb}))
    truth = zlib.crc32(bomb).to_bytes(4, "little"), len(bomb).to_bytes(4, "little")
    lie = zlib.crc32(declared).to_bytes(4, "little"), len(declared).to_bytes(4, "little")
    for old, new in zip(truth, lie, strict=True):
        data = data.replace(old, new)

    tracemalloc.start()
    contents = read(bytes(data))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert isinstance(contents, Contents)  # the part is no part of a workbook
    assert peak < 50_000_000


def test_too_many_parts_or_bytes_are_refused():
    parts = {f"xl/part{number}.xml": b"x" for number in range(300)}

    assert refused(repacked(workbook(), add=parts)) == "too_large"
    assert refused(workbook() + bytes(LARGEST_FILE)) == "too_large"


@pytest.mark.parametrize(
    "declared",
    [
        b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]><x>&b;</x>',
        '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaa">]><x>&a;</x>'.encode("utf-16"),
    ],
)
def test_a_part_that_declares_entities_is_refused(declared):
    assert refused(repacked(workbook(), replace={SHEET: declared})) == "not_a_workbook"


def test_a_damaged_sheet_is_unreadable():
    assert (
        refused(repacked(workbook(), replace={SHEET: b"<worksheet><sheetData><row"}))
        == "unreadable"
    )


def test_a_cell_in_the_farthest_corner_costs_nothing():
    book = load_workbook(io.BytesIO(workbook()))
    book["Drift"]["XFD1048576"] = "x"

    began = time.perf_counter()

    assert isinstance(read(saved(book)), tuple | Contents)
    assert time.perf_counter() - began < 2


@given(st.integers(0, 25_000), st.binary(min_size=1, max_size=40))
@settings(max_examples=tries(40))
def test_damage_anywhere_never_raises(at, damage):
    data = workbook(split=())
    damaged = data[:at] + damage + data[at + len(damage) :]

    assert isinstance(read(damaged), tuple | Contents)
