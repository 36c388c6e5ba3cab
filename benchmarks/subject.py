"""The app that is measured: a fresh process on a core of its own, and what it costs in time and memory.

Read from /proc, so that nothing of the measuring runs inside what is measured.
"""

import asyncio
import os
import sys
from asyncio.subprocess import Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter

from benchmarks.stub import Stub

APPS = {
    "lots": ("-m", "bot", "run"),
    "bare": ("-m", "benchmarks.bare", "default"),
    "tuned": ("-m", "benchmarks.bare", "tuned"),
}
_TICK = os.sysconf("SC_CLK_TCK")


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
async def started(name: str, stub: Stub, *, folder: Path, core: int) -> AsyncIterator[Subject]:
    """`lots run`, or a bare Bolt app, with nothing but the settings; ended when the block ends."""
    log = folder / f"{name}.log"
    settings = {
        "PATH": os.environ["PATH"],
        "HOME": str(folder),
        "SLACK_BOT_TOKEN": "xoxb-bench",
        "SLACK_APP_TOKEN": "xapp-bench",
        "SLACK_API_URL": stub.api_url,
        "DATABASE_URL": f"sqlite:///{folder / 'lots.db'}",
        "FILES_URL": (folder / "files").as_uri(),
        "PYTHONPATH": str(Path.cwd()),
    }
    stub.connected.clear()
    with log.open("wb") as output:
        begun = perf_counter()
        process = await asyncio.create_subprocess_exec(
            sys.executable, *APPS[name], env=settings, cwd=folder, stdout=output, stderr=output
        )
        os.sched_setaffinity(process.pid, {core})
        ended = asyncio.create_task(process.wait())
        try:
            connected = asyncio.create_task(stub.connected.wait())
            await asyncio.wait([connected, ended], timeout=30, return_when=asyncio.FIRST_COMPLETED)
            if not stub.connected.is_set():
                sys.exit(f"{name} did not start: {log.read_text()[-2000:]}")
            yield Subject(process.pid, perf_counter() - begun)
        finally:
            await _end(process, ended)


async def _end(process: Process, ended: asyncio.Task[int]) -> None:
    """As an operator does; what does not end by itself is killed."""
    if ended.done():
        return
    process.terminate()
    await asyncio.wait([ended], timeout=15)
    if not ended.done():
        process.kill()
        await ended
