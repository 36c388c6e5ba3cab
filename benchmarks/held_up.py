"""Whether making documents holds up answers: presses acked while twenty applications are made, and before.

`lots run` as it is, on one core: PDF and Word are made in threads of the process that answers, then stored,
posted and uploaded. The presses go on until the last document is stored. It prints, and never fails.
"""

import argparse
import asyncio
import json
import os
import sqlite3
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Any

import uvloop
from sqlalchemy import Connection

from benchmarks.load import Load, Taken
from benchmarks.officers import TEAM, Officer, seed
from benchmarks.stub import serve
from benchmarks.subject import LOTS, started
from benchmarks.table import figure, table
from benchmarks.work import percentiles
from bot.acts.documents import JOB
from flows.case import Case
from flows.events import Stage, Submitted
from storage import cases, outbox, submissions
from storage.engine import open_writer

APPLICATIONS = 20
A_SECOND = 50
ALONE_S, AT_MOST_S = 4, 20
BY = f"{TEAM}:U0ANNA"
ANSWERS = Path(__file__).with_name("application.json")


@dataclass(frozen=True, slots=True)
class Found:
    """Presses alone, presses beside the documents, and seconds until all of these were stored."""

    alone: Taken
    beside: Taken
    made_s: float
    made: int


async def main(*, rounds: int) -> None:
    """Both in each round, in one process, and print."""
    cores = sorted(os.sched_getaffinity(0))
    os.sched_setaffinity(0, {cores[-1]})
    found = [await _round(cores[0]) for _ in range(rounds)]
    print(f"\n{report(found)}")


def report(found: list[Found]) -> str:
    """Medians of the rounds' percentiles, and of their ratios."""
    alone = [percentiles(one.alone.acks) for one in found]
    beside = [percentiles(one.beside.acks) for one in found]
    pairs = [(a, b) for a, b in zip(alone, beside, strict=True) if a and b]
    made_s, made = median(one.made_s for one in found), min(one.made for one in found)
    rows = [
        ["ack alone, ms", *_columns([a for a, _ in pairs]), _presses(one.alone for one in found)],
        [
            f"while {made} applications are made, in {made_s:.1f} s",
            *_columns([b for _, b in pairs]),
            _presses(one.beside for one in found),
        ],
        ["x alone", *_columns([_through(b, a) for a, b in pairs]), ""],
    ]
    return table((f"{A_SECOND} presses a second", "p50", "p95", "p99", "presses (lost)"), rows)


async def _round(core: int) -> Found:
    with tempfile.TemporaryDirectory(prefix="lots-bench-") as name:
        folder = Path(name)
        database = folder / "lots.db"
        people = seed(database, typed=0, pressing=A_SECOND * (ALONE_S + AT_MOST_S + 2), idle=0)
        _write(database, hand_in)
        left = iter(people)
        async with serve() as stub, started(LOTS, stub, folder=folder, core=core):
            load = Load(stub)
            await load.open(_next(left, A_SECOND), a_second=A_SECOND)  # what is made on first use
            alone = await load.open(_next(left, A_SECOND * ALONE_S), a_second=A_SECOND)
            await asyncio.to_thread(_write, database, owe)
            began, beside = perf_counter(), Taken()
            while _made(database) < APPLICATIONS and perf_counter() - began < AT_MOST_S:
                taken = await load.open(_next(left, A_SECOND // 2), a_second=A_SECOND)
                beside.acks += taken.acks
                beside.lost += taken.lost
            return Found(alone, beside, perf_counter() - began, _made(database))


def _next(left: Iterator[Officer], count: int) -> list[Officer]:
    return [next(left) for _ in range(count)]


def _write(database: Path, act: Any) -> None:
    engine = open_writer(f"sqlite:///{database}")
    with engine.connect() as db:
        db.exec_driver_sql("BEGIN IMMEDIATE")
        act(db, datetime.now(UTC))
        db.exec_driver_sql("COMMIT")
    engine.dispose()


def hand_in(db: Connection, at: datetime) -> None:
    """Applications with every point answered."""
    said = json.loads(ANSWERS.read_bytes())
    for number in range(APPLICATIONS):
        case_id = f"{at.year}-9{number:03}"
        answers = {
            key: {"value": value, "by": BY, "at": at.isoformat(), "basis": ""}
            for key, value in (said | {"title": f"{said['title']} {number}"}).items()
        }
        submissions.add(db, case_id, 1, stage=Stage.APPLICATION, answers=answers)
        submitted = Submitted(
            at=at,
            by=BY,
            stage=Stage.APPLICATION,
            version=1,
            administrations=tuple(said["administrations"]),
            authors=(BY,),
        )
        cases.add(db, case_id, [submitted], after=Case())


def owe(db: Connection, at: datetime) -> None:
    """The documents of all of them, as if they were handed in at the same moment."""
    for number in range(APPLICATIONS):
        arguments = {"case": f"{at.year}-9{number:03}", "version": 1, "issue": 1}
        payload = {"name": JOB, "arguments": arguments}
        outbox.add(db, kind="job", lane=None, payload=payload, at=at)


def _made(database: Path) -> int:
    with sqlite3.connect(database) as db:
        (count,) = db.execute("SELECT count(DISTINCT case_id) FROM documents").fetchone()
    return int(count)


def _through(some: tuple[float, ...], others: tuple[float, ...]) -> tuple[float, ...]:
    return tuple(a / b for a, b in zip(some, others, strict=True))


def _columns(found: list[Any]) -> list[str]:
    return [figure(median(one[part] for one in found) if found else None) for part in range(3)]


def _presses(taken: Any) -> str:
    everything = list(taken)
    return f"{sum(len(t.acks) for t in everything)} ({sum(t.lost for t in everything)})"


if __name__ == "__main__":
    arguments = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    arguments.add_argument("--rounds", type=int, default=3)
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(main(rounds=arguments.parse_args().rounds))
