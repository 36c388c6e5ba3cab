"""A decision's way to each recipient, in rows: what was sent stays sent, and doubt is counted."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from flows.practice import RecipientKind
from storage import dispatches
from storage.dispatches import NOT_CONFIGURED, Dispatch, New, State
from tests.bot.decided import granted
from tests.bot.town import Town, town

DECISION = "D 2026-0001"


@pytest.fixture
async def here(database_url: str, tmp_path: Path) -> AsyncIterator[Town]:
    async with town(database_url, tmp_path) as made:
        case_id = await granted(made)
        new = [_new(case_id, "registrar:a"), _new(case_id, "director:a"), _new(case_id, "x", "")]
        await made.act(lambda tx: dispatches.add(tx.db, new))
        yield made


def _new(case_id: str, recipient: str, email: str = "a@kommunen.se") -> New:
    return New(
        case_id=case_id,
        decision=DECISION,
        recipient=recipient,
        kind=RecipientKind.DISPATCH,
        name="",
        email=email,
        message_id=f"id-{recipient}",
    )


async def rows(here: Town) -> list[Dispatch]:
    return [*await here.perform.read(lambda db: dispatches.of(db, "2026-0001", DECISION))]


async def test_nobody_known_is_missing_and_never_tried(here: Town) -> None:
    first, _, nobody = await rows(here)

    assert (first.state, nobody.state) == (State.WAITING, State.MISSING)
    assert not await here.act(lambda tx: dispatches.attempt(tx.db, nobody.id))


async def test_an_attempt_that_ended_without_a_word_is_counted_when_it_is_tried_again(
    here: Town,
) -> None:
    one = (await rows(here))[0].id

    assert await here.act(lambda tx: dispatches.attempt(tx.db, one))
    assert await here.act(lambda tx: dispatches.attempt(tx.db, one))

    row = (await rows(here))[0]
    assert (row.state, row.attempts, row.doubtful) == (State.SENDING, 2, 1)


async def test_what_was_sent_stays_sent_whoever_says_otherwise(here: Town) -> None:
    one = (await rows(here))[0].id
    await here.act(lambda tx: dispatches.sent(tx.db, one, at=tx.now))

    assert not await here.act(lambda tx: dispatches.attempt(tx.db, one))
    await here.act(lambda tx: dispatches.refused(tx.db, one, error="550"))
    await here.act(lambda tx: dispatches.wait(tx.db, one, error="451"))
    await here.act(lambda tx: dispatches.address(tx.db, one, name="", email=""))

    row = (await rows(here))[0]
    assert (row.state, row.error, row.email) == (State.SENT, None, "a@kommunen.se")
    unsent = await here.perform.read(dispatches.unsent)
    assert [one.recipient for one in unsent] == ["director:a", "x"]


async def test_what_waits_for_settings_is_found_once(here: Town) -> None:
    first, second, _ = await rows(here)
    await here.act(lambda tx: dispatches.wait(tx.db, first.id, error=NOT_CONFIGURED))
    await here.act(lambda tx: dispatches.wait(tx.db, second.id, error="451"))

    assert await here.act(lambda tx: dispatches.configured(tx.db)) == [first.id]
    assert await here.act(lambda tx: dispatches.configured(tx.db)) == []
