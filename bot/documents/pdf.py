"""Blocks to PDF/A-2a and PDF/UA-1 through typst, which reads them as JSON: text is never markup.

Only the shipped fonts are known, and a warning is an error, so the same blocks are the same bytes
on every machine. typst frees Python's lock while it works: call it from a thread.
"""

import re
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import orjson

from bot.documents.blocks import Document
from bot.documents.legible import FONTS
from bot.documents.template import FOLDER

if TYPE_CHECKING:
    import typst
    from typst import PDFStandard

LOGOTYPE = "logotype.png"  # in _base; a municipality puts its own there
_STANDARDS: "list[PDFStandard]" = ["a-2a", "ua-1"]
# typst hyphenates what it knows as words. A longer one may break after a mark, as file names and
# addresses do, and one that no line can hold breaks anywhere.
_LONG = re.compile(r"[^\s\u00a0]{20,}")
_MARK = re.compile(r"(?<=[_./@])(?=.)")
_ENDLESS = re.compile(r"[^\u200b]{40}")


class LayoutError(RuntimeError):
    """typst warned: a missing font, a layout that did not settle."""


def pdf(document: Document, *, templates: Path = FOLDER) -> bytes:
    """Draw the document; it is dated by `document.day`."""
    import typst

    base = templates / "_base"
    logotype = LOGOTYPE if (base / LOGOTYPE).is_file() else ""
    drawn, warnings = typst.compile_with_warnings(
        str(base / "layout.typ"),
        root=str(base),
        font_paths=fonts(),
        ignore_system_fonts=True,
        sys_inputs={"document": _data(document), "logotype": logotype},
        pdf_standards=_STANDARDS,
        timestamp=0,  # the document's own date is set in the layout; nothing reads the clock
        format="pdf",
    )
    if warnings:
        raise LayoutError("; ".join(warning.message for warning in warnings))
    assert isinstance(drawn, bytes)
    return drawn


def _data(document: Document) -> str:
    return orjson.dumps(_breakable(orjson.loads(orjson.dumps(document)))).decode()


def _breakable(blocks: Any) -> Any:
    match blocks:
        case {"text": str(text), **look}:
            return {**look, "text": _LONG.sub(_with_breaks, text)}
        case dict():
            return {key: _breakable(value) for key, value in blocks.items()}
        case list():
            return [_breakable(item) for item in blocks]
        case _:
            return blocks


def _with_breaks(word: re.Match[str]) -> str:
    broken = _MARK.sub("\u200b", word[0])
    if not _ENDLESS.search(broken):
        return broken
    return "\u200b".join(broken[at : at + 5] for at in range(0, len(broken), 5))


@cache
def fonts() -> "typst.Fonts":
    """The shipped fonts and no others."""
    import typst

    return typst.Fonts(
        include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(FONTS)]
    )
