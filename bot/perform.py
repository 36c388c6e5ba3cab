"""One gesture, one transaction: load, decide, write rows, owe messages, commit.

The gesture's key is stored with its effects, so that the same gesture delivered again raises
`Repeated` and does nothing. A refusal (FlowError) stores nothing, the key included.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol, TypeVar

from sqlalchemy import Connection

from bot.owed import Owed
from bot.owing import store
from flows.errors import FlowError
from storage import gestures
from storage.gestures import Repeated
from storage.outbox import Claim, Claimed

__all__ = ["Act", "Gesture", "Perform", "Repeated", "Transaction"]

T = TypeVar("T")
Work = Callable[[Connection], T]


@dataclass(frozen=True, slots=True)
class Gesture:
    """What a person did: "message:D1:171.1", "view:V1", "press:<trigger id>"; person "T1:U1"."""

    key: str
    person: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Transaction:
    """What an act works with. Nothing of it is true until perform has returned."""

    db: Connection
    now: datetime
    claim: Claim | None = None
    owed: list[tuple[str | None, Claimed | None]] = field(default_factory=list)

    def owe(self, what: Owed) -> int:
        """Store what is to be sent after the commit; returns the outbox row's id."""
        outbox_id, lane, claimed = store(self.db, what, at=self.now, claim=self.claim)
        self.owed.append((lane, claimed))
        return outbox_id


Act = Callable[[Transaction], T]
Committed = Callable[[list[tuple[str | None, Claimed | None]]], None]


class Store(Protocol):
    """Runs work in a transaction of its own: bot/one_writer.py or bot/gate.py."""

    async def run(self, work: Work[T], *, committed: Callable[[T], None] | None = None) -> T:
        """Commit what `work` did, call `committed` on the event loop, return the result."""
        ...

    async def read(self, query: Work[T]) -> T:
        """Run a query that changes nothing, beside the writer."""
        ...


class Perform:
    """The one way to the database. `committed` is told what each commit owes (see bot/outbox.py)."""

    def __init__(self, store: Store, *, now: Callable[[], datetime]) -> None:
        self._store = store
        self._now = now
        self.claim: Claim | None = None
        self.committed: Committed = _nobody_sends

    async def __call__(
        self,
        gesture: Gesture,
        act: Act[T],
        *,
        refused: Callable[[Transaction, FlowError], T] | None = None,
    ) -> T:
        """Do the act once. Raises Repeated, and FlowError when the act refuses.

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
        return await self._store.read(query)

    async def _run(self, act: Act[T], *, gesture: Gesture | None) -> T:
        def work(db: Connection) -> tuple[T, Transaction]:
            tx = Transaction(db=db, now=self._now(), claim=self.claim)
            if gesture is not None:
                gestures.add(db, gesture.key, person=gesture.person, at=tx.now)
            return act(tx), tx

        def committed(done: tuple[T, Transaction]) -> None:
            if done[1].owed:
                self.committed(done[1].owed)

        value, _ = await self._store.run(work, committed=committed)
        return value


def _nobody_sends(_owed: object) -> None:
    """Rows wait for a process that has an outbox."""
