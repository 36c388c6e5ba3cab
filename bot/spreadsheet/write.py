"""Make the calculation workbook, with what is known so far filled in and sums for the human eye.

Cells to fill in are yellow and unlocked, everything else is protected without a password. Formulas
are for whoever fills it in; the reader computes everything itself.
"""

import io
import re
from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from openpyxl.styles.alignment import Alignment
from openpyxl.styles.fills import PatternFill
from openpyxl.styles.fonts import Font
from openpyxl.styles.protection import Protection
from openpyxl.utils.cell import get_column_letter as letter
from openpyxl.workbook.workbook import Workbook
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from bot.render import Texts
from bot.spreadsheet import formulas
from bot.spreadsheet.layout import (
    BY_YEAR,
    COLUMNS,
    FIRST_ROW,
    HEADING_ROW,
    MOST_ROWS,
    SUM_ROW,
    VERSION,
    Sheet,
    Takes,
    choices,
    heading,
    title,
)
from flows.calculation import Calculation, InvestmentLine, years
from flows.rules import CostKind
from flows.split import SplitRow

Row = tuple[object, ...]

SPARE_ROWS = 40
LATER_YEARS = 2  # a permanent cost that begins in the last year is shown two years more
_INPUT = PatternFill("solid", start_color="FFF7D6")
_COMPUTED = PatternFill("solid", start_color="EEEEEE")
_HEADING = PatternFill("solid", start_color="1F4E5F")
_FORMATS = {Takes.AMOUNT: "#,##0.00", Takes.DATE: "yyyy-mm-dd", Takes.LIFE: "0"}
_UNPRINTABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


def make_workbook(
    calculation: Calculation,
    split: Iterable[SplitRow] = (),
    *,
    committees: Mapping[str, str],
    texts: Texts,
) -> bytes:
    """Return the workbook (.xlsx). `committees` is id → name, in the order to show them."""
    shown = _years_shown(calculation)
    book = Workbook()
    book.remove(book.active)
    _readme(book.create_sheet(title(Sheet.README, texts)), calculation, texts)
    lists = {takes: choices(takes, texts, committees) for takes in Takes}
    rows = _rows(calculation, tuple(split), shown=shown, lists=lists)
    validations = _lists(book, lists, texts)
    for sheet in COLUMNS:
        page = book.create_sheet(title(sheet, texts), index=len(book.sheetnames) - 1)
        _table(page, sheet, rows[sheet], shown=shown, texts=texts, validations=validations)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def _years_shown(calculation: Calculation) -> tuple[int, ...]:
    first, last = calculation.time_frame.start.year, calculation.time_frame.end.year
    return tuple(range(first, max(last + LATER_YEARS, *years(calculation)) + 1))


def _rows(
    calculation: Calculation,
    split: tuple[SplitRow, ...],
    *,
    shown: tuple[int, ...],
    lists: Mapping[Takes, Mapping[str, str]],
) -> dict[Sheet, list[Row]]:
    kinds, committees = lists[Takes.KIND], lists[Takes.COMMITTEE]
    own: dict[CostKind, dict[int, Decimal]] = {kind: {} for kind in CostKind}
    for row in calculation.own_financing:
        own[row.kind][row.year] = own[row.kind].get(row.year, Decimal(0)) + row.amount
    shares: dict[tuple[str, CostKind], dict[int, Decimal]] = {
        (committee, kind): {} for committee in committees for kind in CostKind
    }
    for share in split:
        by_year = shares.setdefault((share.committee, share.kind), {})
        by_year[share.year] = by_year.get(share.year, Decimal(0)) + share.amount
    return {
        Sheet.OPERATING: [
            (
                line.what,
                line.amount,
                line.start,
                line.end,
                lists[Takes.DURATION][line.duration],
                lists[Takes.RECURRENCE][line.recurrence],
            )
            for line in calculation.operating
        ],
        Sheet.INVESTMENTS: [_investment(line, shown) for line in calculation.investments],
        Sheet.COMPONENTS: [
            (line.what, part.what, part.amount, part.useful_life, part.residual_value or None)
            for line in calculation.investments
            for part in line.components
        ],
        Sheet.OWN_FINANCING: [
            (kinds[kind], *(by_year.get(year) for year in shown)) for kind, by_year in own.items()
        ],
        Sheet.SPLIT: [
            (committees.get(committee, committee), kinds[kind], *(by_year.get(y) for y in shown))
            for (committee, kind), by_year in shares.items()
        ],
    }


def _investment(line: InvestmentLine, shown: tuple[int, ...]) -> Row:
    payments = (line.payments.get(year) for year in shown)
    return (line.what, line.in_use_from, line.useful_life, line.residual_value or None, *payments)


