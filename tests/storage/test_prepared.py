"""A statement made ready once says, stores and refuses the same as one that SQLAlchemy runs."""

from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from sqlalchemy import Connection, bindparam, insert, select, update
from sqlalchemy.exc import IntegrityError

from bot.database import database
from bot.perform import Perform
from storage.prepared import Prepared
from storage.tables import outbox

AT = datetime(2026, 11, 22, 10, 5, 7, 250_000, tzinfo=timezone(timedelta(hours=1)))
ROW = {
    "id": 7,
    "kind": "post",
    "lane": "D1",
    "refers_to": None,
    "payload": {"text": "Å & ”ä”", "blocks": [{"n": 1.5}]},
    "due_at": AT,
}
_ADD = (
    insert(outbox)
    .values({name: bindparam(name) for name in ROW} | {"state": "waiting", "attempts": 0})
    .returning(outbox.c.id, outbox.c.due_at)
)
_ALL = select(outbox).where(outbox.c.lane == bindparam("b_lane"), outbox.c.state == "waiting")
_PUT_OFF = update(outbox).where(outbox.c.id == bindparam("b_id")).values(due_at=bindparam("b_at"))
ADD, ALL, PUT_OFF = Prepared(_ADD), Prepared(_ALL), Prepared(_PUT_OFF)


@pytest.fixture
async def perform(database_url: str) -> Any:
    async with database(database_url, now=lambda: AT) as found:
        yield found


async def test_values_come_out_as_they_went_in(perform: Perform) -> None:
    added = await perform.unkeyed(lambda tx: ADD.rows(tx.db, ROW))
    (ours,) = await perform.read(lambda db: ALL.rows(db, {"b_lane": "D1"}))
    theirs = await perform.read(lambda db: tuple(db.execute(_ALL, {"b_lane": "D1"}).one()))

    assert added == [(7, AT)]
    assert ours == theirs
    assert ours[4] == ROW["payload"]
    assert ours[7] == AT
    assert ours[7].tzinfo is UTC or ours[7].utcoffset() == timedelta(0)


async def test_it_says_how_many_rows_it_was_about(perform: Perform) -> None:
    def work(db: Connection) -> list[Any]:
        ADD.rows(db, ROW)
        PUT_OFF.run_each(db, [{"b_id": 7, "b_at": AT}, {"b_id": 8, "b_at": AT}])
        return [PUT_OFF.run(db, {"b_id": id_, "b_at": AT}) for id_ in (7, 8)]

    assert await perform.unkeyed(lambda tx: work(tx.db)) == [1, 0]
    assert await perform.read(lambda db: ALL.row(db, {"b_lane": "D2"})) is None


async def test_a_refusal_is_by_its_kind_and_says_nothing_of_what_was_typed(
    perform: Perform,
) -> None:
    await perform.unkeyed(lambda tx: ADD.rows(tx.db, ROW))
    with pytest.raises(IntegrityError) as refused:
        await perform.unkeyed(lambda tx: ADD.rows(tx.db, ROW))

    assert "”ä”" not in str(refused.value)
    assert len(await perform.read(lambda db: ALL.rows(db, {"b_lane": "D1"}))) == 1


async def test_a_value_that_nobody_gave_is_a_bug(perform: Perform) -> None:
    with pytest.raises(KeyError, match="b_at"):
        await perform.unkeyed(lambda tx: PUT_OFF.run(tx.db, {"b_id": 7}))
