"""What a rendered template says, as blocks that the PDF and the Word file are both drawn from.

The template's output is well-formed XML in a small HTML subset; an element outside it is an error.
No text is parsed again after this: from here on it is data.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from typing import Literal
from xml.etree import ElementTree as ET

from bot.documents.widths import column_widths

_SPACE = re.compile(r"[ \t\r\n]+")  # not the no-break space, which HTML keeps as well

# A table up to this size stays whole; a larger one goes on over the page with its header again.
_SMALL_ROWS, _SMALL_TEXT = 12, 900
_ROLES = {"", "subtitle", "note", "flag", "organisation", "signature"}


@dataclass(frozen=True, slots=True)
class Run:
    """Text of one look; a newline is a line break."""

    text: str
    bold: bool = False
    italic: bool = False


Runs = tuple[Run, ...]


@dataclass(frozen=True, slots=True)
class Heading:
    level: int
    runs: Runs
    kind: Literal["heading"] = "heading"


@dataclass(frozen=True, slots=True)
class Paragraph:
    runs: Runs
    role: str = ""
    kind: Literal["paragraph"] = "paragraph"


@dataclass(frozen=True, slots=True)
class Listing:
    """`ordered`: numbered from 1."""

    items: tuple[Runs, ...]
    ordered: bool = False
    kind: Literal["list"] = "list"


@dataclass(frozen=True, slots=True)
class Terms:
    """Terms with what is said about each."""

    items: tuple[tuple[Runs, Runs], ...]
    kind: Literal["terms"] = "terms"


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of cells. `widths` are millimetres, `numeric` tells which columns align right.

    `keep`: small enough to stand on one page, so it is not divided.
    """

    caption: str
    head: tuple[tuple[Runs, ...], ...]
    body: tuple[tuple[Runs, ...], ...]
    foot: tuple[tuple[Runs, ...], ...]
    numeric: tuple[bool, ...]
    widths: tuple[float, ...]
    keep: bool
    kind: Literal["table"] = "table"


@dataclass(frozen=True, slots=True)
class Letterhead:
    organisation: tuple[Paragraph, ...]
    terms: Terms
    kind: Literal["letterhead"] = "letterhead"


Block = Heading | Paragraph | Listing | Terms | Table | Letterhead


@dataclass(frozen=True, slots=True)
class Document:
    """`running` stands at the top of every page but the first."""

    title: str
    author: str
    running: str
    day: date
    blocks: tuple[Block, ...]


class TemplateError(ValueError):
    """A template uses something outside the subset: a bug in the template."""


def parse(source: str) -> Document:
    """Read what the template rendered."""
    root = ET.fromstring(source)  # noqa: S314  the markup is ours and the values are escaped
    head, body = root.find("head"), root.find("body")
    if root.tag != "html" or head is None or body is None:
        raise TemplateError("a document is <html> with <head> and <body>")
    meta = {item.get("name", ""): item.get("content", "") for item in head.iter("meta")}
    return Document(
        title=_plain(_only(head, "title")),
        author=meta["author"],
        running=meta["running"],
        day=date.fromisoformat(meta["date"]),
        blocks=tuple(_block(element) for element in body),
    )


def _block(element: ET.Element) -> Block:
    match element.tag:
        case "h1" | "h2" | "h3" | "h4":
            return Heading(int(element.tag[1]), _runs(element))
        case "p":
            if (role := element.get("class", "")) not in _ROLES:
                raise TemplateError(f"<p class={role!r}> is not part of the subset")
            return Paragraph(_runs(element), role)
        case "ul" | "ol":
            items = tuple(_runs(item) for item in _all(element, "li"))
            return Listing(items, ordered=element.tag == "ol")
        case "dl":
            return _terms(element)
        case "table":
            return _table(element)
        case "header":
            organisation = (_block(item) for item in element if item.tag != "dl")
            paragraphs = tuple(item for item in organisation if isinstance(item, Paragraph))
            return Letterhead(paragraphs, _terms(_only(element, "dl")))
        case unknown:
            raise TemplateError(f"<{unknown}> is not part of the subset")


def _terms(element: ET.Element) -> Terms:
    cells = [(item.tag, _runs(item)) for item in element]
    if [tag for tag, _ in cells] != ["dt", "dd"] * (len(cells) // 2):
        raise TemplateError("<dl> holds pairs of <dt> and <dd>")
    return Terms(tuple(zip([c[1] for c in cells[::2]], [c[1] for c in cells[1::2]], strict=True)))


def _table(element: ET.Element) -> Table:
    parts = {part.tag: part for part in element}
    if unknown := parts.keys() - {"caption", "colgroup", "thead", "tbody", "tfoot"}:
        raise TemplateError(f"<table> holds {unknown}")
    columns = _all(_only(element, "colgroup"), "col")
    numeric = tuple(column.get("class") == "number" for column in columns)
    head, body, foot = (_rows(parts.get(tag)) for tag in ("thead", "tbody", "tfoot"))
    if any(len(row) != len(numeric) for row in head + body + foot):
        raise TemplateError("every row has one cell per <col>")
    texts = [["".join(run.text for run in cell) for cell in row] for row in head + body + foot]
    widths = column_widths(texts, numeric=numeric)
    keep = (
        len(body) <= _SMALL_ROWS and sum(len(cell) for row in texts for cell in row) <= _SMALL_TEXT
    )
    return Table(_plain(_only(element, "caption")), head, body, foot, numeric, widths, keep)


def _rows(part: ET.Element | None) -> tuple[tuple[Runs, ...], ...]:
    if part is None:
        return ()
    cell = "th" if part.tag == "thead" else "td"
    return tuple(tuple(_runs(item) for item in _all(row, cell)) for row in _all(part, "tr"))


def _all(element: ET.Element, tag: str) -> list[ET.Element]:
    if unknown := {item.tag for item in element} - {tag}:
        raise TemplateError(f"<{element.tag}> holds {unknown}, not only <{tag}>")
    return list(element)


def _only(element: ET.Element, tag: str) -> ET.Element:
    found = element.find(tag)
    if found is None:
        raise TemplateError(f"<{element.tag}> has no <{tag}>")
    return found


def _plain(element: ET.Element) -> str:
    return "".join(run.text for run in _runs(element))


def _runs(element: ET.Element) -> Runs:
    """Read inline content; white space is one space, and none at the ends of a line."""
    tidy: list[Run] = []
    for run in _inline(element):
        text = run.text
        if not tidy or tidy[-1].text.endswith((" ", "\n")):
            text = text.lstrip(" ")
        if text == "\n" and tidy:
            _strip_end(tidy)
        if text:
            tidy.append(run if text == run.text else replace(run, text=text))
    if tidy:
        _strip_end(tidy)
    return tuple(run for run in tidy if run.text)


def _strip_end(runs: list[Run]) -> None:
    if runs[-1].text.endswith(" "):
        runs[-1] = replace(runs[-1], text=runs[-1].text.rstrip(" "))


def _inline(element: ET.Element, *, bold: bool = False, italic: bool = False) -> Iterator[Run]:
    yield Run(_SPACE.sub(" ", element.text or ""), bold, italic)
    for item in element:
        match item.tag:
            case "br":
                yield Run("\n", bold, italic)
            case "strong":
                yield from _inline(item, bold=True, italic=italic)
            case "em":
                yield from _inline(item, bold=bold, italic=True)
            case unknown:
                raise TemplateError(f"<{unknown}> cannot stand in <{element.tag}>")
        yield Run(_SPACE.sub(" ", item.tail or ""), bold, italic)
