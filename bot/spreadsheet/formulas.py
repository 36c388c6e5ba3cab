"""The workbook's own sums and part-year effects, for whoever fills it in.

The same conventions as flows/calculation.py, in Excel's words; the reader never looks at them.
"""

from collections.abc import Iterator
from typing import Final

from openpyxl.utils.cell import get_column_letter as letter

from bot.render import Texts
from bot.spreadsheet.layout import (
    COLUMNS,
    FIRST_ROW,
    SUM_ROW,
    Sheet,
    position,
    title,
)
from flows.calculation import Recurrence
from flows.rules import CostKind

SUMS: Final = {
    Sheet.OPERATING: ("sum",),
    Sheet.INVESTMENTS: ("sum",),
    Sheet.COMPONENTS: (),
    Sheet.OWN_FINANCING: (),  # drift and investment are never added up
    Sheet.SPLIT: ("left_operating", "left_investment"),
}
"""What the rows above each table sum up, by the key of their wording."""

Formula = tuple[str, str]


def of(sheet: Sheet, shown: tuple[int, ...], *, last_row: int, texts: Texts) -> Iterator[Formula]:
    """Return (coordinate, formula) for every computed cell of a sheet."""
    first = len(COLUMNS[sheet]) + 1
    for offset, year in enumerate(shown):
        column = letter(first + offset)
        area = f"{column}{FIRST_ROW}:{column}{last_row}"
        if sheet is Sheet.OPERATING:
            for row in range(FIRST_ROW, last_row + 1):
                yield f"{column}{row}", _part_year(row, year, texts)
        if sheet is Sheet.SPLIT:
            yield from _left(column, offset, last_row=last_row, texts=texts)
        elif "sum" in SUMS[sheet]:
            yield f"{column}{SUM_ROW}", f"=SUM({area})"


def _part_year(row: int, year: int, texts: Texts) -> str:
    def at(key: str) -> str:
        return f"${letter(position(Sheet.OPERATING, key))}{row}"

    def month(key: str) -> str:
        return f"YEAR({at(key)})*12+MONTH({at(key)})"

    one_off = texts.plain(f"spreadsheet.choices.{Recurrence.ONE_OFF}")
    january, december = year * 12 + 1, year * 12 + 12
    last = f'MIN(IF({at("end")}="",{december},{month("end")}),{december})'
    months = f"MAX(0,{last}-MAX({month('start')},{january})+1)"
    once = f"IF(YEAR({at('start')})={year},{at('amount')},0)"
    recurring = f"ROUND({at('amount')}*{months}/12,2)"
    effect = f'IF({at("recurrence")}="{one_off}",{once},{recurring})'
    return f'=IF({at("amount")}="","",IFERROR({effect},"?"))'


def _left(column: str, offset: int, *, last_row: int, texts: Texts) -> Iterator[Formula]:
    """What is left to split of each kind: the cost less what has been given out."""
    kinds = f"$B${FIRST_ROW}:$B${last_row}"
    amounts = f"{column}${FIRST_ROW}:{column}${last_row}"
    sources = (Sheet.OPERATING, Sheet.INVESTMENTS)
    for row, (kind, source) in enumerate(zip(CostKind, sources, strict=True), start=SUM_ROW):
        cost = f"'{title(source, texts)}'!{letter(len(COLUMNS[source]) + 1 + offset)}{SUM_ROW}"
        name = texts.plain(f"spreadsheet.choices.{kind}")
        yield f"{column}{row}", f'=ROUND({cost}-SUMIF({kinds},"{name}",{amounts}),2)'
