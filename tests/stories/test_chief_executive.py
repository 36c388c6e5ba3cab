"""From KLG's yes to the chief executive's, for less than what was asked: through the front door."""

from datetime import timedelta
from pathlib import Path

import pytest

from bot import clock
from flows.events import Stage
from tests.bot import town as quiet_town
from tests.bot.decided import KJELL, gets
from tests.bot.handed_in import costing
from tests.people import KLG, Person, Town, said, town
from tests.waiting import until

YEAR = 2026
ASKED = (
    gets("socialnamnden", "operating", YEAR, 400_000),
    gets("kultur-och-fritidsnamnden", "investment", YEAR, 150_000),
)


async def a_case_before_klg(sqlite_url: str, folder: Path) -> None:
    """Handed in and its documents made, before the bot starts."""
    async with quiet_town.town(sqlite_url, folder) as before:
        before.now = clock.now() - timedelta(hours=1)
        given = costing(before.office.programme, ASKED)
        await before.submit(await before.draft(given, stage=Stage.APPLICATION))
        await before.work()


@pytest.mark.requirement("R000-6", "R000-8", "R000-9")
async def test_klg_recommends_and_the_chief_executive_grants_less(
    sqlite_url: str, tmp_path: Path
) -> None:
    await a_case_before_klg(sqlite_url, tmp_path)
    async with town(sqlite_url, tmp_path) as here:
        kjell = Person(here, KJELL.partition(":")[2])
        await here.karin.sees("Väntar på KLG", channel=KLG)
        for member in (here.karin, here.lars, here.nils):
            await member.presses("Tillstyrk", channel=KLG)
        await here.karin.sees("Väntar på kommundirektören", channel=KLG)

        await she_has_the_whole_basis(kjell)
        await nobody_else_decides(here)
        await she_grants_less(kjell)

        for person in (here.anna, here.sara):
            told = plain(await person.sees("Beviljat 400\u00a0000\u00a0kr"))
            assert "D 2026-0001" in told
            assert "Beviljat 400 000 kr av sökta 550 000 kr: 150 000 kr mindre." in told
            assert "Anläggningen får vänta." in told
        card = plain(await here.karin.sees("Ansökan har fått bifall", channel=KLG))
        assert "Kommundirektör Kjell Norén" in card
        assert "Kultur- och fritidsnämnden".lower() in card
        assert "Bifall" not in [control["label"] for control in await kjell.controls()]


async def she_has_the_whole_basis(kjell: Person) -> None:
    told = plain(await kjell.sees("Väntar på ditt beslut"))
    for words in (
        "Kommundirektören får besluta",
        "Ryms i taket för drift 2026",
        "KLG tillstyrker* (3 av 4)",
        "Drift 2026. Om detta bifalls är kvar:* 1 600 000 kr av taket och 9 600 000 kr av årets",
        "Investering 2026. Om detta bifalls är kvar:* 2 350 000 kr av taket och 19 850 000 kr av",
    ):
        assert words in told
    assert await until(lambda: files_in_thread(kjell)) == ["Ansökan 2026-0001 version 1.pdf"]


async def files_in_thread(kjell: Person) -> list[str]:
    message = next(m for m in await kjell.messages() if "Väntar på ditt beslut" in said(m))
    thread = await kjell.messages(thread=message["ts"])
    return [file["name"] for reply in thread for file in reply["files"] or ()]


async def nobody_else_decides(here: Town) -> None:
    """The secretary has no button; were she to forge the press, it would be refused."""
    labels = [control["label"] for control in await here.sara.controls()]
    assert "Bifall" not in labels


async def she_grants_less(kjell: Person) -> None:
    await kjell.presses("Bifall")
    view = await kjell.modal()
    assert view is not None
    inputs = {b["block_id"]: b["element"] for b in view["blocks"] if b["type"] == "input"}
    assert plain(inputs["amount_0"]["initial_value"]) == "400 000 kr"
    more = await kjell.fills(
        {"amount_0": "400 tkr", "amount_1": "151 tkr", "reason": "Anläggningen får vänta."}
    )
    assert "Högst 150" in plain(more["errors"]["amount_1"])
    await kjell.fills({"amount_0": "400 tkr", "amount_1": "0", "reason": "Anläggningen får vänta."})

    assert await kjell.modal() is None
    now = plain(await kjell.sees("(sökt 150\u00a0000\u00a0kr)"))
    assert "D 2026-0001" in now
    assert "investering 2026, 0 kr (sökt 150 000 kr)" in now


def plain(text: str) -> str:
    return text.replace("\u00a0", " ")
