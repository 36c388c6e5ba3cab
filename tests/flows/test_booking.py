"""What events do to the money: the identity holds after every row, whatever happens to the cases."""

from collections import defaultdict
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from flows import correction
from flows.booking import entries
from flows.case import Case, Event
from flows.decided import (
    Allocation,
    BoardRecord,
    Body,
    BudgetTransferred,
    Decided,
    Financing,
    MoneyReturned,
    Reason,
    Routed,
    RouteReason,
    Verdict,
)
from flows.ledger import Account, Entry, EntryKind, Sum, account
from flows.rules import CostKind
from tests.flows.klg import submitted
from tests.flows.lives import WHO, Should, next_events
from tests.fuzzing import tries

OPERATING, INVESTMENT = CostKind.OPERATING, CostKind.INVESTMENT
YEARS = (2026, 2027, 2028)


def kr(amount: str | int) -> Decimal:
    return Decimal(str(amount))


def to(committee: str, kind: CostKind, year: int, amount: str | int) -> Allocation:
    return Allocation(committee=committee, kind=kind, year=year, amount=kr(amount))


def decision(*rows: Allocation, **more: Any) -> Decided:
    values: dict[str, Any] = {
        "body": Body.EXECUTIVE_BOARD,
        "verdict": Verdict.GRANTED,
        "number": "KS 2026-12-15 § 22",
        "day": date(2026, 12, 15),
        "version": 1,
        "pdf_sha256": "a",
        "rule": "",
        "allocations": rows,
    }
    return Decided(**WHO, **values | more)


def booked(*events: Event) -> list[Entry]:
    made, case = [], Case()
    for event in events:
        before, case = case, case.after(event)
        made += entries(event, before=before, after=case)
    return made


def money(rows: list[Entry], year: int, kind: CostKind) -> Account:
    sums: dict[Sum, Decimal] = defaultdict(Decimal)
    for row in rows:
        if (row.year, row.kind) == (year, kind):
            sums[row.entry, row.body] += row.amount
    return account(year, kind, sums)


@settings(max_examples=tries(80))
@given(st.data())
def test_the_identity_holds_after_every_event_of_several_cases(data: st.DataObject):
    should, rows = Should(), []
    ids = ["2026-0001", "2026-0002", "2026-0003"]
    cases: dict[str, Case] = {}

    for _ in range(data.draw(st.integers(1, 25))):
        case_id = data.draw(st.sampled_from(ids))
        before = cases.get(case_id)
        happens = (
            [submitted()]
            if before is None
            else next_events(data.draw, before, years=YEARS, case_id=case_id)
        )
        for event in happens:
            then = cases.get(case_id, Case())
            now = then.after(event)
            rows += entries(event, before=then, after=now)
            cases[case_id] = now
            should.happened(case_id, event, now)
            for year in YEARS:
                for kind in CostKind:
                    agree(money(rows, year, kind), should)


def agree(of: Account, should: Should) -> None:
    at = (of.year, of.kind)
    assert of.decided_by_board == should.decided[*at, Body.EXECUTIVE_BOARD]
    assert of.decided_by_chief_executive == should.decided[*at, Body.CHIEF_EXECUTIVE]
    assert of.committed == should.committed[at]
    assert of.transferred == should.transferred[at]
    assert of.returned == should.returned[at]
    assert of.reserved == should.reserved[at]
    assert of.reserved >= 0
    assert of.committed >= 0
    assert of.transferred <= of.decided
    assert of.returned <= of.transferred
    assert of.available == should.given[at] - of.decided + of.returned
    assert of.left == of.available - of.committed - of.reserved


def test_what_a_decision_gives_the_years_after_is_committed_until_it_is_moved():
    given_ = decision(to("sn", OPERATING, 2026, 100), to("sn", OPERATING, 2027, 300))
    moved = BudgetTransferred(**WHO, decision=given_.number, cost_kind=OPERATING, year=2027)

    after_decision = booked(submitted(), given_)
    after_move = booked(submitted(), given_, moved)

    assert money(after_decision, 2026, OPERATING).decided == 100
    assert money(after_decision, 2027, OPERATING).committed_by_board == 300
    assert money(after_decision, 2027, OPERATING).decided == 0
    then, now = money(after_decision, 2027, OPERATING), money(after_move, 2027, OPERATING)
    assert (now.committed, now.decided_by_board, now.transferred) == (0, 300, 300)
    assert then.left == now.left == -300


@pytest.mark.requirement("R000-50")
def test_a_move_of_the_decisions_own_year_changes_nothing_but_what_is_moved():
    given_ = decision(to("sn", OPERATING, 2026, 100), to("sn", INVESTMENT, 2026, 50))
    moved = BudgetTransferred(
        **WHO, decision=given_.number, cost_kind=INVESTMENT, year=2026, reference="V 12"
    )

    rows = booked(submitted(), given_, moved)

    assert (rows[-1].entry, rows[-1].amount, rows[-1].reference) == (
        EntryKind.TRANSFERRED,
        50,
        "V 12",
    )
    assert money(rows, 2026, OPERATING).transferred == 0
    assert money(rows, 2026, INVESTMENT).decided == 50