def _readme(page: Worksheet, calculation: Calculation, texts: Texts) -> None:
    frame = calculation.time_frame
    lines = (
        texts.plain("spreadsheet.readme.title"),
        texts.plain("spreadsheet.readme.frame", start=frame.start, end=frame.end),
        texts.plain("spreadsheet.readme.fill"),
        texts.plain("spreadsheet.readme.amounts"),
        texts.plain("spreadsheet.readme.dates"),
        texts.plain("spreadsheet.readme.formulas"),
        texts.plain("spreadsheet.readme.secrecy"),
        texts.plain("spreadsheet.readme.hand_in"),
    )
    page.column_dimensions["A"].width = 100
    for number, line in enumerate(lines, start=1):
        cell = page.cell(number, 1, line)
        cell.alignment = Alignment(wrap_text=True, vertical="top")
    page["A1"].font = Font(bold=True, size=14)
    page.protection.sheet = True


def _lists(
    book: Workbook, lists: Mapping[Takes, Mapping[str, str]], texts: Texts
) -> dict[Takes, str]:
    """Write the choices on a hidden sheet, and return where each list stands."""
    page = book.create_sheet(title(Sheet.LISTS, texts))
    page.sheet_state = "hidden"
    page.protection.sheet = True
    page["A1"] = VERSION
    places: dict[Takes, str] = {}
    for column, (takes, names) in enumerate((t, n) for t, n in lists.items() if n):
        where = letter(column + 2)
        for row, name in enumerate(names.values(), start=1):
            _put(page, row, column + 2, name)
        places[takes] = f"='{page.title}'!${where}$1:${where}${len(names)}"
    return places


def _table(
    page: Worksheet,
    sheet: Sheet,
    rows: list[Row],
    *,
    shown: tuple[int, ...],
    texts: Texts,
    validations: Mapping[Takes, str],
) -> None:
    columns = COLUMNS[sheet]
    takes = [column.takes for column in columns] + [Takes.AMOUNT] * len(shown) * (sheet in BY_YEAR)
    last_row = FIRST_ROW + min(MOST_ROWS, len(rows) + SPARE_ROWS) - 1
    _headings(page, sheet, shown=shown, texts=texts)
    for number in range(FIRST_ROW, last_row + 1):
        values = rows[number - FIRST_ROW] if number - FIRST_ROW < len(rows) else ()
        for position, kind in enumerate(takes, start=1):
            value = values[position - 1] if position <= len(values) else None
            cell = _put(page, number, position, value)
            cell.fill, cell.protection = _INPUT, Protection(locked=False)
            cell.number_format = _FORMATS.get(kind, "General")
    for position, kind in enumerate(takes, start=1):
        if kind in validations:
            validation = DataValidation(type="list", formula1=validations[kind], allow_blank=True)
            page.add_data_validation(validation)
            validation.add(f"{letter(position)}{FIRST_ROW}:{letter(position)}{last_row}")
    for coordinate, formula in formulas.of(sheet, shown, last_row=last_row, texts=texts):
        cell = page[coordinate]
        cell.value, cell.fill, cell.number_format = formula, _COMPUTED, _FORMATS[Takes.AMOUNT]
    page.freeze_panes = page.cell(FIRST_ROW, 2)
    page.protection.sheet = True


def _headings(page: Worksheet, sheet: Sheet, *, shown: tuple[int, ...], texts: Texts) -> None:
    columns = COLUMNS[sheet]
    page["A1"], page["A2"] = heading(sheet, "title", texts), heading(sheet, "hint", texts)
    page["A1"].font = Font(bold=True, size=14)
    for offset, key in enumerate(formulas.SUMS[sheet]):
        page.cell(SUM_ROW + offset, 1, heading(sheet, key, texts)).font = Font(bold=True)
    names: list[object] = [heading(sheet, column.key, texts) for column in columns]
    if sheet in BY_YEAR:
        names += shown
    elif sheet is Sheet.OPERATING:
        names += [heading(sheet, "part_year", texts, year=year) for year in shown]
    for position, name in enumerate(names, start=1):
        cell = page.cell(HEADING_ROW, position, name)
        cell.font, cell.fill = Font(bold=True, color="FFFFFF"), _HEADING
        cell.alignment = Alignment(wrap_text=True, vertical="top")
        page.column_dimensions[letter(position)].width = 36 if position == 1 else 18


def _put(page: Worksheet, row: int, column: int, value: object) -> Any:
    """Write a value. A text is always a text, also one that begins like a formula."""
    cell = page.cell(row, column)
    if isinstance(value, str):
        cell.value = _UNPRINTABLE.sub("\ufffd", value)
        cell.data_type, cell.quotePrefix = "s", value.startswith(("=", "+", "-", "@"))
    elif isinstance(value, Decimal | int | date):
        cell.value = value
    return cell
