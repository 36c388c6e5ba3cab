"""The app that is measured: a fresh process on a core of its own, and what it costs in time and memory.

Read from /proc, so that nothing of the measuring runs inside what is measured.
"""

import asyncio
import os
import sys
from asyncio.subprocess import Process
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter
from typing import Protocol

_START_S = 60
_TICK = os.sysconf("SC_CLK_TCK")


class Side(Protocol):
    """Slack or Telegram, which the app connects to."""

    connected: asyncio.Event

    def settings(self) -> dict[str, str]: ...


@dataclass(frozen=True, slots=True)
class App:
    """How an app is started. `settings` are its own, `{folder}` in them is where it works."""

    name: str
    command: tuple[str, ...]
    settings: Mapping[str, str]
    drains: bool = True  # it is let finish when it has been measured


LOTS = App(
    "lots",
    (sys.executable, "-m", "bot", "run"),
    {"DATABASE_URL": "sqlite:///{folder}/lots.db", "FILES_URL": "file://{folder}/files"},
)
BARE = App("bare", (sys.executable, "-m", "benchmarks.bare", "default"), {})
TUNED = App("tuned", (sys.executable, "-m", "benchmarks.bare", "tuned"), {})


@dataclass(frozen=True, slots=True)
class Subject:
    """A running app, connected to the stub; `ready_s` from its start to its socket."""

    pid: int
    ready_s: float

    def cpu_s(self) -> float:
        """Processor time used so far, all threads."""
        fields = Path(f"/proc/{self.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / _TICK

    def memory_mb(self) -> float:
        """What is resident now."""
        pages = int(Path(f"/proc/{self.pid}/statm").read_text().split()[1])
        return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


@asynccontextmanager
async def started(app: App, stub: Side, *, folder: Path, core: int) -> AsyncIterator[Subject]:
    """The app with nothing but its settings, until the block ends."""
    log = folder / f"{app.name}.log"
    settings = {
        "PATH": os.environ["PATH"],
        "HOME": str(folder),
        "PYTHONPATH": str(Path.cwd()),
        **stub.settings(),
        **{name: value.format(folder=folder) for name, value in app.settings.items()},
    }
    stub.connected.clear()
    with log.open("wb") as output:
        begun = perf_counter()
        process = await asyncio.create_subprocess_exec(
            *app.command, env=settings, cwd=folder, stdout=output, stderr=output
        )
        os.sched_setaffinity(process.pid, {core})
        ended = asyncio.create_task(process.wait())
        try:
            connected = asyncio.create_task(stub.connected.wait())
            await asyncio.wait(
                [connected, ended], timeout=_START_S, return_when=asyncio.FIRST_COMPLETED
            )
            if not stub.connected.is_set():
                sys.exit(f"{app.name} did not start: {log.read_text()[-2000:]}")
            yield Subject(process.pid, perf_counter() - begun)
        finally:
            await _end(process, ended, drains=app.drains)


async def _end(process: Process, ended: asyncio.Task[int], *, drains: bool) -> None:
    """As an operator does; what does not end by itself is killed."""
    if ended.done():
        return
    if drains:
        process.terminate()
        await asyncio.wait([ended], timeout=15)
    if not ended.done():
        process.kill()
        await ended
