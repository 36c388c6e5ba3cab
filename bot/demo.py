"""`lots demo`: a local Slack and the bot as two child processes, until Ctrl-C.

Everything is kept in one folder, so that the next start finds every case where it was, and nothing
of it is mixed with a real workspace. The bot runs exactly as `lots run` does.
"""

import asyncio
import os
import socket
import sys
from asyncio.subprocess import DEVNULL, Process
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import aiohttp

from bot.settings import EXAMPLE_PROGRAMME

STOP_WITHIN = 10.0  # seconds
CONNECTED = "apps.connections.open"  # what the bot calls last before it listens


@dataclass(frozen=True, slots=True)
class Demo:
    """Where the demo lives: a folder that outlives it, a port for browsers and one for e-mail."""

    folder: Path
    port: int
    mail_port: int

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def clock(self) -> Path:
        """The bot's test clock, which the local Slack's first page moves."""
        return self.folder.resolve() / "clock"

    @property
    def environment(self) -> dict[str, str]:
        """All settings of the bot, so that a `.env` for a real workspace is never used."""
        folder = self.folder.resolve()
        return os.environ | {
            "SLACK_BOT_TOKEN": "xoxb-sandbox",
            "SLACK_APP_TOKEN": "xapp-sandbox",
            "SLACK_SIGNING_SECRET": "sandbox-secret",
            "SLACK_API_URL": f"{self.address}/api/",
            "SLACK_MODE": "socket",
            "DATABASE_URL": f"sqlite:///{folder / 'lots.db'}",
            "FILES_URL": (folder / "files").as_uri(),
            "PROGRAMME": str(EXAMPLE_PROGRAMME),
            "SMTP_URL": f"smtp://127.0.0.1:{self.mail_port}",
            "MAIL_FROM": "trygghetslots@exempelkommunen.se",
            "LOG_LEVEL": "INFO",
            "TEST_CLOCK": str(self.clock),
        }


def free_port() -> int:
    """A port of this machine that nobody listens at."""
    with socket.create_server(("127.0.0.1", 0)) as one:
        return int(one.getsockname()[1])


class DemoError(Exception):
    """The demo cannot go on: `key` words why, `facts` fill it in."""

    def __init__(self, key: str, **facts: object) -> None:
        super().__init__(key)
        self.key = key
        self.facts = facts


async def demo(where: Demo, *, stop: asyncio.Event, ready: Callable[[], None]) -> None:
    """Run both until `stop` is set; call `ready` when a browser can be pointed at the address.

    Raises DemoError when the port is taken, or when one of the two ends by itself.
    """
    running = asyncio.create_task(_run(where, ready))
    stopped = asyncio.create_task(stop.wait())
    await asyncio.wait({running, stopped}, return_when=asyncio.FIRST_COMPLETED)
    stopped.cancel()
    running.cancel()
    with suppress(asyncio.CancelledError):
        await running


async def _run(where: Demo, ready: Callable[[], None]) -> None:
    try:
        socket.create_server(("127.0.0.1", where.port)).close()
    except OSError as error:
        raise DemoError("cli.demo.port_taken", port=where.port) from error
    where.folder.mkdir(parents=True, exist_ok=True)
    async with aiohttp.ClientSession(where.address, timeout=aiohttp.ClientTimeout(5)) as slack:
        await _start(where, slack, ready)


async def _start(where: Demo, slack: aiohttp.ClientSession, ready: Callable[[], None]) -> None:
    arguments = (
        *("--port", str(where.port), "--mail-port", str(where.mail_port)),
        *("--state", str(where.folder / "sandbox.json"), "--app-clock", str(where.clock)),
    )
    async with _child(where, "sandbox", *arguments) as sandbox:
        while (before := await _calls(slack)) is None:
            await _alive(where, sandbox=sandbox)
        async with _child(where, "bot", "run") as bot:
            while CONNECTED not in (await _calls(slack) or before)[len(before) :]:
                await _alive(where, sandbox=sandbox, bot=bot)
            ready()
            while True:
                await _alive(where, sandbox=sandbox, bot=bot)


async def _calls(slack: aiohttp.ClientSession) -> list[str] | None:
    """Return the methods called so far at the local Slack; None when nobody answers there."""
    try:
        async with slack.get("/control/calls") as response:
            answer = await response.json()
            return [call["method"] for call in answer["calls"] if call["ok"]]
    except (aiohttp.ClientConnectionError, TimeoutError):
        return None


async def _alive(where: Demo, **children: Process) -> None:
    """Wait a moment; raise when a child has ended by itself."""
    await asyncio.sleep(0.05)
    for name, process in children.items():
        if process.returncode is not None:
            log = where.folder / f"{name}.log"
            lines = log.read_text(encoding="utf-8", errors="replace").splitlines() or [""]
            raise DemoError("cli.demo.ended", name=name, log=str(log), last=lines[-1])


@asynccontextmanager
async def _child(where: Demo, module: str, *arguments: str) -> AsyncIterator[Process]:
    """Start `python -m module` in a session of its own, so that Ctrl-C reaches only us."""
    with (where.folder / f"{module}.log").open("wb") as log:
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", module, *arguments),
            env=where.environment,
            stdin=DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
    try:
        yield process
    finally:
        await _end(process)


async def _end(process: Process) -> None:
    with suppress(ProcessLookupError):
        process.terminate()
    try:
        await asyncio.wait_for(process.wait(), STOP_WITHIN)
    except TimeoutError:
        process.kill()
        await process.wait()
