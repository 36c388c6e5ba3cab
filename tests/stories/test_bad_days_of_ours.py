"""Bad days of our own: the database, the disk and the file store. Nothing is lost, nobody is left in silence."""

import asyncio
import os
import resource
import sqlite3
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import aiohttp
from structlog.testing import capture_logs

from flows.events import Stage
from tests.databases import TEMPLATE, fresh_postgres
from tests.drafts import stored, write_draft
from tests.people import Person, Town, at_work, town
from tests.ports import free_port
from tests.server import admin
from tests.stories.test_bad_days import ASKED_SCOPE, GOAL, PATIENT_S, anna_writes, said_once
from tests.stories.test_conversation import ASKS_GOAL
from tests.stories.test_whole_story import blank_pdf
from tests.waiting import until

WAITS = (
    "Jag ser att du har skrivit, men kan inte ta emot det just nu. Du behöver inte skriva det igen"
)
SORRY = "Något gick fel hos mig. Inget av det du just gjorde är sparat. Försök igen."


async def test_a_database_that_another_program_holds_for_a_while_loses_nothing(
    sqlite_url: str, tmp_path: Path
) -> None:
    async with anna_writes(sqlite_url, tmp_path) as (here, draft):
        with capture_logs() as log:
            other = sqlite3.connect(sqlite_url.removeprefix("sqlite:///"), isolation_level=None)
            other.execute("BEGIN IMMEDIATE")
            await here.sandbox.say("U0ANNA", GOAL)
            await here.anna.sees(WAITS, seconds=PATIENT_S)  # she need not wonder
            assert "goal" not in stored(sqlite_url, draft)
            other.execute("ROLLBACK")
            other.close()

            await here.anna.sees(ASKED_SCOPE, seconds=PATIENT_S)
            assert stored(sqlite_url, draft)["goal"] == GOAL
            await said_once(here.anna)
            assert len([told for told in await here.anna.told() if WAITS in told]) == 1
            assert "database is locked" in str(log)
            assert GOAL not in str(log)


def test_a_postgres_that_is_away_for_a_while_loses_nothing(postgres: str, tmp_path: Path) -> None:
    async def day(url: str) -> None:
        async with watched(url, tmp_path) as here, at_work(here):
            await here.anna.says("ny")
            with capture_logs() as log:
                async with away(postgres, url):
                    control = [c for c in await here.anna.controls() if "Nej" in c["label"]][-1]
                    assert not (await here.press("U0ANNA", control))["acked"]
                    await here.anna.sees(SORRY, seconds=PATIENT_S)
                    await here.sandbox.say("U0OMAR", "ny")
                    await here.omar.sees(WAITS, seconds=PATIENT_S)
                    await until(lambda: is_ready(here, 503), seconds=PATIENT_S)
                    assert "lots_database_seconds +Inf" in await page(here, "metrics")
                await until(lambda: acked(here.anna, control), seconds=PATIENT_S)
                await here.anna.sees("Vilken eller vilka förvaltningar", seconds=PATIENT_S)
                await here.omar.sees("Rör förslaget något som är hemligt", seconds=PATIENT_S)
                await until(lambda: is_ready(here, 200), seconds=PATIENT_S)
                for person in (here.anna, here.omar):
                    await said_once(person)
                bugs = [line for line in log if line["event"] == "bug"]
                assert all(line["number"] for line in bugs)
                assert bugs

    with fresh_postgres(postgres, template=TEMPLATE) as url:
        asyncio.run(day(url))


@asynccontextmanager
async def watched(url: str, folder: Path) -> AsyncIterator[Town]:
    """A town whose bot has the operator's pages, and whose Slack repeats itself soon."""
    async with town(url, folder, asleep=True) as asleep:
        settings = asleep.settings.model_copy(update={"health_port": free_port()})
        await asleep.sandbox.clock(scale=0.01)
        yield replace(asleep, settings=settings)


@asynccontextmanager
async def away(postgres: str, url: str) -> AsyncIterator[None]:
    """Nobody can connect to the database, and who was connected is thrown out."""
    name = urlsplit(url).path.strip("/")
    await admin(postgres, f"ALTER DATABASE {name} ALLOW_CONNECTIONS false")
    connected = f"FROM pg_stat_activity WHERE datname = '{name}'"
    await admin(postgres, f"SELECT pg_terminate_backend(pid) {connected}")
    try:
        yield
    finally:
        await admin(postgres, f"ALTER DATABASE {name} ALLOW_CONNECTIONS true")


