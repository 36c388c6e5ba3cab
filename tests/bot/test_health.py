"""What the operator sees: whether the process lives, whether people may be sent to it, and its figures."""

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import aiohttp
import pytest

from bot.health import Looked, served
from bot.owed import Post
from tests.bot.town import NOON, Town, town
from tests.ports import free_port


@pytest.fixture
async def here(database_url: str, tmp_path: Path) -> AsyncIterator[Town]:
    async with town(database_url, tmp_path) as made:
        yield made


def looked(here: Town, *, connected: bool = True) -> Looked:
    async def is_connected() -> bool:
        return connected

    return Looked(
        perform=here.perform,
        metrics=here.perform.metrics,
        now=lambda: NOON,
        is_connected=is_connected,
        timetable_age_s=lambda: 1.5,
    )


async def page(what: Looked, path: str) -> tuple[int, str]:
    port = free_port()
    async with (
        served(what, host="127.0.0.1", port=port),
        aiohttp.ClientSession(trust_env=False) as http,
        http.get(f"http://127.0.0.1:{port}{path}") as answer,
    ):
        return answer.status, await answer.text()


async def test_a_bot_with_its_database_and_slack_is_ready(here: Town) -> None:
    assert await page(looked(here), "/healthz") == (200, "ok\n")
    assert await page(looked(here), "/readyz") == (200, "ready\n")


async def test_what_is_missing_is_named(here: Town) -> None:
    class Away:
        async def read(self, _query: object) -> None:
            raise ConnectionError

    away = replace(looked(here, connected=False), perform=Away())  # type: ignore[arg-type]

    assert await page(away, "/readyz") == (503, "not ready: database, slack\n")
    assert (await page(away, "/healthz"))[0] == 200


async def test_what_is_owed_and_how_old_it_is_can_be_read(here: Town) -> None:
    await here.act(lambda tx: tx.owe(Post(to="U0ANNA", text="hej")))

    _, text = await page(looked(here), "/metrics")

    assert 'lots_outbox_depth{kind="post"} 1.0' in text
    assert 'lots_outbox_depth{kind="mail"} 0.0' in text
    assert "lots_outbox_given_up 0.0" in text
    assert "lots_timetable_age_seconds 1.5" in text
    assert "lots_slack_connected 1.0" in text


async def test_nothing_is_served_without_a_port(here: Town) -> None:
    async with served(looked(here), host="127.0.0.1", port=None):
        pass
