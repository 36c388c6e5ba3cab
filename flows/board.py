"""The political route: what the secretary records of what the bodies have said.

Kommunfullmäktige's review, Trygghetsberedningen's proposal, and when the minutes of a decision were
announced. People decide on their meetings; each act here gives the event that says so, none when it
changes nothing, or refuses. Kommunstyrelsen's decision itself is in flows/board_record.py.
"""

import re
from dataclasses import dataclass
from datetime import date, datetime

from flows.case import Case, State
from flows.dates import local_day
from flows.decided import (
    Body,
    CouncilOutcome,
    CouncilReviewed,
    MinutesAnnounced,
    Position,
    Proposed,
)
from flows.errors import FlowError, InvalidAnswer, NotAllowed, Stale
from flows.events import PersonId, TextId
from flows.inputs import WrongInputs
from flows.programme import Programme, Role

# Kommunjuristen says herself that no body need decide; what a body said is recorded by the secretary.
MAY_REVIEW: dict[CouncilOutcome, tuple[Role, ...]] = {
    CouncilOutcome.NOT_NEEDED: (Role.LEGAL_COUNSEL, Role.SECRETARY),
    CouncilOutcome.DECIDED: (Role.SECRETARY,),
    CouncilOutcome.STOPPED: (Role.SECRETARY,),
}
_PARAGRAPH = re.compile(r"(?:§+\s*)?(\d{1,4})\s?([a-zA-Z]?)")
_BODIES = {
    State.DRAFTING_COMMITTEE: "drafting_committee",
    State.EXECUTIVE_BOARD: "executive_board",
}


@dataclass(frozen=True, slots=True)
class Reviewed:
    """What came of the question whether kommunfullmäktige must decide first."""

    outcome: CouncilOutcome
    day: date | None = None
    paragraph: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Said:
    """What Trygghetsberedningen said on its meeting."""

    position: Position
    day: date | None
    reason: str = ""


def refuse_unless(case: Case, state: State, *, version: int) -> None:
    """Raises Stale when the case waits for something else by now, or in another version."""
    early = {State.COUNCIL_REVIEW, State.DRAFTING_COMMITTEE}
    if state is State.EXECUTIVE_BOARD and case.state in early:
        raise NotAllowed("refusals.board.not_proposed")
    if case.state is not state or case.version != version:
        raise Stale("refusals.board.meanwhile")


def review(case: Case, said: Reviewed, *, version: int, at: datetime) -> None:
    """Refuse a review that cannot be recorded: WrongInputs names each input that is wrong or missing.

    Only a decision by kommunfullmäktige needs day and paragraph; everything else needs a reason.
    """
    refuse_unless(case, State.COUNCIL_REVIEW, version=version)
    wrong: dict[str, FlowError] = {}
    if said.outcome is CouncilOutcome.DECIDED:
        _check_day(wrong, said.day, earliest=None, at=at)
        if not said.paragraph:
            wrong["paragraph"] = InvalidAnswer("refusals.board.paragraph_missing")
    elif not said.reason:
        wrong["reason"] = InvalidAnswer("refusals.board.reason_missing")
    if wrong:
        raise WrongInputs(wrong)


def reviewed(
    said: Reviewed, *, reason: TextId | None, by: PersonId, at: datetime
) -> CouncilReviewed:
    decided = said.outcome is CouncilOutcome.DECIDED
    return CouncilReviewed(
        at=at,
        by=by,
        outcome=said.outcome,
        day=said.day if decided else None,
        paragraph=said.paragraph if decided else "",
        reason=reason,
    )


def propose(case: Case, said: Said, *, version: int, at: datetime) -> None:
    """Refuse what cannot be what Trygghetsberedningen said; WrongInputs names each input (R000-41)."""
    refuse_unless(case, State.DRAFTING_COMMITTEE, version=version)
    wrong: dict[str, FlowError] = {}
    _check_day(wrong, said.day, earliest=earliest_day(case), at=at)
    if said.position is not Position.PROPOSES and not said.reason:
        wrong["reason"] = InvalidAnswer("refusals.board.reason_missing")
    if wrong:
        raise WrongInputs(wrong)


def proposed(said: Said, *, reason: TextId | None, by: PersonId, at: datetime) -> Proposed:
    """Only a proposal opens kommunstyrelsen's step (R000-5): the case's own fold sees to that."""
    assert said.day is not None
    return Proposed(at=at, by=by, position=said.position, day=said.day, reason=reason)


def announce(
    case: Case,
    *,
    decision: str,
    verified: date | None,
    announced: date | None,
    by: PersonId,
    at: datetime,
) -> list[MinutesAnnounced]:
    """When kommunstyrelsen's minutes were verified and announced; other days replace those before.

    Raises WrongInputs for days that are missing, to come, or in the wrong order.
    """
    refuse_announcing(case, decision=decision)
    assert case.decision is not None
    wrong: dict[str, FlowError] = {}
    _check_day(wrong, verified, earliest=case.decision.day, at=at, name="verified")
    _check_day(wrong, announced, earliest=verified, at=at, name="announced")
    if wrong or verified is None or announced is None:
        raise WrongInputs(wrong)
    before = case.announced
    if before is not None and (before.verified, before.announced) == (verified, announced):
        return []
    return [
        MinutesAnnounced(at=at, by=by, decision=decision, verified=verified, announced=announced)
    ]


def refuse_announcing(case: Case, *, decision: str) -> None:
    """Raises Stale when the case's decision is another, or not kommunstyrelsen's."""
    made = case.decision
    if made is None or made.number != decision or made.body is not Body.EXECUTIVE_BOARD:
        raise Stale("refusals.board.meanwhile")


def earliest_day(case: Case) -> date | None:
    """The first day on which the body that the case waits for can have met about it."""
    if case.proposed is not None:
        return case.proposed.day
    return local_day(case.route.at) if case.route is not None else None


def met_last(programme: Programme, case: Case, *, today: date) -> date | None:
    """The planned meeting that the secretary probably has the minutes of."""
    first = earliest_day(case) or today
    body = _BODIES.get(case.state)
    days = (meeting.day for meeting in programme.meetings if meeting.body == body)
    return max((day for day in days if first <= day <= today), default=None)


def paragraph(text: str) -> str:
    """`22`, `§22` and `§ 22` are "§ 22". Raises InvalidAnswer for what is no paragraph."""
    found = _PARAGRAPH.fullmatch(" ".join(text.split()))
    if found is None:
        missing = "paragraph_missing" if not text.strip() else "paragraph_unreadable"
        raise InvalidAnswer(f"refusals.board.{missing}")
    return f"§ {int(found[1])} {found[2].lower()}".rstrip()


def _check_day(
    wrong: dict[str, FlowError],
    day: date | None,
    *,
    earliest: date | None,
    at: datetime,
    name: str = "day",
) -> None:
    refusal = day_refused(day, earliest=earliest, at=at)
    if refusal is not None:
        wrong[name] = refusal


def day_refused(day: date | None, *, earliest: date | None, at: datetime) -> FlowError | None:
    """Why a meeting cannot have been that day; None when it can."""
    if day is None:
        return InvalidAnswer("refusals.board.day_missing")
    if day > local_day(at):
        return InvalidAnswer("refusals.board.day_to_come")
    if earliest is not None and day < earliest:
        return InvalidAnswer("refusals.board.day_too_early", earliest=earliest)
    return None
