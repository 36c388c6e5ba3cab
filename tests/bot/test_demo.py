"""`lots demo` as a person meets it: an address, Ctrl-C, and everything there the next time."""

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import aiohttp
import pytest

from tests.ports import free_port

ROOT = Path(__file__).parents[2]
PATIENCE = 60  # seconds, on a machine that does other things too


@pytest.fixture
def port() -> int:
    return free_port()


def command(folder: Path, port: int) -> list[str]:
    return [*(sys.executable, "-m", "bot", "demo"), "--port", str(port), "--folder", str(folder)]


ENVIRONMENT = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), "PYTHONUTF8": "1"}


@contextmanager
def demo(folder: Path, port: int) -> Iterator[subprocess.Popen[str]]:
    """Start it, wait for the address, and end it as Ctrl-C does."""
    running = subprocess.Popen(
        command(folder / "demo", port),
        cwd=folder,
        env=ENVIRONMENT,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    assert running.stdout is not None
    try:
        said = ""
        while f"http://127.0.0.1:{port}" not in said:
            line = running.stdout.readline()
            assert line, f"it ended before it could be used: {said}"
            said += line
        yield running
    finally:
        running.send_signal(signal.SIGINT)
        running.communicate(timeout=PATIENCE)


async def calls(port: int) -> list[str]:
    async with (
        aiohttp.ClientSession() as browser,
        browser.get(f"http://127.0.0.1:{port}/control/calls") as response,
    ):
        return [call["method"] for call in (await response.json())["calls"]]


async def test_it_can_be_used_when_it_says_so_and_ends_cleanly(tmp_path, port):
    with demo(tmp_path, port) as running:
        assert "apps.connections.open" in await calls(port)

    assert running.returncode == 0
    with pytest.raises(aiohttp.ClientConnectionError):
        await calls(port)


async def test_the_next_start_finds_everything_where_it_was(tmp_path, port):
    async def post(path: str, **wish: object) -> dict[str, object]:
        address = f"http://127.0.0.1:{port}/control/{path}"
        async with aiohttp.ClientSession() as browser, browser.post(address, json=wish) as answer:
            return dict(await answer.json())

    async def conversation() -> list[str]:
        address = f"http://127.0.0.1:{port}/control/messages?person=U0ANNA&channel=@bot"
        async with aiohttp.ClientSession() as browser, browser.get(address) as answer:
            return [message["text"] for message in (await answer.json())["messages"]]

    with demo(tmp_path, port):
        await post("say", person="U0ANNA", text="ny")
        await post("await_idle", timeout=20, quiet_ms=500)
        before = await conversation()
    with demo(tmp_path, port):
        after = await conversation()

    assert len(before) > 1
    assert after == before


def test_a_port_that_is_taken_is_said(tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        ended = subprocess.run(
            command(tmp_path / "demo", port),
            cwd=tmp_path,
            env=ENVIRONMENT,
            capture_output=True,
            text=True,
            timeout=PATIENCE,
            check=False,
        )

    assert ended.returncode == 1
    assert ended.stderr.startswith(f"Port {port} används redan.")
