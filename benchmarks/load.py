"""What officers do, at a pace: so many at a time, so many a second, or all at once.

Each answer is timed from when it was due to the ack, and to the post that follows it in her
conversation. What is lost is counted, never waited for.
"""

import asyncio
import random
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from time import perf_counter

from benchmarks.officers import STEPS, Officer
from benchmarks.stub import Stub

_LOST_AFTER_S = 5.0


@dataclass(slots=True)
class Taken:
    """Seconds per answer, in no order; `elapsed` for all of them together."""

    acks: list[float] = field(default_factory=list)
    dones: list[float] = field(default_factory=list)
    lost: int = 0
    elapsed: float = 0.0

    @property
    def rate(self) -> float:
        """Answers a second."""
        return len(self.dones) / self.elapsed


class Load:
    """The officers at their keyboards; `closed`, `open` and `burst` use them up."""

    def __init__(self, stub: Stub) -> None:
        self._stub = stub
        self._numbers = iter(range(1, 1 << 60))
        self._acks: dict[str, asyncio.Future[float]] = {}
        self._posts: dict[str, asyncio.Future[float]] = {}
        stub.acked = lambda envelope: _resolve(self._acks, envelope)
        stub.posted = lambda channel: _resolve(self._posts, channel)

    async def closed(self, officers: Sequence[Officer], *, at_a_time: int) -> Taken:
        """Each one's next answer when there is room; everybody's first, then everybody's second."""
        taken, started = Taken(), perf_counter()
        todo = _in_turn(officers)

        async def worker() -> None:
            for officer, step in todo:
                await self._answer(officer, step, taken, due=perf_counter())

        await asyncio.gather(*(worker() for _ in range(at_a_time)))
        taken.elapsed = perf_counter() - started
        return taken

    async def open(self, officers: Sequence[Officer], *, a_second: float) -> Taken:
        """Everybody's first answer, as they come (Poisson), whether or not those before are done."""
        dice = random.Random(1)
        taken, started = Taken(), perf_counter()
        due, running = started, []
        for officer in officers:
            due += dice.expovariate(a_second)
            await asyncio.sleep(due - perf_counter())
            running.append(asyncio.create_task(self._answer(officer, 0, taken, due=due)))
        await asyncio.gather(*running)
        taken.elapsed = perf_counter() - started
        return taken

    async def burst(self, officers: Sequence[Officer]) -> Taken:
        """Everybody's first answer at the same moment."""
        taken, started = Taken(), perf_counter()
        await asyncio.gather(*(self._answer(one, 0, taken, due=started) for one in officers))
        taken.elapsed = perf_counter() - started
        return taken

    async def _answer(self, officer: Officer, step: int, taken: Taken, *, due: float) -> None:
        envelope = f"e{next(self._numbers)}"
        loop = asyncio.get_running_loop()
        ack = self._acks[envelope] = loop.create_future()
        post = self._posts[officer.channel] = loop.create_future()
        kind = b"events_api" if officer.how == "text" else b"interactive"
        payload = officer.gesture(
            step, ts=self._stub.ts(), actions_url=self._stub.api_url.replace("/api/", "/actions/")
        )
        await self._stub.send(
            b'{"envelope_id":"%s","type":"%s","accepts_response_payload":%s,"payload":%s}'
            % (envelope.encode(), kind, b"false", payload)
        )
        try:
            async with asyncio.timeout(_LOST_AFTER_S):
                acked, done = await ack, await post
        except TimeoutError:
            taken.lost += 1
            return
        taken.acks.append(acked - due)
        taken.dones.append(done - due)


def _in_turn(officers: Iterable[Officer]) -> Iterator[tuple[Officer, int]]:
    everybody = list(officers)
    for step in range(STEPS[everybody[0].how]):
        for officer in everybody:
            yield officer, step


def _resolve(waiting: dict[str, asyncio.Future[float]], key: str) -> None:
    future = waiting.pop(key, None)
    if future is not None and not future.done():
        future.set_result(perf_counter())
