"""An office whose outbox is at work, and ways to owe and to wait until it is sent."""

from collections.abc import AsyncIterator
from contextlib import suppress
from pathlib import Path

import pytest

from bot.slack import NotReached, Unknown
from tests.bot.office import Office, office
from tests.waiting import until

ANNA = "U0ANNA"
KLG = "C0KLG"


@pytest.fixture
async def the_office(sqlite_url: str, tmp_path: Path) -> AsyncIterator[Office]:
    async with office(sqlite_url, tmp_path / "files") as it:
        yield it


@pytest.fixture
async def anna(the_office: Office) -> str:
    """Anna's direct message with the bot."""
    return await channel(the_office, ANNA)


async def channel(it: Office, user: str) -> str:
    """Her direct message with the bot, whose patience with Slack is short here: a busy machine takes longer."""

    async def opened() -> str:
        with suppress(NotReached, Unknown):
            answer = await it.slack.call("conversations.open", {"users": user})
            return str(answer["channel"]["id"])
        return ""

    return await until(opened)


async def owe(it: Office, *what: object) -> list[int]:
    return await it.perform.unkeyed(lambda tx: [tx.owe(one) for one in what])


async def sent(it: Office, outbox_id: int, *, seconds: float = 15) -> None:
    async def is_sent() -> bool:
        return (await it.row(outbox_id)).state == "sent"

    await until(is_sent, seconds=seconds)
