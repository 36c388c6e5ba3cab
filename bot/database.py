"""Opens what DATABASE_URL names and gives the one way to it. The schema must already be there."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import datetime

from bot.gate import gate
from bot.one_writer import one_writer
from bot.perform import Perform
from storage.engine import is_sqlite


@asynccontextmanager
async def database(
    url: str, *, now: Callable[[], datetime], real: Callable[[], datetime] | None = None
) -> AsyncIterator[Perform]:
    """`sqlite:///path` for one process, `postgresql://…` for several. `real`: see Transaction."""
    async with one_writer(url) if is_sqlite(url) else gate(url) as store:
        yield Perform(store, now=now, real=real)
