"""A substitute named in the local Slack: the command, the form, the card, and the end of it."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from bot import clock
from flows.dates import local_day
from flows.events import Stage
from tests import people
from tests.bot import town as quiet_town
from tests.flows.filled import values
from tests.people import KLG, Town

TODAY = local_day(clock.now())
YESTERDAY, NEXT_WEEK = (str(TODAY + timedelta(days=n)) for n in (-1, 7))


@pytest.fixture
async def here(sqlite_url: str, tmp_path: Path) -> AsyncIterator[Town]:
    """A case before KLG, handed in before the bot starts."""
    async with quiet_town.town(sqlite_url, tmp_path) as before:
        before.now = clock.now() - timedelta(hours=1)
        draft = await before.draft(values(), stage=Stage.APPLICATION)
        await before.submit(draft)
        await before.work()
    async with people.town(sqlite_url, tmp_path) as started:
        await started.karin.sees("Väntar på KLG", channel=KLG)
        yield started


async def opens_form(here: Town) -> str:
    answer = await here.sandbox.command("U0NILS", "/trygghet", "ersättare")
    await here.quiet()
    return str(answer)


@pytest.mark.requirement("R000-4")
async def test_named_with_the_command_she_presses_and_the_member_does_not(here: Town):
    await opens_form(here)
    await here.nils.fills({"who": "U0ALVA", "until": NEXT_WEEK})
    assert await here.nils.modal() is None
    await here.alva.sees("Du ersätter Nils Åkerman")

    await here.alva.presses("Tillstyrk", channel=KLG)
    await here.karin.sees("Alva Öst (ersätter Nils Åkerman)", channel=KLG)
    await here.nils.presses("Tillstyrk", channel=KLG)
    whispered = [m["text"] for m in await here.nils.messages(channel=KLG) if m.get("ephemeral")]
    assert "Alva Öst ersätter dig" in whispered[-1]


async def test_what_does_not_fit_is_said_in_the_form_and_nothing_is_lost(here: Town):
    await opens_form(here)
    refused = await here.nils.fills({"who": "U0LARS", "until": NEXT_WEEK})
    assert "inte själv är ledamot" in refused["errors"]["who"]
    backwards = await here.nils.fills({"who": "U0ALVA", "until": YESTERDAY})
    assert "före den första" in backwards["errors"]["until"]
    assert await here.nils.modal() is not None


async def test_ended_in_the_form_the_line_is_gone_and_the_seat_is_hers(here: Town):
    await opens_form(here)
    await here.nils.fills({"who": "U0ALVA", "until": NEXT_WEEK})
    await opens_form(here)
    view = await here.nils.modal()
    assert view is not None
    (line,) = [b for b in view["blocks"] if b.get("accessory")]
    where = {"block_id": line["block_id"], "action_id": line["accessory"]["action_id"]}
    await here.sandbox.press(
        "U0NILS", view_id=view["id"], value=line["accessory"]["value"], **where
    )
    await here.quiet()

    view = await here.nils.modal()
    assert view is not None
    assert not [b for b in view["blocks"] if b.get("accessory")]
    await here.nils.presses("Tillstyrk", channel=KLG)
    await here.karin.sees("(1):* Nils Åkerman", channel=KLG)


async def test_whoever_is_no_member_is_told_so(here: Town):
    answer = await here.sandbox.command("U0TOVE", "/trygghet", "ersättare")
    await here.quiet()

    assert "Bara ledamöterna" in str(answer) + str(await here.tove.messages())
