"""Moving the budget of a granted decision from kommunstyrelsen's pot to the nämnder (R000-50).

One move is a kind and a budget year of the decision, with every nämnd that gets of it. It is due when
its year has begun, and somebody with the role says when it is done.
"""

from datetime import datetime
from decimal import Decimal

from pydantic import BaseModel

from flows.answers import refuse_blank
from flows.case import Case, Event, State
from flows.decided import Allocation, BudgetTransferred, ProjectGiven
from flows.errors import InvalidAnswer, NotAllowed, Stale
from flows.events import PersonId
from flows.inputs import Inputs, Reader, WrongInputs
from flows.money import ZERO
from flows.programme import Role
from flows.rules import CostKind

LONGEST = 100  # characters of a reference and of a project's number
# Whose task it is; the secretary does it when nobody with the role is in Slack.
MOVED_BY = {
    CostKind.INVESTMENT: Role.INVESTMENT_STRATEGIST,
    CostKind.OPERATING: Role.FINANCIAL_CONTROL,
}


class Move(BaseModel, frozen=True):
    """What is to be moved of one kind in one budget year."""

    kind: CostKind
    year: int
    rows: tuple[Allocation, ...]

    @property
    def amount(self) -> Decimal:
        return sum((row.amount for row in self.rows), ZERO)


class Done(BaseModel, frozen=True):
    """What the form says: the booking's reference, and the project's number when it was asked for."""

    reference: str
    project: str = ""


def moves(case: Case) -> tuple[Move, ...]:
    """Every move of the decision that holds, by year and kind, done or not."""
    rows = [row for row in case.granted if row.amount]
    found = sorted(
        {(row.year, row.kind) for row in rows}, key=lambda one: (one[0], [*CostKind].index(one[1]))
    )
    return tuple(
        Move(
            kind=kind,
            year=year,
            rows=tuple(row for row in rows if (row.year, row.kind) == (year, kind)),
        )
        for year, kind in found
    )


def waiting(case: Case) -> tuple[Move, ...]:
    """The moves that nobody has made yet."""
    done = {(one.cost_kind, one.year) for one in case.transferred}
    return tuple(move for move in moves(case) if (move.kind, move.year) not in done)


def due(case: Case, *, year: int) -> tuple[Move, ...]:
    """Those of them whose budget year has begun."""
    return tuple(move for move in waiting(case) if move.year <= year)


def needs_project(case: Case, kind: CostKind) -> bool:
    """An investment is followed up and closed in the ordinary process, by its number there (R000-51)."""
    return kind is CostKind.INVESTMENT and not case.project


def find(case: Case, *, kind: CostKind, year: int, version: int) -> Move:
    """The move that a button was about. Raises Stale when the decision is another, NotAllowed when it is done."""
    move = next((m for m in moves(case) if (m.kind, m.year) == (kind, year)), None)
    if move is None or case.decision is None or case.decision.version != version:
        raise Stale("refusals.transfer.other_decision")
    if move not in waiting(case):
        raise NotAllowed("refusals.transfer.already")
    if case.state is not State.FOLLOW_UP:
        raise Stale("refusals.transfer.other_decision")
    return move


def read(inputs: Inputs) -> Done:
    """Read the form. Raises WrongInputs."""
    reader = Reader(inputs)
    reference = reader.get("reference", _line, otherwise="")
    project = reader.get("project", _line, otherwise="") if "project" in inputs else ""
    reader.done()
    return Done(reference=reference, project=project)


def transfer(case: Case, move: Move, done: Done, *, by: PersonId, at: datetime) -> list[Event]:
    """The budget is moved; an investment has its project's number from then on.

    Raises WrongInputs when the number is needed and missing.
    """
    assert case.decision is not None
    events: list[Event] = []
    if needs_project(case, move.kind):
        if not done.project:
            raise WrongInputs({"project": InvalidAnswer("refusals.transfer.project_missing")})
        events.append(ProjectGiven(at=at, by=by, project=done.project))
    moved = BudgetTransferred(
        at=at,
        by=by,
        decision=case.decision.number,
        cost_kind=move.kind,
        year=move.year,
        reference=done.reference,
    )
    return [*events, moved]


def _line(written: str) -> str:
    line = " ".join(written.split())
    refuse_blank(line)
    if len(line) > LONGEST:
        raise InvalidAnswer("refusals.transfer.too_long", longest=LONGEST)
    return line
