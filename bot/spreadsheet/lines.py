"""From rows to the calculation's lines: what is wrong in a line is noted at the cell it stands in."""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from bot.spreadsheet.layout import COLUMNS, Sheet, title
from bot.spreadsheet.table import Table
from flows.calculation import Component, InvestmentLine, OperatingLine, OwnFinancingRow, TimeFrame
from flows.calculation_problems import investment_problems, operating_problems
from flows.errors import InvalidAnswer
from flows.money import ZERO
from flows.split import SplitRow

Parts = list[tuple[int, Component]]  # with the row each stands on

_OPERATING = frozenset({"what", "amount", "start", "duration", "recurrence"})
_INVESTMENT = frozenset({"what", "in_use_from"})
_COMPONENT = frozenset({"investment", "what", "amount", "useful_life"})


def operating(table: Table, frame: TimeFrame) -> tuple[OperatingLine, ...]:
    lines: list[OperatingLine] = []
    for row in table.rows():
        values = table.read(row, needed=_OPERATING)
        if values is None:
            continue
        line = OperatingLine(**values)
        for key, refusal in operating_problems(line, frame):
            table.note_at(row, key, refusal)
        lines.append(line)
    return tuple(lines)


def investments(table: Table, components: Table, frame: TimeFrame) -> tuple[InvestmentLine, ...]:
    parts = _components(components)
    lines: list[InvestmentLine] = []
    taken: set[str] = set()
    for row in table.rows():
        values = table.read(row, needed=_INVESTMENT)
        payments = table.amounts(row)
        if values is None:
            continue
        name = values["what"].casefold()
        if name in taken:
            table.note_at(row, "what", InvalidAnswer("spreadsheet.problems.investment_twice"))
        taken.add(name)
        line = _investment(values, payments, parts.get(name, []))
        _note_problems(table, components, row, line, frame, parts.get(name, []))
        lines.append(line)
    _note_unknown(components, parts, taken, title(Sheet.INVESTMENTS, table.texts))
    return tuple(lines)


def _investment(
    values: dict[str, Any], payments: Mapping[int, Decimal], parts: Parts
) -> InvestmentLine:
    return InvestmentLine.model_validate(
        values
        | {
            "payments": payments,
            "residual_value": values["residual_value"] or ZERO,
            "components": tuple(part for _, part in parts),
        }
    )


def _components(table: Table) -> dict[str, Parts]:
    """Return the components by the name of their investment, in small letters."""
    found: dict[str, Parts] = {}
    for row in table.rows():
        values = table.read(row, needed=_COMPONENT)
        if values is not None:
            name = values.pop("investment").casefold()
            values["residual_value"] = values["residual_value"] or ZERO
            found.setdefault(name, []).append((row, Component(**values)))
    return found


def _note_problems(
    table: Table,
    components: Table,
    row: int,
    line: InvestmentLine,
    frame: TimeFrame,
    parts: Parts,
) -> None:
    first_year = len(COLUMNS[Sheet.INVESTMENTS]) + 1
    for field, refusal in investment_problems(line, frame):
        match field.split("."):
            case ["payments", year]:
                table.note(row, table.year_columns[int(year)], refusal)
            case ["payments"]:
                table.note(row, first_year, refusal)
            case ["components", number, key]:
                components.note_at(parts[int(number)][0], key, refusal)
            case ["components"]:
                if not components.problems:  # otherwise a part is missing from the sum
                    components.note_at(parts[0][0], "amount", refusal)
            case _:
                table.note_at(row, field, refusal)


def _note_unknown(
    components: Table, parts: Mapping[str, Parts], known: set[str], sheet_name: str
) -> None:
    for name, found in parts.items():
        if name not in known:
            refusal = InvalidAnswer(
                "spreadsheet.problems.investment_unknown", sheet_name=sheet_name
            )
            components.note_at(found[0][0], "investment", refusal)


def own_financing(table: Table) -> tuple[OwnFinancingRow, ...]:
    return tuple(
        OwnFinancingRow(kind=values["kind"], year=year, amount=amount)
        for values, amounts in _by_year(table, needed=frozenset({"kind"}))
        for year, amount in amounts.items()
    )


def shares(table: Table) -> tuple[SplitRow, ...]:
    return tuple(
        SplitRow(committee=values["committee"], kind=values["kind"], year=year, amount=amount)
        for values, amounts in _by_year(table, needed=frozenset({"committee", "kind"}))
        for year, amount in amounts.items()
    )


def _by_year(
    table: Table, *, needed: frozenset[str]
) -> Iterator[tuple[dict[str, Any], dict[int, Decimal]]]:
    """Return the rows with an amount in any year. The others are only prepared."""
    for row in table.rows():
        amounts = table.amounts(row)
        values = table.read(row, needed=needed if amounts else frozenset())
        if values is not None and amounts:
            yield values, amounts
