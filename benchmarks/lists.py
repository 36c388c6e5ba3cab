"""What lists cost among many cases: digest, register, search, App Home and ledger, at 1,000 to 100,000.

200 cases are open at every size; the rest are closed and only in the way. What is asked for finds as much
at every size. The sizes are asked in turn, so that their ratios are of the same moments. It never fails.
"""

import argparse
import asyncio
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import AsyncExitStack, ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from time import perf_counter

from sqlalchemy import Connection

from benchmarks.crowd import NOW, OPEN, TEAM, fill, person
from benchmarks.table import figure, ratio, table
from bot.acts import digest, home_page, money, search
from bot.blocks import home as home_blocks
from bot.blocks.search import Asked
from bot.database import database
from bot.office import Office
from bot.perform import Perform
from bot.programme import load
from bot.render import Texts
from bot.settings import EXAMPLE_PROGRAMME
from flows.case import State
from storage import cases
from storage.migrations import upgrade
from tests.databases import NoPostgres, admin, fresh_postgres, started_postgres

Query = Callable[[Connection], object]


@dataclass(slots=True)
class Took:
    """Milliseconds of each run: on the clock, and of processor time in this process."""

    clock: list[float] = field(default_factory=list)
    cpu: list[float] = field(default_factory=list)


def queries(office: Office, count: int) -> dict[str, Query]:
    """What is asked among so many cases, by name."""
    sara, anna, karin = person("Sara"), person("Anna"), person("Karin")
    kjell, petra = person("Kjell"), person("Petra")

    def home(who: str) -> Query:
        return lambda db: home_blocks.view(office, home_page.collect(db, office, who, at=NOW))

    def found(asked: Asked) -> Query:
        return lambda db: search.results(db, office, asked, person=sara)

    return {
        "digest of the week": lambda db: digest.now(db, office, person=sara, at=NOW),
        "register, newest page": lambda db: cases.latest(db, limit=20),
        "register, those that wait": lambda db: cases.waiting(db, State.ASSESSMENT),
        **{f"search, {name}": found(asked) for name, asked in searches(count).items()},
        "App Home, officer": home(anna),
        "App Home, KLG": home(karin),
        "App Home, secretary": home(sara),
        "App Home, kommundirektör": home(kjell),
        "App Home, ekonomistyrning": home(petra),
        "ledger of a year": lambda db: money.collect(db, office, person=sara, year=NOW.year),
    }


def searches(count: int) -> dict[str, Asked]:
    """What finds as many cases among so many as among others."""
    return {
        "a word of one case": Asked(words=f"nr{count - 1}"),
        "a word of a fourth": Asked(words="trygghetsv"),
        "a number": Asked(words=f"2026-{count - 10:06}"[:-1]),
        "a nämnd and a state": Asked(committee="socialnamnden", state=State.CHIEF_EXECUTIVE),
    }


async def main(urls: dict[int, str], *, runs: int) -> None:
    """Fill the empty databases, by their number of cases; ask, and print."""
    programme, _ = load(EXAMPLE_PROGRAMME)
    office = Office(programme, Texts(), TEAM, "U0BOT", "C0KLG")
    async with AsyncExitStack() as stack:
        opened: dict[int, Perform] = {}
        for count, url in urls.items():
            began = perf_counter()
            await asyncio.to_thread(upgrade, url)
            opened[count] = await stack.enter_async_context(database(url, now=lambda: NOW))
            await opened[count].unkeyed(lambda tx, count=count: fill(tx.db, programme, count=count))
            if url.startswith("postgresql"):
                await admin(url, "VACUUM ANALYZE")  # as the server does by itself, in time
            print(f"{count:,} cases written in {perf_counter() - began:.0f} s", flush=True)
        print(f"\n{report(await _asked(opened, office, runs=runs))}")


def report(found: dict[str, dict[int, Took]]) -> str:
    """By what was asked: each size's ms, and how many times those of the smallest."""
    sizes = list(next(iter(found.values())))
    head = ["ms (CPU ms)"]
    for count in sizes:
        head += [f"{count:,}"] if count == sizes[0] else [f"{count:,}", "x", "CPU x"]
    rows = []
    for name, took in found.items():
        first = took[sizes[0]]
        row = [name, _cell(first)]
        for count in sizes[1:]:
            row += [_cell(took[count])]
            row += [ratio(median(took[count].clock) / median(first.clock))]
            row += [ratio(median(took[count].cpu) / median(first.cpu))]
        rows.append(row)
    return table(head, rows)


async def _asked(
    opened: dict[int, Perform], office: Office, *, runs: int
) -> dict[str, dict[int, Took]]:
    found: dict[str, dict[int, Took]] = {}
    named = {count: queries(office, count) for count in opened}
    for name in named[next(iter(opened))]:
        found[name] = {count: Took() for count in opened}
        for run in range(runs + 1):
            for count, perform in opened.items():
                took = await _timed(perform, named[count][name])
                if run:  # the first one warms up
                    found[name][count].clock.append(took[0])
                    found[name][count].cpu.append(took[1])
    return found


async def _timed(perform: Perform, query: Query) -> tuple[float, float]:
    def ask(db: Connection) -> tuple[float, float]:
        began, cpu = perf_counter(), time.thread_time()
        query(db)
        return (perf_counter() - began) * 1e3, (time.thread_time() - cpu) * 1e3

    return await perform.read(ask)


def _cell(took: Took) -> str:
    return f"{figure(median(took.clock))} ({figure(median(took.cpu))})"


@contextmanager
def databases(kind: str, counts: Sequence[int]) -> Iterator[dict[int, str]]:
    """An empty database for each size. Raises NoPostgres."""
    with tempfile.TemporaryDirectory(prefix="lots-bench-") as folder:
        if kind == "sqlite":
            yield {count: f"sqlite:///{Path(folder) / str(count)}.db" for count in counts}
            return
        with started_postgres() as address, ExitStack() as stack:
            yield {
                count: stack.enter_context(fresh_postgres(address, template="template1"))
                for count in counts
            }


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cases", type=int, nargs="+", default=[1_000, 10_000, 100_000])
    parser.add_argument("--database", choices=["sqlite", "postgres"], default="sqlite")
    parser.add_argument("--runs", type=int, default=15)
    chosen = parser.parse_args()
    print(
        f"\n{chosen.database}; {OPEN} cases open at every size; medians of {chosen.runs}, in turn"
    )
    try:
        with databases(chosen.database, chosen.cases) as found:
            asyncio.run(main(found, runs=chosen.runs))
    except NoPostgres as reason:
        print(f"PostgreSQL is left out, it does not start here: {reason}")
