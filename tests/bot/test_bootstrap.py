"""What the bot finds out when it starts: its channel, and the people of the programme."""

import pytest

from bot import clock
from bot.acts import who
from bot.bootstrap import NoChannel, open_office
from bot.database import database
from bot.programme import load as load_programme
from bot.render import Texts
from bot.settings import EXAMPLE_PROGRAMME
from bot.slack import open_slack
from flows.programme import Channels
from sandbox.client import Sandbox
from sandbox.server import serve
from sandbox.workspace import load

LARS = "T0SANDBOX:U0LARS"
PROGRAMME = load_programme(EXAMPLE_PROGRAMME)[0]


async def test_a_member_who_left_while_the_bot_was_down_is_a_member_no_more(sqlite_url: str):
    async with (
        serve(load(), port=0) as site,
        Sandbox.connect(site.url) as sandbox,
        database(sqlite_url, now=clock.now) as perform,
        open_slack("xoxb-sandbox", url=f"{site.url}/api/") as slack,
    ):
        me = await slack.identity()
        office = await open_office(slack, perform, me, PROGRAMME, Texts())
        before = await perform.read(lambda db: who.panel(db, office))

        await sandbox.do("person", person="U0LARS", deleted=True)
        office = await open_office(slack, perform, me, PROGRAMME, Texts())
        after = await perform.read(lambda db: who.panel(db, office))

    assert before.member(LARS) is not None
    assert after.member(LARS) is None


@pytest.mark.parametrize("channel", ["finns-inte", "C0FINNSINTE", "allmant"])
async def test_a_channel_that_the_bot_is_not_in_stops_the_start(sqlite_url: str, channel: str):
    programme = PROGRAMME.model_copy(update={"channels": Channels(klg=channel)})
    async with (
        serve(load(), port=0) as site,
        database(sqlite_url, now=clock.now) as perform,
        open_slack("xoxb-sandbox", url=f"{site.url}/api/") as slack,
    ):
        me = await slack.identity()
        with pytest.raises(NoChannel):
            await open_office(slack, perform, me, programme, Texts())
