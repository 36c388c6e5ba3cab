"""Lives of cases for property tests: any event that may follow, drawn by hypothesis, and what it should mean.

`Should` counts the money from what people said, not by the ledger's own rules, so that the two can be
compared after every event.
"""

from collections import Counter
from datetime import date
from decimal import Decimal
from typing import Any

from hypothesis import strategies as st

from flows.case import AWAITS_DECISION, Case, Event, State
from flows.decided import (
    Allocation,
    Body,
    BudgetTransferred,
    CouncilOutcome,
    CouncilReviewed,
    Decided,
    MoneyReturned,
    Position,
    Proposed,
    Reason,
    Routed,
    RouteReason,
    Verdict,
)
from flows.events import Opinion, OutcomeReached, Stage, Withdrawn
from flows.ledger import own_year
from flows.returning import give_back, returnable
from flows.rules import CostKind
from flows.transfer import waiting
from tests.flows.klg import BOT, NOON, SARA, stored, submitted

WHO: dict[str, Any] = {"by": SARA, "at": NOON}
COMMITTEES = ("kommunstyrelsen", "socialnamnden", "kultur-och-fritidsnamnden")
# From an öre to the largest amount there is.
amounts = st.integers(1, 10**14).map(lambda ore: Decimal(ore) / 100)


def allocations(years: tuple[int, ...]) -> st.SearchStrategy[tuple[Allocation, ...]]:
    one = st.builds(
        Allocation,
        committee=st.sampled_from(COMMITTEES),
        kind=st.sampled_from(CostKind),
        year=st.sampled_from(years),
        amount=amounts,
        activity_code=st.sampled_from(["", "TR100"]),
    )
    return st.lists(one, min_size=1, max_size=4).map(tuple)


def next_events(
    draw: Any, case: Case, *, years: tuple[int, ...], case_id: str = "2026-0001"
) -> list[Event]:
    """What may happen to the case now: one of the things that could, never one that could not."""
    match case.state:
        case State.DOCUMENTS:
            return [stored(case.version)]
        case State.ASSESSMENT:
            return [_recommended(case.version)]
        case State.RECOMMENDED:
            return [_routed(draw, years)]
        case State.COUNCIL_REVIEW:
            outcome = draw(st.sampled_from(CouncilOutcome))
            return [CouncilReviewed(**WHO, outcome=outcome)]
        case State.CHIEF_EXECUTIVE:
            if draw(st.booleans()):
                return [_decided(draw, case, Body.CHIEF_EXECUTIVE, years, case_id)]
            assert case.route is not None  # she is jävig: the board decides instead
            return [case.route.model_copy(update={"to": Body.DRAFTING_COMMITTEE})]
        case State.DRAFTING_COMMITTEE:
            return [
                Proposed(**WHO, position=draw(st.sampled_from(Position)), day=date(2026, 12, 7))
            ]
        case State.EXECUTIVE_BOARD:
            return [_decided(draw, case, Body.EXECUTIVE_BOARD, years, case_id)]
        case State.REMITTED | State.REJECTED:
            if draw(st.booleans()):
                return [Withdrawn(**WHO)]
            return [submitted(Stage.APPLICATION, case.version + 1)]
        case State.FOLLOW_UP:
            return _after_the_decision(draw, case)
        case _:
            return []


def _recommended(version: int) -> OutcomeReached:
    return OutcomeReached(
        by=BOT,
        at=NOON,
        stage=Stage.APPLICATION,
        version=version,
        outcome=Opinion.RECOMMEND,
        rule="majority",
        votes=3,
        eligible=4,
    )


def _routed(draw: Any, years: tuple[int, ...]) -> Routed:
    to = draw(st.sampled_from([Body.COUNCIL, Body.CHIEF_EXECUTIVE, Body.DRAFTING_COMMITTEE]))
    reasons = (RouteReason(code=Reason.CAP),)
    return Routed(**WHO, to=to, reasons=reasons, reserved=draw(allocations(years)), rule="r")


def _decided(draw: Any, case: Case, body: Body, years: tuple[int, ...], case_id: str) -> Decided:
    """Granted as it was asked for or otherwise, rejected, or remitted."""
    assert case.route is not None
    verdict = draw(st.sampled_from(Verdict))
    gives = draw(st.just(case.route.reserved) | allocations(years))
    return Decided(
        **WHO,
        body=body,
        verdict=verdict,
        number=f"D {case_id}:{case.length}",
        day=date(2026, 12, 15),
        version=case.version,
        pdf_sha256="a",
        rule="r",
        allocations=gives if verdict is Verdict.GRANTED else (),
    )


def _after_the_decision(draw: Any, case: Case) -> list[Event]:
    assert case.decision is not None
    if (moves := waiting(case)) and draw(st.booleans()):
        move = draw(st.sampled_from(moves))
        number = case.decision.number
        return [BudgetTransferred(**WHO, decision=number, cost_kind=move.kind, year=move.year)]
    if left := returnable(case):
        one = draw(st.sampled_from(left))
        ore = draw(st.integers(1, int(one.most * 100)))
        at = {"committee": one.received.committee, "year": one.received.year}
        return [give_back(case, **at, amount=Decimal(ore) / 100, reason=None, **WHO)]
    return []


class Should:
    """What each budget year's money should be, as people would count it."""

    def __init__(self) -> None:
        self.decided: Counter[tuple[int, CostKind, Body]] = Counter()
        self.committed: Counter[tuple[int, CostKind]] = Counter()
        self.transferred: Counter[tuple[int, CostKind]] = Counter()
        self.returned: Counter[tuple[int, CostKind]] = Counter()
        self.given: Counter[tuple[int, CostKind]] = Counter()  # pot, adjustments, carried over
        self.cases: dict[str, Case] = {}

    @property
    def reserved(self) -> Counter[tuple[int, CostKind]]:
        held: Counter[tuple[int, CostKind]] = Counter()
        for case in self.cases.values():
            if case.state in AWAITS_DECISION and case.route is not None:
                for one in case.route.reserved:
                    held[one.year, one.kind] += one.amount
        return held

    def happened(self, case_id: str, event: Event, after: Case) -> None:
        self.cases[case_id] = after
        match event:
            case Decided(verdict=Verdict.GRANTED):
                own = own_year(event.allocations)
                for one in event.allocations:
                    if one.year == own:
                        self.decided[one.year, one.kind, event.body] += one.amount
                    else:
                        self.committed[one.year, one.kind] += one.amount
            case BudgetTransferred():
                assert after.decision is not None
                own = own_year(after.granted)
                at = (event.year, event.cost_kind)
                moved = sum((a.amount for a in after.granted if (a.year, a.kind) == at), Decimal(0))
                self.transferred[at] += moved
                if event.year != own:
                    self.committed[at] -= moved
                    self.decided[*at, after.decision.body] += moved
            case MoneyReturned(returned=one):
                self.returned[one.year, one.kind] += one.amount
            case _:
                pass
