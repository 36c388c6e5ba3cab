"""Opens what DATABASE_URL names and gives the one way to it. The schema must already be there."""

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from datetime import datetime
from typing import TYPE_CHECKING

from bot.one_writer import one_writer
from bot.perform import Perform
from storage.engine import is_sqlite

if TYPE_CHECKING:
    from bot.gate import Gate


@asynccontextmanager
async def database(
    url: str, *, now: Callable[[], datetime], real: Callable[[], datetime] | None = None
) -> AsyncIterator[Perform]:
    """`sqlite:///path` for one process, `postgresql://…` for several. `real`: see Transaction."""
    async with one_writer(url) if is_sqlite(url) else _gate(url) as store:
        yield Perform(store, now=now, real=real)


def _gate(url: str) -> "AbstractAsyncContextManager[Gate]":
    from bot.gate import gate  # brings SQLAlchemy's asyncio along, a twentieth of a start on SQLite

    return gate(url)
