"""A start that Slack, the database or the system does not allow: one sentence, exit code 2."""

import asyncio
import os
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.settings import EXAMPLE_PROGRAMME
from sandbox.server import serve
from sandbox.workspace import load

ROOT = EXAMPLE_PROGRAMME.parents[2]


@pytest.fixture
async def slack() -> AsyncIterator[str]:
    async with serve(load()) as site:
        yield f"{site.url}/api/"


async def run(folder: Path, **settings: str) -> tuple[int | None, str]:
    """Return how `lots run` ended and the last line it said."""
    sound = {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": str(ROOT),
        "PYTHONUTF8": "1",
        "SLACK_BOT_TOKEN": "xoxb-sandbox",
        "SLACK_APP_TOKEN": "xapp-sandbox",
    }
    running = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bot", "run"),
        cwd=folder,
        env=sound | settings,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    async with asyncio.timeout(30):
        _, said = await running.communicate()
    assert b"Traceback" not in said, said.decode()
    return running.returncode, said.decode().splitlines()[-1]


@pytest.mark.parametrize(
    ("setting", "token"),
    [("SLACK_BOT_TOKEN", "xoxb-utbytt"), ("SLACK_APP_TOKEN", "xapp-utbytt")],
)
async def test_a_token_that_slack_refuses(tmp_path, slack, setting, token):
    code, said = await run(tmp_path, SLACK_API_URL=slack, **{setting: token})

    assert code == 2
    assert said.startswith("SLACK_BOT_TOKEN, SLACK_APP_TOKEN: Slack godtar inte tokenen (invalid")


async def test_a_slack_that_nobody_answers_at(tmp_path):
    code, said = await run(tmp_path, SLACK_API_URL="http://127.0.0.1:9/api/")

    assert code == 2
    assert said.startswith("SLACK_API_URL: Slack svarar inte på http://127.0.0.1:9/api/.")


async def test_a_channel_that_the_bot_is_not_in(tmp_path, slack):
    programme = EXAMPLE_PROGRAMME.read_text("utf-8").replace('"klg-trygghet"', '"klg-hemlig"')
    (tmp_path / "program.toml").write_text(programme, "utf-8")

    code, said = await run(tmp_path, SLACK_API_URL=slack, PROGRAMME=str(tmp_path / "program.toml"))

    assert code == 2
    assert said.startswith("PROGRAMME: Kanalen klg-hemlig i programfilen hittas inte i Slack.")


async def test_a_database_that_cannot_be_opened(tmp_path, slack):
    (tmp_path / "lots.db").mkdir()

    code, said = await run(
        tmp_path, SLACK_API_URL=slack, DATABASE_URL=f"sqlite:///{tmp_path}/lots.db"
    )

    assert code == 2
    assert said.startswith("DATABASE_URL: Databasen går inte att öppna: unable to open")


async def test_a_folder_that_cannot_be_made(tmp_path, slack):
    (tmp_path / "var").write_text("en fil, ingen mapp", "utf-8")

    code, said = await run(tmp_path, SLACK_API_URL=slack)

    assert code == 2
    assert said.startswith("DATABASE_URL, FILES_URL, HTTP_PORT: Operativsystemet säger nej:")


async def test_a_database_that_is_not_there(tmp_path, slack, postgres):
    code, said = await run(
        tmp_path, SLACK_API_URL=slack, DATABASE_URL=postgres.replace("/postgres?", "/ingen?")
    )

    assert code == 2
    assert said.startswith('DATABASE_URL: Databasen går inte att öppna: database "ingen" does not')


async def test_a_database_server_that_nobody_answers_at(tmp_path, slack):
    code, said = await run(
        tmp_path, SLACK_API_URL=slack, DATABASE_URL="postgresql://lots:lots@127.0.0.1:9/lots"
    )

    assert code == 2
    assert said.startswith("DATABASE_URL, FILES_URL, HTTP_PORT: Operativsystemet säger nej:")
