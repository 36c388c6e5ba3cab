"""The week as KLG meets it: a local Slack, the whole bot, the picture and the spreadsheet in the thread."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import aiohttp

from bot import clock
from tests.bot.decided import beside, gets, granted, waiting_for_board
from tests.people import KLG, Town, at_work, said, town
from tests.waiting import until

FRIDAY, MONDAY = "2026-11-20T09:00:00+01:00", "2026-11-23T08:00:01+01:00"
TITLE = "*Veckans läge: särskild trygghetssatsning*"


async def test_the_week_comes_with_its_picture_and_spreadsheet_and_when_one_asks(
    sqlite_url: str, tmp_path: Path
) -> None:
    hands = tmp_path / "clock"
    hands.write_text(FRIDAY)
    async with town(sqlite_url, tmp_path, asleep=True) as asleep:
        here = replace(asleep, settings=asleep.settings.model_copy(update={"test_clock": hands}))
        async with at_work(here):
            now = clock.of(hands)()
            async with beside(here.settings, here.programme, now=now) as seeds:
                await granted(seeds, gets("socialnamnden", "operating", 2026, 300_000))
                drift = gets("kultur-och-fritidsnamnden", "operating", 2026, 700_000)
                case_id = await waiting_for_board(seeds, drift)
            assert await here.karin.told(channel=KLG) == []

            hands.write_text(MONDAY)

            week = await here.karin.sees(TITLE, channel=KLG)
            assert f"{case_id} · Kvällsöppna mötesplatser" in week
            assert "Beslutat: 1, varav bifall 1 med 300\u00a0000\u00a0kr i drift" in week
            chart, sheet = await until(lambda: _files(here), seconds=8)
            assert (chart["filetype"], sheet["filetype"]) == ("png", "xlsx")
            assert "väntar på beslut 700\u00a0000\u00a0kr" in chart["alt_txt"]
            assert chart["alt_txt"] in await _page(here, await _week(here))

            await here.sandbox.command("U0SARA", "/trygghet", "digest")
            assert "Bara du ser det här." in await here.sara.sees(TITLE)
            await here.sandbox.command("U0ANNA", "/trygghet", "digest")
            await here.anna.sees("för dem som svarar för satsningen")
            await here.anna.sees_nothing_of("Veckans läge")

        async with at_work(here):  # a restart says nothing twice
            await here.quiet()
            told = await here.karin.told(channel=KLG)
            assert sum(TITLE in one for one in told) == 1


async def _week(here: Town) -> str:
    """The timestamp of the week's message."""
    found = [m for m in await here.karin.messages(channel=KLG) if TITLE in said(m)]
    return str(found[-1]["ts"])


async def _files(here: Town) -> list[dict[str, Any]]:
    replies = await here.karin.messages(channel=KLG, thread=await _week(here))
    return [file for reply in replies for file in reply.get("files") or ()]


async def _page(here: Town, ts: str) -> str:
    """What Karin's browser gets when she opens the thread."""
    url = f"{here.sandbox.url}/as/U0KARIN/{KLG}?thread={ts}"
    async with aiohttp.ClientSession() as session, session.get(url) as answer:
        return await answer.text()
