"""Reads from Slack what people wrote while nobody listened, and answers it as if it came now.

Slack delivers a message for about six minutes and then never again. The messages go through the
same listener with the same keys, so that what was received already is not received twice.
"""

import asyncio
from collections import Counter, deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any

import structlog
from sqlalchemy import Connection

from bot.listeners.payloads import SPOKEN
from bot.pace import Pace
from bot.perform import Perform, Transaction
from bot.rules import Rules
from bot.slack import NotReached, Refused, Slack, TryLater, Unknown
from bot.uncertain import messages
from storage import conversations, gestures, heartbeat

log = structlog.get_logger(__name__)

_MARGIN = timedelta(minutes=10)
_IN_USE = timedelta(days=14)
_CONVERSATIONS = 200
_CLOCK_WAS_WRONG = timedelta(days=1)
_GIVEN_UP_AFTER = timedelta(minutes=6)  # Slack itself has given up by then
_TRIES = 5  # of ours, before a message is given up
_PACED = "history"

Replay = Callable[[dict[str, Any]], Awaitable[object]]


@dataclass(slots=True)
class _Look:
    """One look at all conversations in use; `left` are still to be read. `whole`: none failed."""

    began: datetime
    since: datetime
    left: deque[str]
    whole: bool


class CatchUp:
    """`replay` is the listener of messages; it is given what Slack would have sent.

    `given_up` is told, once, of what the listener has failed with again and again, also after Slack has given
    it up. Until then a look is not whole, and is made again soon.
    """

    def __init__(
        self,
        perform: Perform,
        slack: Slack,
        *,
        team: str,
        replay: Replay,
        given_up: Replay,
        now: Callable[[], datetime],
        rules: Rules | None = None,
    ) -> None:
        rules = rules or Rules()
        self._perform = perform
        self._slack = slack
        self._team = team
        self._replay = replay
        self._given_up = given_up
        self._now = now
        self._every_s = rules.catch_up_every_s
        self._retry_s = rules.catch_up_retry_s
        self._pace = Pace(interval_s=rules.read_every_s, burst=rules.read_burst)
        self._failures: Counter[str] = Counter()  # by message
        self._awake = asyncio.Event()
        self._begun: _Look | None = None
        self._next_in_s = self._every_s

    def wake(self) -> None:
        """The connection was interrupted: look at once."""
        self._awake.set()

    async def at_start(self) -> None:
        """Look before the socket is connected: in the latest used conversations, as far as Slack's
        pace allows without waiting, so that nobody waits for us. `run` goes on with the rest.
        """
        try:
            look = await self._begin(everywhere=True)
            while look.left and not self._pace.away(_PACED):
                await self._read_next(look)
            if look.left:
                self._begun, self._next_in_s = look, 0
            else:
                await self._end(look)
        except Exception:
            log.exception("catching up failed; tried again")
            self._next_in_s = self._retry_s

    async def run(self) -> None:
        """Until cancelled: go on with what the start left, then look now and then."""
        while True:
            try:
                async with asyncio.timeout(self._next_in_s):
                    await self._awake.wait()
            except TimeoutError:
                pass
            interrupted = self._awake.is_set()
            self._awake.clear()
            await self.once(everywhere=interrupted)

    async def once(self, *, everywhere: bool = True) -> bool:
        """Look since the last heartbeat. False when not everything could be read.

        `everywhere`: anew, and also where somebody may have written to us for the first time.
        """
        begun, self._begun = self._begun, None
        try:
            look = await self._begin(everywhere=everywhere) if everywhere or not begun else begun
            while look.left:
                await asyncio.sleep(self._pace.away(_PACED))
                await self._read_next(look)
            await self._end(look)
        except Exception:
            log.exception("catching up failed; tried again")
            self._next_in_s = self._retry_s
            return False
        return look.whole

    async def _begin(self, *, everywhere: bool) -> _Look:
        began = self._now()
        whole = not everywhere or await self._meet()
        channels, since = await self._perform.read(lambda db: _where(db, began))
        return _Look(began, since, deque(channels), whole)

    async def _end(self, look: _Look) -> None:
        """Say how far we have heard, when everything could be read."""
        if look.whole:
            await self._perform.unkeyed(lambda tx: heartbeat.beat(tx.db, at=look.began))
        self._next_in_s = self._every_s if look.whole else self._retry_s

    async def _read_next(self, look: _Look) -> None:
        self._pace.take(_PACED)
        channel = look.left.popleft()
        look.whole = await self._conversation(channel, since=look.since) and look.whole

    async def _meet(self) -> bool:
        """Learn of the direct messages that people opened with us while nobody listened."""
        query: dict[str, str | int] = {"types": "im", "limit": 200}
        try:
            while True:
                page = await self._slack.query("conversations.list", **query)
                await self._perform.unkeyed(partial(_add_new, found=page["channels"]))
                cursor = (page.get("response_metadata") or {}).get("next_cursor")
                if not cursor:
                    return True
                query["cursor"] = cursor
        except Refused as no:
            log.error("conversations cannot be listed", error=no.error)  # noqa: TRY400  Slack said no: the trace is ours
            return True
        except (TryLater, NotReached, Unknown) as failure:
            log.warning("conversations cannot be listed now", why=str(failure))
            return False

    async def _conversation(self, channel: str, *, since: datetime) -> bool:
        oldest = f"{since.timestamp():.6f}"
        try:
            found = [m async for m in messages(self._slack, channel, oldest=oldest)]
        except Refused as no:
            # A closed account or a conversation that is gone: nobody writes there any more.
            log.warning("a conversation cannot be read", channel=channel, error=no.error)
            return True
        except (TryLater, NotReached, Unknown) as failure:
            log.warning("a conversation cannot be read now", channel=channel, why=str(failure))
            return False
        spoken = sorted((m for m in found if _is_spoken(m)), key=lambda m: float(m["ts"]))
        keys = {f"message:{channel}:{m['ts']}": m for m in spoken}
        known = await self._perform.read(lambda db: gestures.known(db, keys))
        taken = [await self._once_more(channel, keys[key], key) for key in keys if key not in known]
        return all(taken)

    async def _once_more(self, channel: str, message: dict[str, Any], key: str) -> bool:
        """Whether nothing more is to be done about it."""
        log.info("read from history", channel=channel, ts=message["ts"])
        event = message | {"type": "message", "channel": channel, "channel_type": "im"}
        body = {"type": "event_callback", "team_id": self._team, "event": event}
        try:
            await self._replay(body)
        except Exception:
            log.exception("a message could not be answered", channel=channel, ts=message["ts"])
            self._failures[key] += 1
            age_s = self._now().timestamp() - float(message["ts"])
            if self._failures[key] < _TRIES or age_s < _GIVEN_UP_AFTER.total_seconds():
                return False
            if not await self._give_up(body):
                return False
        self._failures.pop(key, None)
        return True

    async def _give_up(self, body: dict[str, Any]) -> bool:
        try:
            await self._given_up(body)
        except Exception:
            log.exception("nobody was told that a message could not be answered")
            return False
        return True


def _add_new(tx: Transaction, *, found: list[dict[str, Any]]) -> None:
    known = conversations.known(tx.db, (im["id"] for im in found))
    for im in found:
        if im["id"] not in known:
            conversations.add(tx.db, im["id"], user=im["user"], at=tx.real)


def _where(db: Connection, now: datetime) -> tuple[list[str], datetime]:
    """The conversations in use, and since when nobody may have listened there."""
    heard = heartbeat.last(db)
    if heard is None:
        return [], now
    channels = conversations.active(db, since=now - _IN_USE, limit=_CONVERSATIONS)
    if heard > now:  # the clock was ahead then, by nobody knows how much
        heard = now - _CLOCK_WAS_WRONG
    return channels, heard - _MARGIN


def _is_spoken(message: dict[str, Any]) -> bool:
    """A person's own words, not ours and not Slack's."""
    return (
        message.get("subtype") in SPOKEN and not message.get("bot_id") and bool(message.get("user"))
    )
