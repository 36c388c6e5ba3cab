"""The Word file: what somebody who edits it, or listens to it, relies on."""

from datetime import UTC, datetime
from io import BytesIO
from itertools import pairwise
from zipfile import ZipFile

import pytest
from docx.document import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from docx.shared import Mm

from bot.documents.make import make
from tests.bot.documents.example import facts_example
from tests.bot.documents.reading import word_file


@pytest.fixture(scope="module")
def content() -> bytes:
    return make("application", facts_example()).docx


@pytest.fixture(scope="module")
def file(content: bytes) -> Document:
    return word_file(content)


def test_headings_are_real_headings_and_skip_no_level(file: Document) -> None:
    levels = [
        int(each.style.name[-1])
        for each in file.paragraphs
        if each.style.name.startswith("Heading")
    ]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))


def test_header_rows_repeat_on_every_page(file: Document) -> None:
    for table in file.tables[1:]:  # the first is the letterhead
        marked = [row._tr.trPr.find(qn("w:tblHeader")) is not None for row in table.rows]
        assert marked[0]
        assert not any(marked[1:])


def test_sums_and_amounts_are_aligned_right(file: Document) -> None:
    table = next(each for each in file.tables if each.cell(0, 0).text == "År")
    for row in table.rows:
        alignments = [cell.paragraphs[0].alignment for cell in row.cells]
        assert alignments == [None] + [WD_ALIGN_PARAGRAPH.RIGHT] * 4


def test_the_sum_row_is_bold(file: Document) -> None:
    table = next(each for each in file.tables if each.cell(0, 0).text == "År")
    runs = [run for cell in table.rows[-1].cells for run in cell.paragraphs[0].runs]
    assert runs
    assert all(run.bold for run in runs)


def test_it_is_swedish_titled_and_dated_by_its_facts(file: Document) -> None:
    properties = file.core_properties
    assert properties.title.startswith("Ansökan om särskilda medel")
    assert properties.author == "Falkviks kommun"
    assert properties.language == "sv-SE"
    assert properties.created == datetime(2026, 11, 22, tzinfo=UTC)
    assert properties.modified == properties.created
    languages = [each.get(qn("w:val")) for each in file.styles.element.iter(qn("w:lang"))]
    assert languages
    assert set(languages) == {"sv-SE"}


def test_it_is_a4_with_the_page_number_in_the_foot(file: Document) -> None:
    section = file.sections[0]
    assert (round(section.page_width / Mm(1)), round(section.page_height / Mm(1))) == (210, 297)
    foot = section.footer._element
    fields = [each.get(qn("w:instr")).strip() for each in foot.iter(qn("w:fldSimple"))]
    assert fields == ["PAGE", "NUMPAGES"]
    assert "TS-2026-012" in section.footer.paragraphs[0].text


def test_captions_and_headings_stay_with_what_follows(file: Document) -> None:
    for name in ("Caption", "Heading 2", "Heading 3"):
        assert file.styles[name].paragraph_format.keep_with_next


def test_no_font_is_left_to_the_theme(file: Document) -> None:
    fonts = [font for style in file.styles.element for font in style.iter(qn("w:rFonts"))]
    assert fonts
    assert not any("Theme" in key for font in fonts for key in font.attrib)


def test_the_packing_date_is_the_same_for_every_part(content: bytes) -> None:
    with ZipFile(BytesIO(content)) as archive:
        assert archive.testzip() is None
        assert {entry.date_time for entry in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert not any("thumbnail" in name for name in archive.namelist())
