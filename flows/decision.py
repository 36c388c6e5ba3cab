"""The chief executive's decision: what she may say, and what stands in its way when she says it.

The route is worked out anew at the decision, on the money as it is then. What no longer fits the
delegation is not decided: it goes the political way, with the reasons (R000-8, R000-9, R000-14).
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from flows.assessment import Seen
from flows.case import Case, State
from flows.decided import Allocation, Body, Decided, Reason, Routed, Verdict
from flows.errors import InvalidAnswer, NotAllowed, Stale
from flows.events import Disqualified, PersonId, TextId
from flows.money import ZERO
from flows.route import Route


@dataclass(frozen=True, slots=True)
class Said:
    """What the chief executive says, and why. `gives` is what she grants: nothing of a refusal."""

    verdict: Verdict
    reason: TextId | None = None
    gives: tuple[Allocation, ...] = ()


def may_decide(case: Case, *, seen: Seen, by: PersonId) -> None:
    """Refuse what no motivation could mend; asked already when the modal is to open."""
    if case.state is not State.CHIEF_EXECUTIVE:
        raise Stale("refusals.decision.not_waiting")
    if seen != Seen(case.stage, case.version):
        raise Stale("refusals.decision.old_version", version=case.version)
    if by in case.disqualified:
        raise NotAllowed("refusals.decision.disqualified")


def gives(case: Case, amounts: Sequence[Decimal]) -> tuple[Allocation, ...]:
    """What is granted when each reserved row gets its amount, from the programme's pot to a nämnd.

    Less than what was asked for may be given, never more, and not nothing at all (R000-6).
    """
    rows = case.reserved
    if len(amounts) != len(rows):
        raise InvalidAnswer("refusals.decision.amounts_missing")
    given = []
    for position, (row, amount) in enumerate(zip(rows, amounts, strict=True)):
        if not ZERO <= amount <= row.amount:
            facts = {"asked": row.amount, "position": position}
            raise InvalidAnswer("refusals.decision.more_than_asked", **facts)
        if amount:
            given.append(row.model_copy(update={"amount": amount}))
    if rows and not given:
        raise InvalidAnswer("refusals.decision.nothing_granted")
    return tuple(given)


def decide(
    case: Case,
    said: Said,
    now: Route,
    *,
    seen: Seen,
    by: PersonId,
    at: datetime,
    day: date,
    number: Callable[[], str],
    instead_of: str = "",
) -> Decided | Routed:
    """Return the decision, or the other route when it would pass a cap or a pot.

    `now` is the route of what is to be given, on the money as it is in this moment. `number` is asked
    for only when there is a decision, so that the series has no gaps.
    """
    may_decide(case, seen=seen, by=by)
    if said.reason is None:
        raise InvalidAnswer("refusals.decision.reason_missing")
    if _beyond(said, now):
        return routed(case, now, by=by, at=at)
    return Decided(
        at=at,
        by=by,
        body=Body.CHIEF_EXECUTIVE,
        verdict=said.verdict,
        number=number(),
        day=day,
        version=case.version,
        pdf_sha256=case.pdf_sha256,
        rule=now.rule,
        allocations=said.gives if said.verdict is Verdict.GRANTED else (),
        reason=said.reason,
        instead_of=instead_of,
    )


def routed(case: Case, now: Route, *, by: PersonId, at: datetime) -> Routed:
    """The case goes another way; what it asks for stays reserved."""
    return Routed(
        at=at, by=by, to=now.to, reasons=now.reasons, reserved=case.reserved, rule=now.rule
    )


def disqualify(case: Case, *, seen: Seen, by: PersonId, at: datetime) -> Disqualified | None:
    """She says that she is jävig; None when she has said so already."""
    if by in case.disqualified:
        return None
    may_decide(case, seen=seen, by=by)
    return Disqualified(by=by, at=at)


def _beyond(said: Said, now: Route) -> bool:
    """To say no costs nothing; but nobody decides anything without a delegation."""
    if said.verdict is Verdict.GRANTED:
        return now.to is not Body.CHIEF_EXECUTIVE
    return any(reason.code is Reason.NO_DELEGATION for reason in now.reasons)
