"""The ledger in the database: rows only added, sums equal to them, and no pot passed by two at once."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack
from decimal import Decimal
from itertools import count
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, delete, func, select, update
from sqlalchemy.exc import DBAPIError

from bot.database import database
from bot.perform import Perform, Transaction
from flows.case import Case
from flows.decided import Allocation, Body, Decided, Reason, Routed, RouteReason, Verdict
from flows.errors import NotAllowed
from flows.events import Stage
from flows.ledger import Account, Entry, EntryKind, refuse_over_pot
from flows.money import LARGEST
from flows.rules import CostKind
from storage import cases, ledger, rebuild, submissions
from storage.tables import ledger as rows
from storage.tables import ledger_sums
from tests.flows.klg import BOT, NOON, SARA, submitted
from tests.flows.lives import WHO, Should, amounts, next_events

OPERATING, INVESTMENT = CostKind.OPERATING, CostKind.INVESTMENT
TITLE = {"title": {"value": "Belysning i centrum", "by": SARA, "at": NOON.isoformat()}}


@pytest.fixture
async def perform(database_url: str) -> AsyncIterator[Perform]:
    async with database(database_url, now=lambda: NOON) as perform:
        yield perform


def kr(amount: str | int) -> Decimal:
    return Decimal(str(amount))


def entry(amount: str | int | Decimal, *, year: int = 2026, **more: Any) -> Entry:
    values: dict[str, Any] = {"kind": OPERATING, "entry": EntryKind.ADJUSTMENT, "reference": "KF"}
    return Entry(year=year, amount=Decimal(str(amount)), by=SARA, at=NOON, **values | more)


def books(*entries: Entry) -> Callable[[Transaction], None]:
    return lambda tx: ledger.book(tx.db, entries)


def pot(year: int, amount: str | int | Decimal, *, kind: CostKind = OPERATING, source: str = "MoB"):
    def act(tx: Transaction) -> None:
        of = {"year": year, "kind": kind, "pot": Decimal(str(amount))}
        ledger.set_pot(tx.db, **of, source=source, by=BOT, at=tx.now)

    return act


async def account(perform: Perform, year: int = 2026, kind: CostKind = OPERATING) -> Account:
    return await perform.read(lambda db: ledger.accounts(db, year)[kind])


# --- the rows ------------------------------------------------------------------------------------


@pytest.mark.parametrize("change", [update(rows).values(reference=""), delete(rows)])
async def test_no_row_is_ever_changed_or_deleted(perform: Perform, change: Any):
    await perform.unkeyed(books(entry(100)))

    with pytest.raises(DBAPIError, match="only added"):
        await perform.unkeyed(lambda tx: tx.db.execute(change))

    assert (await account(perform)).adjustments == 100


async def test_amounts_are_exact_from_an_ore_to_the_largest_there_is(perform: Perform):
    most = [LARGEST, LARGEST, LARGEST - kr("0.01")]
    await perform.unkeyed(books(entry("0.01"), entry("-0.03"), *map(entry, most)))

    assert (await account(perform)).adjustments == 3 * LARGEST - kr("0.03")


async def test_less_than_an_ore_is_refused_whole(perform: Perform):
    with pytest.raises(Exception, match="whole hundredths"):
        await perform.unkeyed(books(entry(1), entry("0.001")))

    assert (await account(perform)).adjustments == 0


# --- pots ----------------------------------------------------------------------------------------


@pytest.mark.requirement("R000-14", "R002-17")
async def test_a_pot_is_entered_once_and_a_changed_one_as_the_difference(perform: Perform):
    await perform.unkeyed(pot(2026, 10_000_000, source="KF 2023-11-20 § 201"))
    await perform.unkeyed(pot(2026, 10_000_000, source="KF 2023-11-20 § 201"))
    await perform.unkeyed(pot(2026, 8_000_000, source="KF 2026-06-15 § 88"))

    booked = await perform.read(lambda db: ledger.of_year(db, 2026))
    assert [(row.entry.amount, row.entry.reference) for row in booked] == [
        (10_000_000, "KF 2023-11-20 § 201"),
        (-2_000_000, "KF 2026-06-15 § 88"),
    ]
    assert (await account(perform)).pot == 8_000_000


async def test_two_replicas_that_start_at_once_enter_one_pot(perform: Perform):
    await asyncio.gather(*(perform.unkeyed(pot(2026, 10_000_000)) for _ in range(6)))

    assert (await account(perform)).pot == 10_000_000


# --- any life of several cases -------------------------------------------------------------------


_years = count(3000, 2)


def test_after_any_events_the_sums_are_the_rows_and_a_rebuild_finds_nothing(database_url: str):
    with asyncio.Runner() as runner:
        opened = AsyncExitStack()
        entered = opened.enter_async_context(database(database_url, now=lambda: NOON))
        perform = runner.run(entered)

        @settings(max_examples=12, deadline=None)
        @given(st.data())
        def live(data: st.DataObject) -> None:
            runner.run(_live(data, perform))

        try:
            live()
        finally:
            runner.run(opened.aclose())


async def _live(data: st.DataObject, perform: Perform) -> None:
    first = next(_years)
    years = (first, first + 1)
    should = Should()
    for year in years:
        for kind in CostKind:
            given_ = data.draw(amounts)
            should.given[year, kind] += given_
            await perform.unkeyed(pot(year, given_, kind=kind))
    ids = [await perform.unkeyed(_begin), await perform.unkeyed(_begin)]
    for case_id in ids:
        should.cases[case_id] = await perform.read(lambda db, of=case_id: cases.load(db, of))
    for _ in range(data.draw(st.integers(3, 12))):
        case_id = data.draw(st.sampled_from(ids))
        before = should.cases[case_id]
        happens = next_events(data.draw, before, years=years, case_id=case_id)
        if happens:
            after = await perform.unkeyed(_adds(case_id, happens, before))
            should.happened(case_id, happens[0], after)
        await perform.read(lambda db: _as_it_should_be(db, years, should))
    for case_id in ids:
        found = await perform.unkeyed(lambda tx, of=case_id: [*rebuild.case(tx.db, of)])
        assert found == []
    assert await perform.unkeyed(lambda tx: [*rebuild.sums(tx.db)]) == []


def _begin(tx: Transaction) -> str:
    case_id = cases.new_id(tx.db, 2026)
    submissions.add(tx.db, case_id, 1, stage=Stage.APPLICATION, answers=TITLE)
    cases.add(tx.db, case_id, [submitted(Stage.APPLICATION)], after=Case())
    return case_id


def _adds(case_id: str, happens: list[Any], before: Case) -> Callable[[Transaction], Case]:
    def act(tx: Transaction) -> Case:
        for event in happens:
            if event.kind == "submitted":
                version = event.version
                submissions.add(tx.db, case_id, version, stage=Stage.APPLICATION, answers=TITLE)
        return cases.add(tx.db, case_id, happens, after=before)

    return act


def _as_it_should_be(db: Connection, years: tuple[int, ...], should: Should) -> None:
    for year in years:
        for kind, of in ledger.accounts(db, year).items():
            at = (year, kind)
            assert of.pot == should.given[at]
            assert of.decided_by_board == should.decided[*at, Body.EXECUTIVE_BOARD]
            assert of.decided_by_chief_executive == should.decided[*at, Body.CHIEF_EXECUTIVE]
            assert of.available == of.frame - of.decided + of.returned
            assert (of.reserved, of.committed) == (should.reserved[at], should.committed[at])
            assert of.reserved >= 0
            rows_ = ledger.of_year(db, year)
            added = sum((b.entry.amount for b in rows_ if b.entry.kind is kind), Decimal(0))
            kept = select(func.sum(ledger_sums.c.amount)).where(
                ledger_sums.c.year == year, ledger_sums.c.kind == kind
            )
            assert Decimal(db.scalar(kept) or 0) == added


# --- two at once ---------------------------------------------------------------------------------


def gives(amount: int, *, year: int = 2026) -> Allocation:
    return Allocation(
        committee="socialnamnden", kind=OPERATING, year=year, amount=kr(amount), activity_code="T"
    )


def _waiting(amount: int) -> Callable[[Transaction], str]:
    def act(tx: Transaction) -> str:
        case_id = _begin(tx)
        routed = Routed(
            **WHO,
            to=Body.DRAFTING_COMMITTEE,
            reasons=(RouteReason(code=Reason.CAP),),
            reserved=(gives(amount),),
            rule="r",
        )
        cases.add(tx.db, case_id, [routed], after=cases.load(tx.db, case_id))
        return case_id

    return act


def _grants(case_id: str, *rows: Allocation) -> Callable[[Transaction], None]:
    def act(tx: Transaction) -> None:
        refuse_over_pot(ledger.taken(tx.db, {row.year for row in rows}), rows)
        case = cases.load(tx.db, case_id)
        event = Decided(
            **WHO,
            body=Body.EXECUTIVE_BOARD,
            verdict=Verdict.GRANTED,
            number=f"KS § 1 ({case_id})",
            day=NOON.date(),
            version=1,
            pdf_sha256="a",
            rule="",
            allocations=rows,
        )
        cases.add(tx.db, case_id, [event], after=case)

    return act


async def test_two_decisions_at_once_never_pass_a_pot(perform: Perform):
    """1 000 000 kr are there; of eight decisions of 300 000 three can be."""
    await perform.unkeyed(pot(2026, 1_000_000))
    ids = [await perform.unkeyed(_waiting(300_000)) for _ in range(8)]

    done = await asyncio.gather(
        *(perform.unkeyed(_grants(case_id, gives(300_000))) for case_id in ids),
        return_exceptions=True,
    )

    assert sum(result is None for result in done) == 3
    assert {type(result) for result in done} == {type(None), NotAllowed}
    of = await account(perform)
    assert (of.decided, of.grantable, of.reserved) == (900_000, 100_000, 1_500_000)


async def test_decisions_over_the_same_two_years_wait_for_each_other(perform: Perform):
    """Each takes both years, some in the one order and some in the other."""
    for year in (2026, 2027):
        await perform.unkeyed(pot(year, 500_000))
    ids = [await perform.unkeyed(_waiting(100_000)) for _ in range(6)]
    both = [gives(200_000), gives(200_000, year=2027)]

    done = await asyncio.gather(
        *(
            perform.unkeyed(_grants(case_id, *(both if number % 2 else both[::-1])))
            for number, case_id in enumerate(ids)
        ),
        return_exceptions=True,
    )

    assert sum(result is None for result in done) == 2
    assert (await account(perform, 2027)).committed == 400_000


# --- what views read -----------------------------------------------------------------------------


async def test_money_by_committee_is_read_by_code_and_kind(perform: Perform):
    first = entry(5, entry=EntryKind.DECIDED, body=Body.EXECUTIVE_BOARD, committee="sn")
    coded = [first.model_copy(update={"activity_code": code}) for code in ("A", "A", "B")]
    await perform.unkeyed(books(*coded, entry(7)))

    found = await perform.read(lambda db: ledger.by_committee(db, 2026))

    assert {at: money[OPERATING].decided for at, money in found.items()} == {
        ("sn", "A"): 10,
        ("sn", "B"): 5,
    }


async def test_rows_of_a_committee_are_paged_from_the_newest(perform: Perform):
    await perform.unkeyed(books(*(entry(n, committee="sn") for n in range(1, 8)), entry(99)))

    def page(db: Connection, before: int | None = None) -> list[ledger.Booked]:
        return ledger.of_committee(db, 2026, "sn", before=before, limit=3)

    first = await perform.read(page)
    second = await perform.read(lambda db: page(db, first[-1].id))

    assert [row.entry.amount for row in [*first, *second]] == [7, 6, 5, 4, 3, 2]


async def test_later_years_show_what_is_committed_of_them(perform: Perform):
    later = entry(300, year=2027, entry=EntryKind.COMMITTED, body=Body.EXECUTIVE_BOARD)
    gone = [later.model_copy(update={"year": 2028, "amount": kr(x)}) for x in (5, -5)]
    await perform.unkeyed(books(later, *gone))

    assert await perform.read(lambda db: ledger.committed_after(db, 2026)) == {
        2027: {OPERATING: 300}
    }


async def test_a_case_waits_for_its_transfer_until_all_of_the_year_is_moved(perform: Perform):
    await perform.unkeyed(pot(2026, 1_000_000))
    case_id = await perform.unkeyed(_waiting(300_000))
    await perform.unkeyed(_grants(case_id, gives(300_000)))

    waiting = await perform.read(lambda db: ledger.not_transferred(db, 2026))
    moved = entry(300_000, entry=EntryKind.TRANSFERRED, committee="socialnamnden")
    await perform.unkeyed(lambda tx: ledger.book(tx.db, [moved], case_id=case_id))

    assert waiting == [case_id]
    assert await perform.read(lambda db: ledger.not_transferred(db, 2026)) == []
