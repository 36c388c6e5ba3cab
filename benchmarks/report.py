"""The rounds as a table: medians of what each app did, and its ratio to the bar of the same round."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from statistics import median

from benchmarks.work import Line, Work


@dataclass(frozen=True, slots=True)
class Round:
    """One app in one round. `stored`: gestures in its database at the end; None for who has none."""

    lines: dict[str, Line]
    ready_s: float
    idle_mb: float
    after_mb: float
    connections: int
    stored: int | None


def report(rounds: dict[str, list[Round]], planned: Sequence[Work]) -> None:
    """Print a table per kind of work, and then memory, start and what was stored."""
    for work in planned:
        if work.name:
            _work(
                work.name,
                {app: [one.lines[work.name] for one in found] for app, found in rounds.items()},
            )
    print(f"\n{'':24}{'ready s':>10}{'idle MB':>10}{'after MB':>10}{'conns':>8}{'stored':>8}")
    for app, found in rounds.items():
        stored = "-" if found[-1].stored is None else str(found[-1].stored)
        print(
            f"{app:24}{_of(one.ready_s for one in found):10.2f}{_of(one.idle_mb for one in found):10.0f}"
            f"{_of(one.after_mb for one in found):10.0f}{found[-1].connections:8}{stored:>8}"
        )


def _work(name: str, lines: dict[str, list[Line]]) -> None:
    print(f"\n{name:24}{'per s':>8}{'ack p50':>9}{'p95':>7}{'p99':>7}", end="")
    print(
        f"{'done p50':>10}{'p95':>7}{'p99':>7}{'CPU us':>8}{'x bare':>8}{'x tuned':>8}{'lost':>6}"
    )
    for app, found in lines.items():
        print(f"{app:24}{_of(one.rate for one in found):8.0f}", end="")
        for part in (0, 1, 2):
            print(f"{_of(one.ack[part] for one in found):{9 if part == 0 else 7}.1f}", end="")
        for part in (0, 1, 2):
            print(f"{_of(one.done[part] for one in found):{10 if part == 0 else 7}.1f}", end="")
        print(f"{_of(one.cpu_us for one in found):8.0f}", end="")
        for bar in ("bare", "tuned"):
            print(
                f"{_of(a.rate / b.rate for a, b in zip(found, lines[bar], strict=True)):8.2f}",
                end="",
            )
        print(f"{sum(one.lost for one in found):6}")


def _of(values: Iterable[float]) -> float:
    return median(values)
