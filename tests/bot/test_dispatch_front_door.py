"""Expedition by the whole bot: Slack, a real mail server, and the secretary's button."""

from collections.abc import AsyncIterator
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest
from pydantic import SecretStr

from bot.acts import dispatch
from tests.bot.decided import beside, gets, granted
from tests.bot.mailbox import SENDER, Mailbox, mailbox
from tests.people import Town, at_work, town
from tests.waiting import until

REGISTRAR = "registrator.sf@exempelkommunen.se"
ALL = 4


@pytest.fixture
async def here(sqlite_url: str, tmp_path: Path) -> AsyncIterator[Town]:
    async with town(sqlite_url, tmp_path, asleep=True) as made:
        yield made


@pytest.fixture
async def box() -> AsyncIterator[Mailbox]:
    async with mailbox() as made:
        yield made


def with_mail(here: Town, box: Mailbox) -> Town:
    url = SecretStr(f"smtp://127.0.0.1:{box.port}")
    settings = here.settings.model_copy(update={"smtp_url": url, "mail_from": SENDER})
    return replace(here, settings=settings)


async def decide(here: Town) -> str:
    """A decision whose expedition has begun, beside the bot."""
    async with beside(here.settings, here.programme) as desk:
        # Long ago, so that what is owed is due by the bot's own clock.
        desk.now = desk.now.replace(month=1)
        case_id = await granted(desk, gets("socialnamnden", "operating", 2026, 400_000))
        case = await desk.case(case_id)
        await desk.act(partial(dispatch.begin, office=desk.office, case_id=case_id, case=case))
    return case_id


async def has(box: Mailbox, count: int) -> bool:
    return len(box.taken) == count


async def test_a_refused_address_comes_back_and_is_tried_again_by_a_press(
    here: Town, box: Mailbox
) -> None:
    box.refuses[REGISTRAR] = "550 No such user"
    sending = with_mail(here, box)
    async with at_work(sending):
        await sending.sara.home()  # the bot meets her
        case_id = await decide(sending)
        await until(partial(has, box, ALL - 1), seconds=30)

        said = await sending.sara.sees("3 av 4 mottagare", seconds=15)
        assert case_id in said
        assert "No such user" in said

        box.refuses.clear()
        await sending.sara.presses("Försök igen")
        await until(partial(has, box, ALL))
        await sending.sara.sees("4 av 4 mottagare")

        await sending.sara.presses("Försök igen")
        await sending.sara.sees("inget nytt har skickats")
        assert len(box.taken) == ALL


async def test_what_waited_for_a_server_is_sent_when_the_bot_starts_with_one(
    here: Town, box: Mailbox
) -> None:
    async with at_work(here):
        await here.sara.home()
        await decide(here)
        await here.sara.sees("Ingen e-postserver är angiven", seconds=30)

    assert not box.taken
    sending = with_mail(here, box)
    async with at_work(sending):
        await until(partial(has, box, ALL), seconds=15)
        await sending.sara.sees("4 av 4 mottagare")
