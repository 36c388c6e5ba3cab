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
from queue import Empty, SimpleQueue
from threading import Thread
from time import monotonic
from typing import Any, TypeVar

from sqlalchemy import Connection, Engine

from storage.engine import open_reader, open_writer

T = TypeVar("T")
BATCH = 64
READERS = 2
TOO_LATE_S = 2.5  # Slack has shown the person an error after 3 s; a commit now would surprise her


class TooLate(Exception):  # noqa: N818  it is an outcome, and Slack delivers the gesture again
    """The work waited so long that its gesture has gone un-acked; nothing was done."""


@dataclass(slots=True)
class _Item:
    work: Callable[[Connection], Any]
    future: asyncio.Future[Any]
    committed: Callable[[Any], None] | None
    expires: float


_Outcome = tuple[_Item, Any, BaseException | None]


class OneWriter:
    """See bot/perform.py's Store."""

    def __init__(self, writer: Engine, readers: Engine) -> None:
        self._writer = writer
        self._readers = readers
        self._queue: SimpleQueue[_Item | None] = SimpleQueue()
        self._loop = asyncio.get_running_loop()
        self._reading = ThreadPoolExecutor(READERS, thread_name_prefix="reader")
        self._thread = Thread(target=self._write, name="writer")

    async def run(
        self, work: Callable[[Connection], T], *, committed: Callable[[T], None] | None = None
    ) -> T:
        future: asyncio.Future[T] = self._loop.create_future()
        self._queue.put(_Item(work, future, committed, monotonic() + TOO_LATE_S))
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
                item = self._queue.get()
                try:
                    while item is not None and len(batch) < BATCH:
                        batch.append(item)
                        item = self._queue.get_nowait()
                except Empty:
                    pass
                going = item is not None
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
    raw: sqlite3.Connection = db.connection.driver_connection  # type: ignore[assignment]
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
    for item, value, failure in outcomes:
        # Whoever waited may be gone; what was committed stands all the same.
        if failure is not None:
            if not item.future.done():
                item.future.set_exception(failure)
            continue
        if not item.future.done():
            item.future.set_result(value)
        if item.committed is not None:
            item.committed(value)
