"""Who is measured: our bot, the Bolt apps and the peers, each with what its database starts with.

Everybody has the conversations of those who answer; ours and the peers also so many open ones of
others, who are only to be in the way.
"""

import subprocess
from collections.abc import Callable, Iterable, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks import stub, telegram
from benchmarks.officers import Officer, seed
from benchmarks.peers import environment
from benchmarks.subject import BARE, LOTS, TUNED, App
from benchmarks.telegram import Chat
from benchmarks.work import Work

PEERS = {"aiogram": "benchmarks.peers.with_aiogram", "PTB": "benchmarks.peers.with_telegram_bot"}


@dataclass(frozen=True, slots=True, eq=False)
class Entry:
    """An app, the folder it starts with, and who answers. `others`: None for who remembers nothing."""

    app: App
    others: int | None
    seeded: Path
    people: Sequence[Officer | Chat]
    works: Sequence[Work]
    serve: Callable[[], AbstractAsyncContextManager[Any]]

    @property
    def name(self) -> str:
        return self.app.name if self.others is None else f"{self.app.name}, {self.others:,} others"


def slack(folder: Path, works: Sequence[Work], drafts: Iterable[int]) -> list[Entry]:
    """Ours with so many open drafts of others, and the Bolt apps."""
    typed = sum(work.people for work in works if work.how == "text")
    pressing = sum(work.people for work in works if work.how == "press")
    found = []
    for others in drafts:
        print(f"seeding {typed + pressing} officers' drafts and {others:,} of others", flush=True)
        seeded = folder / f"lots-{others}"
        seeded.mkdir()
        officers = seed(seeded / "lots.db", typed=typed, pressing=pressing, idle=others)
        found.append(Entry(LOTS, others, seeded, officers, works, stub.serve))
    empty = folder / "bolt"
    empty.mkdir()
    bolt = [Entry(app, None, empty, found[0].people, works, stub.serve) for app in (BARE, TUNED)]
    return [*found, *bolt]


def peers(folder: Path, works: Sequence[Work], drafts: Iterable[int]) -> list[Entry]:
    """aiogram and python-telegram-bot in their own environment; none where it cannot be made."""
    try:
        python = environment.python()
    except environment.NotHere as reason:
        print(f"aiogram and python-telegram-bot are left out, they cannot be installed: {reason}")
        return []
    answering = sum(work.people for work in works)
    found = []
    for name, module in PEERS.items():
        command = (python, "-m", module)
        app = App(name, (*command, "run"), {}, drains=False)
        for others in drafts:
            seeded = folder / f"{name}-{others}"
            seeded.mkdir()
            _seed(command, seeded, answering + others)
            people = [Chat(number) for number in range(1, answering + 1)]
            found.append(Entry(app, others, seeded, people, works, telegram.serve))
    return found


def _seed(command: Sequence[str], folder: Path, conversations: int) -> None:
    settings = {"PYTHONPATH": str(Path.cwd())}
    seeding = [*command, "seed", str(conversations)]
    subprocess.run(seeding, cwd=folder, env=settings, check=True)
