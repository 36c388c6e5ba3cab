"""The acts of an answered question alone: no Slack, no event loop, no commit; what our own code costs.

In this process it prints processor time and statements per answer, alone and among many open drafts.
`--instructions` runs it twice under valgrind's cachegrind, with few and with many answers: the difference has
neither start nor noise in it.
"""

import argparse
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
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
WARM_UP = 2  # officers


@dataclass(frozen=True, slots=True)
class Cost:
    """Of an answer: microseconds of processor time, statements, thousands of instructions."""

    cpu_us: float
    statements: float
    instructions: float | None


def measured(how: How, answers: int, *, others: int, valgrind: bool) -> Cost:
    """The best of some tries, each taken back, among so many open drafts of others."""
    count = max(answers, MANY) // STEPS[how] + WARM_UP
    with tempfile.TemporaryDirectory(prefix="lots-acts-") as folder:
        database = Path(folder) / "lots.db"
        typed, pressing = (count, 0) if how == "text" else (0, count)
        seed(database, typed=typed, pressing=pressing, idle=others)
        cpu_us, statements = min(once(database, how, answers) for _ in range(TRIES))
        counted = instructions(database, how) if valgrind else None
    return Cost(cpu_us, statements, counted)


def once(database: Path, how: How, answers: int) -> tuple[float, float]:
    """So many answers, taken back: microseconds of processor time, and statements, per answer."""
    office = Office(load(EXAMPLE_PROGRAMME)[0], Texts(), TEAM, "U0BOT", "C0KLG")
    count = answers // STEPS[how] + WARM_UP
    first, second, *officers = [Officer(number, how) for number in range(1, count + 1)]
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
    return spent / (len(officers) * STEPS[how]) * 1e6, statements / STEPS[how]


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


def instructions(database: Path, how: How) -> float:
    """Thousands of instructions per answer, by cachegrind."""
    few, many = (_instructions(database, how, answers) for answers in (FEW, MANY))
    return (many - few) / (MANY - FEW) / 1e3


def _instructions(database: Path, how: How, answers: int) -> int:
    command = [
        "valgrind", "--tool=cachegrind", "--cache-sim=no", "--cachegrind-out-file=/dev/null",
        sys.executable, "-m", "benchmarks.acts", "--once", str(database), "--only", how,
        "--answers", str(answers),
    ]  # fmt: skip
    done = subprocess.run(
        command, capture_output=True, text=True, check=True, env={"PYTHONHASHSEED": "0"}
    )
    (line,) = [
        line for line in done.stderr.splitlines() if "I refs:" in line or "I   refs:" in line
    ]
    return int(line.rpartition(":")[2].replace(",", ""))


def report(kinds: Sequence[How], *, answers: int, drafts: Sequence[int], valgrind: bool) -> str:
    """A row for each kind of answer among so many drafts."""
    rows = []
    for how in kinds:
        found = {
            others: measured(how, answers, others=others, valgrind=valgrind) for others in drafts
        }
        first = found[drafts[0]]
        for others, cost in found.items():
            row = [f"{how}, {others:,} others", figure(cost.statements)]
            row += [figure(cost.cpu_us), ratio(cost.cpu_us / first.cpu_us)]
            if cost.instructions and first.instructions:
                row += [figure(cost.instructions), ratio(cost.instructions / first.instructions)]
            rows.append(row)
    head = ["", "statements", "CPU us", f"x {drafts[0]:,} others"]
    counted = ["thousand instructions", f"x {drafts[0]:,} others"]
    return table(head + counted if valgrind else head, rows)


if __name__ == "__main__":
    arguments = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    arguments.add_argument("--answers", type=int, default=1000)
    arguments.add_argument("--only", choices=list(STEPS))
    arguments.add_argument("--instructions", action="store_true", help="needs valgrind; minutes")
    arguments.add_argument(
        "--drafts", type=int, nargs="+", default=[0], help="open drafts of others: 0 50000"
    )
    arguments.add_argument("--once", type=Path, help="this database, silently: for valgrind")
    chosen = arguments.parse_args()
    if chosen.once:
        once(chosen.once, chosen.only, chosen.answers)
    else:
        said = report(
            [chosen.only] if chosen.only else list(STEPS),
            answers=chosen.answers,
            drafts=chosen.drafts,
            valgrind=chosen.instructions,
        )
        print(f"\nthe act of an answer alone, the best of {TRIES}\n\n{said}")
