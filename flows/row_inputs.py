"""A row as it was written in a modal: its inputs become a row of the table, or each wrong one is named.

Inputs are texts by name: amounts as people write them, dates as ISO, choices by their value.
"""

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from decimal import Decimal

from pydantic import BaseModel, ValidationError

from flows.answers import refuse_blank, refuse_identity
from flows.calculation import (
    Component,
    Duration,
    InvestmentLine,
    OperatingLine,
    OwnFinancingRow,
    Recurrence,
    TimeFrame,
)
from flows.calculation_problems import Problem, investment_problems, operating_problems
from flows.dates import parse_date
from flows.errors import InvalidAnswer
from flows.inputs import Inputs, Reader
from flows.intake import Dialogue
from flows.money import ZERO, parse_amount
from flows.split import SplitRow

LONGEST_LIFE = 100  # years
NO_PARTS: tuple[Component, ...] = ()
LONGEST_NAME = 200
LONGEST_NOTE = 1000


def read(table: str, inputs: Inputs, frame: TimeFrame | None) -> BaseModel:
    """The row of the table (`dialogue`, `operating`, `investments`, `own_financing`).

    Raises WrongInputs with every input that is wrong; InvalidAnswer for what no modal of ours says.
    """
    try:
        return _TABLES[table](Reader(inputs), frame)
    except (KeyError, ValueError):
        raise InvalidAnswer("refusals.answers.not_an_option") from None


def _dialogue(reader: Reader, _frame: TimeFrame | None) -> Dialogue:
    on = reader.get("on", parse_date, otherwise=date(2000, 1, 1))
    note = reader.get("note", _note, otherwise="")
    talked_with = reader.get("talked_with", _chosen, otherwise="chair")
    committee = reader.get("committee", _chosen, otherwise="")
    reader.done()
    return Dialogue.model_validate(
        {"on": on, "talked_with": talked_with, "committee": committee, "note": note}
    )


def _operating(reader: Reader, frame: TimeFrame | None) -> OperatingLine:
    start = reader.get("start", parse_date, otherwise=date(2000, 1, 1))
    values = {
        "what": reader.get("what", _name, otherwise="–"),
        "amount": reader.get("amount", parse_amount, otherwise=ZERO),
        "start": start,
        "end": reader.get("end", _optional_date, otherwise=None),
        "duration": reader.get("duration", _chosen, otherwise=Duration.TEMPORARY.value),
        "recurrence": reader.get("recurrence", _chosen, otherwise=Recurrence.RECURRING.value),
    }
    line = OperatingLine.model_validate(values)
    if frame is not None:
        _take(reader, operating_problems(line, frame), {})
    reader.done()
    return line


def _investment(reader: Reader, frame: TimeFrame | None) -> InvestmentLine:
    payments = {}
    for name in reader.inputs:
        if name.startswith("payment:"):
            amount = reader.get(name, _optional_amount, otherwise=ZERO)
            if amount:
                payments[int(name.removeprefix("payment:"))] = amount
    values = {
        "what": reader.get("what", _name, otherwise="–"),
        "payments": payments,
        "in_use_from": reader.get("in_use_from", parse_date, otherwise=date(2000, 1, 1)),
        "useful_life": reader.get("useful_life", _optional_life, otherwise=None),
        "residual_value": reader.get("residual_value", _optional_amount, otherwise=ZERO),
        "components": reader.get("components", _components, otherwise=NO_PARTS),
    }
    line = InvestmentLine.model_validate(values)
    if frame is not None:
        first = next((n for n in reader.inputs if n.startswith("payment:")), "what")
        in_year = {f"payments.{year}": f"payment:{year}" for year in payments}
        _take(reader, investment_problems(line, frame), {"payments": first, **in_year})
    reader.done()
    return line


def _own_financing(reader: Reader, _frame: TimeFrame | None) -> OwnFinancingRow:
    values = {
        "kind": reader.get("kind", _chosen, otherwise="operating"),
        "year": reader.get("year", _chosen, otherwise="2000"),
        "amount": reader.get("amount", parse_amount, otherwise=ZERO),
    }
    reader.done()
    return OwnFinancingRow.model_validate({**values, "year": int(str(values["year"]))})


_TABLES: dict[str, Callable[[Reader, TimeFrame | None], BaseModel]] = {
    "dialogue": _dialogue,
    "operating": _operating,
    "investments": _investment,
    "own_financing": _own_financing,
}


def _take(reader: Reader, problems: Iterable[Problem], names: Mapping[str, str]) -> None:
    """Take in what is wrong with a line; `names` says which input a field stands in."""
    for problem in problems:
        name = names.get(problem.field, problem.field.split(".")[0])
        reader.wrong.setdefault(name, problem.refusal)


def split(inputs: Inputs, *, zeros: bool = False) -> tuple[SplitRow, ...]:
    """Amounts as written: an input `committee:kind:year` for each; an empty one is none.

    With `zeros` a zero that somebody wrote is an amount too.
    """
    reader = Reader(inputs)
    rows = []
    for name in inputs:
        committee, _, rest = name.partition(":")
        kind, _, year = rest.partition(":")
        amount = reader.get(name, _optional_amount, otherwise=ZERO)
        if amount or (zeros and inputs[name].strip()):
            place = {"committee": committee, "kind": kind, "year": year}
            try:
                rows.append(SplitRow.model_validate(place | {"amount": amount}))
            except ValidationError:
                raise InvalidAnswer("refusals.answers.not_an_option") from None
    reader.done()
    return tuple(rows)


def _name(text: str) -> str:
    name = " ".join(text.split())
    refuse_blank(name)
    if len(name) > LONGEST_NAME:
        raise InvalidAnswer("refusals.answers.too_long", length=len(name), longest=LONGEST_NAME)
    return name


def _note(text: str) -> str:
    if len(text) > LONGEST_NOTE:
        raise InvalidAnswer("refusals.answers.too_long", length=len(text), longest=LONGEST_NOTE)
    return text.strip()


def _chosen(text: str) -> str:
    if not text:
        raise InvalidAnswer("refusals.answers.choose_one")
    return text


def _optional_date(text: str) -> date | None:
    return parse_date(text) if text else None


def _optional_amount(text: str) -> Decimal:
    return parse_amount(text, allow_zero=True) if text.strip() else ZERO


def _optional_life(text: str) -> int | None:
    written = text.strip().removesuffix("år").strip()
    if not written:
        return None
    short = written.isdecimal() and len(written) <= len(str(LONGEST_LIFE))
    if not short or not 1 <= int(written) <= LONGEST_LIFE:
        raise InvalidAnswer("refusals.rows.useful_life", longest=LONGEST_LIFE)
    return int(written)


def _components(text: str) -> tuple[Component, ...]:
    """One on each line: name; amount; years; and, when there is one, residual value."""
    refuse_identity(text)  # before a line that does not fit is shown again
    return tuple(_component(line) for line in text.splitlines() if line.strip())


def _component(line: str) -> Component:
    parts = [part.strip() for part in line.split(";")]
    if len(parts) not in {3, 4}:
        raise InvalidAnswer("refusals.rows.component", line=line.strip())
    life = _optional_life(parts[2])
    if life is None:
        raise InvalidAnswer("refusals.rows.component", line=line.strip())
    return Component(
        what=_name(parts[0]),
        amount=parse_amount(parts[1]),
        useful_life=life,
        residual_value=_optional_amount(parts[3]) if len(parts) == 4 else ZERO,  # noqa: PLR2004  the last part may be left out
    )
