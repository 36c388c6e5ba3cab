"""Blocks to an editable Word file: headings, tables with header rows, page numbers, Swedish.

The parts that never change (styles, theme, settings) are made once by python-docx; each document
adds its body, footer and properties as XML and is zipped with fixed dates: same blocks, same bytes.
"""

from io import BytesIO
from pathlib import Path
from typing import assert_never
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from bot.documents.blocks import (
    Block,
    Document,
    Heading,
    Letterhead,
    Listing,
    Paragraph,
    Run,
    Table,
    Terms,
)
from bot.documents.pdf import LOGOTYPE
from bot.documents.template import FOLDER
from bot.documents.word_skeleton import BODY_MARK, skeleton
from bot.documents.word_xml import attribute, letterhead, paragraph, table, terms, text

_STYLES = {
    "": "Normal",
    "subtitle": "Subtitle",
    "note": "Note",
    "flag": "Flag",
    "organisation": "Organisation",
    "signature": "Signature",
}
# The earliest date that zip can say: when the file was packed is no fact about the document.
_EPOCH = (1980, 1, 1, 0, 0, 0)
_DECLARATION = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'


def word(document: Document, *, templates: Path = FOLDER) -> bytes:
    """Write the document as .docx; it is dated by `document.day`."""
    logotype = templates / "_base" / LOGOTYPE
    body = "".join(map(_block, document.blocks))
    parts = {
        **skeleton(logotype if logotype.is_file() else None, document.author),
        "word/footer1.xml": _footer(document).encode(),
        "docProps/core.xml": _properties(document).encode(),
    }
    parts["word/document.xml"] = parts["word/document.xml"].replace(BODY_MARK, body.encode())
    file = BytesIO()
    with ZipFile(file, "w") as archive:
        for name, content in parts.items():
            entry = ZipInfo(name, _EPOCH)
            entry.compress_type = ZIP_DEFLATED
            archive.writestr(entry, content)
    return file.getvalue()


def _block(block: Block) -> str:
    match block:
        case Heading():
            return paragraph(f"Heading{block.level}", block.runs)
        case Paragraph():
            return paragraph(_STYLES[block.role], block.runs)
        case Listing(ordered=True):
            numbered = (((Run(f"{at}."),), item) for at, item in enumerate(block.items, start=1))
            return terms("Points", Terms(tuple(numbered)))
        case Listing():
            return "".join(paragraph("ListBullet", item) for item in block.items)
        case Terms():
            return terms("Terms", block)
        case Table():
            caption = paragraph("Caption", (Run(block.caption),))
            # Word joins two tables that follow each other; the empty line is also the space below.
            return caption + table(block) + paragraph("AfterTable", ())
        case Letterhead():
            organisation = "".join(map(_block, block.organisation))
            return letterhead(organisation, terms("Reference", block.terms))
        case _:
            assert_never(block)


def _footer(document: Document) -> str:
    page, pages = (
        f'<w:fldSimple w:instr=" {field} "><w:r><w:t>1</w:t></w:r></w:fldSimple>'
        for field in ("PAGE", "NUMPAGES")
    )
    return (
        f"{_DECLARATION}<w:ftr"
        ' xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main">'
        '<w:p><w:pPr><w:pStyle w:val="Footer"/></w:pPr>'
        f"{text(document.running)}<w:r><w:tab/></w:r>{text('Sida ')}{page}{text(' (')}{pages}"
        f"{text(')')}</w:p></w:ftr>"
    )


def _properties(document: Document) -> str:
    dated = f'xsi:type="dcterms:W3CDTF">{document.day.isoformat()}T00:00:00Z'
    return (
        f"{_DECLARATION}<cp:coreProperties"
        ' xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties"'
        ' xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/"'
        ' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">'
        f"<dc:title>{attribute(document.title)}</dc:title>"
        f"<dc:creator>{attribute(document.author)}</dc:creator>"
        "<dc:language>sv-SE</dc:language>"
        f"<dcterms:created {dated}</dcterms:created><dcterms:modified {dated}</dcterms:modified>"
        "</cp:coreProperties>"
    )
