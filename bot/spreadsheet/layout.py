"""Where everything stands in the calculation workbook, for the writer and the reader alike.

Every table has its sums in the rows above its headings, so that the rows below are open-ended.
Columns are found by position; headings are checked, so that a moved column is told and not misread.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from bot.render import Texts
from flows.calculation import Duration, Recurrence
from flows.rules import CostKind

VERSION = "trygghetslots/kalkyl/1"
SUM_ROW = 3  # and the next
HEADING_ROW = 6
FIRST_ROW = 7
MOST_ROWS = 500


class Sheet(StrEnum):
    README = "readme"
    OPERATING = "operating"
    INVESTMENTS = "investments"
    COMPONENTS = "components"
    OWN_FINANCING = "own_financing"
    SPLIT = "split"
    LISTS = "lists"


class Takes(StrEnum):
    """What a column holds."""

    TEXT = "text"
    AMOUNT = "amount"
    DATE = "date"
    LIFE = "life"
    DURATION = "duration"
    RECURRENCE = "recurrence"
    KIND = "kind"
    COMMITTEE = "committee"


@dataclass(frozen=True, slots=True)
class Column:
    key: str
    takes: Takes


COLUMNS: Mapping[Sheet, tuple[Column, ...]] = {
    Sheet.OPERATING: (
        Column("what", Takes.TEXT),
        Column("amount", Takes.AMOUNT),
        Column("start", Takes.DATE),
        Column("end", Takes.DATE),
        Column("duration", Takes.DURATION),
        Column("recurrence", Takes.RECURRENCE),
    ),
    Sheet.INVESTMENTS: (
        Column("what", Takes.TEXT),
        Column("in_use_from", Takes.DATE),
        Column("useful_life", Takes.LIFE),
        Column("residual_value", Takes.AMOUNT),
    ),
    Sheet.COMPONENTS: (
        Column("investment", Takes.TEXT),
        Column("what", Takes.TEXT),
        Column("amount", Takes.AMOUNT),
        Column("useful_life", Takes.LIFE),
        Column("residual_value", Takes.AMOUNT),
    ),
    Sheet.OWN_FINANCING: (Column("kind", Takes.KIND),),
    Sheet.SPLIT: (Column("committee", Takes.COMMITTEE), Column("kind", Takes.KIND)),
}
"""What is filled in, from column A on. The years' columns follow, where the sheet has them."""

BY_YEAR = frozenset({Sheet.INVESTMENTS, Sheet.OWN_FINANCING, Sheet.SPLIT})
"""Sheets where amounts are filled in by year."""


def title(sheet: Sheet, texts: Texts) -> str:
    return texts.plain(f"spreadsheet.sheets.{sheet}")


def heading(sheet: Sheet, key: str, texts: Texts, **facts: object) -> str:
    return texts.plain(f"spreadsheet.headings.{sheet}.{key}", **facts)


def position(sheet: Sheet, key: str) -> int:
    """Return the number of a column, A being 1."""
    return [column.key for column in COLUMNS[sheet]].index(key) + 1


def choices(takes: Takes, texts: Texts, committees: Mapping[str, str]) -> dict[str, str]:
    """Return what can be chosen in a column, as value → what it is called; empty for other columns."""
    match takes:
        case Takes.DURATION:
            values: tuple[str, ...] = tuple(Duration)
        case Takes.RECURRENCE:
            values = tuple(Recurrence)
        case Takes.KIND:
            values = tuple(CostKind)
        case Takes.COMMITTEE:
            return dict(committees)
        case _:
            return {}
    return {value: texts.plain(f"spreadsheet.choices.{value}") for value in values}
