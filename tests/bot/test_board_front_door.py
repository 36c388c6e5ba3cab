"""The political route as the secretary meets it: messages, modals upon modals, the whole bot behind."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from bot import clock
from bot.acts import board
from flows.dates import local_day
from tests import people
from tests.bot import town as quiet_town
from tests.bot.decided import gets, waiting_for_drafting_committee
from tests.people import KLG, Town

TFN = "teknik-och-fastighetsnamnden"
TODAY = local_day(clock.now()).isoformat()
SIX_MILLION = (gets(TFN, "investment", 2026, 4_000_000), gets(TFN, "investment", 2027, 2_000_000))


@pytest.fixture
async def here(sqlite_url: str, tmp_path: Path) -> AsyncIterator[Town]:
    """A case that came to Trygghetsberedningen three days ago, before the bot started."""
    async with quiet_town.town(sqlite_url, tmp_path) as before:
        before.now = clock.now() - timedelta(days=3)
        case_id = await waiting_for_drafting_committee(before, *SIX_MILLION, title="Belysning")
        case = await before.case(case_id)
        await before.act(lambda tx: board.arrived(tx, before.office, case_id, case))
    async with people.town(sqlite_url, tmp_path) as started:
        await started.sara.sees("Väntar på Trygghetsberedningen")
        yield started


def filled_in(view: dict[str, Any] | None) -> dict[str, str]:
    assert view is not None
    return {
        block["block_id"]: block["element"].get("initial_value", "")
        for block in view["blocks"]
        if block["type"] == "input"
    }


async def proposes(here: Town) -> None:
    await here.sara.presses("Anteckna beredningens förslag")
    await here.sara.fills({"position": "proposes", "day": TODAY})
    await here.sara.sees("Väntar på kommunstyrelsen")


@pytest.mark.requirement("R000-41", "R000-45")
async def test_from_the_proposal_to_the_end_of_the_appeal_time(here: Town):
    await proposes(here)
    await here.sara.presses("Anteckna kommunstyrelsens beslut")
    first = await here.sara.fills(
        {"verdict": "granted", "day": TODAY, "paragraph": "22", "dnr": "KS 2026/66"}
    )
    assert first["response_action"] == "push"
    shown = filled_in(await here.sara.modal())
    assert (shown["payment:2026"], shown["total_estimate"]) == (
        "4\u00a0000\u00a0000\u00a0kr",
        "6\u00a0000\u00a0000\u00a0kr",
    )
    wrong = await here.sara.fills({"total_estimate": "5 mkr", "not_participating": "Bo Alm (M)"})
    assert "6\u00a0000\u00a0000\u00a0kr beviljas" in wrong["errors"]["total_estimate"]
    done = await here.sara.fills({"total_estimate": "6 mkr", "not_participating": "Bo Alm (M)"})
    assert done["response_action"] == "clear"
    assert await here.sara.modal() is None

    await here.anna.sees("har fått bifall")
    await here.karin.sees("Bifall: 2026-0001", channel=KLG)
    await here.sara.presses("Ange justering och anslag")
    await here.sara.fills({"verified": TODAY, "announced": TODAY})
    await here.sara.sees("Tiden för överklagande går ut den")
    labels = {control["label"] for control in await here.sara.controls()}
    assert "Ange justering och anslag" in labels  # the days can be mended
    assert not [one for one in labels if one.startswith(("Anteckna", "Skriv"))]


async def test_she_can_go_back_from_the_second_step_to_the_first(here: Town):
    await proposes(here)
    await here.sara.presses("Anteckna kommunstyrelsens beslut")
    meeting = {"verdict": "granted", "day": TODAY, "paragraph": "22", "dnr": "KS 2026/66"}
    await here.sara.fills(meeting)
    second = await here.sara.modal()
    assert second is not None
    await here.sandbox.close("U0SARA", second["id"])
    await here.sara.fills(meeting | {"verdict": "remitted"})
    await here.sara.fills({"reason": "Kalkylen behöver ses över."})

    await here.anna.sees("Kalkylen behöver ses över.")
    await here.anna.sees("är återremitterad")


async def test_the_tjansteskrivelse_is_written_and_comes_as_a_document(here: Town):
    await here.sara.presses("Skriv tjänsteskrivelse")
    await here.sara.fills({"mbl": "not_required", "children": "Barn får en tryggare väg hem."})

    await here.sara.sees("Tjänsteskrivelsen är sparad")
