"""What an answered question costs: event in, stored durably, acked, and the next question posted.

Our whole bot (`lots run`, SQLite with synchronous=FULL) beside a bare Bolt app that only acks and
says, as it comes and tuned, and beside aiogram and python-telegram-bot, with more and more open
conversations: stubs that cost next to nothing, the same load, rounds interleaved, a fresh process each.
It prints, and never fails. Ratios are of the same round; absolute figures hold for one machine.
"""

import argparse
import asyncio
import os
import shutil
import tempfile
from collections.abc import Sequence
from pathlib import Path

import uvloop

from benchmarks import entries
from benchmarks.entries import Entry
from benchmarks.load import Load
from benchmarks.officers import gestures_stored
from benchmarks.report import Round, report
from benchmarks.subject import LOTS, started
from benchmarks.work import measure, peer_works, works

QUICK, WHOLE = 0.2, 1.0
DRAFTS = (0, 1_000, 10_000, 50_000)


async def main(*, rounds: int, scale: float, drafts: Sequence[int], at_most_s: float) -> None:
    """Seed, measure in turn, and print."""
    cores = sorted(os.sched_getaffinity(0))
    os.sched_setaffinity(0, {cores[-1]})
    if len(cores) == 1:
        print("one core for app and stub: the figures say little")
    with tempfile.TemporaryDirectory(prefix="lots-bench-") as folder:
        everybody = [
            *entries.slack(Path(folder), works(scale), drafts),
            *entries.peers(Path(folder), peer_works(scale), drafts),
        ]
        found: dict[Entry, list[Round]] = {entry: [] for entry in everybody}
        for number in range(rounds):
            print(f"round {number + 1} of {rounds}", flush=True)
            for entry in everybody:
                found[entry].append(await _round(entry, core=cores[0], at_most_s=at_most_s))
    print(report(found, rounds=rounds, at_most_s=at_most_s))


async def _round(entry: Entry, *, core: int, at_most_s: float) -> Round:
    with tempfile.TemporaryDirectory(prefix="lots-bench-") as name:
        folder = Path(name)
        _copy(entry.seeded, folder)
        left = {
            how: iter([one for one in entry.people if one.how == how]) for how in ("text", "press")
        }
        lines = {}
        async with (
            entry.serve() as stub,
            started(entry.app, stub, folder=folder, core=core) as subject,
        ):
            ready_cpu_s = subject.cpu_s()
            await asyncio.sleep(0.5)
            idle, load = subject.memory_mb(), Load(stub, at_most_s=at_most_s)
            for work in entry.works:
                people = [next(left[work.how]) for _ in range(work.people)]
                lines[work.name] = await measure(work, load, people, subject)
            after = subject.memory_mb()
        return Round(
            lines=lines,
            ready_s=subject.ready_s,
            ready_cpu_s=ready_cpu_s,
            idle_mb=idle,
            after_mb=after,
            connections=stub.connections,
            stored=gestures_stored(folder / "lots.db") if entry.app is LOTS else None,
        )


def _copy(seeded: Path, to: Path) -> None:
    """On the disk before anything is measured: writing it there would delay the first commits."""
    for file in seeded.iterdir():
        copied = to / file.name
        shutil.copy(file, copied)
        with copied.open("rb+") as written:
            os.fsync(written.fileno())


if __name__ == "__main__":
    arguments = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    arguments.add_argument("--rounds", type=int, default=3)
    arguments.add_argument("--quick", action="store_true", help="one small round")
    arguments.add_argument(
        "--drafts", type=int, nargs="+", default=DRAFTS, help="open conversations of others"
    )
    arguments.add_argument(
        "--at-most", type=float, default=10, help="seconds for one line of a table in one round"
    )
    chosen = arguments.parse_args()
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(
            main(
                rounds=1 if chosen.quick else chosen.rounds,
                scale=QUICK if chosen.quick else WHOLE,
                drafts=chosen.drafts,
                at_most_s=chosen.at_most,
            )
        )
