"""Claiming outbox rows: in order, one per lane, only what is due, and never by reading what was sent."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Connection, event, insert, text

from storage import deliveries, outbox
from storage.engine import open_writer
from storage.outbox import Claim, Claimed
from storage.tables import outbox as rows

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
MINE = Claim(owner="me", lease=timedelta(seconds=50))
YOURS = Claim(owner="you", lease=timedelta(seconds=50))


@pytest.fixture
def db(sqlite_url: str) -> Iterator[Connection]:
    engine = open_writer(sqlite_url)
    with engine.connect() as db:
        yield db
    engine.dispose()


def _add(db: Connection, lane: str, **more: Any) -> int:
    new, _ = outbox.add(db, kind="post", lane=lane, payload={"text": "hej"}, at=NOON, **more)
    return new


def _claim(db: Connection, *, at: datetime = NOON, claim: Claim = MINE) -> list[Claimed]:
    return deliveries.claim_due(db, kinds=("post",), claim=claim, now=at, limit=10)


def test_one_row_per_lane_is_claimed_the_oldest_first(db: Connection) -> None:
    first, _, other = _add(db, "D1"), _add(db, "D1"), _add(db, "D2")
    assert [row.id for row in _claim(db)] == [first, other]
    assert _claim(db) == []


def test_the_next_follows_when_the_first_is_sent(db: Connection) -> None:
    first, second = _add(db, "D1"), _add(db, "D1")
    _claim(db)
    deliveries.mark_sent(db, [deliveries.sent_mark(first, channel="D1", ts="1.1", at=NOON)])
    assert [row.id for row in _claim(db)] == [second]


def test_a_row_that_is_put_back_is_due_later_and_holds_its_lane(db: Connection) -> None:
    first, _ = _add(db, "D1"), _add(db, "D1")
    (row,) = _claim(db)
    later = NOON + timedelta(seconds=3)
    assert deliveries.put_back(db, row, owner="me", due_at=later)
    assert _claim(db) == []
    (again,) = _claim(db, at=later)
    assert (again.id, again.attempts, again.doubt_since) == (first, 2, None)


def test_a_lease_that_has_run_out_is_taken_over_in_doubt(db: Connection) -> None:
    first = _add(db, "D1")
    (row,) = _claim(db)
    assert _claim(db, at=NOON + timedelta(seconds=49), claim=YOURS) == []
    (taken,) = _claim(db, at=NOON + timedelta(seconds=50), claim=YOURS)
    assert (taken.id, taken.doubt_since) == (first, NOON)
    assert not deliveries.renew(db, row, claim=MINE, now=NOON)
    assert not deliveries.put_back(db, row, owner="me", due_at=NOON)
    assert not deliveries.give_up(db, row, owner="me", error="x", at=NOON)


def test_doubt_about_an_earlier_attempt_outlives_a_later_refusal(db: Connection) -> None:
    _add(db, "D1")
    _claim(db)
    (taken,) = _claim(db, at=NOON + timedelta(seconds=50))
    deliveries.put_back(db, taken, owner="me", due_at=NOON + timedelta(seconds=51))
    (again,) = _claim(db, at=NOON + timedelta(seconds=51))
    assert again.doubt_since == NOON


def test_what_is_given_up_lets_the_lane_go_on(db: Connection) -> None:
    first, second = _add(db, "D1"), _add(db, "D1")
    (row,) = _claim(db)
    deliveries.give_up(db, row, owner="me", error="channel_not_found", at=NOON)
    assert [row.id for row in _claim(db)] == [second]
    assert outbox.delivery(db, first).state == "failed"


def test_a_mark_is_true_whoever_holds_the_lease(db: Connection) -> None:
    first = _add(db, "D1")
    _claim(db)
    _claim(db, at=NOON + timedelta(seconds=50), claim=YOURS)
    deliveries.mark_sent(db, [deliveries.sent_mark(first, channel="D1", ts="1.1", at=NOON)])
    assert outbox.delivery(db, first).ts == "1.1"


@pytest.mark.parametrize(
    ("question", "text_", "before"),
    [("9.000002", "10.000001", True), ("10.000001", "10.000002", True), ("10.2", "10.1", False)],
)
def test_timestamps_are_compared_as_numbers(question: str, text_: str, *, before: bool) -> None:
    known = outbox.Delivery(state="sent", channel="D1", ts=question)
    assert known.posted_before(text_) is before


def test_claiming_never_reads_what_was_sent(db: Connection) -> None:
    """A hundred thousand sent rows must not make each second's look slower."""
    asked: list[tuple[str, Any]] = []

    def note(*call: Any) -> None:
        asked.append(call[2:4])

    sent = {"kind": "post", "lane": "D1", "state": "sent", "attempts": 1, "due_at": NOON}
    db.execute(insert(rows), [sent | {"finished_at": NOON}] * 100)
    _add(db, "D1")
    event.listen(db, "before_cursor_execute", note)
    deliveries.due(db, kinds=("post",), now=NOON)
    deliveries.claim_due(db, kinds=("post",), claim=MINE, now=NOON, limit=1, lanes=["D1"])
    event.remove(db, "before_cursor_execute", note)
    plans = [
        step.detail
        for statement, parameters in asked
        for step in db.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters)
    ]
    assert any("ix_outbox_due" in step for step in plans)
    assert [step for step in plans if step.startswith("SCAN outbox")] == []


def test_an_id_is_never_used_again(db: Connection) -> None:
    """It names a message in Slack's history."""
    first = _add(db, "D1")
    db.execute(text("DELETE FROM outbox"))
    assert _add(db, "D1") > first
