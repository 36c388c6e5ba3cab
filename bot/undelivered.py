"""What Slack refused and nobody was told: listed for the operator, and sent again when it is mended."""

from collections.abc import Sequence

from bot import clock
from bot.database import database
from storage import outbox
from storage.outbox import Failure


async def listed(url: str) -> Sequence[Failure]:
    """Every row that was given up, the oldest first."""
    async with database(url, now=clock.now) as perform:
        return await perform.read(outbox.failed)


async def send_again(url: str, number: int) -> bool:
    """Let the running bot try once more; False when no such row was given up."""
    async with database(url, now=clock.now) as perform:
        return await perform.unkeyed(lambda tx: outbox.again(tx.db, number, at=tx.real))
