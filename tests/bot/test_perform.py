"""One gesture, one transaction, on both databases: nothing twice, nothing half, nothing lost."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Column, Connection, Integer, MetaData, Table, func, insert, select, update
from sqlalchemy.exc import IntegrityError

from bot.database import database
from bot.owed import Job, Post, Publish, Update
from bot.perform import Gesture, Perform, Repeated, TooLate, Transaction
from flows.errors import FlowError, Stale
from storage.outbox import Claim
from storage.tables import gestures, outbox
from tests.waiting import until

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
counters = Table(
    "test_counters",
    MetaData(),
    Column("name", Integer, primary_key=True),
    Column("value", Integer, nullable=False),
)
decisions = Table(
    "test_decisions",
    counters.metadata,
    Column("case_id", Integer, primary_key=True),
    Column("version", Integer, primary_key=True),
)


@pytest.fixture
async def perform(database_url: str) -> AsyncIterator[Perform]:
    async with database(database_url, now=lambda: NOON) as perform:
        await perform.unkeyed(_prepare)
        yield perform


def _prepare(tx: Transaction) -> None:
    counters.metadata.create_all(tx.db)
    tx.db.execute(insert(counters), {"name": 1, "value": 0})


def _increment(tx: Transaction) -> int:
    value = tx.db.scalar(select(counters.c.value)) or 0
    tx.db.execute(update(counters).values(value=value + 1))
    return value + 1


def _value(db: Connection) -> int | None:
    return db.scalar(select(counters.c.value))


def _said(number: int) -> Gesture:
    return Gesture(f"message:D1:{number}", "T1:U1")


async def test_a_gesture_delivered_again_does_nothing_again(perform: Perform) -> None:
    assert await perform(_said(1), _increment) == 1
    with pytest.raises(Repeated):
        await perform(_said(1), _increment)
    assert await perform.read(_value) == 1


async def test_a_gesture_delivered_twice_at_once_counts_once(perform: Perform) -> None:
    both = await asyncio.gather(
        perform(_said(1), _increment), perform(_said(1), _increment), return_exceptions=True
    )
    assert sorted(type(one).__name__ for one in both) == ["Repeated", "int"]
    assert await perform.read(_value) == 1


async def test_a_refusal_stores_nothing_and_can_be_tried_again(perform: Perform) -> None:
    def refuse(tx: Transaction) -> None:
        _increment(tx)
        tx.owe(Post(to="D1", text="hej"))
        raise FlowError("refusals.money.too_much", limit=3)

    with pytest.raises(FlowError, match="too_much"):
        await perform(_said(1), refuse)
    assert await perform.read(_value) == 0
    assert await perform.read(lambda db: db.scalar(select(func.count()).select_from(outbox))) == 0
    assert await perform(_said(1), _increment) == 1


async def test_a_refusal_is_told_once_however_often_it_is_delivered(perform: Perform) -> None:
    def refuse(tx: Transaction) -> int:
        raise FlowError("refusals.money.too_much")

    def say_why(tx: Transaction, refusal: FlowError) -> int:
        return tx.owe(Post(to="D1", text=refusal.key))

    await perform(_said(1), refuse, refused=say_why)
    with pytest.raises(Repeated):
        await perform(_said(1), refuse, refused=say_why)
    rows = await perform.read(lambda db: db.execute(select(outbox.c.payload)).all())
    assert [row.payload["text"] for row in rows] == ["refusals.money.too_much"]


async def test_a_bug_undoes_its_own_gesture_and_not_its_neighbours(perform: Perform) -> None:
    def fail(tx: Transaction) -> int:
        _increment(tx)
        raise ZeroDivisionError

    acts = [fail if number % 3 == 0 else _increment for number in range(30)]
    results = await asyncio.gather(
        *(perform(_said(number), act) for number, act in enumerate(acts)), return_exceptions=True
    )
    assert sum(isinstance(result, ZeroDivisionError) for result in results) == 10
    assert await perform.read(_value) == 20


async def test_a_database_error_undoes_its_own_gesture_and_not_its_neighbours(
    perform: Perform,
) -> None:
    def clash(tx: Transaction) -> int:
        tx.db.execute(insert(counters), {"name": 1, "value": 7})
        return 0

    results = await asyncio.gather(
        *(perform(_said(number), clash if number == 5 else _increment) for number in range(10)),
        return_exceptions=True,
    )
    assert [i for i, result in enumerate(results) if isinstance(result, IntegrityError)] == [5]
    assert await perform.read(_value) == 9


async def test_a_hundred_increments_at_once_lose_none(perform: Perform) -> None:
    values = await asyncio.gather(*(perform(_said(n), _increment) for n in range(100)))
    assert sorted(values) == list(range(1, 101))
    assert await perform.read(_value) == 100


async def test_of_two_acts_on_the_same_version_exactly_one_wins(perform: Perform) -> None:
    def decide(tx: Transaction, *, seen: int) -> int:
        latest = tx.db.scalar(select(func.max(decisions.c.version))) or 0
        if latest != seen:
            raise Stale("refusals.case.changed", version=latest)
        tx.db.execute(insert(decisions), {"case_id": 1, "version": latest + 1})
        return latest + 1

    for version in range(5):
        results = await asyncio.gather(
            *(
                perform(_said(version * 10 + n), lambda tx, v=version: decide(tx, seen=v))
                for n in range(8)
            ),
            return_exceptions=True,
        )
        assert sum(result == version + 1 for result in results) == 1
        assert sum(isinstance(result, Stale) for result in results) == 7


async def test_a_read_does_not_wait_for_the_writer(perform: Perform) -> None:
    entered, leave = asyncio.Event(), asyncio.Event()
    loop = asyncio.get_running_loop()

    def write_slowly(tx: Transaction) -> None:
        _increment(tx)
        loop.call_soon_threadsafe(entered.set)
        if tx.db.dialect.name == "sqlite":
            asyncio.run_coroutine_threadsafe(leave.wait(), loop).result(5)

    writing = asyncio.create_task(perform.unkeyed(write_slowly))
    await asyncio.wait_for(entered.wait(), 5)
    assert await asyncio.wait_for(perform.read(_value), 2) in {0, 1}
    leave.set()
    await writing


async def test_a_read_cannot_write_on_sqlite(sqlite_url: str) -> None:
    async with database(sqlite_url, now=lambda: NOON) as perform:
        with pytest.raises(Exception, match="readonly"):
            await perform.read(lambda db: db.execute(insert(gestures), {"key": "x"}))


async def test_a_gesture_whose_turn_comes_too_late_is_not_done(sqlite_url: str) -> None:
    """The person has seen Slack's error by then; nothing may happen behind her back."""
    async with database(sqlite_url, now=lambda: NOON) as perform:
        release = asyncio.Event()
        loop = asyncio.get_running_loop()

        def hold(_tx: Transaction) -> None:
            asyncio.run_coroutine_threadsafe(release.wait(), loop).result(10)

        holding = asyncio.create_task(perform.unkeyed(hold))
        await asyncio.sleep(0.05)
        late = asyncio.create_task(perform(_said(1), lambda tx: tx.owe(Post(to="D1", text="hej"))))
        await asyncio.sleep(2.6)
        release.set()
        with pytest.raises(TooLate):
            await late
        await holding
        assert await perform.read(lambda db: db.scalar(select(func.count(gestures.c.key)))) == 0


