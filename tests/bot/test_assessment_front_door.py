"""KLG's card as its members meet it: buttons and modals in the local Slack, the whole bot behind."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from bot import clock
from flows.events import Stage
from tests import people
from tests.bot import town as quiet_town
from tests.flows.filled import values
from tests.people import KLG, Town
from tests.waiting import until

RECOMMEND, COMPLETE, AGAINST = "Tillstyrk", "Begär komplettering", "Avstyrk"
WHY = "Målet går inte att mäta."


@pytest.fixture
async def here(sqlite_url: str, tmp_path: Path) -> AsyncIterator[Town]:
    """A case before KLG: handed in and its documents made, before the bot starts."""
    async with quiet_town.town(sqlite_url, tmp_path) as before:
        before.now = clock.now() - timedelta(hours=1)
        draft = await before.draft(values(), stage=Stage.APPLICATION)
        await before.submit(draft)
        await before.work()
    async with people.town(sqlite_url, tmp_path) as started:
        await started.karin.sees("Väntar på KLG", channel=KLG)
        await until(lambda: files_in_thread(started))
        yield started


async def card(here: Town) -> dict[str, Any]:
    """The card as Karin sees it."""
    seen = await here.karin.messages(channel=KLG)
    return next(m for m in seen if "2026-0001" in m["text"] and m["user"] == people.BOT)


async def thread(here: Town) -> list[dict[str, Any]]:
    return await here.karin.messages(channel=KLG, thread=(await card(here))["ts"])


async def files_in_thread(here: Town) -> list[str]:
    return [file["name"] for message in await thread(here) for file in message["files"] or ()]


async def whispers(here: Town, person: str) -> list[str]:
    """What only this person sees in the channel."""
    seen = await here.sandbox.messages(person, channel=KLG)
    return [message["text"] for message in seen if message.get("ephemeral")]


async def test_the_documents_stand_in_the_cards_thread(here: Town):
    assert await files_in_thread(here) == [
        "Ansökan 2026-0001 version 1.pdf",
        "Ansökan 2026-0001 version 1.docx",
    ]


@pytest.mark.requirement("R000-17")
async def test_a_reason_is_written_in_a_modal_and_lands_in_the_thread(here: Town):
    await here.lars.presses(COMPLETE, channel=KLG)
    empty = await here.lars.fills({"reason": "", "questions": []})
    assert set(empty["client_errors"]) == {"reason", "questions"}
    secret = await here.lars.fills({"reason": "Gäller 850709-9805.", "questions": ["goal"]})
    assert "personnummer" in secret["errors"]["reason"].lower()
    assert (await here.lars.modal()) is not None  # nothing she wrote is lost
    await here.lars.fills({"reason": WHY, "questions": ["goal"]})

    assert await here.lars.modal() is None
    last = (await thread(here))[-1]
    assert last["text"] == f"*Lars Berg*: Begär komplettering. Gäller Mål.\n{WHY}"
    await here.karin.sees("*Begär komplettering (1):* Lars Berg", channel=KLG)


async def test_she_can_change_her_mind_and_the_words_she_wrote(here: Town):
    await here.lars.presses(COMPLETE, channel=KLG)
    await here.lars.fills({"reason": WHY, "questions": ["goal", "what"]})
    await here.lars.presses(COMPLETE, channel=KLG)
    view = await here.lars.modal()
    assert view is not None
    inputs = {b["block_id"]: b["element"] for b in view["blocks"] if b["type"] == "input"}
    assert inputs["reason"]["initial_value"] == WHY
    assert [o["value"] for o in inputs["questions"]["initial_options"]] == ["what", "goal"]
    await here.sandbox.close("U0LARS", view["id"])
    await here.lars.presses(RECOMMEND, channel=KLG)

    await here.karin.sees("*Tillstyrker (1):* Lars Berg", channel=KLG)
    assert "*Lars Berg* ändrar sig: Tillstyrker." in [m["text"] for m in await thread(here)]


@pytest.mark.requirement("R000-4")
@pytest.mark.parametrize("person", ["U0ALVA", "U0GUEST", "U0SARA"])
async def test_others_in_the_channel_are_told_in_private_that_they_cannot(here: Town, person: str):
    before = (await card(here))["text"]
    for label in (RECOMMEND, AGAINST, "Jag är jävig", "Avsluta bedömningen"):
        await people.Person(here, person).presses(label, channel=KLG)

    told = await whispers(here, person)
    assert len(told) == 4
    assert all(text.endswith("Ingenting har ändrats.") for text in told)
    assert await whispers(here, "U0KARIN") == []
    assert (await card(here))["text"] == before
    assert await people.Person(here, person).modal() is None


async def test_pressed_twice_it_counts_once(here: Town):
    await here.sandbox.faults(deliver_twice=2)
    await here.lars.presses(RECOMMEND, channel=KLG)
    await here.lars.presses(RECOMMEND, channel=KLG)

    said = [m["text"] for m in await thread(here)]
    assert said.count("*Lars Berg*: Tillstyrker.") == 1


@pytest.mark.requirement("R000-18")
async def test_three_of_four_make_an_outcome_and_the_buttons_are_gone(here: Town):
    for member in (here.karin, here.lars):
        await member.presses(RECOMMEND, channel=KLG)
    await here.nils.presses("Jag är jävig", channel=KLG)
    await here.karin.sees("*Utfall: KLG tillstyrker* (2 av 3)", channel=KLG)
    now = await card(here)

    assert now["text"].startswith("*Väntar på avdelningen Trygghet och säkerhet*")
    assert not [block for block in now["blocks"] if block["type"] == "actions"]
    await here.sara.sees(
        "*Väntar på granskning* av om kommunfullmäktige behöver besluta",
        "*Ny eller principiell verksamhet*, enligt ansökan.",
    )

    async def routed() -> list[str]:
        said = [m["text"] for m in await thread(here)]
        return said if said[-1].startswith("*Först prövas om kommunfullmäktige ska besl") else []

    assert (await until(routed))[-3:-1] == [
        "*Nils Åkerman* är jävig och deltar inte.",
        "*Utfall: KLG tillstyrker.* 2 av 3 är eniga.",
    ]


async def test_the_convener_ends_what_the_rule_has_not(here: Town):
    for member in (here.karin, here.lars):
        await member.presses(RECOMMEND, channel=KLG)
    for member in (here.mira, here.nils):
        await member.presses(AGAINST, channel=KLG)
        await member.fills({"reason": "Dyrt."})
    await here.karin.sees("Bedömningen behöver avslutas")
    await here.lars.presses("Avsluta bedömningen", channel=KLG)
    assert await here.lars.modal() is None
    await here.karin.presses("Avsluta bedömningen")  # in her direct message
    wrong = await here.karin.fills({"outcome": "complete", "reason": "Vi vet för lite."})
    assert "fråga" in wrong["errors"]["questions"]
    await here.karin.fills({"outcome": "recommend", "reason": "Två av fyra räcker."})

    await here.karin.sees("avslutat av Karin Holm, 2 av 4", channel=KLG)


async def test_the_secretary_takes_forward_what_klg_advised_against(here: Town):
    for member in (here.karin, here.lars, here.mira):
        await member.presses(AGAINST, channel=KLG)
        await member.fills({"reason": "Dyrt."})
    await here.sara.sees("Du kan ta ansökan vidare")
    await here.sara.presses("Ta vidare till beslut")
    await here.sara.fills({"reason": "Nyttan är större."})

    await here.sara.sees("*Väntar på dig*, som tar reda på om kommunfullmäktige ska besluta.")
    await here.karin.sees("Väntar på avdelningen Trygghet och säkerhet", channel=KLG)
    await here.anna.sees("Nyttan är större.")
    labels = [control["label"] for control in await here.sara.controls()]
    assert "Ta vidare till beslut" not in labels


async def test_when_a_member_leaves_the_card_says_who_is_left(here: Town):
    for member in (here.karin, here.lars):
        await member.presses(RECOMMEND, channel=KLG)
    await here.sandbox.do("person", person="U0NILS", deleted=True)
    await here.karin.sees("*Utfall: KLG tillstyrker* (2 av 3)", channel=KLG)

    assert "Nils" not in (await card(here))["text"]
