"""Delivers what was owed: posts, uploads and App Homes, in order, once each as far as Slack shows.

A row that a gesture owes to a quiet conversation is already ours when the gesture has committed,
and goes at once. The rest is claimed when its lane is free, its time has come, or its lease is out.
"""

import asyncio
from collections import Counter
from collections.abc import Callable, Coroutine
from datetime import datetime
from typing import Any

import structlog

from bot.attempts import Attempts
from bot.claiming import Claiming
from bot.perform import Perform
from bot.rules import Rules
from bot.sending import Failed, Moved, RefusedRow, Sent, outcome_of, settle
from bot.slack import Slack
from bot.uncertain import resolve
from storage import deliveries
from storage.outbox import Claim, Claimed, Delivery, Kind

log = structlog.get_logger(__name__)

_KINDS: tuple[Kind, ...] = ("post", "upload", "publish")
_IN_FLIGHT = 32


class Outbox:
    """Start it when Slack and the database are open; `stop` sends what it can."""

    def __init__(
        self,
        perform: Perform,
        slack: Slack,
        *,
        attempts: Attempts,
        now: Callable[[], datetime],
        rules: Rules,
        claim: Claim,
        refused: RefusedRow,
    ) -> None:
        self._perform = perform
        self._slack = slack
        self._rules = rules
        self._claim = claim
        self._refused = refused
        self._attempt = attempts
        self._flying: dict[str, asyncio.Task[None]] = {}
        self._behind: Counter[str] = Counter()  # rows we know to wait in a lane that flies
        self._tasks: set[asyncio.Task[None]] = set()
        self._claiming = Claiming(
            perform,
            kinds=_KINDS,
            claim=self._claim,
            room=lambda: _IN_FLIGHT - len(self._flying),
            start=self._start,
            now=now,
            poll_s=rules.poll_s,
        )
        self._polling: asyncio.Task[None] | None = None
        self._stopping = False

    def start(self) -> None:
        """From now on what gestures owe is sent."""
        self._perform.claim = self._claim
        self._polling = asyncio.create_task(self._claiming.run())

    async def stop(self) -> None:
        """What is under way may end; what is not begun waits for the next start."""
        self._perform.claim = None
        self._stopping = True
        if self._polling is not None:
            self._polling.cancel()
            await asyncio.wait([self._polling])
        for tasks in (self._tasks, self._flying.values()):  # the first may start the second
            if not tasks:
                continue
            _, late = await asyncio.wait(set(tasks), timeout=self._rules.stop_within_s)
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)

    def take(self, lane: str, row: Claimed | None) -> None:
        """A commit owes a message in this lane: `row` when it is ours, else it waits there."""
        if row is not None:
            self._start(row)
        elif lane in self._flying:
            self._behind[lane] += 1
        elif not self._stopping:
            self._spawn(self._begin(lane))

    async def resolve(self, outbox_id: int, *, before_ts: str) -> Delivery:
        """How far a message has come; an uncertain one is looked for in Slack at once.

        For a text that came while its question was uncertain: `before_ts` is the text's `ts`.
        """
        return await resolve(self._perform, self._slack, outbox_id, before_ts=before_ts)

    def _spawn(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def _start(self, row: Claimed) -> None:
        lane = str(row.lane)
        task = asyncio.create_task(self._deliver(lane, row, after=self._flying.get(lane)))
        self._flying[lane] = task

    async def _begin(self, lane: str) -> None:
        try:
            row = await self._next(lane)
        except Exception:
            log.exception("not claimed; the poll will", lane=lane)
            return
        if row is not None:
            self._start(row)

    async def _next(self, lane: str) -> Claimed | None:
        rows = await self._perform.unkeyed(
            lambda tx: deliveries.claim_due(
                tx.db, kinds=_KINDS, claim=self._claim, now=tx.real, limit=1, lanes=[lane]
            )
        )
        return rows[0] if rows else None

    async def _deliver(
        self, lane: str, first: Claimed, *, after: asyncio.Task[None] | None
    ) -> None:
        """The row, and then those that wait behind it."""
        if after is not None:
            await asyncio.wait([after])
        row: Claimed | None = first
        try:
            while row is not None:
                outcome = await outcome_of(row, self._attempt(row))
                await settle(
                    self._perform, row, outcome, owner=self._claim.owner, refused=self._refused
                )
                row = None
                if isinstance(outcome, Moved):
                    self.take(outcome.lane, None)
                if self._stopping:
                    break
                if isinstance(outcome, Sent | Failed) and self._behind[lane] > 0:
                    self._behind[lane] -= 1
                    row = await self._next(lane)
        except Exception:
            log.exception("not settled; looked for when the lease is out", lane=lane)
        finally:
            if self._flying.get(lane) is asyncio.current_task():
                del self._flying[lane]
                if self._behind.pop(lane, 0):
                    self._claiming.wake()
