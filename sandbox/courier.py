"""Brings payloads to the app, over a socket or as signed requests, and says what became of them.

Events that nobody acknowledges within 3 s come again at once, after 60 s and after 300 s with the
same event id; interactions and commands come once, and the person sees a warning.
"""

import asyncio
import contextlib
import time
import uuid
from collections import deque
from collections.abc import Coroutine
from dataclasses import dataclass, field
from typing import Any, Literal

import aiohttp

from sandbox.clock import Clock
from sandbox.faults import Faults
from sandbox.outward import post_signed
from sandbox.sockets import Sockets
from sandbox.world import JSON

PayloadKind = Literal["events_api", "interactive", "slash_commands"]
RETRY_WAITS = (0.0, 0.0, 60.0, 300.0)
_REORDER_PATIENCE = 1.0  # seconds that payloads are held when too few come to be reordered


@dataclass(slots=True)
class Delivery:
    """One payload's way. `response` is what the app put into its acknowledgement."""

    n: int
    kind: PayloadKind
    payload: JSON
    at: float
    attempts: int = 0
    acks: int = 0
    ms: int | None = None
    given_up: bool = False
    response: JSON | str | None = None
    envelopes: list[str] = field(default_factory=list)
    settled: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def acked(self) -> bool:
        return self.acks > 0

    def report(self) -> JSON:
        """Say it as the control API does."""
        return {
            "n": self.n,
            "kind": self.kind,
            "type": self.payload.get("event", self.payload).get("type", "slash_command"),
            "event_id": self.payload.get("event_id"),
            "envelopes": self.envelopes,
            "attempts": self.attempts,
            "acked": self.acked,
            "acks": self.acks,
            "given_up": self.given_up,
            "ms": self.ms,
            "response": self.response,
            "payload": self.payload,
            "at": self.at,
        }


class Courier:
    """Sends what it is given; `request_url` set means signed requests instead of sockets."""

    def __init__(self, *, clock: Clock, faults: Faults, signing_secret: str) -> None:
        self.clock = clock
        self.faults = faults
        self.sockets = Sockets(faults)
        self.request_url: str | None = None
        self.log: deque[Delivery] = deque(maxlen=5000)
        self.last_moved = time.monotonic()
        self._secret = signing_secret
        self._session: aiohttp.ClientSession | None = None
        self._tasks: set[asyncio.Task[None]] = set()
        self._held: list[tuple[Delivery, asyncio.Event]] = []
        self._count = 0

    @property
    def busy(self) -> bool:
        """Whether some payload may still be acknowledged."""
        return any(not one.settled.is_set() for one in self.log)

    def send(self, kind: PayloadKind, payload: JSON) -> Delivery:
        """Send a payload and return at once; `delivery.settled` says when it is over."""
        self._count += 1
        delivery = Delivery(n=self._count, kind=kind, payload=payload, at=time.time())
        self.log.append(delivery)
        self.later(self._deliver(delivery))
        return delivery

    async def ask(self, kind: PayloadKind, payload: JSON) -> Delivery:
        """Send a payload and wait for its acknowledgement, or until it is late."""
        delivery = self.send(kind, payload)
        await delivery.settled.wait()
        return delivery

    def later(self, work: Coroutine[Any, Any, None]) -> None:
        """Let something go on by itself until the sandbox ends."""
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _deliver(self, delivery: Delivery) -> None:
        try:
            await self._misbehave(delivery)
            if self.faults.take("deliver_twice"):
                self.later(self._repeat(delivery))
            await self._try_all(delivery)
        finally:
            delivery.given_up = not delivery.acked
            delivery.settled.set()
            self.last_moved = time.monotonic()

    async def _repeat(self, delivery: Delivery) -> None:
        await self._attempt(delivery, number=0, reason="")

    async def _try_all(self, delivery: Delivery) -> None:
        waits = RETRY_WAITS if delivery.kind == "events_api" else RETRY_WAITS[:1]
        reason = ""
        for number, wait in enumerate(waits):
            await self.clock.wait(wait)
            if delivery.acked:
                return
            reason = await self._attempt(delivery, number=number, reason=reason)
            if delivery.acked or reason == "no_retry":
                return

    async def _misbehave(self, delivery: Delivery) -> None:
        if self.faults.reorder > 0:
            self.faults.reorder -= 1
            gate = asyncio.Event()
            self._held.append((delivery, gate))
            if self.faults.reorder == 0:
                self.later(self._release())
            try:
                async with asyncio.timeout(_REORDER_PATIENCE):
                    await gate.wait()
            except TimeoutError:
                self._held = [held for held in self._held if held[1] is not gate]
        if self.faults.take("late_count"):
            await asyncio.sleep(self.faults.late_seconds)

    async def _release(self) -> None:
        """Let held payloads go, the last first, each acknowledged or a while old before the next."""
        held, self._held = self._held, []
        for delivery, gate in reversed(held):
            gate.set()
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(_REORDER_PATIENCE / 4):
                    await delivery.settled.wait()

    async def _attempt(self, delivery: Delivery, *, number: int, reason: str) -> str:
        """Bring it once. Returns why it failed (Slack's retry reason), or `""`."""
        started = time.monotonic()
        self.last_moved = started
        if self.request_url is not None:
            failed = await self._request(delivery, number=number, reason=reason)
        else:
            failed = await self._envelope(delivery, number=number, reason=reason)
        if not failed and self.faults.take("ignore_acks"):
            failed = "timeout" if self.request_url is None else "http_timeout"
        if not failed:
            delivery.acks += 1
            if delivery.ms is None:
                delivery.ms = round((time.monotonic() - started) * 1000)
        self.last_moved = time.monotonic()
        return failed

    async def _envelope(self, delivery: Delivery, *, number: int, reason: str) -> str:
        if delivery.kind == "events_api":
            await self.sockets.ready(self.clock.ack_timeout * min(1.0, self.clock.scale))
        envelope_id = str(uuid.uuid4())
        envelope: JSON = {
            "envelope_id": envelope_id,
            "type": delivery.kind,
            "accepts_response_payload": delivery.kind != "events_api",
            "payload": delivery.payload,
        }
        if delivery.kind == "events_api":
            envelope |= {"retry_attempt": number, "retry_reason": reason}
        delivery.attempts += 1
        delivery.envelopes.append(envelope_id)
        answer = await self.sockets.exchange(envelope, timeout=self.clock.ack_timeout)
        if answer is None:
            return "timeout"
        if delivery.response is None:
            delivery.response = answer.get("payload")
        return ""

    async def _request(self, delivery: Delivery, *, number: int, reason: str) -> str:
        assert self.request_url is not None
        delivery.attempts += 1
        if self.faults.is_away:
            return "connection_failed"
        if self._session is None:
            self._session = aiohttp.ClientSession()
        answer = await post_signed(
            self._session,
            self.request_url,
            kind=delivery.kind,
            payload=delivery.payload,
            secret=self._secret,
            timeout=self.clock.ack_timeout,
            retry=(number, reason) if number else None,
        )
        if not answer.failed and delivery.response is None:
            delivery.response = answer.body
        return answer.failed

    def forget(self) -> None:
        """Drop everything under way, and the log of it."""
        for task in self._tasks:
            task.cancel()
        self._held.clear()
        self.log.clear()

    async def close(self) -> None:
        """Stop everything under way and close the connections."""
        tasks = list(self._tasks)
        self.forget()
        await asyncio.gather(*tasks, return_exceptions=True)
        await self.sockets.close()
        if self._session is not None:
            await self._session.close()
