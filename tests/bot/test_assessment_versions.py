"""Presses at once, twice and too late, and what a new version does to the votes."""

import asyncio
from collections.abc import AsyncIterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from bot.acts import assessment
from bot.perform import Gesture, Repeated
from flows.case import State
from flows.errors import FlowError
from flows.events import OutcomeReached, Stage
from tests.bot.klg import (
    ALVA,
    KLG,
    again,
    card,
    closes_account,
    sent,
    thread,
    value,
)
from tests.bot.town import KARIN, LARS, NILS, Town, buttons, town
from tests.flows.filled import values


@pytest.fixture
async def here(database_url: str, tmp_path: Path) -> AsyncIterator[Town]:
    async with town(database_url, tmp_path) as made:
        yield made


@pytest.mark.requirement("R000-4")
async def test_members_who_press_at_once_are_all_heard_and_it_ends_once(here: Town):
    case_id = await here.submitted()
    seen = await value(here, case_id, "recommend")

    async def one(by: str) -> None:
        act = partial(assessment.assess, office=here.office, value=seen, by=by)
        await here.perform(Gesture(f"press:{by}", by), act)

    done = await asyncio.gather(*map(one, KLG), return_exceptions=True)
    events = await here.events(case_id)

    assert [type(r).__name__ for r in done if r is not None] == ["Stale"]
    assert sum(isinstance(event, OutcomeReached) for event in events) == 1
    assert len((await here.case(case_id)).opinions) == 3


async def test_a_press_twice_at_once_has_one_effect(here: Town):
    case_id = await here.submitted()
    seen = await value(here, case_id, "recommend")
    act = partial(assessment.assess, office=here.office, value=seen, by=LARS)

    same = await asyncio.gather(
        *(here.perform(Gesture("press:1", LARS), act) for _ in range(2)), return_exceptions=True
    )
    await here.perform(Gesture("press:2", LARS), act)  # again, by another press

    assert [type(r).__name__ for r in same if r is not None] == [Repeated.__name__]
    assert [event.kind for event in await here.events(case_id)].count("assessed") == 1
    assert await thread(here) == ["*Lars Berg*: Tillstyrker."]


async def test_a_press_on_an_old_card_shows_the_card_as_it_is_and_changes_nothing(here: Town):
    draft = await here.draft(values())
    case_id = await here.submit(draft)
    await here.work()
    old = await value(here, case_id, "recommend")
    await here.change(draft, values() | {"goal": "Ett annat mål."})
    await here.submit(draft)
    await here.work()
    before, updates = await here.events(case_id), len(await here.owed("update"))
    await sent(here)

    refusal = await here.perform(
        Gesture("press:old", LARS),
        partial(assessment.assess, office=here.office, value=old, by=LARS),
        refused=partial(assessment.refused, office=here.office, value=old),
    )

    assert isinstance(refusal, FlowError)
    assert refusal.key == "refusals.assessment.old_version"
    assert await here.events(case_id) == before
    assert len(await here.owed("update")) == updates + 1


async def test_a_material_change_voids_the_votes_and_the_thread_says_what_changed(here: Town):
    draft = await here.draft(values())
    case_id = await here.submit(draft)
    await here.work()
    await here.assess(case_id, "recommend", KARIN, LARS)
    await again(here, draft, goal="Ett annat mål.")

    assert (await here.case(case_id)).opinions == {}
    now = (await card(here))["text"]
    assert "*Sedan version 1:* ändrat Mål. Bedömningen börjar om." in now
    upload = [row for row in await here.owed("upload") if row["lane"] == "C0KLG"][-1]
    assert "Handlingar till version 2.\n*Sedan version 1:* ändrat Mål." in upload["text"]
    assert {file["name"].rpartition(".")[2] for file in upload["files"]} == {"pdf", "docx"}


async def test_an_immaterial_change_lets_the_votes_stand_and_the_card_says_so(here: Town):
    draft = await here.draft(values())
    case_id = await here.submit(draft)
    await here.work()
    await here.assess(case_id, "recommend", KARIN, LARS)
    await again(here, draft, contact="Anna Ek, 070-999 88 77")
    now = (await card(here))["text"]

    assert "*Tillstyrker (2):* Karin Holm, Lars Berg" in now
    assert "ändrat Kontakt" in now
    assert "Lämnade bedömningar står kvar." in now
    await here.assess(case_id, "recommend", NILS)
    assert (await here.case(case_id)).state is State.COUNCIL_REVIEW


async def test_a_dnr_given_later_issues_the_version_again_and_the_votes_stand(here: Town):
    case_id = await here.submitted()
    await here.assess(case_id, "recommend", KARIN, LARS)
    first = (await here.stored(case_id))[0].sha256
    await here.give_dnr(case_id, "KS 2026/123")
    await here.work()
    now = (await card(here))["text"]

    assert "*Tillstyrker (2):* Karin Holm, Lars Berg" in now
    assert "KS 2026/123" in now
    second = (await here.stored(case_id))[0].sha256
    assert second != first
    assert second[:8] in now
    upload = [row for row in await here.owed("upload") if row["lane"] == "C0KLG"][-1]
    assert "ny utgåva, nu med dnr KS 2026/123" in upload["text"]


async def test_the_application_has_a_card_of_its_own_and_the_proposals_points_to_it(here: Town):
    draft = await here.draft(values(), stage=Stage.PROPOSAL)
    case_id = await here.submit(draft)
    await here.work()
    await here.assess(case_id, "in_line", KARIN, LARS, NILS)
    await again(here, draft)
    cards = [r for r in await here.owed("post") if r["lane"] == "C0KLG" and r["refers_to"] is None]
    [old] = [r for r in await here.owed("update") if r["refers_to"] == cards[0]["id"]][-1:]

    assert len(cards) == 2
    assert old["text"].startswith("*Väntar inte på något här.*")
    assert "*Utfall: I linje med den politiska viljan* (3 av 4)" in old["text"]
    assert buttons(old["blocks"]) == []
    assert cards[1]["text"].startswith("*Väntar på KLG Trygghet och säkerhet:* Karin Holm")


async def test_a_member_who_leaves_can_make_those_who_stay_enough(here: Town):
    case_id = await here.submitted()
    await here.assess(case_id, "recommend", KARIN, LARS)
    await closes_account(here, NILS)
    outcome = (await here.case(case_id)).outcome

    assert outcome is not None
    assert (outcome.votes, outcome.eligible, outcome.by) == (2, 3, "T0SANDBOX:U0BOT")


async def test_what_waits_for_a_member_is_what_she_has_not_answered(here: Town):
    first, second = await here.submitted(), await here.submitted()
    await here.assess(first, "recommend", LARS)

    def waits(person: str) -> Any:
        return here.perform.read(
            lambda db: [row.id for row in assessment.waits_for(db, here.office, person)]
        )

    assert await waits(LARS) == [second]
    assert await waits(KARIN) == [first, second]
    assert await waits(ALVA) == []
