"""SQLite: one thread writes. It takes what is queued, commits it once, and then answers everybody.

Each piece of work has its own savepoint, so that a refusal or a bug undoes only itself. When BEGIN
or COMMIT fails, the whole batch fails and nobody is told that anything was done.
"""

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import partial
from math import inf
from queue import Empty, SimpleQueue
from threading import Thread
from time import monotonic
from typing import Any, TypeVar, cast

from sqlalchemy import Connection, Engine

from bot.perform import Ahead, TooLate
from storage.engine import open_reader, open_writer

T = TypeVar("T")
BATCH = 64
READERS = 2


@dataclass(slots=True)
class _Item:
    work: Callable[[Connection], Any]
    done: Callable[[Any], None]  # for whoever waits for it,
    committed: Callable[[Any], None]  # and for whoever sends what it owes
    failed: Callable[[BaseException], None]
    expires: float


_Outcome = tuple[_Item, Any, BaseException | None]


class OneWriter:
    """See bot/perform.py's Store."""

    def __init__(self, writer: Engine, readers: Engine) -> None:
        self._writer = writer
        self._readers = readers
        self._queue: SimpleQueue[list[_Item] | None] = SimpleQueue()
        self._loop = asyncio.get_running_loop()
        self._reading = ThreadPoolExecutor(READERS, thread_name_prefix="reader")
        self._thread = Thread(target=self._write, name="writer")

    async def run(
        self,
        work: Callable[[Connection], T],
        *,
        committed: Callable[[T], None],
        ahead: Ahead | None,
        within_s: float | None,
    ) -> T:
        future: asyncio.Future[T] = self._loop.create_future()

        def done(value: T) -> None:
            if not future.done():  # whoever waited may be gone; what was committed stands
                future.set_result(value)

        def failed(failure: BaseException) -> None:
            if not future.done():
                future.set_exception(failure)

        expires = inf if within_s is None else monotonic() + within_s
        items = [_Item(work, done, committed, failed, expires)]
        if ahead is not None:
            again = ahead.failed
            items.insert(0, _Item(ahead.work, _nothing, _nothing, lambda _failure: again(), inf))
        self._queue.put(items)
        return await future

    async def read(self, query: Callable[[Connection], T]) -> T:
        return await self._loop.run_in_executor(self._reading, partial(self._query, query))

    def start(self) -> None:
        self._thread.start()

    async def stop(self) -> None:
        """Everything that was queued is committed first."""
        self._queue.put(None)
        await asyncio.to_thread(self._thread.join)
        self._reading.shutdown()

    def _query(self, query: Callable[[Connection], T]) -> T:
        with self._readers.connect() as db:
            return query(db)

    def _write(self) -> None:
        with self._writer.connect() as db:
            going = True
            while going:
                batch: list[_Item] = []
                items = self._queue.get()
                try:
                    while items is not None:
                        batch += items
                        if len(batch) >= BATCH:
                            break
                        items = self._queue.get_nowait()
                except Empty:
                    pass
                going = items is not None
                if batch:
                    outcomes = _commit(db, batch)
                    self._loop.call_soon_threadsafe(_answer, outcomes)


@asynccontextmanager
async def one_writer(url: str) -> AsyncIterator[OneWriter]:
    """Opens the SQLite database, and closes it when all is written."""
    writer, readers = open_writer(url), open_reader(url)
    try:
        with writer.connect():
            pass  # a database that cannot be opened is said here, not in the thread
        store = OneWriter(writer, readers)
        store.start()
        try:
            yield store
        finally:
            await store.stop()
    finally:
        readers.dispose()
        writer.dispose()


def _commit(db: Connection, batch: list[_Item]) -> list[_Outcome]:
    raw = cast("sqlite3.Connection", db.connection.driver_connection)
    try:
        with db.begin():
            raw.execute("BEGIN IMMEDIATE")
            return [_do(db, raw, item) for item in batch]
    except Exception as failure:  # noqa: BLE001  whatever it is, nothing of the batch was stored
        return [(item, None, failure) for item in batch]


def _do(db: Connection, raw: sqlite3.Connection, item: _Item) -> _Outcome:
    if monotonic() > item.expires:
        return item, None, TooLate()
    raw.execute("SAVEPOINT work")
    try:
        value = item.work(db)
    except Exception as failure:  # noqa: BLE001  it is handed to whoever asked for the work
        raw.execute("ROLLBACK TO work")
        raw.execute("RELEASE work")
        return item, None, failure
    raw.execute("RELEASE work")
    return item, value, None


def _answer(outcomes: list[_Outcome]) -> None:
    """Everybody's ack comes before anybody's next message: preparing one takes longer than an ack."""
    for item, value, failure in outcomes:
        if failure is None:
            item.done(value)
        else:
            item.failed(failure)
    for item, value, failure in outcomes:
        if failure is None:
            item.committed(value)


def _nothing(_value: object) -> None:
    """Nobody waits for what went ahead."""
