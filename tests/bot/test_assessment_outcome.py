"""How an assessment ends: by the rule, by jäv, by the convener; and who is told."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.acts import assessment
from bot.ids import TAKE_FORWARD
from flows.case import State
from flows.decided import Reason
from flows.errors import InvalidAnswer, NotAllowed, Stale
from flows.events import Stage
from storage import drafts
from tests.bot.klg import (
    KLG,
    card,
    press,
    thread,
)
from tests.bot.town import GUEST, KARIN, LARS, MIRA, NILS, SARA, Town, buttons, texts_of, town
from tests.flows.filled import ANNA

WHY = {"reason": "Målet går inte att mäta.", "questions": ("goal",)}


@pytest.fixture
async def here(database_url: str, tmp_path: Path) -> AsyncIterator[Town]:
    async with town(database_url, tmp_path) as made:
        yield made


@pytest.mark.requirement("R000-19")
async def test_the_outcome_takes_the_buttons_away_and_opens_points_2_to_4(here: Town):
    case_id = await here.submitted(stage=Stage.PROPOSAL)
    assert buttons((await card(here))["blocks"])
    await here.assess(case_id, "in_line", KARIN, LARS, NILS)
    now = await card(here)

    assert (await here.case(case_id)).state is State.SUPPLEMENT
    assert buttons(now["blocks"]) == []
    assert "*Utfall: I linje med den politiska viljan* (3 av 4)" in now["text"]
    assert now["text"].startswith("*Väntar på socialförvaltningen*, som skriver punkt 2–4.")
    assert "*Utfall: I linje med den politiska viljan.* 3 av 4 är eniga." in await thread(here)
    assert any("punkt 2" in said for said in await here.said(ANNA))
    with pytest.raises(Stale, match="over"):
        await here.assess(case_id, "in_line", MIRA)


@pytest.mark.requirement("R000-5")
async def test_a_recommended_case_is_routed_at_once_and_not_decided(here: Town):
    case_id = await here.submitted()
    await here.assess(case_id, "recommend", KARIN, LARS, NILS)
    now = await card(here)

    case = await here.case(case_id)
    assert case.state is State.COUNCIL_REVIEW  # the example is a new activity
    assert case.decision is None
    assert now["text"].startswith("*Väntar på avdelningen Trygghet och säkerhet*, som tar reda på")
    assert "Först prövas om kommunfullmäktige ska besluta" in now["text"]
    assert any("Ny eller principiell verksamhet" in said for said in await here.said(SARA))


async def test_after_avstyrk_the_secretary_alone_can_take_it_forward(here: Town):
    case_id = await here.submitted()
    await here.assess(case_id, "advise_against", KARIN, LARS, NILS, reason="För dyrt.")
    asked = [row for row in await here.owed("post") if row["lane"] == "U0SARA"][-1]
    assert [button["action_id"] for button in buttons(asked["blocks"])] == [TAKE_FORWARD]

    why = {"reason": "Nyttan för kommunen är större."}
    for by in (KARIN, ANNA, GUEST):
        with pytest.raises(NotAllowed):
            await press(here, assessment.take_forward, case_id, by, **why)
    with pytest.raises(InvalidAnswer, match="reason_missing"):
        await press(here, assessment.take_forward, case_id, SARA, reason=" ")
    await press(here, assessment.take_forward, case_id, SARA, **why)
    with pytest.raises(Stale):
        await press(here, assessment.take_forward, case_id, SARA, **why)

    case = await here.case(case_id)
    assert case.state is State.COUNCIL_REVIEW
    assert case.route is not None
    assert case.route.reasons[-1].code is Reason.ADVISED_AGAINST
    said = "*Sara Wik* har tagit ansökan vidare till beslut.\nNyttan för kommunen är större."
    assert (await thread(here)).count(said) == 1
    told = [texts_of(row["blocks"]) for row in await here.owed("post") if row["lane"] == "U0ANNA"]
    assert "Nyttan för kommunen är större." in told[-1]
    now = [row for row in await here.owed("update") if row["refers_to"] == asked["id"]][-1]
    assert buttons(now["blocks"]) == []
    assert now["text"].startswith("*Väntar på dig*, som tar reda på")


async def test_jav_recounts_the_vote_and_is_said_without_a_reason(here: Town):
    case_id = await here.submitted()
    await here.assess(case_id, "recommend", KARIN, LARS)
    await press(here, assessment.disqualify, case_id, NILS)

    assert (await here.case(case_id)).state is State.COUNCIL_REVIEW
    assert "*Nils Åkerman* är jävig och deltar inte." in await thread(here)
    now = (await card(here))["text"]
    assert "*Jävig, deltar inte:* Nils Åkerman" in now
    assert "(2 av 3)" in now


async def test_when_all_have_answered_without_an_outcome_the_convener_is_asked(here: Town):
    case_id = await here.submitted()
    await here.assess(case_id, "recommend", KARIN, LARS)
    await here.assess(case_id, "advise_against", MIRA, reason="Nej.")
    assert not any("Bedömningen behöver avslutas" in said for said in await here.said(KARIN))
    await here.assess(case_id, "advise_against", NILS, reason="Nej.")

    assert (await card(here))["text"].startswith("*Väntar på Karin Holm.* Alla som kan svara")
    asked = [s for s in await here.said(KARIN) if "Bedömningen behöver avslutas" in s]
    assert len(asked) == 1
    await press(
        here, assessment.close, case_id, KARIN, outcome="recommend", reason="Två av fyra räcker."
    )

    outcome = (await here.case(case_id)).outcome
    assert outcome is not None
    assert (outcome.rule, outcome.votes, outcome.eligible) == ("convener", 2, 4)
    said = (await thread(here))[-2]  # the last one says who decides
    assert said == (
        "*Utfall: KLG tillstyrker.* Karin Holm avslutade bedömningen.\nTvå av fyra räcker."
    )
    assert "(avslutat av Karin Holm, 2 av 4)" in (await card(here))["text"]


@pytest.mark.parametrize("by", [LARS, SARA, ANNA])
async def test_nobody_else_ends_an_assessment(here: Town, by: str):
    case_id = await here.submitted()
    with pytest.raises(NotAllowed):
        await press(here, assessment.close, case_id, by, outcome="recommend", reason="Jo.")


async def test_when_nobody_is_left_the_convener_and_the_secretary_are_told(here: Town):
    case_id = await here.submitted()
    for member in KLG:
        await press(here, assessment.disqualify, case_id, member)

    for person in (KARIN, SARA):
        assert "Ingen i KLG Trygghet och säkerhet kan delta" in (await here.said(person))[-1]
    assert (await card(here))["text"].startswith("*Väntar på Sara Wik.* Ingen i KLG")
    await press(
        here, assessment.close, case_id, SARA, outcome="advise_against", reason="Alla är jäviga."
    )
    assert (await here.case(case_id)).state is State.ADVISED_AGAINST


async def test_exactly_what_was_asked_for_reopens_also_what_the_closer_names(here: Town):
    case_id = await here.submitted()
    await here.assess(case_id, "complete", LARS, **WHY)
    await press(
        here,
        assessment.close,
        case_id,
        KARIN,
        outcome="complete",
        reason="Vi behöver veta mer.",
        questions=("what", "analysis"),
    )
    told = [row for row in await here.owed("post") if row["lane"] == "U0ANNA"][-1]

    draft = await here.perform.read(lambda db: drafts.of_case(db, case_id))
    assert draft is not None
    assert draft.reopened == ("analysis", "goal", "what")
    assert "Målet går inte att mäta." in texts_of(told["blocks"])
    assert texts_of(told["blocks"]).count("Vi behöver veta mer.") == 1
