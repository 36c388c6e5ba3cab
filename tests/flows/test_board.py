"""The political route: review, proposal and announcement, and the order they come in."""

from datetime import UTC, date, datetime
from typing import Any

import pytest

from flows import board
from flows.board import Reviewed, Said
from flows.case import Case, State, replay
from flows.decided import Body, CouncilOutcome, Decided, Position, Proposed, Routed, Verdict
from flows.errors import FlowError, InvalidAnswer, NotAllowed, Stale
from flows.events import DocumentsStored, Opinion, OutcomeReached, Stage, Submitted
from flows.inputs import WrongInputs
from tests.flows.filled import example

SARA = "T1:U1SARA"
NOON = datetime(2026, 12, 16, 11, tzinfo=UTC)
ROUTED = datetime(2026, 11, 23, 9, tzinfo=UTC)
FACT: dict[str, Any] = {"at": ROUTED, "by": SARA}
SUBMITTED = Submitted(
    stage=Stage.APPLICATION, version=1, administrations=("sf",), authors=(SARA,), **FACT
)
STORED = DocumentsStored(version=1, issue=1, pdf_sha256="p", docx_sha256="d", **FACT)
OUTCOME = OutcomeReached(
    stage=Stage.APPLICATION,
    version=1,
    outcome=Opinion.RECOMMEND,
    rule="majority",
    votes=3,
    eligible=4,
    **FACT,
)
PROPOSED = Proposed(position=Position.PROPOSES, day=date(2026, 12, 7), **FACT)


def routed(to: Body, *more: Any) -> Case:
    route = Routed(to=to, reasons=(), reserved=(), rule="", **FACT)
    return replay([SUBMITTED, STORED, OUTCOME, route, *more])


def refused(act: Any, *args: Any, **more: Any) -> dict[str, str]:
    with pytest.raises(WrongInputs) as found:
        act(*args, **more)
    return {name: refusal.key for name, refusal in found.value.by_input.items()}


@pytest.mark.requirement("R000-41", "R002-2")
@pytest.mark.parametrize(
    ("position", "state"),
    [
        (Position.PROPOSES, State.EXECUTIVE_BOARD),
        (Position.DOES_NOT, State.REJECTED),
        (Position.REMITS, State.REMITTED),
    ],
)
def test_only_a_proposal_opens_kommunstyrelsens_step(position: Position, state: State):
    case = routed(Body.DRAFTING_COMMITTEE)
    said = Said(position, date(2026, 12, 7), "Skälet.")
    board.propose(case, said, version=1, at=NOON)

    assert case.after(board.proposed(said, reason=1, by=SARA, at=NOON)).state is state


@pytest.mark.requirement("R000-5", "R000-41")
@pytest.mark.parametrize("to", [Body.DRAFTING_COMMITTEE, Body.COUNCIL])
def test_there_is_no_way_to_kommunstyrelsen_past_the_drafting_committee(to: Body):
    with pytest.raises(NotAllowed, match="not_proposed"):
        board.refuse_unless(routed(to), State.EXECUTIVE_BOARD, version=1)
    board.refuse_unless(routed(Body.DRAFTING_COMMITTEE, PROPOSED), State.EXECUTIVE_BOARD, version=1)


@pytest.mark.requirement("R000-5")
def test_what_klg_has_recommended_waits_for_nobody_in_kommunstyrelsen():
    recommended = replay([SUBMITTED, STORED, OUTCOME])

    with pytest.raises(Stale):
        board.refuse_unless(recommended, State.EXECUTIVE_BOARD, version=1)


@pytest.mark.parametrize("position", [Position.DOES_NOT, Position.REMITS])
def test_anything_but_a_proposal_needs_a_reason(position: Position):
    case = routed(Body.DRAFTING_COMMITTEE)

    found = refused(board.propose, case, Said(position, date(2026, 12, 7)), version=1, at=NOON)
    assert found == {"reason": "refusals.board.reason_missing"}


@pytest.mark.parametrize(
    ("day", "why"),
    [
        (date(2026, 12, 17), "day_to_come"),
        (date(2026, 11, 22), "day_too_early"),
        (None, "day_missing"),
    ],
)
def test_the_meeting_has_been_and_came_after_the_route(day: date | None, why: str):
    case = routed(Body.DRAFTING_COMMITTEE)

    found = refused(board.propose, case, Said(Position.PROPOSES, day), version=1, at=NOON)
    assert found == {"day": f"refusals.board.{why}"}


@pytest.mark.parametrize("day", [date(2026, 11, 23), date(2026, 12, 16)])
def test_the_day_of_the_route_and_today_are_days_for_a_meeting(day: date):
    board.propose(routed(Body.DRAFTING_COMMITTEE), Said(Position.PROPOSES, day), version=1, at=NOON)


