"""What an answered question costs: event in, committed, acked, and the next question posted.

Our whole bot (`lots run`, SQLite with synchronous=FULL) beside a bare Bolt app that only acks and
says, as it comes and tuned: same Slack stub, same load, rounds interleaved, a fresh process each.
It prints, and never fails. Ratios are of the same round; absolute figures hold for one machine.
"""

import argparse
import asyncio
import os
import shutil
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import uvloop

from benchmarks.load import Load
from benchmarks.officers import STEPS, Officer, gestures_stored, seed
from benchmarks.report import Round, report
from benchmarks.stub import serve
from benchmarks.subject import started
from benchmarks.work import Work, measure, works


@dataclass(frozen=True, slots=True)
class Entry:
    """An app, and the database it starts with: the officers' drafts, and those of others."""

    name: str
    app: str
    database: Path
    officers: Sequence[Officer]


async def main(*, rounds: int, scale: float, drafts: Sequence[int]) -> None:
    """Seed, measure in turn, and print."""
    cores = sorted(os.sched_getaffinity(0))
    os.sched_setaffinity(0, {cores[-1]})
    if len(cores) == 1:
        print("one core for app and Slack: the figures say little")
    planned = works(scale)
    with tempfile.TemporaryDirectory(prefix="lots-bench-") as folder:
        entries = _entries(Path(folder), planned, drafts)
        found: dict[str, list[Round]] = {entry.name: [] for entry in entries}
        for number in range(rounds):
            print(f"round {number + 1} of {rounds}", flush=True)
            for entry in entries:
                found[entry.name].append(await _round(entry, planned, core=cores[0]))
    report(found, planned)


def _entries(folder: Path, planned: Sequence[Work], drafts: Sequence[int]) -> list[Entry]:
    typed = sum(work.officers for work in planned if work.how == "text")
    pressing = sum(work.officers for work in planned if work.how == "press")
    entries = []
    for count in drafts:
        print(f"seeding {typed + pressing} officers' drafts and {count} of others", flush=True)
        database = folder / f"{count}.db"
        officers = seed(database, typed=typed, pressing=pressing, idle=count)
        name = "lots" if len(drafts) == 1 else f"lots, {count} drafts more"
        entries.append(Entry(name, "lots", database, officers))
    first = entries[0]
    bare = [Entry(app, app, first.database, first.officers) for app in ("bare", "tuned")]
    return [*entries, *bare]


async def _round(entry: Entry, planned: Sequence[Work], *, core: int) -> Round:
    with tempfile.TemporaryDirectory(prefix="lots-bench-") as name:
        folder = Path(name)
        database = _copied(entry.database, folder / "lots.db")
        left = {how: iter([one for one in entry.officers if one.how == how]) for how in STEPS}
        lines = {}
        async with (
            serve() as stub,
            started(entry.app, stub, folder=folder, core=core) as subject,
        ):
            await asyncio.sleep(0.5)
            idle, load = subject.memory_mb(), Load(stub)
            for work in planned:
                officers = [next(left[work.how]) for _ in range(work.officers)]
                lines[work.name] = await measure(work, load, officers, subject)
            after = subject.memory_mb()
        return Round(
            lines=lines,
            ready_s=subject.ready_s,
            idle_mb=idle,
            after_mb=after,
            connections=stub.connections,
            stored=gestures_stored(database) if entry.app == "lots" else None,
        )


def _copied(seeded: Path, to: Path) -> Path:
    """On the disk before anything is measured: writing it there would delay the first commits."""
    shutil.copy(seeded, to)
    with to.open("rb+") as file:
        os.fsync(file.fileno())
    return to


if __name__ == "__main__":
    arguments = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    arguments.add_argument("--rounds", type=int, default=5)
    arguments.add_argument("--quick", action="store_true", help="one small round, under 30 s")
    arguments.add_argument(
        "--drafts", type=int, nargs="+", default=[0], help="open drafts of others: 0 1000 10000"
    )
    chosen = arguments.parse_args()
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(
            main(
                rounds=1 if chosen.quick else chosen.rounds,
                scale=0.2 if chosen.quick else 1.0,
                drafts=chosen.drafts,
            )
        )
