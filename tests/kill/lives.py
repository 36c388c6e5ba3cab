"""Processes that are killed and started again at random: each life is counted from when it is ready.

One in five that listen is asked to stop (SIGTERM) and has to leave by itself. One in five of all is killed while it starts, at a moment like any other of the start. The rest come so far that
they listen before their time is measured, so that a slow machine kills as often among the work as a fast
one: a process that never lives gets nothing done, and nobody promises that it would.
"""

import asyncio
import multiprocessing
import random
import signal
import sys
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from multiprocessing.process import BaseProcess
from typing import TypeVar

from tests.waiting import until

T = TypeVar("T")
processes = multiprocessing.get_context("forkserver")
processes.set_forkserver_preload(["tests.kill.real_bot", "tests.kill.counting_bot"])
READY_WITHIN_S = 120.0
LEAVES_WITHIN_S = 10.0
_IN_THE_START = 0.2
_ASKED = 0.2
_TOLD_EVERY = 25


@dataclass
class Life:
    """A process, and whether it listens yet."""

    process: BaseProcess
    is_ready: Callable[[], Awaitable[bool]]


@dataclass
class Lives:
    """`begin` starts a process in a place; so many `replicas` of them at a time.

    `kills`, of which `unborn` in the start; `drains_s`: how long those took that were asked to stop.
    """

    begin: Callable[[int], Life]
    replicas: int
    kills: int = 0
    unborn: int = 0
    drains_s: list[float] = field(default_factory=list)
    starts_s: list[float] = field(default_factory=list)
    over: bool = False  # the work is done: whoever lives now is left alone
    running: dict[int, Life] = field(default_factory=dict)

    async def start(self) -> None:
        for place in range(self.replicas):
            self.running[place] = self.begin(place)
        await self.ready()

    async def ready(self) -> None:
        """All of them listen."""
        for life in self.running.values():
            await until(life.is_ready, seconds=READY_WITHIN_S)

    async def storm(self, place: int, dice: random.Random, *, longest: float) -> None:
        """Kill and start again until it is over. Raises AssertionError when one ends by itself."""
        while not self.over:
            life, began = self.running[place], time.monotonic()
            in_the_start = bool(self.starts_s) and dice.random() < _IN_THE_START
            if in_the_start:
                await asyncio.sleep(dice.uniform(0, self.starts_s[-1]))
            else:
                await until(life.is_ready, seconds=READY_WITHIN_S)
                self.starts_s.append(time.monotonic() - began)
                await asyncio.sleep(dice.uniform(0.02, longest))
            if self.over:
                return
            if not in_the_start and dice.random() < _ASKED:
                await self._leaves(life)
            else:
                life.process.kill()
                assert await died(life.process) == -signal.SIGKILL, "a process ended by itself"
                self.kills += 1
                self.unborn += in_the_start
            life.process.close()
            self.running[place] = self.begin(place)
            if (self.kills + len(self.drains_s)) % _TOLD_EVERY == 0:
                sys.stderr.write(f"  … {self.said()}\n")

    async def _leaves(self, life: Life) -> None:
        began = time.monotonic()
        life.process.terminate()
        code = await died(life.process)
        assert code == 0, f"it did not leave cleanly: {code}"
        self.drains_s.append(time.monotonic() - began)
        assert self.drains_s[-1] < LEAVES_WITHIN_S, f"it took {self.drains_s[-1]:.1f} s to leave"

    async def stop(self) -> None:
        """SIGTERM to all, at once."""
        await self.ready()
        await asyncio.gather(*(self._leaves(life) for life in self.running.values()))

    def said(self) -> str:
        return (
            f"{self.kills} kills of which {self.unborn} in the start, {len(self.drains_s)} asked to"
            f" stop, gone within {max(self.drains_s, default=0):.1f} s"
        )

    def end(self) -> None:
        """Whatever happened: none is left."""
        for life in self.running.values():
            if not life.process._closed:
                life.process.kill()
                life.process.join()
                life.process.close()


async def stormed(
    lives: Lives, work: Awaitable[object], dice: random.Random | None, *, longest: float
) -> None:
    """Until the work is done they are killed at random; without dice they are left alone."""
    working = asyncio.ensure_future(work)
    storms = [
        asyncio.create_task(lives.storm(place, dice, longest=longest))
        for place in range(lives.replicas)
        if dice
    ]
    try:
        await asyncio.wait([working, *storms], return_when=asyncio.FIRST_COMPLETED)
        for storm in storms:
            if storm.done():
                await storm  # raises what was wrong
        await working
        lives.over = True  # not cancelled: one that is being asked to stop is not asked twice
        await asyncio.gather(*storms)
    finally:
        for task in (working, *storms):
            task.cancel()
        await asyncio.gather(working, *storms, return_exceptions=True)


async def slowly_until(what: Callable[[], Awaitable[T]], *, seconds: float) -> T:
    """As `until`, looking ten times a second: for what takes reading much."""

    async def now_and_then() -> T:
        found = await what()
        if not found:
            await asyncio.sleep(0.1)
        return found

    return await until(now_and_then, seconds=seconds)


async def died(process: BaseProcess, *, seconds: float = 20) -> int:
    """The exit code: -9 when it was killed."""

    async def gone() -> bool:
        return not process.is_alive()

    await until(gone, seconds=seconds)
    code = process.exitcode
    assert code is not None
    return code


async def end(process: BaseProcess) -> None:
    """A stop that is asked for ends cleanly."""
    process.terminate()
    code = await died(process)
    assert code == 0, code