def test_the_second_to_record_the_same_thing_is_told_that_it_is_done():
    case = routed(Body.DRAFTING_COMMITTEE, PROPOSED)

    with pytest.raises(Stale):
        board.propose(case, Said(Position.PROPOSES, date(2026, 12, 7)), version=1, at=NOON)
    with pytest.raises(Stale):
        board.refuse_unless(routed(Body.DRAFTING_COMMITTEE), State.DRAFTING_COMMITTEE, version=2)


@pytest.mark.parametrize(
    ("said", "wrong"),
    [
        (Reviewed(CouncilOutcome.DECIDED), {"day", "paragraph"}),
        (Reviewed(CouncilOutcome.NOT_NEEDED), {"reason"}),
        (Reviewed(CouncilOutcome.STOPPED), {"reason"}),
        (Reviewed(CouncilOutcome.DECIDED, date(2026, 12, 17), "§ 3"), {"day"}),
    ],
)
def test_a_review_says_which_decision_or_why_not(said: Reviewed, wrong: set[str]):
    assert refused(board.review, routed(Body.COUNCIL), said, version=1, at=NOON).keys() == wrong


@pytest.mark.parametrize(
    ("outcome", "state"),
    [
        (CouncilOutcome.NOT_NEEDED, State.DRAFTING_COMMITTEE),
        (CouncilOutcome.DECIDED, State.DRAFTING_COMMITTEE),
        (CouncilOutcome.STOPPED, State.REJECTED),
    ],
)
def test_after_the_review_comes_the_drafting_committee_or_nothing(
    outcome: CouncilOutcome, state: State
):
    # Kommunfullmäktige may have decided before anybody applied.
    said = Reviewed(outcome, date(2026, 6, 15), "§ 3", "Skälet.")
    case = routed(Body.COUNCIL)
    board.review(case, said, version=1, at=NOON)
    event = board.reviewed(said, reason=1, by=SARA, at=NOON)

    assert case.after(event).state is state
    assert (event.day is not None) is (outcome is CouncilOutcome.DECIDED)


@pytest.mark.requirement("R001-1")
@pytest.mark.parametrize(
    ("written", "read"),
    [("§ 22", "§ 22"), ("22", "§ 22"), ("§22", "§ 22"), (" §  022 ", "§ 22"), ("§ 7 A", "§ 7 a")],
)
def test_a_paragraph_is_read_however_it_is_written(written: str, read: str):
    assert board.paragraph(written) == read


@pytest.mark.parametrize("written", ["", "§", "KS 22", "22–24"])
def test_what_is_no_paragraph_is_refused(written: str):
    with pytest.raises(InvalidAnswer):
        board.paragraph(written)


def decided(body: Body = Body.EXECUTIVE_BOARD) -> Case:
    event = Decided(
        body=body,
        verdict=Verdict.GRANTED,
        number="KS 2026-12-01 § 22 (2026-0001)",
        day=date(2026, 12, 1),
        version=1,
        pdf_sha256="p",
        rule="",
        **FACT,
    )
    return routed(Body.DRAFTING_COMMITTEE, PROPOSED, event)


def announce(case: Case, verified: date | None, announced: date | None) -> Any:
    number = "KS 2026-12-01 § 22 (2026-0001)"
    days = {"verified": verified, "announced": announced}
    return board.announce(case, decision=number, **days, by=SARA, at=NOON)


def test_minutes_are_verified_after_the_meeting_and_announced_after_that():
    case = decided()
    (event,) = announce(case, date(2026, 12, 3), date(2026, 12, 3))

    assert (event.verified, event.announced) == (date(2026, 12, 3), date(2026, 12, 3))
    assert announce(case.after(event), date(2026, 12, 3), date(2026, 12, 3)) == []
    (mended,) = announce(case.after(event), date(2026, 12, 3), date(2026, 12, 4))
    assert mended.announced == date(2026, 12, 4)


@pytest.mark.parametrize(
    ("verified", "announced", "wrong"),
    [
        (date(2026, 11, 30), date(2026, 12, 3), {"verified"}),
        (date(2026, 12, 4), date(2026, 12, 3), {"announced"}),
        (date(2026, 12, 3), date(2026, 12, 17), {"announced"}),
        (None, None, {"verified", "announced"}),
    ],
)
def test_days_in_the_wrong_order_are_refused(
    verified: date | None, announced: date | None, wrong: set[str]
):
    assert refused(announce, decided(), verified, announced).keys() == wrong


def test_a_delegated_decision_has_no_minutes():
    with pytest.raises(FlowError, match="meanwhile"):
        announce(decided(Body.CHIEF_EXECUTIVE), date(2026, 12, 3), date(2026, 12, 3))


@pytest.mark.parametrize(
    ("today", "met"),
    [
        (date(2026, 12, 6), None),
        (date(2026, 12, 7), date(2026, 12, 7)),
        (NOON.date(), date(2026, 12, 7)),
    ],
)
def test_the_planned_meeting_that_has_been_is_proposed(today: date, met: date | None):
    case = routed(Body.DRAFTING_COMMITTEE)

    assert board.met_last(example(), case, today=today) == met
