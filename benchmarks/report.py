"""The rounds as markdown: medians of what each app did, ours against it, and it against itself.

`lots x rate` is our rate through its rate in the same round (more is better for us), `lots x CPU` our
processor time per answer through its (less is better). `x fewest` is an app with others' open
conversations through the same app with the fewest of them.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from statistics import median

from benchmarks.entries import Entry
from benchmarks.subject import LOTS
from benchmarks.table import figure, ratio, table
from benchmarks.work import Line

HEAD = (
    *("answers/s", "ack p50 / p95 / p99 ms", "done p50 / p95 / p99 ms", "CPU us"),
    *("lots x rate", "lots x CPU", "rate x fewest", "CPU x fewest", "answers", "lost"),
)


@dataclass(frozen=True, slots=True)
class Round:
    """One app in one round. `stored`: gestures in its database at the end; None for who has none."""

    lines: dict[str, Line]
    ready_s: float
    ready_cpu_s: float
    idle_mb: float
    after_mb: float
    connections: int
    stored: int | None


Rounds = Mapping[Entry, Sequence[Round]]


def report(found: Rounds, *, rounds: int, at_most_s: float) -> str:
    """A table per kind of work, and one of start and memory."""
    names = dict.fromkeys(work.name for entry in found for work in entry.works if work.name)
    parts = [
        f"{rounds} round(s), medians; what took more than {at_most_s:g} s was broken off",
        *(_work(name, found) for name in names),
        _memory(found),
    ]
    return "\n\n".join(("", *parts))


def _work(name: str, found: Rounds) -> str:
    lines = {
        entry: [one.lines[name] for one in rounds]
        for entry, rounds in found.items()
        if name in rounds[0].lines
    }
    return table((name, *HEAD), [_row(entry, lines) for entry in lines])


def _row(entry: Entry, lines: Mapping[Entry, Sequence[Line]]) -> list[str]:
    own, ours, fewest = (lines[one] for one in (entry, _ours(entry, lines), _fewest(entry, lines)))
    beside = None if entry.app is LOTS else ours
    more = None if fewest is own else own
    return [
        entry.name,
        figure(median(line.rate for line in own)),
        _three([line.ack for line in own]),
        _three([line.done for line in own]),
        figure(_median(line.cpu_us for line in own)),
        _against(beside, own, lambda line: line.rate),
        _against(beside, own, lambda line: line.cpu_us),
        _against(more, fewest, lambda line: line.rate),
        _against(more, fewest, lambda line: line.cpu_us),
        f"{sum(line.answers for line in own):,}",
        f"{sum(line.lost for line in own)}",
    ]


def _ours(entry: Entry, among: Iterable[Entry]) -> Entry:
    """Ours with as many conversations of others as the entry has; the fewest for who has none."""
    ours = [one for one in among if one.app is LOTS]
    same = [one for one in ours if one.others == entry.others]
    return (same or ours)[0]


def _fewest(entry: Entry, among: Iterable[Entry]) -> Entry:
    """The same app with the fewest conversations of others."""
    return next(one for one in among if one.app.name == entry.app.name)


def _against(
    some: Sequence[Line] | None, others: Sequence[Line], of: Callable[[Line], float | None]
) -> str:
    """The median of the rounds' ratios."""
    pairs = [(of(a), of(b)) for a, b in zip(some or (), others, strict=False)]
    return ratio(_median(a / b for a, b in pairs if a and b))


def _median(found: Iterable[float | None]) -> float | None:
    known = [one for one in found if one is not None]
    return median(known) if known else None


def _three(found: Sequence[tuple[float, float, float] | None]) -> str:
    measured = [one for one in found if one is not None]
    if not measured:
        return "-"
    return " / ".join(figure(median(one[part] for one in measured)) for part in range(3))


def _memory(found: Rounds) -> str:
    head = ("", "ready s", "CPU s of it", "idle MB", "after MB", "connections", "gestures stored")
    rows = [
        [
            entry.name,
            f"{median(one.ready_s for one in rounds):.2f}",
            f"{median(one.ready_cpu_s for one in rounds):.2f}",
            figure(median(one.idle_mb for one in rounds)),
            figure(median(one.after_mb for one in rounds)),
            str(rounds[-1].connections),
            figure(rounds[-1].stored),
        ]
        for entry, rounds in found.items()
    ]
    return table(head, rows)
