"""What people do, how many of them and at what pace: a table for each; and what was measured."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from functools import partial
from statistics import quantiles

from benchmarks.load import Load, Taken, Who
from benchmarks.officers import STEPS, How
from benchmarks.subject import Subject

TYPED_1, TYPED_32 = "typed, 1 at a time", "typed, 32 at a time"


@dataclass(frozen=True, slots=True)
class Work:
    """`people` who answer with text or by pressing, at the pace of `run`."""

    name: str
    how: How
    people: int
    run: Callable[[Load, Sequence[Who]], Awaitable[Taken]]


@dataclass(frozen=True, slots=True)
class Line:
    """What one app did with it in one round: answers a second, and milliseconds at p50, p95, p99.

    None where nothing was done in time.
    """

    rate: float
    cpu_us: float | None  # processor time per answer
    ack: tuple[float, float, float] | None  # Telegram has none
    done: tuple[float, float, float] | None
    answers: int
    lost: int


def works(scale: float) -> list[Work]:
    """What an app in Slack does, in order. What has no name warms up what is made on first use."""
    return [
        _closed("", "text", 200, at_a_time=8),
        _closed("", "press", 100, at_a_time=8),
        _closed(TYPED_1, "text", 300 * scale, at_a_time=1),
        _closed(TYPED_32, "text", 1600 * scale, at_a_time=32),
        _closed("pressed, 1 at a time", "press", 300 * scale, at_a_time=1),
        _closed("pressed, 32 at a time", "press", 1600 * scale, at_a_time=32),
        Work("400 presses a second", "press", round(400 * scale), _four_hundred_a_second),
        Work("200 press at once", "press", 200, _at_once),
    ]


def peer_works(scale: float) -> list[Work]:
    """What an app in Telegram does: as many typed answers, by few people with many questions."""
    return [
        _telegram("", 4, at_a_time=2, answers=20),
        _telegram(TYPED_1, 2, at_a_time=1, answers=300 * scale),
        _telegram(TYPED_32, 64, at_a_time=32, answers=1600 * scale),
    ]


async def measure(work: Work, load: Load, people: Sequence[Who], subject: Subject) -> Line:
    """Let the people do it, and see what it took."""
    before = subject.cpu_s()
    taken = await work.run(load, people)
    spent = subject.cpu_s() - before
    return Line(
        rate=taken.rate,
        cpu_us=spent / len(taken.dones) * 1e6 if taken.dones else None,
        ack=percentiles(taken.acks),
        done=percentiles(taken.dones),
        answers=len(taken.dones),
        lost=taken.lost,
    )


def _closed(name: str, how: How, answers: float, *, at_a_time: int) -> Work:
    """Enough officers that nobody answers before her question has been read by anybody."""
    officers = max(2 * at_a_time, round(answers / STEPS[how]))
    run = partial(_in_turn, at_a_time=at_a_time, steps=STEPS[how])
    return Work(name, how, officers, run)


def _telegram(name: str, people: int, *, at_a_time: int, answers: float) -> Work:
    run = partial(_in_turn, at_a_time=at_a_time, steps=max(1, round(answers / people)))
    return Work(name, "text", people, run)


async def _in_turn(load: Load, people: Sequence[Who], *, at_a_time: int, steps: int) -> Taken:
    return await load.closed(people, at_a_time=at_a_time, steps=steps)


async def _four_hundred_a_second(load: Load, people: Sequence[Who]) -> Taken:
    return await load.open(people, a_second=400)


async def _at_once(load: Load, people: Sequence[Who]) -> Taken:
    return await load.burst(people)


def percentiles(seconds: list[float]) -> tuple[float, float, float] | None:
    """Milliseconds at p50, p95 and p99; nothing of nothing."""
    if not seconds:
        return None
    if len(seconds) == 1:
        return (seconds[0] * 1e3,) * 3
    cuts = quantiles(seconds, n=100, method="inclusive")
    return (cuts[49] * 1e3, cuts[94] * 1e3, cuts[98] * 1e3)
