"""What people wrote while nobody listened is read from Slack and answered, once and in order."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from bot import clock
from bot.all_listeners import LISTENERS
from bot.catch_up import CatchUp
from bot.dispatch import Dispatch
from bot.owed import Post
from bot.perform import Gesture, Repeated
from storage import conversations, heartbeat
from tests.bot.office import FAST, Office, office
from tests.bot.wires import TEAM, line
from tests.people import at_work, town
from tests.waiting import until

ANNA = "U0ANNA"


class Listener:
    """The listener of messages, reduced to what it was told."""

    def __init__(self, it: Office) -> None:
        self._perform = it.perform
        self.heard: list[str] = []

    async def __call__(self, body: dict[str, Any]) -> None:
        event = body["event"]
        key = f"message:{event['channel']}:{event['ts']}"
        try:
            await self._perform(Gesture(key, f"{body['team_id']}:{event['user']}"), lambda tx: None)
        except Repeated:
            return
        self.heard.append(event["text"])


@pytest.fixture
async def the_office(sqlite_url: str, tmp_path: Path) -> AsyncIterator[Office]:
    async with office(sqlite_url, tmp_path / "files") as it:
        yield it


def _catch_up(it: Office, replay: Any, now: Any = clock.now, **more: Any) -> CatchUp:
    more = {"given_up": _nobody} | more
    return CatchUp(it.perform, it.slack, team="T0SANDBOX", replay=replay, now=now, **more)


async def _nobody(_body: dict[str, Any]) -> None:
    raise AssertionError("a message was given up")


async def _heard_at(it: Office, at: datetime) -> None:
    await it.perform.unkeyed(lambda tx: heartbeat.beat(tx.db, at=at))


async def test_messages_are_answered_in_order_and_once(the_office: Office) -> None:
    await _heard_at(the_office, clock.now() - timedelta(minutes=1))
    for text in ("ett", "två", "tre"):
        await the_office.sandbox.say(ANNA, text)
    listener = Listener(the_office)
    assert await _catch_up(the_office, listener).once()
    assert await _catch_up(the_office, listener).once()
    assert listener.heard == ["ett", "två", "tre"]


async def test_what_was_received_is_not_received_again(the_office: Office) -> None:
    await _heard_at(the_office, clock.now() - timedelta(minutes=1))
    ts = await the_office.sandbox.say(ANNA, "ett")
    listener = Listener(the_office)
    channel = (await the_office.slack.call("conversations.open", {"users": ANNA}))["channel"]["id"]
    await listener(
        {"team_id": "T", "event": {"channel": channel, "ts": ts, "user": ANNA, "text": ""}}
    )
    await _catch_up(the_office, listener).once()
    assert listener.heard == [""]


async def test_the_first_start_answers_nothing_old(the_office: Office) -> None:
    await the_office.sandbox.say(ANNA, "från före boten")
    listener = Listener(the_office)
    await _catch_up(the_office, listener).once()
    assert listener.heard == []
    assert await the_office.perform.read(heartbeat.last) is not None


async def test_a_week_away_is_read_back_and_older_is_not(the_office: Office) -> None:
    await the_office.sandbox.say(ANNA, "före")
    before = float((await the_office.sandbox.messages(ANNA))[0]["ts"])
    # Eleven minutes later, so that the margin of ten does not reach it.
    await _heard_at(the_office, datetime.fromtimestamp(before, UTC) + timedelta(minutes=11))
    listener = Listener(the_office)
    an_hour_on = clock.now() + timedelta(hours=1)
    await _catch_up(the_office, listener, lambda: an_hour_on).once()
    assert listener.heard == []


async def test_what_was_written_while_the_clock_was_ahead_is_read_when_it_is_set_right(
    the_office: Office,
) -> None:
    """The bot last listened, it believed, in five hours; it was then stopped, and she wrote."""
    await _heard_at(the_office, clock.now() + timedelta(hours=5))
    await the_office.sandbox.say(ANNA, "medan klockan gick fel")
    listener = Listener(the_office)
    assert await _catch_up(the_office, listener).once()
    assert listener.heard == ["medan klockan gick fel"]


async def test_our_own_messages_and_edits_are_not_answered(the_office: Office) -> None:
    await _heard_at(the_office, clock.now() - timedelta(minutes=1))
    ts = await the_office.sandbox.say(ANNA, "min text")
    channel = (await the_office.slack.call("conversations.open", {"users": ANNA}))["channel"]["id"]
    await the_office.perform.unkeyed(lambda tx: tx.owe(Post(to=channel, text="fråga")))
    listener = Listener(the_office)
    await _catch_up(the_office, listener).once()
    await the_office.sandbox.edit(ANNA, ts, "ändrad")
    await _catch_up(the_office, listener).once()
    assert listener.heard == ["min text"]


async def test_a_listener_that_fails_does_not_stop_the_others(the_office: Office) -> None:
    await _heard_at(the_office, clock.now() - timedelta(minutes=1))
    await the_office.sandbox.say(ANNA, "ett")
    await the_office.sandbox.say("U0OMAR", "två")
    heard: list[str] = []

    async def fails(body: dict[str, Any]) -> None:
        heard.append(body["event"]["text"])
        raise ZeroDivisionError

    await _catch_up(the_office, fails).once()
    assert sorted(heard) == ["ett", "två"]


async def test_what_always_fails_is_given_up_when_slack_too_has_given_it_up(
    the_office: Office,
) -> None:
    """She was told to wait for an answer; now she is told that there is none."""
    await _heard_at(the_office, clock.now() - timedelta(minutes=1))
    await the_office.sandbox.say(ANNA, "ett")
    told = Listener(the_office)

    async def fails(_body: dict[str, Any]) -> None:
        raise ZeroDivisionError

    moment = clock.now()
    catch_up = _catch_up(the_office, fails, lambda: moment, given_up=told)
    for minutes, given_up in ((0, False), (1, False), (5, False), (7, False), (8, True), (9, True)):
        moment = clock.now() + timedelta(minutes=minutes)
        assert await catch_up.once() == given_up  # until then it is looked for again soon
        assert told.heard == (["ett"] if given_up else [])


async def test_what_fails_once_after_a_long_absence_is_tried_again(the_office: Office) -> None:
    await _heard_at(the_office, clock.now() - timedelta(minutes=1))
    await the_office.sandbox.say(ANNA, "ett")
    listener, failing = Listener(the_office), [True]

    async def fails_once(body: dict[str, Any]) -> None:
        if failing:
            failing.clear()
            raise ZeroDivisionError
        await listener(body)

    an_hour_on = clock.now() + timedelta(hours=1)
    catch_up = _catch_up(the_office, fails_once, lambda: an_hour_on)
    assert not await catch_up.once()
    assert await catch_up.once()
    assert listener.heard == ["ett"]


async def test_she_is_told_once_that_what_she_wrote_could_not_be_taken(
    sqlite_url: str, tmp_path: Path
) -> None:
    async with line(sqlite_url, tmp_path) as wires:
        body = wires.message(f"{TEAM}:{ANNA}", "hej")
        dispatch = Dispatch(LISTENERS, wires.shell)
        for _ in range(2):
            await dispatch.message_given_up(body)
        (told,) = await wires.town.said(f"{TEAM}:{ANNA}")
        assert "Skriv det igen" in told


async def test_when_slack_cannot_be_read_the_heartbeat_stays(the_office: Office) -> None:
    then = clock.now() - timedelta(minutes=1)
    await _heard_at(the_office, then)
    await the_office.sandbox.say(ANNA, "ett")
    await the_office.sandbox.faults(
        status={"method": "conversations.history", "code": 503, "count": 1}
    )
    listener = Listener(the_office)
    assert not await _catch_up(the_office, listener).once()
    assert await the_office.perform.read(heartbeat.last) == then
    assert await _catch_up(the_office, listener).once()
    assert listener.heard == ["ett"]
    assert (await the_office.perform.read(heartbeat.last) or then) > then


async def test_a_heartbeat_never_goes_back(the_office: Office) -> None:
    now = clock.now()
    await _heard_at(the_office, now)
    await _heard_at(the_office, now - timedelta(hours=1))
    assert await the_office.perform.read(heartbeat.last) == now


async def test_a_conversation_is_in_use_when_somebody_writes(the_office: Office) -> None:
    day = datetime(2026, 11, 22, 12, tzinfo=UTC)

    for channel, user, days in (("D1", "U1", 0), ("D2", "U2", 3), ("D1", "U1", 5)):
        await the_office.perform.unkeyed(
            lambda tx, c=channel, u=user, d=days: conversations.seen(
                tx.db, c, user=u, at=day + timedelta(days=d)
            )
        )
    active = await the_office.perform.read(
        lambda db: conversations.active(db, since=day + timedelta(days=1), limit=10)
    )
    assert active == ["D1", "D2"]


async def test_a_start_reads_what_it_may_at_once_and_the_rest_while_it_listens(
    the_office: Office,
) -> None:
    then = clock.now() - timedelta(minutes=1)
    await _heard_at(the_office, then)
    for number, person in enumerate(("U0ANNA", "U0OMAR", "U0TOVE", "U0SARA")):
        await the_office.sandbox.say(person, str(number))
    listener = Listener(the_office)
    rules = replace(FAST, read_burst=3, read_every_s=3)
    catch_up = _catch_up(the_office, listener, rules=rules)

    await catch_up.at_start()
    assert len(listener.heard) == 3
    assert await the_office.perform.read(heartbeat.last) == then

    running = asyncio.create_task(catch_up.run())
    await until(lambda: _moved_from(the_office, then))
    running.cancel()
    assert sorted(listener.heard) == ["0", "1", "2", "3"]


async def test_a_start_that_could_not_read_soon_tries_again(the_office: Office) -> None:
    then = clock.now() - timedelta(minutes=1)
    await _heard_at(the_office, then)
    await the_office.sandbox.say(ANNA, "ett")
    await the_office.sandbox.faults(
        status={"method": "conversations.history", "code": 503, "count": 1}
    )
    listener = Listener(the_office)
    catch_up = _catch_up(the_office, listener, rules=replace(FAST, catch_up_retry_s=0.05))

    await catch_up.at_start()
    assert listener.heard == []
    running = asyncio.create_task(catch_up.run())
    await until(lambda: _moved_from(the_office, then))
    running.cancel()
    assert listener.heard == ["ett"]


async def test_the_bot_listens_before_it_has_read_every_conversation(
    sqlite_url: str, tmp_path: Path
) -> None:
    """With one conversation a minute, three would keep everybody waiting."""
    slow = replace(FAST, read_burst=1, read_every_s=60)
    async with town(sqlite_url, tmp_path, asleep=True) as here:
        async with at_work(here):
            for person in (here.anna, here.omar, here.tove):
                await person.says("hjälp")
        async with at_work(here, rules=slow):
            before = len(await here.sara.told())
            await here.sara.says("hjälp")
            assert len(await here.sara.told()) > before


async def _moved_from(it: Office, then: datetime) -> bool:
    return await it.perform.read(heartbeat.last) != then
