"""Changes messages that stand in Slack, one at a time and at the pace of the whole workspace.

Slack allows about fifty a minute, and nobody waits for one: only the newest per message is sent.
"""

import asyncio
from collections.abc import Callable
from datetime import datetime

import structlog

from bot.attempts import Attempts
from bot.claiming import Claiming
from bot.pace import Pace
from bot.perform import Perform
from bot.rules import Rules
from bot.sending import Outcome, Sent, change, outcome_of, settle
from bot.slack import Slack
from storage.outbox import Claim, Claimed

log = structlog.get_logger(__name__)

_WORKSPACE = "workspace"


class Updates:
    """Start it with the outbox; `stop` leaves what is not begun for the next start."""

    def __init__(
        self,
        perform: Perform,
        slack: Slack,
        *,
        attempts: Attempts,
        now: Callable[[], datetime],
        rules: Rules,
        claim: Claim,
    ) -> None:
        self._perform = perform
        self._slack = slack
        self._attempts = attempts
        self._claim = claim
        self._stop_within_s = rules.stop_within_s
        self._pace = Pace(interval_s=rules.update_every_s, burst=rules.update_burst)
        self._sending: asyncio.Task[None] | None = None
        self._next_turn: asyncio.TimerHandle | None = None
        self._claiming = Claiming(
            perform,
            kinds=("update",),
            claim=claim,
            room=lambda: 0 if self._sending or self._pace.away(_WORKSPACE) else 1,
            start=self._start,
            now=now,
            poll_s=rules.poll_s,
        )
        self._polling: asyncio.Task[None] | None = None

    def start(self) -> None:
        self._polling = asyncio.create_task(self._claiming.run())

    async def stop(self) -> None:
        if self._polling is not None:
            self._polling.cancel()
            await asyncio.wait([self._polling])
        sending = self._sending
        if sending is not None:
            await asyncio.wait([sending], timeout=self._stop_within_s)
            sending.cancel()
            await asyncio.gather(sending, return_exceptions=True)
        if self._next_turn is not None:
            self._next_turn.cancel()

    def _start(self, row: Claimed) -> None:
        self._sending = asyncio.create_task(self._send(row))

    async def _send(self, row: Claimed) -> None:
        self._pace.take(_WORKSPACE)
        try:
            outcome = await outcome_of(row, self._attempt(row))
            await settle(self._perform, row, outcome, owner=self._claim.owner)
        except Exception:
            log.exception("not settled; sent again when the lease is out", id=row.id)
        finally:
            self._sending = None
            away = self._pace.away(_WORKSPACE)
            self._next_turn = asyncio.get_running_loop().call_later(away, self._claiming.wake)

    async def _attempt(self, row: Claimed) -> Outcome:
        if row.refers_to is None:
            raise ValueError("an update changes a message")
        place = await self._attempts.parent(row.refers_to)
        if not isinstance(place, Sent) or place.channel is None or place.ts is None:
            return place
        return await change(self._slack, row, channel=place.channel, ts=place.ts)
