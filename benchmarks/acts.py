"""The acts of an answered question alone: no Slack, no event loop, no commit; what our own code costs.

In this process it prints processor time and statements per answer, alone and among many open drafts.
`--instructions` runs it twice under valgrind's cachegrind, with few and with many answers: the difference has
no start and no noise in it.
"""

import argparse
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

from sqlalchemy import Connection

from benchmarks.officers import STEPS, TEAM, How, Officer, gesture, seed
from benchmarks.table import figure, ratio, table
from bot.acts import intake
from bot.acts.said import said
from bot.office import Office
from bot.perform import Transaction
from bot.programme import load
from bot.render import Texts
from bot.settings import EXAMPLE_PROGRAMME
from storage import deliveries, gestures
from storage.engine import open_writer
from storage.outbox import Claim

FEW, MANY = 40, 240  # answers under valgrind
TRIES = 5


def run(how: How, answers: int, *, others: int = 0, tries: int = 1) -> tuple[float, float]:
    """Microseconds of processor time, and statements, per answer among so many open drafts of others.

    The best of the tries, each of which is taken back.
    """
    count = answers // STEPS[how]
    with tempfile.TemporaryDirectory(prefix="lots-acts-") as folder:
        database = Path(folder) / "lots.db"
        typed, pressing = (count + 2, 0) if how == "text" else (0, count + 2)
        officers = seed(database, typed=typed, pressing=pressing, idle=others)
        return min(_tried(database, officers) for _ in range(tries))


def _tried(database: Path, everybody: list[Officer]) -> tuple[float, float]:
    office = Office(load(EXAMPLE_PROGRAMME)[0], Texts(), TEAM, "U0BOT", "C0KLG")
    first, second, *officers = everybody
    engine = open_writer(f"sqlite:///{database}")
    with engine.connect() as db:
        db.exec_driver_sql("BEGIN IMMEDIATE")
        _answers(db, office, [first])  # what is made on first use is made
        statements = _statements(db, lambda: _answers(db, office, [second]))
        begun = time.process_time()
        _answers(db, office, officers)
        spent = time.process_time() - begun
        db.rollback()
    engine.dispose()
    steps = STEPS[first.how]
    return spent / max(1, len(officers) * steps) * 1e6, statements / steps


def _statements(db: Connection, work: Callable[[], None]) -> int:
    """How many the work takes. What is timed is not counted: SQLite tells each one in full."""
    statements: list[str] = []
    driver: Any = db.connection.driver_connection
    driver.set_trace_callback(statements.append)
    work()
    driver.set_trace_callback(None)
    return len(statements)


def _answers(db: Connection, office: Office, officers: list[Officer]) -> None:
    """Each one's first answer, then each one's second, as in the benchmark of the whole bot."""
    now = datetime.now(UTC)
    claim = Claim(owner="bench", lease=timedelta(seconds=30))
    for step in range(STEPS[officers[0].how]):
        for officer in officers:
            now += timedelta(milliseconds=1)
            _answer(db, office, officer, step, now, claim)


def _answer(
    db: Connection, office: Office, officer: Officer, step: int, now: datetime, claim: Claim
) -> None:
    ts, person = f"{now.timestamp():.6f}", f"{TEAM}:{officer.user}"
    tx = Transaction(db=db, now=now, real=now, claim=claim)
    gestures.add(db, f"{officer.how}:{officer.channel}:{ts}", person=person, at=now)
    _act(officer, step, ts)(tx, office, person=person)
    sent = [row for _, row in tx.owed if row is not None]
    marks = [deliveries.sent_mark(row.id, channel=officer.channel, ts=ts, at=now) for row in sent]
    deliveries.mark_sent(db, marks)


def _act(officer: Officer, step: int, ts: str) -> Callable[..., Any]:
    what = gesture(officer.how, step)
    if officer.how == "text":
        return partial(said, channel=officer.channel, ts=ts, text=what)
    return partial(intake.answer, draft_id=officer.draft, key=what, saw=0, raw="no")


def instructions(how: How) -> float:
    """Thousands of instructions per answer, by cachegrind."""
    few, many = (_instructions(how, answers) for answers in (FEW, MANY))
    return (many - few) / (MANY - FEW) / 1e3


def _instructions(how: How, answers: int) -> int:
    command = [
        "valgrind", "--tool=cachegrind", "--cache-sim=no", "--cachegrind-out-file=/dev/null",
        sys.executable, "-m", "benchmarks.acts", "--once", "--only", how, "--answers", str(answers),
    ]  # fmt: skip
    done = subprocess.run(
        command, capture_output=True, text=True, check=True, env={"PYTHONHASHSEED": "0"}
    )
    (line,) = [
        line for line in done.stderr.splitlines() if "I refs:" in line or "I   refs:" in line
    ]
    return int(line.rpartition(":")[2].replace(",", ""))


def report(kinds: Sequence[How], *, answers: int, drafts: Sequence[int], valgrind: bool) -> str:
    """A row for each kind of answer among so many drafts, the best of five tries."""
    rows = []
    for how in kinds:
        found = {others: run(how, answers, others=others, tries=TRIES) for others in drafts}
        for others, (cpu_us, statements) in found.items():
            row = [f"{how}, {others:,} others", figure(cpu_us), ratio(cpu_us / found[drafts[0]][0])]
            counted = valgrind and others == drafts[0]
            rows.append([*row, figure(statements), figure(instructions(how) if counted else None)])
    head = ("", "CPU us", f"x {drafts[0]:,} others", "statements", "thousand instructions")
    return table(head, rows)


if __name__ == "__main__":
    arguments = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    arguments.add_argument("--answers", type=int, default=1000)
    arguments.add_argument("--only", choices=list(STEPS))
    arguments.add_argument("--instructions", action="store_true", help="needs valgrind; minutes")
    arguments.add_argument("--once", action="store_true", help="and say nothing: for valgrind")
    arguments.add_argument(
        "--drafts", type=int, nargs="+", default=[0], help="open drafts of others: 0 50000"
    )
    chosen = arguments.parse_args()
    if chosen.once:
        run(chosen.only, chosen.answers)
    else:
        print(
            report(
                [chosen.only] if chosen.only else list(STEPS),
                answers=chosen.answers,
                drafts=chosen.drafts,
                valgrind=chosen.instructions,
            )
        )
