"""Reads a finished document back, as a person or a screen reader would."""

import re
from io import BytesIO

import docx
import pikepdf
from docx.document import Document as WordDocument
from pypdf import PdfReader


def pdf_text(pdf: bytes) -> str:
    """All pages' text, white space and the break opportunities in long words tidied."""
    pages = PdfReader(BytesIO(pdf)).pages
    text = "\n".join(page.extract_text() for page in pages)
    return re.sub(r"[ \t]+", " ", text.replace("\u200b", "").replace("\u00a0", " "))


def word_file(content: bytes) -> WordDocument:
    return docx.Document(BytesIO(content))


def word_text(content: bytes) -> str:
    """Paragraphs and tables in their order; the cells of a row with bars between."""
    lines = []
    for block in word_file(content).iter_inner_content():
        if hasattr(block, "rows"):
            lines += [" | ".join(cell.text for cell in row.cells) for row in block.rows]
        else:
            lines.append(f"[{block.style.name}] {block.text}" if block.text else "")
    return "\n".join(lines).replace("\u00a0", " ")


def structure(pdf: bytes) -> list[str]:
    """The types of the structure elements that a screen reader walks, in order."""
    found: list[str] = []
    with pikepdf.open(BytesIO(pdf)) as file:
        _walk(file.Root.StructTreeRoot, found)
    return found


def _walk(element: pikepdf.Object, found: list[str]) -> None:
    if isinstance(element, pikepdf.Array):
        for item in element:
            _walk(item, found)
    elif isinstance(element, pikepdf.Dictionary):
        if "/S" in element:
            found.append(str(element.S).lstrip("/"))
        if "/K" in element:
            _walk(element.K, found)