async def test_a_full_disk_loses_nothing_and_the_bot_goes_on_when_there_is_room(
    tmp_path: Path,
) -> None:
    """The process may write no byte more: neither the database nor the file store."""
    url = f"sqlite:///{tmp_path}/lots.db"
    async with town(url, tmp_path, asleep=True) as here:
        await here.sandbox.clock(scale=0.01)
        async with lots_run(here) as (pid, log):
            await here.sandbox.say("U0ANNA", "hjälp")
            await here.anna.sees("De här orden fungerar när som helst", seconds=PATIENT_S)
            draft = write_draft(url, here.programme, ASKS_GOAL, stage=Stage.PROPOSAL)
            await here.sandbox.say("U0ANNA", "fortsätt")
            await here.anna.sees("Vad är målet", seconds=PATIENT_S)
            await here.quiet()
            resource.prlimit(pid, resource.RLIMIT_FSIZE, (0, resource.RLIM_INFINITY))
            await here.sandbox.say("U0ANNA", GOAL)
            await here.sandbox.upload("U0ANNA", {"plan.pdf": blank_pdf()})
            await here.anna.sees(WAITS, seconds=PATIENT_S)
            # Slack gives up: only the bot itself can find what she wrote now.
            await until(lambda: given_up(here), seconds=2 * PATIENT_S)
            assert "goal" not in stored(url, draft)
            assert await says(log, "event=bug")
            assert not await says(log, GOAL)  # what she wrote stands in no log

            no_limit = (resource.RLIM_INFINITY, resource.RLIM_INFINITY)
            resource.prlimit(pid, resource.RLIMIT_FSIZE, no_limit)
            # After an interruption it reads what it missed.
            await here.sandbox.faults(drop_socket="abrupt")
            await here.anna.sees(ASKED_SCOPE, seconds=PATIENT_S)
            await here.anna.sees("plan.pdf är nu en bilaga", seconds=PATIENT_S)
            assert stored(url, draft)["goal"] == GOAL
            await said_once(here.anna)


@asynccontextmanager
async def lots_run(here: Town) -> AsyncIterator[tuple[int, list[str]]]:
    """The bot as `lots run`, a process of its own: its number, and what it has logged so far."""
    of = here.settings
    assert of.slack_app_token is not None
    bot = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bot", "run"),
        cwd=Path(__file__).parents[2],
        env={
            "PATH": os.environ["PATH"],
            "SLACK_BOT_TOKEN": of.slack_bot_token.get_secret_value(),
            "SLACK_APP_TOKEN": of.slack_app_token.get_secret_value(),
            "SLACK_API_URL": of.slack_api_url,
            "DATABASE_URL": of.database_url,
            "FILES_URL": of.files_url,
        },
        stderr=asyncio.subprocess.PIPE,
    )
    log: list[str] = []

    async def read() -> None:
        assert bot.stderr is not None
        while line := await bot.stderr.readline():
            log.append(line.decode())

    reading = asyncio.create_task(read())
    try:
        await until(lambda: says(log, "event=listening"), seconds=PATIENT_S)
        yield bot.pid, log
        assert bot.returncode is None, "it has lived through it"
    finally:
        if bot.returncode is None:
            bot.terminate()
        print(*log[-20:])  # noqa: T201  pytest shows it when it fails
        async with asyncio.timeout(PATIENT_S):
            await asyncio.gather(bot.wait(), reading)


async def says(log: list[str], words: str) -> bool:
    return any(words in line for line in log)


async def test_a_file_store_that_fails_half_way_asks_for_the_file_again(
    sqlite_url: str, tmp_path: Path
) -> None:
    """The folder is no folder any more after the file has been fetched and checked."""
    async with anna_writes(sqlite_url, tmp_path) as (here, _):
        folder = tmp_path / "files"
        folder.write_text("here should be a folder")
        with capture_logs() as log:
            await here.anna.says("", files={"plan.pdf": blank_pdf()})
            await here.anna.sees("Jag hämtar plan.pdf.", seconds=PATIENT_S)
            failed = ("kunde inte hämta plan.pdf från Slack", "Släpp filen igen.")
            await here.anna.sees(*failed, seconds=PATIENT_S)
            (line,) = [one for one in log if one["event"] == "a job is given up"]
            assert line["advice"]
        assert "lots_outbox_given_up 1" in await page(here, "metrics")

        folder.unlink()
        await here.anna.says("", files={"plan.pdf": blank_pdf()})
        await here.anna.sees("plan.pdf är nu en bilaga", seconds=PATIENT_S)
        await here.anna.says(GOAL)  # the question she was asked is still open
        await here.anna.sees(ASKED_SCOPE, seconds=PATIENT_S)


async def given_up(here: Town) -> bool:
    rows = [row for row in await here.sandbox.deliveries() if row["type"] == "message"]
    return all(row["acked"] or row["given_up"] for row in rows)


async def acked(person: Person, control: dict[str, Any]) -> bool:
    return bool((await person.town.press(person.user, control))["acked"])


async def is_ready(here: Town, status: int) -> bool:
    said = {200: "ready\n", 503: "not ready: database\n"}[status]
    return await page(here, "readyz") == said


async def page(here: Town, name: str) -> str:
    url = f"http://127.0.0.1:{here.settings.health_port}/{name}"
    async with aiohttp.ClientSession(trust_env=False) as http, http.get(url) as answer:
        return await answer.text()
