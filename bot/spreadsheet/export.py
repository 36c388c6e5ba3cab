"""Tables as a workbook with a sheet each, and as CSV: what somebody takes along to work on elsewhere.

Nothing that a person has written becomes a formula: text cells are text in the workbook, and in CSV
what begins like a formula gets an apostrophe. CSV is written as Swedish Excel reads it: semicolons,
decimal comma, UTF-8 with its mark.
"""

import csv
import io
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from openpyxl.cell.cell import WriteOnlyCell
from openpyxl.styles.fonts import Font
from openpyxl.utils.cell import get_column_letter
from openpyxl.workbook.workbook import Workbook

Cell = str | int | Decimal | date | datetime | None
_UNPRINTABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_LIKE_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_WIDTH = 22


@dataclass(frozen=True, slots=True)
class Table:
    """`name` is the sheet's (at most 31 characters) and the file's. Amounts are kronor."""

    name: str
    headings: Sequence[str]
    rows: Sequence[Sequence[Cell]]


def workbook(tables: Iterable[Table]) -> bytes:
    """Give the tables as .xlsx, with frozen headings and filters."""
    book = Workbook(write_only=True)
    for table in tables:
        sheet = book.create_sheet(table.name[:31])
        sheet.freeze_panes = "A2"
        for number in range(1, len(table.headings) + 1):
            sheet.column_dimensions[get_column_letter(number)].width = _WIDTH
        last = get_column_letter(len(table.headings))
        sheet.auto_filter.ref = f"A1:{last}{len(table.rows) + 1}"
        heads = []
        for heading in table.headings:
            cell = WriteOnlyCell(sheet, heading)
            cell.font = Font(bold=True)
            heads.append(cell)
        sheet.append(heads)
        for row in table.rows:
            sheet.append([_cell(sheet, value) for value in row])
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def as_csv(table: Table) -> bytes:
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer, delimiter=";", lineterminator="\r\n")
    writer.writerow(table.headings)
    writer.writerows([_written(value) for value in row] for row in table.rows)
    return buffer.getvalue().encode("utf-8-sig")


def _cell(sheet: object, value: Cell) -> object:
    if isinstance(value, str):
        cell = WriteOnlyCell(sheet, _UNPRINTABLE.sub("", value))
        cell.data_type = "s"
        return cell
    if isinstance(value, Decimal):
        cell = WriteOnlyCell(sheet, value)
        cell.number_format = "#,##0.00"
        return cell
    return value


def _written(value: Cell) -> str:
    if value is None:
        return ""
    if isinstance(value, Decimal):
        return f"{value:.2f}".replace(".", ",")
    if isinstance(value, date):
        return value.isoformat()
    text = _UNPRINTABLE.sub("", str(value))
    return f"'{text}" if text.startswith(_LIKE_FORMULA) else text
