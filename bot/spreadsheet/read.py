"""Read a workbook back: the calculation and the split, or every cell that is wrong.

Nothing is taken half: one wrong cell and the draft stays as it was.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from openpyxl.utils.cell import get_column_letter as letter

from bot.render import Texts
from bot.spreadsheet.book import Page, open_book
from bot.spreadsheet.layout import COLUMNS, FIRST_ROW, SUM_ROW, VERSION, Sheet, title
from bot.spreadsheet.lines import investments, operating, own_financing, shares
from bot.spreadsheet.table import CellProblem, Table
from flows.calculation import Calculation, costs
from flows.calculation_problems import own_financing_problems
from flows.errors import InvalidAnswer
from flows.rules import CostKind
from flows.split import SplitRow, differences

CapitalCosts = Callable[[Calculation], Mapping[int, Decimal]]
Tables = Mapping[Sheet, Table]


@dataclass(frozen=True, slots=True)
class Contents:
    """What the workbook says. No split: point 4 is answered in the conversation."""

    calculation: Calculation
    split: tuple[SplitRow, ...]


def read_workbook(
    data: bytes,
    *,
    so_far: Calculation,
    committees: Mapping[str, str],
    capital_costs: CapitalCosts,
    texts: Texts,
) -> Contents | tuple[CellProblem, ...]:
    """Return what the workbook says, or its problems.

    `so_far` gives what the workbook does not ask: the time frame and who bears capital costs.
    `capital_costs` computes kronor by year; `committees` is id → name.
    """
    try:
        book = open_book(data)
        tables = _tables(book, committees=committees, texts=texts)
    except InvalidAnswer as refusal:
        return (CellProblem("", "", refusal),)
    if found := _identity_numbers(book):
        return found
    for table in tables.values():
        table.check_headings()
    if found := _noted(tables):
        return found  # columns have moved: nothing below them means anything
    return _contents(tables, so_far=so_far, capital_costs=capital_costs)


def worded(problem: CellProblem, texts: Texts) -> str:
    """Return the problem as a sentence with its sheet and cell, escaped for Slack."""
    reason = texts(problem.refusal.key, **problem.refusal.facts)
    if not problem.sheet:
        return reason
    return texts("spreadsheet.problems.at", sheet=problem.sheet, cell=problem.cell, reason=reason)


def _tables(book: Mapping[str, Page], *, committees: Mapping[str, str], texts: Texts) -> Tables:
    lists = book.get(title(Sheet.LISTS, texts))
    if lists is None or lists.cells.get((1, 1)) != VERSION:
        raise InvalidAnswer("spreadsheet.problems.other_workbook")
    tables = {
        sheet: Table(sheet, book[title(sheet, texts)], texts, committees)
        for sheet in COLUMNS
        if title(sheet, texts) in book
    }
    if len(tables) < len(COLUMNS):
        missing = next(title(sheet, texts) for sheet in COLUMNS if sheet not in tables)
        raise InvalidAnswer("spreadsheet.problems.sheet_missing", name=missing)
    return tables


def _identity_numbers(book: Mapping[str, Page]) -> tuple[CellProblem, ...]:
    refusal = InvalidAnswer("spreadsheet.problems.identity_number")
    return tuple(
        CellProblem(page.title, f"{letter(column)}{row}", refusal)
        for page in book.values()
        for row, column in page.identity_numbers
    )


def _noted(tables: Tables) -> tuple[CellProblem, ...]:
    return tuple(problem for table in tables.values() for problem in table.problems)


def _contents(
    tables: Tables, *, so_far: Calculation, capital_costs: CapitalCosts
) -> Contents | tuple[CellProblem, ...]:
    calculation = so_far.model_copy(
        update={
            "operating": operating(tables[Sheet.OPERATING], so_far.time_frame),
            "investments": investments(
                tables[Sheet.INVESTMENTS], tables[Sheet.COMPONENTS], so_far.time_frame
            ),
            "own_financing": own_financing(tables[Sheet.OWN_FINANCING]),
        }
    )
    split = shares(tables[Sheet.SPLIT])
    if found := _noted(tables):
        return found  # sums of what was read would be wrong
    _check_sums(tables, calculation, split, capital_costs=capital_costs)
    return _noted(tables) or Contents(calculation, split)


def _check_sums(
    tables: Tables,
    calculation: Calculation,
    split: tuple[SplitRow, ...],
    *,
    capital_costs: CapitalCosts,
) -> None:
    """Note what only shows when the sheets are seen together."""
    drift, invested = tables[Sheet.OPERATING], tables[Sheet.INVESTMENTS]
    if not calculation.operating and not calculation.investments:
        drift.note_at(FIRST_ROW, "what", InvalidAnswer("refusals.calculation.no_costs"))
        return
    try:
        yearly = capital_costs(calculation)
    except InvalidAnswer as refusal:  # no internal interest rate for the years in use
        invested.note_at(FIRST_ROW, "in_use_from", refusal)
        return
    _check_own_financing(tables[Sheet.OWN_FINANCING], calculation, capital_costs=yearly)
    if split:
        _check_split(tables[Sheet.SPLIT], calculation, split)


def _check_own_financing(
    table: Table, calculation: Calculation, *, capital_costs: Mapping[int, Decimal]
) -> None:
    for field, refusal in own_financing_problems(calculation, capital_costs=capital_costs):
        _, kind, year = field.split(".")
        row = next(
            row
            for row in table.rows()
            if table.read(row, needed=frozenset()) == {"kind": kind}
            and int(year) in table.amounts(row)
        )
        table.note(row, table.year_columns[int(year)], refusal)


def _check_split(table: Table, calculation: Calculation, split: tuple[SplitRow, ...]) -> None:
    first_year = len(COLUMNS[Sheet.SPLIT]) + 1
    for gap in differences(split, costs(calculation)):
        refusal = InvalidAnswer(
            "spreadsheet.problems.split_differs",
            kind=gap.kind,
            year=gap.year,
            cost=gap.cost,
            split=gap.split,
            difference=abs(gap.amount),
        )
        row = SUM_ROW + list(CostKind).index(gap.kind)  # where the sheet shows what is left
        table.note(row, table.year_columns.get(gap.year, first_year), refusal)
