"""What kommunfullmäktige or kommunstyrelsen changes in a budget year's money, entered by a person.

An adjustment makes the year's money more or less. Carrying over takes what is left of the year before
out of it and into the year; it never happens by itself (C-8). Each cites the decision it rests on.
"""

from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal
from enum import StrEnum

from pydantic import BaseModel

from flows import references
from flows.errors import InvalidAnswer, NotAllowed
from flows.events import PersonId
from flows.inputs import Inputs, Reader, one_of, year
from flows.ledger import Account, Entry, EntryKind
from flows.money import parse_amount
from flows.rules import CostKind

LONGEST = 150  # characters of a reference


class Change(StrEnum):
    INCREASE = "increase"
    DECREASE = "decrease"
    CARRY_OVER = "carry_over"


class Adjustment(BaseModel, frozen=True):
    """`amount` in kronor, above zero; `reference` as "KF 2026-06-15 § 88"."""

    change: Change
    year: int
    kind: CostKind
    amount: Decimal
    reference: str


def read(inputs: Inputs) -> Adjustment:
    """Read the form. Raises WrongInputs with every input that is wrong."""
    reader = Reader(inputs)
    values = {
        "change": reader.get("change", one_of(Change), otherwise=Change.INCREASE),
        "year": reader.get("year", year, otherwise=0),
        "kind": reader.get("kind", one_of(CostKind), otherwise=CostKind.OPERATING),
        "amount": reader.get("amount", parse_amount, otherwise=Decimal(0)),
        "reference": reader.get("reference", _reference, otherwise=""),
    }
    reader.done()
    return Adjustment.model_validate(values)


def entries(
    of: Adjustment, account: Account, before: Account, *, by: PersonId, at: datetime
) -> list[Entry]:
    """The rows of the change to the year's `account`; `before` is the year before's, of the same kind.

    Raises InvalidAnswer when more is taken than there is.
    """

    def entry(year: int, kind: EntryKind, amount: Decimal) -> Entry:
        return Entry(
            year=year,
            kind=of.kind,
            entry=kind,
            amount=amount,
            reference=of.reference,
            by=by,
            at=at,
        )

    match of.change:
        case Change.INCREASE:
            return [entry(of.year, EntryKind.ADJUSTMENT, of.amount)]
        case Change.DECREASE:
            if of.amount > account.grantable:
                raise InvalidAnswer("refusals.ledger.decided_already", left=account.grantable)
            return [entry(of.year, EntryKind.ADJUSTMENT, -of.amount)]
        case Change.CARRY_OVER:
            if of.amount > before.left:
                raise InvalidAnswer(
                    "refusals.ledger.not_left", left=max(before.left, Decimal(0)), year=before.year
                )
            return [
                entry(before.year, EntryKind.CARRIED_OVER, -of.amount),
                entry(of.year, EntryKind.CARRIED_OVER, of.amount),
            ]


def refuse_again(new: Iterable[Entry], booked: Iterable[Entry]) -> None:
    """Raises NotAllowed when the same change stands there with the same reference."""
    there = {_same(entry) for entry in booked}
    if any(_same(entry) in there for entry in new):
        raise NotAllowed("refusals.ledger.entered_already")


def _same(entry: Entry) -> tuple[object, ...]:
    return entry.year, entry.kind, entry.entry, entry.amount, entry.reference


def _reference(line: str) -> str:
    """A dated decision with its paragraph, in the one form that is stored."""
    found = references.read(line)
    if found.paragraph is None:
        raise InvalidAnswer("refusals.ledger.reference")
    if len(said := references.written(found)) > LONGEST:
        raise InvalidAnswer("refusals.transfer.too_long", longest=LONGEST)
    return said
