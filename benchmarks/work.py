"""The lines of the table: what the officers do, how many of them, and what was measured."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from statistics import quantiles

from benchmarks.load import Load, Taken
from benchmarks.officers import STEPS, How, Officer
from benchmarks.subject import Subject


@dataclass(frozen=True, slots=True)
class Work:
    """`officers` people who answer with text or by pressing, at the pace of `run`."""

    name: str
    how: How
    officers: int
    run: Callable[[Load, Sequence[Officer]], Awaitable[Taken]]


@dataclass(frozen=True, slots=True)
class Line:
    """What one app did with it in one round: answers a second, and milliseconds at p50, p95, p99."""

    rate: float
    cpu_us: float  # processor time per answer
    ack: tuple[float, float, float]
    done: tuple[float, float, float]
    lost: int


def works(scale: float) -> list[Work]:
    """In the order they are done. What has no name warms up what is made on first use."""
    return [
        _closed("", "text", 200, at_a_time=8),
        _closed("", "press", 100, at_a_time=8),
        _closed("typed, 1 officer at a time", "text", 300 * scale, at_a_time=1),
        _closed("typed, 32 officers at a time", "text", 1600 * scale, at_a_time=32),
        _closed("pressed, 1 officer at a time", "press", 300 * scale, at_a_time=1),
        _closed("pressed, 32 officers at a time", "press", 1600 * scale, at_a_time=32),
        Work("400 presses a second", "press", round(400 * scale), _four_hundred_a_second),
        Work("200 press at once", "press", 200, _at_once),
    ]


async def measure(work: Work, load: Load, officers: Sequence[Officer], subject: Subject) -> Line:
    """Let the officers do it, and see what it took."""
    before = subject.cpu_s()
    taken = await work.run(load, officers)
    spent = subject.cpu_s() - before
    return Line(
        rate=taken.rate,
        cpu_us=spent / max(1, len(taken.dones)) * 1e6,
        ack=_percentiles(taken.acks),
        done=_percentiles(taken.dones),
        lost=taken.lost,
    )


def _closed(name: str, how: How, answers: float, *, at_a_time: int) -> Work:
    """Enough officers that nobody answers before her question has been read by anybody."""
    officers = max(2 * at_a_time, round(answers / STEPS[how]))
    return Work(name, how, officers, lambda load, who: load.closed(who, at_a_time=at_a_time))


async def _four_hundred_a_second(load: Load, officers: Sequence[Officer]) -> Taken:
    return await load.open(officers, a_second=400)


async def _at_once(load: Load, officers: Sequence[Officer]) -> Taken:
    return await load.burst(officers)


def _percentiles(seconds: list[float]) -> tuple[float, float, float]:
    if len(seconds) < 2:
        return (0.0, 0.0, 0.0)
    cuts = quantiles(seconds, n=100, method="inclusive")
    return (cuts[49] * 1e3, cuts[94] * 1e3, cuts[98] * 1e3)
