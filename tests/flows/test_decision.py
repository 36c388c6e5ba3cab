"""What the chief executive may decide, and when: on plain facts."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flows.assessment import Seen
from flows.case import Case, State
from flows.decided import Allocation, Body, Decided, Reason, Routed, RouteReason, Verdict
from flows.decision import Said, decide, disqualify, gives, routed
from flows.errors import InvalidAnswer, NotAllowed, Stale
from flows.events import Disqualified, Stage
from flows.route import Route
from flows.rules import CostKind
from tests.flows.klg import BOT, NOON, before_klg, seen

KJELL = "T:KJELL"
ROWS = tuple(
    Allocation(committee=committee, kind=CostKind.OPERATING, year=2026, amount=Decimal(amount))
    for committee, amount in (("socialnamnden", 300_000), ("kommunstyrelsen", 100_000))
)
WITHIN = RouteReason(code=Reason.WITHIN_DELEGATION)
OVER = RouteReason(code=Reason.CAP, kind=CostKind.OPERATING, year=2026)


def way(to: Body, *reasons: RouteReason) -> Route:
    return Route(to, reasons, "Rutin")


def waiting(state: State = State.CHIEF_EXECUTIVE) -> Case:
    to_her = {"to": Body.CHIEF_EXECUTIVE, "reasons": (WITHIN,), "reserved": ROWS}
    case = before_klg(Stage.APPLICATION).after(Routed(at=NOON, by=BOT, rule="Rutin", **to_her))
    return case.model_copy(update={"state": state})


def says(
    case: Case,
    verdict: Verdict = Verdict.GRANTED,
    *,
    now: Route | None = None,
    reason: int | None = 7,
    saw: Seen | None = None,
    number: Callable[[], str] = lambda: "D 2026-0001",
) -> Decided | Routed:
    return decide(
        case,
        Said(verdict, reason, ROWS if verdict is Verdict.GRANTED else ()),
        now or way(Body.CHIEF_EXECUTIVE, WITHIN),
        seen=saw or seen(case),
        by=KJELL,
        at=NOON,
        day=date(2026, 3, 2),
        number=number,
    )


@pytest.mark.parametrize("state", State)
@pytest.mark.parametrize("verdict", Verdict)
def test_only_what_waits_for_her_is_decided(state: State, verdict: Verdict):
    case = waiting(state)
    if state is State.CHIEF_EXECUTIVE:
        event = says(case, verdict)
        assert isinstance(event, Decided)
        assert case.after(event).state in {State.FOLLOW_UP, State.REJECTED, State.REMITTED}
    else:
        with pytest.raises(Stale, match="not_waiting"):
            says(case, verdict)


@pytest.mark.parametrize("saw", [Seen(Stage.PROPOSAL, 1), Seen(Stage.APPLICATION, 2)])
def test_what_she_saw_is_what_she_decides(saw: Seen):
    with pytest.raises(Stale, match="old_version"):
        says(waiting(), saw=saw)


@pytest.mark.parametrize("verdict", Verdict)
def test_without_a_motivation_nothing_is_decided(verdict: Verdict):
    with pytest.raises(InvalidAnswer, match="reason_missing"):
        says(waiting(), verdict, reason=None)


@pytest.mark.requirement("R000-8", "R000-14")
def test_what_passes_a_cap_or_a_pot_is_routed_and_takes_no_number():
    def no_number() -> str:
        raise AssertionError("no decision, no number")

    case = waiting()
    event = says(case, now=way(Body.DRAFTING_COMMITTEE, OVER), number=no_number)

    assert isinstance(event, Routed)
    after = case.after(event)
    assert (after.state, after.decision) == (State.DRAFTING_COMMITTEE, None)
    assert after.reserved == ROWS


@pytest.mark.parametrize("verdict", [Verdict.REJECTED, Verdict.REMITTED])
def test_a_no_costs_nothing_and_is_hers_also_when_the_money_is_gone(verdict: Verdict):
    event = says(waiting(), verdict, now=way(Body.DRAFTING_COMMITTEE, OVER))

    assert isinstance(event, Decided)
    assert event.allocations == ()


@pytest.mark.parametrize("verdict", Verdict)
def test_without_a_delegation_in_force_nothing_is_hers(verdict: Verdict):
    none = way(Body.DRAFTING_COMMITTEE, RouteReason(code=Reason.NO_DELEGATION))

    assert isinstance(says(waiting(), verdict, now=none), Routed)


@pytest.mark.requirement("R000-6")
@given(st.lists(st.decimals(min_value=-10, max_value=400_000, places=2), min_size=2, max_size=2))
def test_money_goes_from_the_pot_to_those_who_asked_and_never_more(amounts: list[Decimal]) -> None:
    case = waiting()
    allowed = all(0 <= a <= row.amount for a, row in zip(amounts, ROWS, strict=True))
    if not allowed or not any(amounts):
        with pytest.raises(InvalidAnswer):
            gives(case, amounts)
        return
    given_ = gives(case, amounts)
    assert sum(row.amount for row in given_) == sum(amounts)
    assert {row.committee for row in given_} <= {row.committee for row in ROWS}
    assert all(row.amount > 0 for row in given_)


@pytest.mark.parametrize("count", [0, 1, 3])
def test_every_row_has_its_amount(count: int):
    with pytest.raises(InvalidAnswer, match="amounts_missing"):
        gives(waiting(), [Decimal(1)] * count)


def test_jav_is_said_once_and_ends_her_part():
    case = waiting()
    event = disqualify(case, seen=seen(case), by=KJELL, at=NOON)
    assert isinstance(event, Disqualified)
    after = case.after(event)

    assert disqualify(after, seen=seen(after), by=KJELL, at=NOON) is None
    with pytest.raises(NotAllowed, match="disqualified"):
        says(after)
    jav = RouteReason(code=Reason.DISQUALIFIED)
    gone = after.after(routed(after, way(Body.DRAFTING_COMMITTEE, jav), by=BOT, at=NOON))
    assert (gone.state, gone.reserved) == (State.DRAFTING_COMMITTEE, ROWS)
