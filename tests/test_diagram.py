"""The diagram in README is made from the code: what each event does to what a case waits for."""

from pathlib import Path
from typing import Any

import pytest

from flows.case import AFTER_OUTCOME, MAY_BE_REVISED, Case, Event, State
from flows.decided import (
    Body,
    Closed,
    CouncilOutcome,
    CouncilReviewed,
    Decided,
    Position,
    Proposed,
    Routed,
    Verdict,
)
from flows.events import (
    OPINIONS,
    DocumentsStored,
    OutcomeReached,
    Stage,
    Submitted,
    TakenForward,
    Withdrawn,
)
from tests.flows.klg import ANNA, NOON

README = Path(__file__).parent.parent / "README.md"
BEGIN, END = "<!-- case diagram: begin -->\n", "<!-- case diagram: end -->"
WAITS = {
    State.DOCUMENTS: "the bot makes the documents",
    State.ASSESSMENT: "KLG assesses",
    State.CLARIFICATION: "officer completes",
    State.SUPPLEMENT: "officer writes points 2–4",
    State.NOT_RELEVANT: "officer withdraws or revises",
    State.RECOMMENDED: "the route, in the same moment",
    State.ADVISED_AGAINST: "officer revises, or the secretary takes it on",
    State.FORWARDED: "the route, with KLG's view",
    State.COUNCIL_REVIEW: "the secretary asks whether kommunfullmäktige must decide",
    State.CHIEF_EXECUTIVE: "the chief executive decides",
    State.DRAFTING_COMMITTEE: "Trygghetsberedningen proposes",
    State.EXECUTIVE_BOARD: "kommunstyrelsen decides",
    State.REMITTED: "officer completes",
    State.REJECTED: "officer withdraws or revises",
    State.FOLLOW_UP: "effects and money are reported",
    State.CLOSED: "nothing",
    State.WITHDRAWN: "nothing",
}


def diagram() -> str:
    """Mermaid, from the fold of the events and the sets that say who may when."""
    lines = ["```mermaid", "stateDiagram-v2", "    [*] --> documents: submitted"]
    lines += [f"    {state}: {waits}" for state, waits in WAITS.items()]
    lines += [
        f"    {state} --> {after}: {label}"
        for state in State
        for label, event in _possible(state)
        if (after := Case(state=state).after(event).state) is not state
    ]
    return "\n".join([*lines, "```", ""])


def _possible(state: State) -> list[tuple[str, Event]]:
    """What can happen in the state, and what it is called."""
    at, by = NOON, ANNA
    found: list[tuple[str, Event]] = []
    if state is State.DOCUMENTS:
        stored = DocumentsStored(at=at, by=by, version=1, issue=1, pdf_sha256="", docx_sha256="")
        found.append(("documents stored", stored))
    if state is State.ASSESSMENT:
        for stage, opinions in OPINIONS.items():
            for outcome in opinions:
                values = {"stage": stage, "version": 1, "rule": "all", "votes": 1, "eligible": 1}
                reached = OutcomeReached(at=at, by=by, outcome=outcome, **values)
                found.append((outcome.replace("_", " "), reached))
    if state in MAY_BE_REVISED:
        again = Submitted(
            at=at, by=by, stage=Stage.PROPOSAL, version=2, administrations=(), authors=()
        )
        found += [("submitted", again), ("withdrawn", Withdrawn(at=at, by=by))]
    if state is State.ADVISED_AGAINST:
        found.append(("taken forward", TakenForward(at=at, by=by)))
    return [*found, *_on_the_way_to_a_decision(state), *_afterwards(state)]


def _on_the_way_to_a_decision(state: State) -> list[tuple[str, Event]]:
    at, by = NOON, ANNA
    routes = {"reasons": (), "reserved": (), "rule": ""}
    if state in {State.RECOMMENDED, State.FORWARDED}:
        to = (Body.CHIEF_EXECUTIVE, Body.DRAFTING_COMMITTEE, Body.COUNCIL)
        labels = ("within the delegation", "beyond the delegation", "new or principled")
        routed = [Routed(at=at, by=by, to=body, **routes) for body in to]
        return list(zip(labels, routed, strict=True))
    if state is State.CHIEF_EXECUTIVE:
        away = Routed(at=at, by=by, to=Body.DRAFTING_COMMITTEE, **routes)
        return [*_verdicts(Body.CHIEF_EXECUTIVE), ("over a cap, or jäv", away)]
    if state is State.COUNCIL_REVIEW:
        return [
            (outcome.replace("_", " "), CouncilReviewed(at=at, by=by, outcome=outcome))
            for outcome in CouncilOutcome
        ]
    if state is State.DRAFTING_COMMITTEE:
        return [
            (position.replace("_", " "), Proposed(at=at, by=by, position=position, day=at.date()))
            for position in Position
        ]
    return _verdicts(Body.EXECUTIVE_BOARD) if state is State.EXECUTIVE_BOARD else []


def _verdicts(body: Body) -> list[tuple[str, Event]]:
    values: dict[str, Any] = {"number": "", "version": 1, "pdf_sha256": "", "rule": ""}
    return [
        (
            verdict,
            Decided(at=NOON, by=ANNA, body=body, verdict=verdict, day=NOON.date(), **values),
        )
        for verdict in Verdict
    ]


def _afterwards(state: State) -> list[tuple[str, Event]]:
    closed = ("last report received, money accounted for", Closed(at=NOON, by=ANNA))
    return [closed] if state is State.FOLLOW_UP else []


def test_the_readme_shows_the_diagram_of_the_code():
    text = README.read_text(encoding="utf-8")
    shown = text[text.index(BEGIN) + len(BEGIN) : text.index(END)]

    assert shown == diagram(), "run: python -m tests.test_diagram"


@pytest.mark.parametrize("state", State)
def test_every_state_says_what_it_waits_for(state: State):
    assert WAITS[state]


def test_every_outcome_leads_somewhere():
    assert set(AFTER_OUTCOME) == {opinion for known in OPINIONS.values() for opinion in known}


if __name__ == "__main__":
    whole = README.read_text(encoding="utf-8")
    before, after = whole[: whole.index(BEGIN) + len(BEGIN)], whole[whole.index(END) :]
    README.write_text(before + diagram() + after, encoding="utf-8")
