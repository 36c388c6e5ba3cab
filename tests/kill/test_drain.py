"""Asked to stop, it has left within ten seconds, whatever it waits for, and nothing is forgotten."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest
from pydantic import SecretStr
from sqlalchemy import select

from bot import clock
from bot.database import database
from bot.demo import free_port
from bot.rules import Rules
from bot.settings import Settings
from sandbox.client import Sandbox
from sandbox.server import serve
from sandbox.workspace import load
from storage.tables import outbox
from tests.bot.mailbox import SENDER
from tests.bot.test_dispatch import begun
from tests.bot.town import town
from tests.kill.lives import LEAVES_WITHIN_S, died
from tests.kill.real_bot import begin
from tests.waiting import until


@pytest.mark.parametrize("mode", ["socket", "http"])
async def test_it_leaves_in_time_though_slack_and_the_mail_server_say_nothing(
    sqlite_url: str, tmp_path: Path, mode: str
) -> None:
    async with town(sqlite_url, tmp_path) as before:
        before.now = datetime(2026, 1, 2, 8, 0, tzinfo=UTC)  # what is owed is due
        await begun(before)
    async with (
        _silent_mail_server() as (mail_port, asked),
        serve(load()) as site,
        Sandbox.connect(site.url) as sandbox,
    ):
        settings = Settings(
            _env_file=None,
            slack_bot_token="xoxb-sandbox",
            slack_app_token="xapp-sandbox",
            slack_signing_secret="sandbox-secret",
            slack_api_url=f"{site.url}/api/",
            slack_mode=mode,
            http_port=free_port(),
            database_url=sqlite_url,
            files_url=(tmp_path / "files").as_uri(),
            smtp_url=SecretStr(f"smtp://127.0.0.1:{mail_port}"),
            mail_from=SENDER,
        )
        life = begin(settings, tmp_path, rules=Rules())
        try:
            await until(life.is_ready, seconds=60)
            if mode == "http":
                address = f"http://127.0.0.1:{settings.http_port}/slack/events"
                await sandbox.do("request_url", url=address)
            await asyncio.wait_for(asked.wait(), timeout=60)
            await sandbox.faults(
                delay_response={"method": "chat.postMessage", "seconds": 60, "count": 20}
            )
            await sandbox.say("U0ANNA", "hjälp")

            async def is_sending() -> bool:
                return bool(site.calls_under_way)

            await until(is_sending)
            began = time.monotonic()
            life.process.terminate()
            assert await died(life.process, seconds=60) == 0
            assert time.monotonic() - began < LEAVES_WITHIN_S
        finally:
            life.process.kill()
            life.process.join()
    async with database(sqlite_url, now=clock.now) as perform:
        unfinished = select(outbox.c.kind).where(outbox.c.finished_at.is_(None))
        kinds = set(await perform.read(lambda db: db.scalars(unfinished).all()))
    assert {"post", "mail"} <= kinds


@asynccontextmanager
async def _silent_mail_server() -> AsyncIterator[tuple[int, asyncio.Event]]:
    """It takes connections and never says a word; the event is set when one has come."""
    asked, over = asyncio.Event(), asyncio.Event()

    async def silence(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        asked.set()
        await over.wait()
        writer.close()

    server = await asyncio.start_server(silence, "127.0.0.1", 0)
    try:
        yield server.sockets[0].getsockname()[1], asked
    finally:
        over.set()
        server.close()
