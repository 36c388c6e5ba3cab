"""Claims outbox rows of some kinds: when woken, and every second for what others left or put back."""

import asyncio
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from time import monotonic

import structlog

from bot.perform import Perform
from storage import deliveries
from storage.deliveries import due
from storage.outbox import Claim, Claimed, Kind

log = structlog.get_logger(__name__)

_SET_BACK = timedelta(seconds=2)  # less than that is a clock that is being kept right
_LOOK_BACK = timedelta(days=1)  # in Slack's history, for what was begun by the old clock


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
        ahead = self._ahead()
        while True:
            try:
                was, ahead = ahead, self._ahead()
                if was - ahead > _SET_BACK:
                    await self._set_back(by=was - ahead)
                await self._claim_some()
            except Exception:
                log.exception("nothing could be claimed; tried again", kinds=self._kinds)
            try:
                async with asyncio.timeout(self._poll_s):
                    await self._awake.wait()
            except TimeoutError:
                pass
            self._awake.clear()

    def _ahead(self) -> timedelta:
        """How far the machine's clock is ahead of one that never jumps: only its changes mean anything."""
        return self._now() - datetime.fromtimestamp(monotonic(), UTC)

    async def _set_back(self, *, by: timedelta) -> None:
        log.warning(
            "the clock was set back; what waits by the old one is due",
            seconds=round(by.total_seconds()),
        )
        await self._perform.unkeyed(
            lambda tx: deliveries.clock_set_back(tx.db, now=tx.real, since=tx.real - _LOOK_BACK)
        )

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
