"""One table of the workbook, cell by cell: a value, or a problem noted at its cell.

Reading goes on after a problem, so that all of them are told at once.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, NamedTuple

from openpyxl.utils.cell import get_column_letter as letter

from bot.render import Texts
from bot.spreadsheet import cells
from bot.spreadsheet.book import Broken, Page
from bot.spreadsheet.layout import (
    BY_YEAR,
    COLUMNS,
    FIRST_ROW,
    HEADING_ROW,
    MOST_ROWS,
    Sheet,
    Takes,
    choices,
    heading,
    position,
)
from flows.errors import InvalidAnswer

_YEARS = range(2000, 2101)
_READERS: Mapping[Takes, Callable[[object], Any]] = {
    Takes.TEXT: cells.text,
    Takes.AMOUNT: cells.amount,
    Takes.DATE: cells.day,
    Takes.LIFE: cells.life,
}


class CellProblem(NamedTuple):
    """What is wrong, and where. No `cell`: the whole sheet. No `sheet`: the whole file."""

    sheet: str
    cell: str
    refusal: InvalidAnswer


@dataclass(frozen=True, slots=True)
class Table:
    """`committees` is id → name, as when the workbook was made."""

    sheet: Sheet
    page: Page
    texts: Texts
    committees: Mapping[str, str]
    problems: list[CellProblem] = field(default_factory=list)

    def note(self, row: int, column: int, refusal: InvalidAnswer) -> None:
        self.problems.append(CellProblem(self.page.title, f"{letter(column)}{row}", refusal))

    def note_at(self, row: int, key: str, refusal: InvalidAnswer) -> None:
        self.note(row, position(self.sheet, key), refusal)

    def check_headings(self) -> None:
        """Note each heading that is not where it was written."""
        for column, expected in enumerate(COLUMNS[self.sheet], start=1):
            name = heading(self.sheet, expected.key, self.texts)
            found = self.page.cells.get((HEADING_ROW, column))
            if str(found).casefold().split() != name.casefold().split():
                refusal = InvalidAnswer("spreadsheet.problems.heading", expected=name)
                self.note(HEADING_ROW, column, refusal)
        for column, year in self._year_headings():
            if year not in _YEARS or column != self.year_columns.get(year):
                self.note(HEADING_ROW, column, InvalidAnswer("spreadsheet.problems.year_heading"))

    @property
    def year_columns(self) -> dict[int, int]:
        """Year → column; of a year that stands twice, the first."""
        found: dict[int, int] = {}
        for column, year in self._year_headings():
            if isinstance(year, int):
                found.setdefault(year, column)
        return found

    def _year_headings(self) -> Iterator[tuple[int, Any]]:
        column = len(COLUMNS[self.sheet]) + 1
        while self.sheet in BY_YEAR and (HEADING_ROW, column) in self.page.cells:
            yield column, self.page.cells[HEADING_ROW, column]
            column += 1

    def rows(self) -> list[int]:
        """Return the rows that anything is filled in on."""
        last_column = len(COLUMNS[self.sheet]) + len(list(self._year_headings()))
        found = sorted(
            {
                row
                for (row, column), value in self.page.cells.items()
                if row >= FIRST_ROW and column <= last_column and str(value).strip()
            }
        )
        if len(found) > MOST_ROWS:
            refusal = InvalidAnswer("spreadsheet.problems.too_many_rows", most=MOST_ROWS)
            self.note(found[MOST_ROWS], 1, refusal)
        return found[:MOST_ROWS]

    def read(self, row: int, *, needed: frozenset[str]) -> dict[str, Any] | None:
        """Return the row's values by column key; None when one is wrong or missing, which is noted."""
        before = len(self.problems)
        values: dict[str, Any] = {}
        for column in COLUMNS[self.sheet]:
            values[column.key] = self._cell(row, position(self.sheet, column.key), column.takes)
            if values[column.key] is None and column.key in needed:
                self._note_missing(row, column.key, before)
        return values if len(self.problems) == before else None

    def amounts(self, row: int) -> dict[int, Decimal]:
        """Return the row's kronor by year, without empty cells and zeros."""
        read = {
            year: self._cell(row, column, Takes.AMOUNT)
            for year, column in self.year_columns.items()
        }
        return {year: amount for year, amount in read.items() if amount}

    def _note_missing(self, row: int, key: str, before: int) -> None:
        cell = f"{letter(position(self.sheet, key))}{row}"
        if cell not in {problem.cell for problem in self.problems[before:]}:
            self.note_at(row, key, InvalidAnswer("spreadsheet.problems.missing"))

    def _cell(self, row: int, column: int, takes: Takes) -> Any:
        """Return the cell's value; None when it is empty, or wrong and noted."""
        value = self.page.cells.get((row, column))
        try:
            if isinstance(value, Broken):
                raise value.refusal
            if takes in _READERS:
                return _READERS[takes](value)
            return cells.choice(value, choices(takes, self.texts, self.committees))
        except InvalidAnswer as refusal:
            self.note(row, column, refusal)
            return None
