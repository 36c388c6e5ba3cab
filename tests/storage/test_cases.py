"""Cases in the database: events are only added, two at once make one, and lists say what events say."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from typing import Any

import pytest
from sqlalchemy import Connection, select, text
from sqlalchemy.exc import DBAPIError

from bot.database import database
from bot.perform import Perform, Transaction
from flows.assessment import assess
from flows.case import Case, Event, State
from flows.errors import Stale
from flows.events import DnrGiven, Opinion, OutcomeReached, Stage
from storage import cards, cases, documents, submissions, texts
from storage.tables import events
from tests.flows.klg import (
    ANNA,
    KARIN,
    KLG,
    LARS,
    MIRA,
    NILS,
    NOON,
    SARA,
    later,
    rule,
    says,
    seen,
    stored,
    submitted,
)

TITLE = {"title": {"value": "Belysning i centrum", "by": ANNA, "at": NOON.isoformat()}}


@pytest.fixture
async def perform(database_url: str) -> AsyncIterator[Perform]:
    async with database(database_url, now=lambda: NOON) as perform:
        yield perform


def begin(tx: Transaction, **changes: Any) -> str:
    """A proposal whose documents are stored."""
    case_id = cases.new_id(tx.db, 2026)
    submissions.add(tx.db, case_id, 1, stage=Stage.PROPOSAL, answers=TITLE)
    cases.add(tx.db, case_id, [submitted(**changes), stored()], after=Case())
    return case_id


def vote(case_id: str, by: str) -> Callable[[Transaction], list[Event]]:
    def act(tx: Transaction) -> list[Event]:
        case = cases.load(tx.db, case_id)
        found = assess(
            case, KLG, rule(), said=says(Opinion.IN_LINE), seen=seen(case), by=by, at=tx.now
        )
        cases.add(tx.db, case_id, found, after=case)
        return found

    return act


async def test_case_numbers_follow_each_other_within_the_year(perform: Perform):
    ids = await asyncio.gather(
        *(perform.unkeyed(lambda tx: cases.new_id(tx.db, 2026)) for _ in range(20))
    )

    assert sorted(ids) == [f"2026-{number:04}" for number in range(1, 21)]
    assert await perform.unkeyed(lambda tx: cases.new_id(tx.db, 2027)) == "2027-0001"


async def test_a_case_is_loaded_as_it_was_left(perform: Perform):
    case_id = await perform.unkeyed(begin)
    await perform.unkeyed(vote(case_id, LARS))
    case = await perform.read(lambda db: cases.load(db, case_id))

    assert (case.length, case.state) == (3, State.ASSESSMENT)
    assert case.opinions[LARS].opinion is Opinion.IN_LINE
    assert case.first_submitted_at == NOON


async def test_an_unknown_case_has_no_events(perform: Perform):
    assert await perform.read(lambda db: cases.load(db, "2026-0404")) == Case()


async def test_what_was_decided_on_an_older_case_is_refused(perform: Perform):
    case_id = await perform.unkeyed(begin)
    old = await perform.read(lambda db: cases.load(db, case_id))
    given = [DnrGiven(by=SARA, at=NOON, dnr="KS 2026/1")]
    await perform.unkeyed(lambda tx: cases.add(tx.db, case_id, given, after=old))

    with pytest.raises(Stale):
        await perform.unkeyed(lambda tx: cases.add(tx.db, case_id, given, after=old))
    assert (await perform.read(lambda db: cases.load(db, case_id))).length == old.length + 1


@pytest.mark.requirement("R000-4")
async def test_members_who_press_at_once_all_count_and_the_outcome_comes_once(perform: Perform):
    case_id = await perform.unkeyed(begin)
    presses = [vote(case_id, by) for by in (KARIN, LARS, MIRA, NILS)]
    done = await asyncio.gather(*(perform.unkeyed(p) for p in presses), return_exceptions=True)
    history = await perform.read(lambda db: cases.history(db, case_id))

    assert [type(one).__name__ for one in done].count("Stale") == 1  # the fourth came too late
    assert sum(isinstance(event, OutcomeReached) for event in history) == 1
    case = await perform.read(lambda db: cases.load(db, case_id))
    assert (len(case.opinions), case.state) == (3, State.SUPPLEMENT)


async def test_the_same_press_twice_at_once_has_one_effect(perform: Perform):
    case_id = await perform.unkeyed(begin)
    both = await asyncio.gather(*(perform.unkeyed(vote(case_id, LARS)) for _ in range(2)))

    assert sorted(len(one) for one in both) == [0, 1]


@pytest.mark.parametrize("change", ["UPDATE events SET body = '{}'", "DELETE FROM events"])
async def test_the_database_refuses_to_change_what_has_happened(perform: Perform, change: str):
    case_id = await perform.unkeyed(begin)

    with pytest.raises(DBAPIError, match="only added"):
        await perform.unkeyed(lambda tx: tx.db.execute(text(change)))
    assert len(await perform.read(lambda db: cases.history(db, case_id))) == 2


@pytest.mark.parametrize("table", ["events", "ledger"])
async def test_the_database_refuses_to_empty_what_is_only_added(
    postgres_url: str, table: str
) -> None:
    async with database(postgres_url, now=lambda: NOON) as perform:
        with pytest.raises(DBAPIError, match="only added"):
            await perform.unkeyed(lambda tx: tx.db.execute(text(f"TRUNCATE {table} CASCADE")))


async def test_each_event_carries_a_hash_over_all_before_it(perform: Perform):
    case_id = await perform.unkeyed(begin)
    await perform.unkeyed(vote(case_id, LARS))

    def chain(db: Connection) -> list[tuple[str, str]]:
        query = select(events.c.body, events.c.hash).order_by(events.c.length)
        return [(row.body, row.hash) for row in db.execute(query)]

    previous = case_id
    for body, stored_hash in await perform.read(chain):
        previous = cases.chained(previous, body)
        assert stored_hash == previous
        assert body == json.dumps(
            json.loads(body), sort_keys=True, ensure_ascii=False, separators=(",", ":")
        )


async def test_a_list_shows_what_the_events_add_up_to(perform: Perform):
    case_id = await perform.unkeyed(begin)
    for by in (KARIN, LARS, MIRA):
        await perform.unkeyed(vote(case_id, by))
    [row] = await perform.read(lambda db: cases.waiting(db, State.SUPPLEMENT))

    assert (row.id, row.title, row.version) == (case_id, "Belysning i centrum", 1)
    assert row.administrations == ("socialforvaltningen",)
    assert await perform.read(lambda db: cases.waiting(db, State.ASSESSMENT)) == []


async def test_a_row_can_be_rebuilt_from_the_events(perform: Perform):
    case_id = await perform.unkeyed(begin)
    await perform.unkeyed(vote(case_id, LARS))
    before = await perform.read(lambda db: cases.listed(db, case_id))

    def spoil(tx: Transaction) -> None:
        tx.db.execute(text("UPDATE cases SET state = 'x', title = '', dnr = 'x', length = 0"))
        tx.db.execute(text("DELETE FROM case_parties"))
        cases.rebuild(tx.db, case_id)

    await perform.unkeyed(spoil)

    assert await perform.read(lambda db: cases.listed(db, case_id)) == before
    assert await perform.read(lambda db: cases.of(db, [ANNA])) == [before]


@pytest.mark.requirement("R000-20")
async def test_a_case_is_found_by_everybody_whose_it_is(perform: Perform):
    both = ("socialforvaltningen", "kultur-och-fritidsforvaltningen")
    case_id = await perform.unkeyed(
        lambda tx: begin(tx, administrations=both, authors=(ANNA, "T:OMAR"))
    )
    for party in (*both, ANNA, "T:OMAR"):
        found = await perform.read(lambda db, party=party: cases.of(db, [party]))
        assert [row.id for row in found] == [case_id]
    assert await perform.read(lambda db: cases.of(db, [NILS, "skola"])) == []


@pytest.mark.requirement("R000-16")
async def test_the_inbox_shows_when_each_case_arrived(perform: Perform):
    first = await perform.unkeyed(begin)
    second = await perform.unkeyed(lambda tx: begin(tx, at=later(60)))
    inbox = await perform.read(cases.latest)

    assert [(row.id, row.first_submitted_at) for row in inbox] == [
        (second, later(60)),
        (first, NOON),
    ]


async def test_free_text_can_be_gone_without_touching_the_record(perform: Perform):
    text_id = await perform.unkeyed(lambda tx: texts.add(tx.db, "2026-0001", "För dyrt."))
    assert await perform.read(lambda db: texts.get(db, text_id)) == "För dyrt."
    await perform.unkeyed(lambda tx: tx.db.execute(text("DELETE FROM texts")))

    assert await perform.read(lambda db: texts.get(db, text_id)) is None
    assert await perform.read(lambda db: texts.several(db, [text_id])) == {}


async def test_the_latest_issue_of_a_version_is_the_one_that_counts(perform: Perform):
    case_id = await perform.unkeyed(begin)

    def issue(number: int) -> Callable[[Transaction], None]:
        def act(tx: Transaction) -> None:
            for kind in ("docx", "pdf"):
                documents.add(
                    tx.db,
                    case_id,
                    version=1,
                    issue=number,
                    format=kind,
                    sha256=f"{number}{kind}",
                    name=f"ansokan.{kind}",
                    size=number,
                )

        return act

    assert await perform.read(lambda db: documents.of(db, case_id, 1)) == ()
    await perform.unkeyed(issue(1))
    await perform.unkeyed(issue(2))

    found = await perform.read(lambda db: documents.of(db, case_id, 1))
    assert [d.sha256 for d in found] == ["2pdf", "2docx"]


async def test_a_stage_has_one_card(perform: Perform):
    case_id = await perform.unkeyed(begin)
    await perform.unkeyed(lambda tx: cards.put(tx.db, case_id, Stage.PROPOSAL, post=7))

    assert await perform.read(lambda db: cards.get(db, case_id, Stage.PROPOSAL)) == 7
    assert await perform.read(lambda db: cards.get(db, case_id, Stage.APPLICATION)) is None
    with pytest.raises(DBAPIError):
        await perform.unkeyed(lambda tx: cards.put(tx.db, case_id, Stage.PROPOSAL, post=8))