async def test_what_a_gesture_owes_is_at_once_ours_when_its_conversation_is_quiet(
    perform: Perform,
) -> None:
    taken: list[tuple[str | None, object]] = []
    perform.claim = Claim(owner="me", lease=timedelta(seconds=50))
    perform.committed = taken.extend

    def owe(tx: Transaction) -> None:
        for text in ("ett", "två"):
            tx.owe(Post(to="D1", text=text))
        tx.owe(Post(to="C1", text="kort"))
        tx.owe(Post(to="U9", text="till någon vi inte talat med"))
        tx.owe(Job(name="make_documents"))

    await perform(_said(1), owe)
    assert [(lane, row is not None) for lane, row in taken] == [
        ("D1", True),
        ("D1", False),
        ("C1", True),
        ("U9", False),
        (None, False),
    ]
    states = await perform.read(lambda db: db.scalars(select(outbox.c.state)).all())
    assert sorted(states) == ["uncertain", "uncertain", "waiting", "waiting", "waiting"]


async def test_only_the_newest_home_and_update_wait(perform: Perform) -> None:
    def owe(tx: Transaction) -> None:
        post = tx.owe(Post(to="D1", text="fråga"))
        for text in ("ett", "två"):
            tx.owe(Update(target=post, text=text))
            tx.owe(Publish(user="U1", view={"text": text}))

    await perform(_said(1), owe)
    rows = await perform.read(
        lambda db: db.execute(select(outbox.c.kind, outbox.c.payload).order_by(outbox.c.id)).all()
    )
    assert [row.kind for row in rows] == ["post", "update", "publish"]
    assert rows[1].payload["text"] == "två"
    assert rows[2].payload == {"view": {"text": "två"}}


async def test_a_sent_mark_goes_with_the_next_gesture(perform: Perform) -> None:
    perform.claim = Claim(owner="me", lease=timedelta(seconds=50))
    taken: list[tuple[str | None, object]] = []
    perform.committed = taken.extend
    first = await perform(_said(1), lambda tx: tx.owe(Post(to="D1", text="fråga 1")))
    perform.mark_sent(first, channel="D1", ts="1.1")
    await perform(_said(2), lambda tx: tx.owe(Post(to="D1", text="fråga 2")))
    assert [row is not None for _, row in taken] == [True, True]


async def test_a_sent_mark_is_stored_soon_when_nothing_follows(perform: Perform) -> None:
    perform.claim = Claim(owner="me", lease=timedelta(seconds=50))
    first = await perform(_said(1), lambda tx: tx.owe(Post(to="D1", text="fråga 1")))
    perform.mark_sent(first, channel="D1", ts="1.1")

    async def sent() -> bool:
        return await perform.read(lambda db: db.scalar(select(outbox.c.state))) == "sent"

    await until(sent)
    row = (await perform.read(lambda db: db.execute(select(outbox)).all()))[0]
    assert (row.ts, row.channel, row.payload) == ("1.1", "D1", None)
