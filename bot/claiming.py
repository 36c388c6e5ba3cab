"""Claims outbox rows of some kinds: when woken, and every second for what others left or put back."""

import asyncio
from collections.abc import Callable, Sequence
from datetime import datetime

import structlog

from bot.perform import Perform
from storage import deliveries
from storage.deliveries import due
from storage.outbox import Claim, Claimed, Kind

log = structlog.get_logger(__name__)


class Claiming:
    """`room` says how many more may be under way, `start` begins one without waiting for it."""

    def __init__(
        self,
        perform: Perform,
        *,
        kinds: Sequence[Kind],
        claim: Claim,
        room: Callable[[], int],
        start: Callable[[Claimed], None],
        now: Callable[[], datetime],
        poll_s: float,
    ) -> None:
        self._perform = perform
        self._kinds = kinds
        self._claim = claim
        self._room = room
        self._start = start
        self._now = now
        self._poll_s = poll_s
        self._awake = asyncio.Event()

    def wake(self) -> None:
        """There is something to claim, or room for it."""
        self._awake.set()

    async def run(self) -> None:
        """Until cancelled. A database that is away for a while is tried again."""
        while True:
            try:
                await self._claim_some()
            except Exception:
                log.exception("nothing could be claimed; tried again", kinds=self._kinds)
            try:
                async with asyncio.timeout(self._poll_s):
                    await self._awake.wait()
            except TimeoutError:
                pass
            self._awake.clear()

    async def _claim_some(self) -> None:
        room = self._room()
        if room <= 0:
            return
        if not await self._perform.read(lambda db: due(db, kinds=self._kinds, now=self._now())):
            return
        rows = await self._perform.unkeyed(
            lambda tx: deliveries.claim_due(
                tx.db, kinds=self._kinds, claim=self._claim, now=tx.real, limit=room
            )
        )
        for row in rows:
            self._start(row)
