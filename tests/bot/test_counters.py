"""What an answered question may cost, counted instead of timed: these never flicker.

The whole bot against the sandbox. What is counted are the statements that SQLite is given by the
writer, by transaction; a transaction with nothing but marks of sent messages belongs to no answer.
"""

import threading
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest
from aiohttp import TraceConfig
from sqlalchemy import Connection, Engine, event

from bot.app import running
from bot.programme import load as load_programme
from bot.settings import EXAMPLE_PROGRAMME, Settings
from bot.socket import connected
from sandbox.client import Sandbox
from sandbox.server import serve
from sandbox.workspace import load
from tests.bot.office import FAST
from tests.people import Town

QUIET = replace(FAST, poll_s=60)  # nothing is claimed by the clock while we count
TYPED, PRESSED = 9, 8  # statements of one answer; raise them only with a reason


@dataclass
class Counted:
    """The statements of each transaction that was committed, and the connections that were opened."""

    transactions: list[list[str]] = field(default_factory=list)
    connections: int = 0

    def answers(self) -> list[list[str]]:
        """Without repeated marks: those of several messages are one statement, run for each."""
        of_answers = [t for t in self.transactions if any("INTO gestures" in s for s in t)]
        marks = [[s for s in t if s.startswith("UPDATE outbox")] for t in of_answers]
        return [
            [s for s in t if s not in repeated[1:]]
            for t, repeated in zip(of_answers, marks, strict=True)
        ]

    def others(self) -> list[list[str]]:
        marks = [t for t in self.transactions if all(s.startswith("UPDATE outbox") for s in t)]
        return [
            t
            for t in self.transactions
            if t not in marks and not any("INTO gestures" in s for s in t)
        ]


@pytest.fixture
async def here(sqlite_url: str, tmp_path: Path) -> AsyncIterator[tuple[Town, Any]]:
    async with open_town(sqlite_url, tmp_path) as found:
        yield found


@asynccontextmanager
async def open_town(database_url: str, folder: Path) -> AsyncIterator[tuple[Town, Any]]:
    """The bot with its HTTP session in sight. Anna has come to the first question with a text."""
    programme = load_programme(EXAMPLE_PROGRAMME)[0]
    async with serve(load(), port=0) as site, Sandbox.connect(site.url) as sandbox:
        settings = Settings(
            _env_file=None,
            slack_bot_token="xoxb-sandbox",
            slack_app_token="xapp-sandbox",
            slack_api_url=f"{site.url}/api/",
            database_url=database_url,
            files_url=(folder / "files").as_uri(),
        )
        async with (
            running(settings, programme, rules=QUIET) as bot,
            connected(
                bot.app,
                bot.slack,
                "xapp-sandbox",
                reconnected=bot.catch_up.wake,
                straight=bot.dispatch.straight,
            ),
        ):
            town = Town(sandbox, settings, programme)
            await town.anna.says("ny")
            await town.anna.presses("Nej, inget av det")
            await town.anna.chooses("socialforvaltningen")
            await town.anna.presses("Svara")
            yield town, bot.slack.session


@contextmanager
def counting(session: Any) -> Iterator[Counted]:
    counted, open_now = Counted(), []

    def statement(text: str) -> None:
        if text.startswith(("SELECT", "INSERT", "UPDATE", "DELETE")):
            open_now.append(text)

    def begun(db: Connection) -> None:
        if threading.current_thread().name == "writer":
            driver: Any = db.connection.driver_connection
            driver.set_trace_callback(statement)

    def committed(_db: Connection) -> None:
        if open_now:
            counted.transactions.append(open_now.copy())
            open_now.clear()

    async def opened(*_: Any) -> None:
        counted.connections += 1

    trace = TraceConfig()
    trace.on_connection_create_start.append(opened)
    trace.freeze()
    session.trace_configs.append(trace)
    event.listen(Engine, "begin", begun)
    event.listen(Engine, "commit", committed)
    try:
        yield counted
    finally:
        event.remove(Engine, "begin", begun)
        event.remove(Engine, "commit", committed)
        session.trace_configs.remove(trace)


async def posts_of(town: Town, work: Callable[[], Awaitable[Any]]) -> int:
    before = len(await town.sandbox.calls("chat.postMessage"))
    await work()
    return len(await town.sandbox.calls("chat.postMessage")) - before


async def test_a_typed_answer_is_one_transaction_one_post_and_no_new_connection(here) -> None:
    town, session = here
    with counting(session) as counted:
        posts = await posts_of(town, lambda: town.anna.says("Trygghetsvärdar i centrum"))
    assert posts == 1
    assert counted.connections == 0
    assert len(counted.answers()) == 1
    assert counted.others() == []
    assert len(counted.answers()[0]) <= TYPED, "\n".join(counted.answers()[0])


async def test_a_pressed_answer_is_one_transaction_one_post_and_no_new_connection(here) -> None:
    town, session = here
    for text in ("Trygghetsvärdar", "070-123 45 67", "Vi rör oss ute.", "Fältgruppen.", "Lugn."):
        await town.anna.says(text)
    with counting(session) as counted:
        posts = await posts_of(town, lambda: town.anna.presses("Tvärsektoriellt"))
    assert posts == 1
    assert counted.connections == 0
    assert len(counted.answers()) == 1
    assert counted.others() == []
    assert len(counted.answers()[0]) <= PRESSED, "\n".join(counted.answers()[0])


async def test_an_answer_costs_the_same_late_in_the_form(here) -> None:
    town, session = here
    sizes = []
    for text in ("Trygghetsvärdar", "070-123 45 67", "Vi rör oss ute.", "Fältgruppen.", "Lugn."):
        with counting(session) as counted:
            await town.anna.says(text)
        sizes.append(len(counted.answers()[0]))
    assert max(sizes) <= TYPED
