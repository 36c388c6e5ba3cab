"""PostgreSQL: a transaction per gesture, run again when another changed the same row first.

A fair gate stands before the connection pool, whose own queue lets some wait for seconds. What an
act reads but does not write is not protected by the isolation level: such a decision rests on a
unique key or a version (`UNIQUE (case_id, version)`), whose violation is run again as well.
"""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from secrets import randbelow
from typing import TypeVar

from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.perform import Ahead, TooLate
from storage.engine import open_postgres

T = TypeVar("T")
WRITERS = 8
READERS = 4
TRIES = 12
# serialization_failure, deadlock_detected, unique_violation
_CONFLICTS = {"40001", "40P01", "23505"}


class Gate:
    """See bot/perform.py's Store."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine
        self._writers = asyncio.Semaphore(WRITERS)
        self._readers = asyncio.Semaphore(READERS)
        self._losers = asyncio.Lock()

    async def run(
        self,
        work: Callable[[Connection], T],
        *,
        committed: Callable[[T], None],
        ahead: Ahead | None,
        within_s: float | None,
    ) -> T:
        def all_of_it(db: Connection) -> T:
            with db.begin():
                if ahead is not None:
                    ahead.work(db)
                return work(db)

        try:
            await self._turn(within_s)
            try:
                value = await self._until_alone(all_of_it)
            finally:
                self._writers.release()
        except BaseException:
            if ahead is not None:
                ahead.failed()
            raise
        committed(value)
        return value

    async def read(self, query: Callable[[Connection], T]) -> T:
        async with self._readers, self._engine.connect() as db:
            return await db.run_sync(query)

    async def _turn(self, within_s: float | None) -> None:
        try:
            async with asyncio.timeout(within_s):
                await self._writers.acquire()
        except TimeoutError as late:
            raise TooLate from late

    async def _until_alone(self, work: Callable[[Connection], T]) -> T:
        """Those who have lost to another once go on one at a time, so that each of them gets on."""
        try:
            return await self._once(work)
        except DBAPIError as conflict:
            if not _is_conflict(conflict):
                raise
        async with self._losers:
            for attempt in range(TRIES):
                try:
                    return await self._once(work)
                except DBAPIError as conflict:
                    if not _is_conflict(conflict):
                        raise
                await asyncio.sleep(randbelow(2 ** min(attempt + 2, 7)) / 1000)
            return await self._once(work)

    async def _once(self, work: Callable[[Connection], T]) -> T:
        async with self._engine.connect() as db:
            return await db.run_sync(work)


@asynccontextmanager
async def gate(url: str) -> AsyncIterator[Gate]:
    """Opens the pool, and closes it."""
    engine = open_postgres(url, connections=WRITERS + READERS)
    try:
        yield Gate(engine)
    finally:
        await engine.dispose()


def _is_conflict(error: DBAPIError) -> bool:
    return getattr(error.orig, "sqlstate", None) in _CONFLICTS
