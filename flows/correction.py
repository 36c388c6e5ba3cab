"""Recording kommunstyrelsen's decision anew when the note of it was wrong.

The decision is what it was; the record before stands in the log. Refused is what cannot be undone
here: budget that has been moved, and a record that is no longer the one that holds.
"""

from datetime import datetime
from decimal import Decimal

from flows.case import Case, State
from flows.decided import (
    Allocation,
    Body,
    Decided,
    DecisionCorrected,
    Verdict,
    record_version,
    recorded_as,
)
from flows.errors import InvalidAnswer, NotAllowed, Stale
from flows.events import PersonId, TextId
from flows.ledger import own_year
from flows.rules import CostKind


def record(case: Case, *, number: str) -> Decided:
    """The record that can be corrected: a grant of kommunstyrelsen's whose case is followed up.

    Raises Stale when another record holds by now, NotAllowed when it is too late.
    """
    made = case.decision
    if made is None or made.number != number or made.body is not Body.EXECUTIVE_BOARD:
        raise Stale("refusals.correction.meanwhile")
    if made.verdict is not Verdict.GRANTED or case.state is not State.FOLLOW_UP:
        raise NotAllowed("refusals.correction.too_late")
    return made


def refuse_moved(case: Case, made: Decided) -> None:
    """Raises NotAllowed when it changes money whose budget has been moved, or its meeting after that."""
    before, moved = case.decision, {(one.cost_kind, one.year) for one in case.transferred}
    assert before is not None
    if not moved:
        return
    for kind, year in sorted(moved):
        first = own_year(made.allocations) != own_year(before.allocations)
        if first or _given(made, kind, year) != _given(before, kind, year):
            amount = sum(_given(before, kind, year).values())
            raise NotAllowed("refusals.correction.moved", kind=kind, year=year, amount=amount)
    if recorded_as(made.number) != recorded_as(before.number):
        raise InvalidAnswer("refusals.correction.meeting_moved")


def corrected(
    case: Case, made: Decided, *, reason: TextId, by: PersonId, at: datetime
) -> DecisionCorrected:
    """The event; `made` is the record as it would be if it were the first."""
    before = case.decision
    assert before is not None
    version = record_version(before.number) + 1
    kept = {name: getattr(before, name) for name in ("at", "by", "version", "pdf_sha256")}
    number = f"{recorded_as(made.number)} v{version}"
    decided = made.model_copy(update={**kept, "number": number})
    return DecisionCorrected(at=at, by=by, corrects=before.number, decided=decided, reason=reason)


def _given(of: Decided, kind: CostKind, year: int) -> dict[tuple[str, str], Decimal]:
    def here(one: Allocation) -> bool:
        return bool(one.amount) and (one.kind, one.year) == (kind, year)

    return {(one.committee, one.activity_code): one.amount for one in of.allocations if here(one)}
