"""Tokens, passwords and the signing secret are in nothing that the bot prints, whatever goes wrong."""

import asyncio
import os
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.settings import EXAMPLE_PROGRAMME, Settings
from sandbox.server import serve
from sandbox.workspace import load

ROOT = EXAMPLE_PROGRAMME.parents[2]
SECRETS = {
    "SLACK_BOT_TOKEN": "xoxb-hemlig-1",
    "SLACK_APP_TOKEN": "xapp-hemlig-2",
    "SLACK_SIGNING_SECRET": "hemlig-3",
    "SMTP_URL": "smtp://lots:hemlig-4@127.0.0.1:9",
    "DATABASE_URL": "postgresql://lots:hemlig-5@127.0.0.1:9/lots",
}
WORD = "hemlig"


@pytest.fixture
async def slack() -> AsyncIterator[str]:
    async with serve(load()) as site:
        yield f"{site.url}/api/"


async def said(folder: Path, *words: str, **over: str) -> str:
    """All that a command prints with these settings until it stops, or for some seconds."""
    sound = {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": str(ROOT),
        "PYTHONUTF8": "1",
        "LOG_LEVEL": "DEBUG",
        "PYTHONASYNCIODEBUG": "1",
        "MAIL_FROM": "lots@exempelkommunen.se",
        "DATABASE_URL": f"sqlite:///{folder}/lots.db",
        "SLACK_MODE": "socket",
    }
    running = await asyncio.create_subprocess_exec(
        *(sys.executable, "-X", "dev", "-m", "bot", *(words or ("run",))),
        cwd=folder,
        env=sound | over,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    try:
        printed, _ = await asyncio.wait_for(running.communicate(), timeout=20)
    except TimeoutError:
        running.kill()
        printed, _ = await running.communicate()
    assert printed
    return printed.decode()


async def test_a_wrong_token_is_named_and_not_shown(tmp_path: Path, slack: str):
    secrets = {name: value for name, value in SECRETS.items() if name != "DATABASE_URL"}
    printed = await said(tmp_path, **secrets, SLACK_API_URL=slack)

    assert "SLACK_BOT_TOKEN" in printed
    assert WORD not in printed


async def test_a_database_that_is_not_there_is_named_and_its_password_is_not(tmp_path: Path):
    for words in (("run",), ("verify",), ("deliveries",)):
        printed = await said(tmp_path, *words, **SECRETS, SLACK_API_URL="http://127.0.0.1:9/api/")
        assert WORD not in printed, words


@pytest.mark.parametrize(
    "wrong",
    [
        {"SLACK_BOT_TOKEN": "hemlig-6"},
        {"SLACK_APP_TOKEN": "hemlig-6"},
        {"SMTP_URL": "smpt://lots:hemlig-6@mail"},
        {"SMTP_URL": "smtp://lots:hemlig-6@mail:hemlig"},
        {"DATABASE_URL": "mysql://lots:hemlig-6@db/lots"},
        {"DATABASE_URL": "postgresql://lots:hemlig-6@[db/lots"},
        {"DATABASE_URL": "postgresql://lots:hemlig/hemlig@db/lots"},
        {"DATABASE_URL": "postgresql://lots:hemlig-6@db:hemlig/lots"},
        {"SLACK_API_URL": "slack.com", "LOG_LEVEL": "hemlig"},
    ],
)
async def test_a_setting_that_is_wrong_is_named_and_not_shown(tmp_path: Path, wrong):
    printed = await said(tmp_path, **SECRETS | {"SLACK_API_URL": "http://127.0.0.1:9/api/"} | wrong)

    assert WORD not in printed
    assert "Traceback" not in printed


def test_settings_show_no_secret_when_they_are_printed():
    given = {name.lower(): value for name, value in SECRETS.items()}
    settings = Settings(_env_file=None, mail_from="lots@exempelkommunen.se", **given)

    assert WORD not in f"{settings!r} {settings}"
