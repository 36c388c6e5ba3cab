"""A report is owed until it is handed in whole, and can be changed until KLG has received it."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.acts import reporting
from flows.follow_up import DueState
from storage import drafts
from tests.bot.desk import ANNA, OMAR, Desk, desk
from tests.bot.report_asked import APRIL, asked
from tests.bot.reports import (
    TITLE,
    answer,
    day,
    draft_of,
    hand_in,
    planned,
    receive,
    state_of,
)


@pytest.fixture
async def here(sqlite_url: str, tmp_path: Path) -> AsyncIterator[Desk]:
    async with desk(sqlite_url, tmp_path) as found:
        yield found


async def test_what_is_secret_empties_the_report_which_is_still_owed(here: Desk) -> None:
    case_id = await asked(here)
    await answer(here.town, case_id, APRIL)
    draft_id = await draft_of(here.town, case_id, APRIL)
    await here.town.act(lambda tx: drafts.forget(tx.db, draft_id, keys=["report_secrecy"]))
    await here.presses(ANNA, "Börja")
    await here.presses(ANNA, "Ja, människor går att känna igen")

    assert "Rapporten väntar fortfarande" in await here.last(ANNA)
    assert await here.stored(draft_id) == {}
    assert await state_of(here.town, case_id, APRIL) is DueState.ASKED
    await here.says(ANNA, "fortsätt")
    assert "Rör rapporten något som är hemligt" in await here.last(ANNA)


async def test_an_identity_number_is_never_kept(here: Desk) -> None:
    case_id = await asked(here)
    await here.presses(ANNA, "Börja")
    await here.presses(ANNA, "Nej, inget av det")
    await here.presses(ANNA, "Försenad")
    await here.says(ANNA, "Vi hjälpte 850709-9805.")

    assert "ser ut som ett personnummer" in await here.last(ANNA)
    assert "done" not in await here.stored(await draft_of(here.town, case_id, APRIL))


async def test_a_report_is_owed_and_cannot_be_left(here: Desk) -> None:
    await asked(here)
    await here.presses(ANNA, "Börja")
    await here.says(ANNA, "avbryt")

    assert "Rapporten behövs, så den går inte att avbryta." in await here.last(ANNA)
    await here.says(ANNA, "pausa")
    assert "Pausat." in await here.last(ANNA)


async def test_what_is_said_in_a_report_does_not_call_it_an_application(here: Desk) -> None:
    await asked(here)
    await here.presses(ANNA, "Börja")
    await here.says(ANNA, "hjälp")
    await here.says(ANNA, "visa")
    await here.says(ANNA, "pausa")
    await here.says(ANNA, "fortsätt")
    await here.says(ANNA, "avbryt")

    assert "nsökan" not in "\n".join((await here.told(ANNA))[-6:])


async def test_an_incomplete_report_is_not_handed_in(here: Desk) -> None:
    case_id = await asked(here)
    draft_id = await answer(here.town, case_id, APRIL)
    await here.presses(ANNA, "Börja")
    await here.town.act(lambda tx: drafts.forget(tx.db, draft_id, keys=["results", "forecast"]))
    await here.presses(ANNA, "Skicka in")

    said = await here.last(ANNA)
    assert "• Resultat: frågan är inte besvarad." in said
    assert "• Prognos för helåret: frågan är inte besvarad." in said
    assert (await here.town.case(case_id)).reports == ()


async def test_a_report_can_be_changed_until_klg_has_received_it(here: Desk) -> None:
    case_id = await asked(here)
    await hand_in(here.town, case_id, APRIL)
    await here.presses(ANNA, "Visa svaren")
    assert await here.presses(ANNA, "Ändra", nth=-1) is None
    await here.says(ANNA, "62 % i november.")
    assert await here.presses(ANNA, "Skicka in") is None
    await here.town.work()
    versions = [one.version for one in (await here.town.case(case_id)).reports]
    assert versions == [1, 2]

    await receive(here.town, case_id, APRIL)
    await here.presses(ANNA, "Visa svaren")
    refused = await here.presses(ANNA, "Ändra", nth=-1) if await _can_change(here) else "shut"
    assert refused is not None


async def _can_change(here: Desk) -> bool:
    newest = (await here.messages(ANNA))[-1]
    return any(
        c["label"] == "Ändra" and c["message"] == newest["id"] for c in await here.controls(ANNA)
    )


async def test_nothing_is_handed_in_again_unchanged(here: Desk) -> None:
    case_id = await asked(here)
    await hand_in(here.town, case_id, APRIL)
    draft_id = await draft_of(here.town, case_id, APRIL)
    await here.town.act(lambda tx: drafts.change(tx.db, draft_id, state=drafts.OPEN))
    await here.says(ANNA, "visa")

    refused = await here.presses(ANNA, "Skicka in")

    assert refused is not None
    assert "Inget har ändrats sedan version 1" in refused


async def test_what_waits_for_a_person_has_a_line_and_a_button_each(here: Desk) -> None:
    await planned(here.town)
    await day(here.town, "2027-05-03")
    text, blocks = await here.town.perform.read(
        lambda db: reporting.mine(db, here.town.office, ANNA)
    )
    nothing, _ = await here.town.perform.read(lambda db: reporting.mine(db, here.town.office, OMAR))

    assert text.splitlines() == [
        "*2 rapporter väntar på dig*",
        f"{TITLE}, årsbokslut 2026: senast 25 januari 2027",
        f"{TITLE}, utökad uppföljning per april 2027: senast 24 maj 2027",
    ]
    assert [b["accessory"]["text"]["text"] for b in blocks if "accessory" in b] == ["Börja"] * 2
    assert nothing == "Ingen rapport väntar på dig."


async def test_the_application_of_a_case_is_not_taken_for_one_of_its_reports(here: Desk) -> None:
    case_id = await asked(here)
    found = await here.town.perform.read(lambda db: drafts.of_case(db, case_id))

    assert found is not None
    assert found.form == drafts.APPLICATION
