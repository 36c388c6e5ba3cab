"""Open a workbook that somebody handed in: every cell's value, and where an identity number stands.

A formula counts as the value that was last computed for it. Nothing here knows the tables.
"""

import io
from collections.abc import Mapping
from dataclasses import dataclass

from openpyxl.cell.cell import Cell
from openpyxl.reader.excel import load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from bot.spreadsheet.safety import plain_workbook
from flows import identity
from flows.errors import InvalidAnswer

At = tuple[int, int]  # row, column


@dataclass(frozen=True, slots=True)
class Broken:
    """A cell whose value cannot be known, and why."""

    refusal: InvalidAnswer


@dataclass(frozen=True, slots=True)
class Page:
    """One sheet: the cells that are not empty."""

    title: str
    cells: Mapping[At, object]
    identity_numbers: tuple[At, ...]


def open_book(data: bytes) -> dict[str, Page]:
    """Return the sheets by title. Raises InvalidAnswer(`spreadsheet.problems.…`)."""
    plain = plain_workbook(data)
    try:
        written = load_workbook(io.BytesIO(plain))
        computed = load_workbook(io.BytesIO(plain), data_only=True)
    except Exception as error:  # a damaged file fails anywhere inside openpyxl
        raise InvalidAnswer("spreadsheet.problems.unreadable") from error
    return {page.title: _page(page, _cells(computed[page.title])) for page in written.worksheets}


def _cells(page: Worksheet) -> dict[At, Cell]:
    """Return the cells that the file has. iter_rows would make the millions that it has not."""
    return dict(page._cells)  # noqa: SLF001  no public way


def _page(page: Worksheet, computed: Mapping[At, Cell]) -> Page:
    cells: dict[At, object] = {}
    suspect: list[At] = []
    for at, cell in _cells(page).items():
        value = _value(cell, computed[at])
        comment = cell.comment.text if cell.comment else ""
        if any(_is_identity_number(one) for one in (cell.value, value, comment)):
            suspect.append(at)
        if value is not None:
            cells[at] = value
    return Page(title=page.title, cells=cells, identity_numbers=tuple(sorted(suspect)))


def _value(cell: Cell, computed: Cell) -> object:
    if computed.data_type == "e":
        return Broken(InvalidAnswer("spreadsheet.problems.formula_error"))
    if cell.data_type == "f" and computed.value is None:
        return Broken(InvalidAnswer("spreadsheet.problems.no_value"))
    return computed.value


def _is_identity_number(value: object) -> bool:
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return isinstance(value, str | int) and identity.contains(str(value))
