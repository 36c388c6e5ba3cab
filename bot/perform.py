"""One gesture, one transaction: load, decide, write rows, owe messages, commit.

The gesture's key is stored with its effects, so that the same gesture delivered again raises
`Repeated` and does nothing. A refusal (FlowError) stores nothing, the key included.
"""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol, TypeVar

import structlog
from sqlalchemy import Connection

from bot.metrics import Metrics
from bot.owed import Owed
from bot.owing import store
from flows.errors import FlowError
from storage import deliveries, gestures
from storage.deliveries import Mark
from storage.gestures import Repeated
from storage.outbox import Claim, Claimed

__all__ = ["Act", "Gesture", "Perform", "Repeated", "TooLate", "Transaction"]

T = TypeVar("T")
log = structlog.get_logger(__name__)

GESTURE_WITHIN_S = 2.5  # Slack shows the person an error after 3 s; a commit then surprises her
FLUSH_AFTER_S = 0.05
Work = Callable[[Connection], T]


class TooLate(Exception):  # noqa: N818  it is an outcome, and Slack delivers the message again
    """The gesture waited so long for its turn that it stays un-acked; nothing was done."""


@dataclass(frozen=True, slots=True)
class Gesture:
    """What a person did: "message:D1:171.1", "view:V1", "press:<trigger id>"; person "T1:U1"."""

    key: str
    person: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Transaction:
    """What an act works with. Nothing of it is true until perform has returned.

    `now` is when it happens. `real` is what the machine's clock says, which is another only when
    TEST_CLOCK moves the bot's: leases, and whatever is compared with Slack's times, go by it.
    """

    db: Connection
    now: datetime
    real: datetime
    claim: Claim | None = None
    owed: list[tuple[str | None, Claimed | None]] = field(default_factory=list)

    def owe(self, what: Owed) -> int:
        """Store what is to be sent after the commit; returns the outbox row's id."""
        outbox_id, lane, claimed = store(self.db, what, at=self.real, claim=self.claim)
        self.owed.append((lane, claimed))
        return outbox_id


Act = Callable[[Transaction], T]
Committed = Callable[[list[tuple[str | None, Claimed | None]]], None]


@dataclass(frozen=True, slots=True)
class Ahead:
    """What the transaction takes along, before its own work. `failed`: it was not committed."""

    work: Work[None]
    failed: Callable[[], None]


class Store(Protocol):
    """Runs work in a transaction: bot/one_writer.py or bot/gate.py."""

    async def run(
        self,
        work: Work[T],
        *,
        committed: Callable[[T], None],
        ahead: Ahead | None,
        within_s: float | None,
    ) -> T:
        """Commit what `work` did, call `committed` on the event loop, return the result.

        Raises TooLate, having done nothing, when the work's turn does not come `within_s`.
        """
        ...

    async def read(self, query: Work[T]) -> T:
        """Run a query that changes nothing, beside the writer."""
        ...


class Perform:
    """The one way to the database. `committed` is told what each commit owes (see bot/outbox.py)."""

    def __init__(
        self,
        store: Store,
        *,
        now: Callable[[], datetime],
        real: Callable[[], datetime] | None = None,
        metrics: Metrics | None = None,
    ) -> None:
        self._store = store
        self.metrics = metrics or Metrics()
        self._now = now
        self._real = real
        self._marks: list[Mark] = []
        self._flush_soon: asyncio.TimerHandle | None = None
        self._flushing: set[asyncio.Task[None]] = set()
        self.claim: Claim | None = None
        self.committed: Committed = _nobody_sends

    async def __call__(
        self,
        gesture: Gesture,
        act: Act[T],
        *,
        refused: Callable[[Transaction, FlowError], T] | None = None,
    ) -> T:
        """Do the act once. Raises Repeated, TooLate, and FlowError when the act refuses.

        `refused` answers a refusal instead, in a transaction under the same key, so that the
        person is told once however often Slack delivers what she did.
        """
        try:
            return await self._run(act, gesture=gesture)
        except FlowError as refusal:
            if refused is None:
                raise
            reason = refusal
        return await self._run(lambda tx: refused(tx, reason), gesture=gesture)

    async def unkeyed(self, act: Act[T]) -> T:
        """What no person did: a timer, a job, the start."""
        return await self._run(act, gesture=None)

    async def read(self, query: Work[T]) -> T:
        """Sees what is committed; never waits for the writer."""
        return await self._store.read(query)

    def mark_sent(self, outbox_id: int, *, channel: str | None, ts: str | None) -> None:
        """Goes with the next transaction, or soon by itself. Until then the row is uncertain."""
        self._keep(
            [
                deliveries.sent_mark(
                    outbox_id, channel=channel, ts=ts, at=(self._real or self._now)()
                )
            ]
        )

    async def flush(self) -> None:
        """Store the marks that no transaction has taken along."""
        await asyncio.gather(*self._flushing)
        if self._marks:
            await self.unkeyed(_nothing)

    async def _run(self, act: Act[T], *, gesture: Gesture | None) -> T:
        def work(db: Connection) -> tuple[T, Transaction]:
            now = self._now()
            real = self._real() if self._real else now
            tx = Transaction(db=db, now=now, real=real, claim=self.claim)
            if gesture is not None:
                gestures.add(db, gesture.key, person=gesture.person, at=tx.now)
            return act(tx), tx

        def committed(done: tuple[T, Transaction]) -> None:
            if done[1].owed:
                self.committed(done[1].owed)

        value, _ = await self._store.run(
            work,
            committed=committed,
            ahead=self._take_marks(),
            within_s=None if gesture is None else GESTURE_WITHIN_S,
        )
        return value

    def _take_marks(self) -> Ahead | None:
        if self._flush_soon is not None:
            self._flush_soon.cancel()
            self._flush_soon = None
        if not self._marks:
            return None
        marks, self._marks = self._marks, []

        return Ahead(lambda db: deliveries.mark_sent(db, marks), lambda: self._keep(marks))

    def _keep(self, marks: list[Mark]) -> None:
        self._marks += marks
        if self._flush_soon is None:
            loop = asyncio.get_running_loop()
            self._flush_soon = loop.call_later(FLUSH_AFTER_S, self._flush_in_background)

    def _flush_in_background(self) -> None:
        self._flush_soon = None
        task = asyncio.create_task(self._try_to_flush())
        self._flushing.add(task)
        task.add_done_callback(self._flushing.discard)

    async def _try_to_flush(self) -> None:
        try:
            await self.unkeyed(_nothing)
        except Exception:
            log.exception("sent marks not stored; they are tried again")


def _nobody_sends(_owed: object) -> None:
    """Rows wait for a process that has an outbox."""


def _nothing(_tx: Transaction) -> None:
    """The marks go ahead of it."""
