"""Runs owed jobs: work that takes longer than a person waits, such as making documents.

A job may be begun more than once, but its act is committed once, with the mark that it is done.
E-mail is the same kind of work with room of its own, so that a slow server holds up no document.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime, timedelta
from typing import Any, Generic, TypeVar

import structlog

from bot.claiming import Claiming
from bot.leases import held
from bot.perform import Act, Perform, Transaction
from bot.rules import Rules
from storage import deliveries
from storage.outbox import Claim, Claimed, Kind

log = structlog.get_logger(__name__)

Tools = TypeVar("Tools")
Arguments = dict[str, Any]
Run = Callable[[Arguments, Tools], Awaitable[Act[Any] | None]]
WhenFailed = Callable[[Arguments], Act[Any]]


class TakenOver(Exception):  # noqa: N818  another process is doing the same
    """The lease was lost; the other one's act counts."""


class Jobs(Generic[Tools]):
    """`registry`: what runs, by name. `when_failed`: what to do when every try has failed."""

    def __init__(
        self,
        perform: Perform,
        *,
        registry: Mapping[str, Run[Tools]],
        when_failed: Mapping[str, WhenFailed],
        tools: Tools,
        now: Callable[[], datetime],
        rules: Rules,
        owner: str,
        kind: Kind = "job",
    ) -> None:
        self._perform = perform
        self._registry = registry
        self._when_failed = when_failed
        self._tools = tools
        self._rules = rules
        self._claim = Claim(owner=owner, lease=timedelta(seconds=rules.job_lease_s))
        self._running: set[asyncio.Task[None]] = set()
        self._claiming = Claiming(
            perform,
            kinds=(kind,),
            claim=self._claim,
            room=lambda: rules.jobs_at_once - len(self._running),
            start=self._start,
            now=now,
            poll_s=rules.poll_s,
        )
        self._polling: asyncio.Task[None] | None = None

    def start(self) -> None:
        self._polling = asyncio.create_task(self._claiming.run())

    def wake(self) -> None:
        """A commit owes a job."""
        self._claiming.wake()

    async def stop(self) -> None:
        """A job that does not end in time is begun anew by whoever comes next."""
        if self._polling is not None:
            self._polling.cancel()
            await asyncio.wait([self._polling])
        if self._running:
            _, late = await asyncio.wait(self._running, timeout=self._rules.stop_within_s)
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)

    def _start(self, row: Claimed) -> None:
        task = asyncio.create_task(self._work(row))
        self._running.add(task)
        task.add_done_callback(self._ended)

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._running.discard(task)
        self._claiming.wake()

    async def _work(self, row: Claimed) -> None:
        try:
            async with held(self._perform, row, claim=self._claim):
                await self._run(row)
        except asyncio.CancelledError:
            await self._put_back(row, after_s=0, error="stopped")
            raise
        except TakenOver:
            log.warning("another process did this job", id=row.id)
        except Exception as failure:
            log.exception("a job failed", id=row.id, name=row.payload["name"], tries=row.attempts)
            await self._failed(row, type(failure).__name__)

    async def _run(self, row: Claimed) -> None:
        if row.kind == "mail" and row.attempts > 1:
            # Whatever ended the try before, its letter may have gone out: the row's tries count it.
            log.warning("a letter may be sent twice", id=row.id, tries=row.attempts)
            self._perform.metrics.deliveries.labels(row.kind, "indoubt").inc()
        act = await self._registry[row.payload["name"]](row.payload["arguments"], self._tools)

        def finish(tx: Transaction) -> None:
            if not deliveries.finish(tx.db, row, owner=self._claim.owner, at=tx.real):
                raise TakenOver
            if act is not None:
                act(tx)

        await self._perform.unkeyed(finish)
        self._perform.metrics.deliveries.labels(row.kind, "sent").inc()

    async def _failed(self, row: Claimed, error: str) -> None:
        self._perform.metrics.deliveries.labels(row.kind, "failed").inc()
        try:
            if row.attempts < self._rules.job_tries:
                wait = self._rules.job_retry_s * 2 ** (row.attempts - 1)
                await self._put_back(row, after_s=wait, error=error)
            else:
                await self._perform.unkeyed(lambda tx: self._give_up(tx, row, error))
        except Exception:
            log.exception("not settled; begun again when the lease is out", id=row.id)

    async def _put_back(self, row: Claimed, *, after_s: float, error: str) -> None:
        wait = timedelta(seconds=after_s)
        await self._perform.unkeyed(
            lambda tx: deliveries.put_back(
                tx.db, row, owner=self._claim.owner, due_at=tx.real + wait, error=error
            )
        )

    def _give_up(self, tx: Transaction, row: Claimed, error: str) -> None:
        name = row.payload["name"]
        log.error("a job is given up", id=row.id, name=name, advice="mend it, then send it again")
        if not deliveries.give_up(tx.db, row, owner=self._claim.owner, error=error, at=tx.real):
            return
        if name in self._when_failed:
            self._when_failed[name](row.payload["arguments"])(tx)
