"""What people do, at a pace: so many at a time, so many a second, or all at once.

Each answer is timed from when it was due to the ack, and to the post that follows it in her
conversation. What is lost is counted, never waited for; what goes on too long is broken off.
"""

import asyncio
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from time import perf_counter
from typing import Any, Protocol

_LOST_AFTER_S = 5.0
_FIRST = 4  # times as long


class Who(Protocol):
    """Somebody who answers, in a conversation of her own."""

    @property
    def channel(self) -> str: ...


class Side(Protocol):
    """Slack or Telegram: what is said to the app goes through it, and what the app says."""

    acks: bool  # whether the app says that it has got an answer
    acked: Callable[[str], None]
    posted: Callable[[str], None]

    async def deliver(self, who: Any, step: int, envelope: str, /) -> None: ...


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
    """The people at their keyboards; `closed`, `open` and `burst` use them up.

    `at_most_s`: what `closed` has not finished then is broken off, and neither done nor lost. The very
    first answer is waited for longer, to have something to tell.
    """

    def __init__(self, stub: Side, *, at_most_s: float = 60) -> None:
        self._stub = stub
        self._at_most_s = at_most_s
        self._numbers = iter(range(1, 1 << 60))
        self._acks: dict[str, asyncio.Future[float]] = {}
        self._posts: dict[str, asyncio.Future[float]] = {}
        stub.acked = lambda envelope: _resolve(self._acks, envelope)
        stub.posted = lambda channel: _resolve(self._posts, channel)

    async def closed(self, people: Sequence[Who], *, at_a_time: int, steps: int) -> Taken:
        """Each one's next answer when there is room; everybody's first, then everybody's second."""
        taken, started = Taken(), perf_counter()
        todo = ((who, step) for step in range(steps) for who in people)

        async def worker() -> None:
            for who, step in todo:
                await self._answer(who, step, taken, due=perf_counter())

        working = [asyncio.create_task(worker()) for _ in range(at_a_time)]
        done, late = await asyncio.wait(working, timeout=self._at_most_s)
        while late and not taken.dones and perf_counter() - started < _FIRST * self._at_most_s:
            done, late = await asyncio.wait(working, timeout=0.1)
        taken.elapsed = perf_counter() - started
        for task in late:
            task.cancel()
        await asyncio.gather(*late, return_exceptions=True)
        await asyncio.gather(*done)  # an error of ours is no slow app
        return taken

    async def open(self, people: Sequence[Who], *, a_second: float) -> Taken:
        """Everybody's first answer, as they come (Poisson), whether or not those before are done."""
        dice = random.Random(1)
        taken, started = Taken(), perf_counter()
        due, running = started, []
        for who in people:
            due += dice.expovariate(a_second)
            await asyncio.sleep(due - perf_counter())
            running.append(asyncio.create_task(self._answer(who, 0, taken, due=due)))
        await asyncio.gather(*running)
        taken.elapsed = perf_counter() - started
        return taken

    async def burst(self, people: Sequence[Who]) -> Taken:
        """Everybody's first answer at the same moment."""
        taken, started = Taken(), perf_counter()
        await asyncio.gather(*(self._answer(one, 0, taken, due=started) for one in people))
        taken.elapsed = perf_counter() - started
        return taken

    async def _answer(self, who: Who, step: int, taken: Taken, *, due: float) -> None:
        envelope = f"e{next(self._numbers)}"
        loop = asyncio.get_running_loop()
        ack = self._acks[envelope] = loop.create_future()
        post = self._posts[who.channel] = loop.create_future()
        await self._stub.deliver(who, step, envelope)
        try:
            if self._stub.acks:
                async with asyncio.timeout(_LOST_AFTER_S):
                    acked, done = await ack, await post
                taken.acks.append(acked - due)
            else:
                done = await post  # nobody says that it was lost: it may only be slow
        except TimeoutError:
            taken.lost += 1
            return
        taken.dones.append(done - due)


def _resolve(waiting: dict[str, asyncio.Future[float]], key: str) -> None:
    future = waiting.pop(key, None)
    if future is not None and not future.done():
        future.set_result(perf_counter())
