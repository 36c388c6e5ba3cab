"""The whole way from facts to files: the same bytes, two formats, standards that can be checked."""

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from hashlib import sha256
from io import BytesIO

import pdfua
import pikepdf
import pytest
from pypdf import PdfReader

from bot.documents.make import Documents, make
from flows.document_figures import AmountTable, OperatingLine
from tests.bot.documents.example import facts_example, row
from tests.bot.documents.reading import pdf_text, structure


@pytest.fixture(scope="module")
def example() -> Documents:
    return make("application", facts_example())


def test_the_same_facts_give_the_same_bytes(example: Documents) -> None:
    again = make("application", facts_example())
    assert (again.pdf, again.docx) == (example.pdf, example.docx)


def test_the_same_facts_give_the_same_bytes_in_another_process(example: Documents) -> None:
    program = (
        "from bot.documents.make import make;"
        "from tests.bot.documents.example import facts_example;"
        "made = make('application', facts_example());"
        "print(made.pdf_sha256, made.docx_sha256)"
    )
    run = subprocess.run(
        [sys.executable, "-c", program],
        capture_output=True,
        text=True,
        check=True,
        env={"PYTHONHASHSEED": "7", "TZ": "Asia/Tokyo", "PYTHONPATH": ".", "LANG": "C"},
    )
    assert run.stdout.split() == [example.pdf_sha256, example.docx_sha256]


def test_threads_do_not_disturb_each_other() -> None:
    facts = [facts_example().model_copy(update={"version": number}) for number in range(6)]
    alone = [make("application", each).pdf_sha256 for each in facts]
    with ThreadPoolExecutor(3) as pool:
        together = list(pool.map(lambda each: make("application", each).pdf_sha256, facts))
    assert together == alone
    assert len(set(alone)) == len(facts)


def test_the_checksums_are_of_the_files(example: Documents) -> None:
    assert example.pdf_sha256 == sha256(example.pdf).hexdigest()
    assert example.docx_sha256 == sha256(example.docx).hexdigest()


def test_the_pdf_says_that_it_is_pdf_a_2a_and_pdf_ua_1(example: Documents) -> None:
    with pikepdf.open(BytesIO(example.pdf)) as file:
        said = file.open_metadata()
        assert (said["pdfaid:part"], said["pdfaid:conformance"]) == ("2", "A")
        assert said["pdfuaid:part"] == "1"
        assert said["dc:title"] == example.title
        assert str(file.Root.Lang).startswith("sv")
        assert bool(file.Root.ViewerPreferences.DisplayDocTitle)
        assert bool(file.Root.MarkInfo.Marked)
        assert str(file.docinfo.CreationDate).startswith("D:20261122")


def test_a_screen_reader_finds_headings_tables_and_header_cells(example: Documents) -> None:
    elements = structure(example.pdf)
    assert elements.count("H1") == 1
    assert elements.count("H2") == 8
    assert elements.count("Table") == 12
    assert {"THead", "TH", "TD", "TFoot", "Caption", "L", "LI", "P"} <= set(elements)


def test_an_independent_checker_finds_no_fault_in_the_pdf(example: Documents) -> None:
    report = pdfua.validate(BytesIO(example.pdf))
    assert not report.findings
    # Something was in fact checked.
    assert len(report.outcomes) - len(report.skipped) >= 10


def test_all_fonts_are_inside_the_file(example: Documents) -> None:
    fonts = set()
    with pikepdf.open(BytesIO(example.pdf)) as file:
        for page in file.pages:
            for font in page.Resources.Font.values():
                inner = font.DescendantFonts[0].FontDescriptor
                assert "/FontFile3" in inner
                fonts.add(str(inner.FontName).split("+")[1])
    assert {"SourceSans3-Regular", "SourceSans3-Bold"} <= {
        name.split("-Identity")[0] for name in fonts
    }


def test_a_long_table_goes_on_over_the_page_with_its_header_again() -> None:
    facts = facts_example()
    operating = facts.calculations.operating
    lines = tuple(
        OperatingLine(
            what=f"Insats nummer {number}",
            start=facts.day,
            permanent=False,
            one_off=True,
        )
        for number in range(120)
    )
    per_year = AmountTable(
        years=(2027,), rows=tuple(row(line.what, f"{1000 + at}") for at, line in enumerate(lines))
    )
    calculations = facts.calculations.model_copy(
        update={"operating": operating.model_copy(update={"lines": lines, "per_year": per_year})}
    )
    made = make("application", facts.model_copy(update={"calculations": calculations}))
    pages = [page.extract_text() for page in PdfReader(BytesIO(made.pdf)).pages]
    with_lines = [page for page in pages if "Insats nummer" in page and "Engångs" in page.title()]
    assert len(with_lines) >= 3
    assert all("Helårseffekt" in page for page in with_lines)
    text = pdf_text(made.pdf)
    assert all(f"Insats nummer {number}" in text for number in (0, 59, 119))


def test_every_page_says_which_it_is(example: Documents) -> None:
    pages = [page.extract_text() for page in PdfReader(BytesIO(example.pdf)).pages]
    for number, page in enumerate(pages, start=1):
        assert f"Sida {number} ({len(pages)})" in page
        assert "Ärende TS-2026-012 · Version 2" in page