ROWS = st.lists(
    st.builds(
        to,
        st.sampled_from(["socialnamnden", "kultur-och-fritidsnamnden"]),
        st.sampled_from(CostKind),
        st.sampled_from(YEARS),
        st.decimals(0, 900_000, places=2),
    ),
    min_size=1,
    max_size=6,
)


@given(ROWS, ROWS, st.sampled_from(["§ 22", "§ 23"]))
def test_a_corrected_record_comes_to_what_it_would_as_the_first(
    wrong: list[Allocation], right: list[Allocation], paragraph: str
):
    number = f"KS 2026-12-15 {paragraph}"
    first, other = decision(*wrong), decision(*right, number=number)
    corrected = correction.corrected(Case(decision=first), other, reason=1, **WHO)

    rows = booked(first, corrected)
    now, should = (_by_decision(one) for one in (rows, booked(other)))

    assert rows[: len(booked(first))] == booked(first), "what was booked stands"
    assert now == should
    assert corrected.decided.number == f"{number} v2"


def _by_decision(rows: list[Entry]) -> dict[tuple[object, ...], Decimal]:
    sums: dict[tuple[object, ...], Decimal] = defaultdict(Decimal)
    for row in rows:
        sums[row.decision, row.year, row.kind, row.entry, row.body, row.committee] += row.amount
    return {of: amount for of, amount in sums.items() if amount}


@pytest.mark.requirement("R000-56")
def test_what_comes_back_is_the_pots_again_and_not_the_chief_executives():
    given_ = decision(to("tf", INVESTMENT, 2026, 2_000_000), body=Body.CHIEF_EXECUTIVE)
    moved = BudgetTransferred(**WHO, decision=given_.number, cost_kind=INVESTMENT, year=2026)
    back = MoneyReturned(**WHO, returned=to("tf", INVESTMENT, 2026, 400_000))

    of = money(booked(submitted(), given_, moved, back), 2026, INVESTMENT)

    assert of.available == -1_600_000
    assert of.delegated == 2_000_000


@pytest.mark.requirement("R001-17")
def test_an_increase_and_its_financing_are_equal_in_the_ledger():
    reserve = Financing(
        source="Investeringsreserven",
        kind=INVESTMENT,
        year=2020,
        amount=kr(2_500_000),
        from_pot=False,
    )
    record = BoardRecord(paragraph="§ 22", dnr="KS 2020/66", financing=(reserve,))
    cameras = decision(to("ks", INVESTMENT, 2020, 2_500_000), board=record)

    rows = booked(submitted(), cameras)
    of = money(rows, 2020, INVESTMENT)

    assert of.adjustments == of.decided == kr(2_500_000)
    assert of.left == 0
    assert "Investeringsreserven" in {row.reference for row in rows}


@pytest.mark.requirement("R002-3")
def test_nackas_distribution_is_five_million_to_the_ore():
    shares = ["1.6", "1.5", "0.6", "0.1", "1.1", "0.1"]

    rows = booked(
        submitted(),
        decision(*(to(f"n{n}", OPERATING, 2024, kr(m) * 10**6) for n, m in enumerate(shares))),
    )

    assert money(rows, 2024, OPERATING).decided == kr("5000000.00")
    assert [row.amount for row in rows] == [kr(m) * 10**6 for m in shares]


@pytest.mark.requirement("R001-8")
def test_haninges_cameras_are_booked_beside_the_measures():
    measures = to("socialnamnden", OPERATING, 2020, 12_500_000)
    cameras = to("kommunstyrelsen", INVESTMENT, 2020, 2_500_000)
    without = booked(submitted(), decision(measures))
    rows = booked(submitted(), decision(measures, cameras))

    assert money(rows, 2020, OPERATING) == money(without, 2020, OPERATING)
    assert money(rows, 2020, INVESTMENT).decided == 2_500_000


@pytest.mark.requirement("R003-1")
def test_kommunstyrelsen_itself_can_receive():
    rows = booked(
        submitted(),
        decision(
            to("socialnamnden", OPERATING, 2021, 1_000_000),
            to("kultur-och-fritidsnamnden", OPERATING, 2021, 500_000),
            to("kommunstyrelsen", OPERATING, 2021, 1_500_000),
        ),
    )

    assert {row.committee: row.amount for row in rows}["kommunstyrelsen"] == 1_500_000
    assert money(rows, 2021, OPERATING).decided == 3_000_000


def test_a_case_is_reserved_for_whoever_decides_it_now():
    route = Routed(
        **WHO,
        to=Body.CHIEF_EXECUTIVE,
        reasons=(RouteReason(code=Reason.WITHIN_DELEGATION),),
        reserved=(to("sn", OPERATING, 2026, 600),),
        rule="r",
    )
    other = route.model_copy(update={"to": Body.DRAFTING_COMMITTEE})

    first = money(booked(submitted(), route), 2026, OPERATING)
    then = money(booked(submitted(), route, other), 2026, OPERATING)

    assert (first.reserved_for_chief_executive, first.reserved_for_board) == (600, 0)
    assert (then.reserved_for_chief_executive, then.reserved_for_board) == (0, 600)


def test_an_amount_of_nothing_is_no_row():
    assert booked(submitted(), decision(to("sn", OPERATING, 2026, 0))) == []
