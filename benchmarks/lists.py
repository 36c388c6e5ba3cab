"""What lists cost among many cases: digest, register, search, App Home and ledger, at 1,000 and 100,000.

200 cases are open at every size; the rest are closed and only in the way. Each figure is the median of
several runs in one process, beside the same at the smallest size. It prints, and never fails.
"""

import argparse
import asyncio
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from statistics import median
from time import perf_counter

from sqlalchemy import Connection

from benchmarks.crowd import NOW, OPEN, TEAM, fill, person
from bot.acts import digest, home_page, money, search
from bot.blocks import home as home_blocks
from bot.blocks.search import Asked
from bot.database import database
from bot.office import Office
from bot.programme import load
from bot.render import Texts
from bot.settings import EXAMPLE_PROGRAMME
from flows.case import State
from storage import cases
from storage.migrations import upgrade

Query = Callable[[Connection], object]
RUNS = 9


def queries(office: Office) -> dict[str, Query]:
    """What is measured, by name."""
    sara, anna, karin = person("Sara"), person("Anna"), person("Karin")
    kjell, petra = person("Kjell"), person("Petra")

    def home(who: str) -> Query:
        return lambda db: home_blocks.view(office, home_page.collect(db, office, who, at=NOW))

    def found(**asked: str) -> Query:
        return lambda db: search.results(db, office, Asked(**asked), person=sara)

    return {
        "digest of the week": lambda db: digest.now(db, office, person=sara, at=NOW),
        "register, newest page": lambda db: cases.latest(db, limit=20),
        "register, those that wait": lambda db: cases.waiting(db, State.ASSESSMENT),
        "search, a rare word": found(words="nr777"),
        "search, a common word": found(words="trygghetsv"),
        "search, a number": found(words="2026-000"),
        "search, a nämnd and a state": found(
            committee="socialnamnden", state=State.CHIEF_EXECUTIVE
        ),
        "App Home, officer": home(anna),
        "App Home, KLG": home(karin),
        "App Home, secretary": home(sara),
        "App Home, kommundirektör": home(kjell),
        "App Home, ekonomistyrning": home(petra),
        "ledger of a year": lambda db: money.collect(db, office, person=sara, year=2026),
    }


async def measured(count: int, folder: Path) -> dict[str, float]:
    """Milliseconds by name, with so many cases."""
    url = f"sqlite:///{folder}/{count}.db"
    await asyncio.to_thread(upgrade, url)
    programme, _ = load(EXAMPLE_PROGRAMME)
    office = Office(programme, Texts(), TEAM, "U0BOT", "C0KLG")
    async with database(url, now=lambda: NOW) as perform:
        began = perf_counter()
        await perform.unkeyed(lambda tx: fill(tx.db, programme, count=count))
        print(f"{count:,} cases written in {perf_counter() - began:.0f} s", flush=True)
        found = {}
        for name, query in queries(office).items():
            taken = []
            for _ in range(RUNS):
                began = perf_counter()
                await perform.read(query)
                taken.append((perf_counter() - began) * 1000)
            found[name] = median(taken[1:])  # the first one warms up
    return found


async def main(counts: Sequence[int]) -> None:
    with tempfile.TemporaryDirectory(prefix="lots-bench-") as folder:
        found = {count: await measured(count, Path(folder)) for count in counts}
    print(f"\n{OPEN} open at every size; ms, and the ratio to {counts[0]:,}")
    print(f"{'':30}" + "".join(f"{count:>12,}{'x':>7}" for count in counts))
    for name in found[counts[0]]:
        base = found[counts[0]][name]
        cells = "".join(f"{found[c][name]:12.1f}{found[c][name] / base:7.2f}" for c in counts)
        print(f"{name:30}{cells}")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cases", type=int, nargs="+", default=[1_000, 10_000, 100_000])
    asyncio.run(main(parser.parse_args().cases))
