"""Holds an outbox row while something long is done for it."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import structlog

from bot.perform import Perform
from storage import deliveries
from storage.outbox import Claim, Claimed

log = structlog.get_logger(__name__)


@asynccontextmanager
async def held(perform: Perform, row: Claimed, *, claim: Claim) -> AsyncIterator[None]:
    """Renews the lease. Losing it stops nothing: what is stored in the end asks whose it is."""
    renewing = asyncio.create_task(_renew(perform, row, claim))
    try:
        yield
    finally:
        renewing.cancel()
        await asyncio.wait([renewing])


async def _renew(perform: Perform, row: Claimed, claim: Claim) -> None:
    while True:
        await asyncio.sleep(claim.lease.total_seconds() / 3)
        try:
            ours = await perform.unkeyed(
                lambda tx: deliveries.renew(tx.db, row, claim=claim, now=tx.real)
            )
        except Exception:
            log.exception("lease not renewed; tried again", id=row.id)
            continue
        if not ours:
            log.warning("another process has taken this over", id=row.id, kind=row.kind)
            return
