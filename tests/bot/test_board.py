"""Kommunfullmäktige's review and Trygghetsberedningen's proposal as the secretary records them."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.acts import board
from bot.ids import Value
from flows.case import State
from flows.decided import CouncilReviewed, MinutesAnnounced, Proposed
from tests.bot.decided import (
    JONAS,
    gets,
    granted,
    waiting_for_board,
    waiting_for_council_review,
    waiting_for_drafting_committee,
)
from tests.bot.klg import thread
from tests.bot.secretary import AFTER, Secretary, desk
from tests.bot.town import GONE, GUEST, KARIN, LARS, MIRA, SARA, TEAM, buttons, texts_of
from tests.flows.filled import ANNA

DIRECTOR = f"{TEAM}:U0DIR"
OTHERS = [ANNA, KARIN, DIRECTOR, GUEST, GONE, "T0OTHER:U0STRANGER"]


@pytest.fixture
async def sara(sqlite_url: str, tmp_path: Path) -> AsyncIterator[Secretary]:
    async with desk(sqlite_url, tmp_path) as at_her_desk:
        yield at_her_desk


async def arrives(sara: Secretary, case_id: str) -> None:
    """Tell the secretary of a case that the test has put where it is; it is the day after a meeting."""
    case = await sara.town.case(case_id)
    await sara.town.act(lambda tx: board.arrived(tx, sara.town.office, case_id, case))
    sara.town.now = AFTER


@pytest.mark.requirement("R000-41", "R000-5", "R002-2")
async def test_a_proposal_goes_on_to_kommunstyrelsen_and_she_is_asked_for_its_decision(
    sara: Secretary,
):
    case_id = await waiting_for_drafting_committee(sara.town)
    await arrives(sara, case_id)
    assert "*Väntar på Trygghetsberedningen.*" in await sara.told()
    assert "socialnämnden: drift 2026, 400\u00a0000\u00a0kr" in await sara.told()

    await sara.presses("Anteckna beredningens förslag")
    assert await sara.sends({"position": "proposes"}) == {}

    case = await sara.town.case(case_id)
    assert case.state is State.EXECUTIVE_BOARD
    assert case.proposed is not None
    assert case.proposed.day.isoformat() == "2026-12-07"  # the planned meeting that has been
    assert (case.decision, case.granted) == (None, ())  # a proposal is no decision
    assert "*Väntar på kommunstyrelsen.*" in await sara.told()
    assert await sara.button("Anteckna kommunstyrelsens beslut")
    assert "*Trygghetsberedningen föreslår*" in (await thread(sara.town))[-1]


@pytest.mark.requirement("R000-41")
@pytest.mark.parametrize(
    ("position", "state", "told"),
    [
        ("does_not", State.REJECTED, "föreslår inte"),
        ("remits", State.REMITTED, "återremitterar"),
    ],
)
async def test_anything_else_goes_back_to_the_officers_with_the_reason(
    sara: Secretary, position: str, state: State, told: str
):
    case_id = await waiting_for_drafting_committee(sara.town)
    await arrives(sara, case_id)
    await sara.presses("Anteckna beredningens förslag")
    assert "reason" in await sara.sends({"position": position})
    assert "850709" not in str(
        await sara.sends({"position": position, "reason": "Gäller 850709-9805."})
    )
    assert await sara.sends({"position": position, "reason": "Barnperspektivet saknas."}) == {}

    case = await sara.town.case(case_id)
    assert (case.state, case.reserved) == (state, ())
    last = (await sara.town.said(ANNA))[-1]
    assert told in last
    assert "Barnperspektivet saknas." in last


async def test_what_klg_lets_through_comes_to_the_secretary_with_the_button(sara: Secretary):
    """New activity over several years: the route is kommunfullmäktige's review first."""
    case_id = await sara.town.submitted()
    await sara.town.assess(case_id, "recommend", KARIN, LARS, MIRA)

    assert (await sara.town.case(case_id)).state is State.COUNCIL_REVIEW
    assert await sara.presses("Anteckna granskningen") == ""
    assert "Anteckna granskningen" in texts_of(await sara.town.home(SARA))


async def test_a_case_of_many_amounts_still_says_what_to_do(sara: Secretary):
    committees = [one.id for one in sara.town.office.programme.committees]
    many = [gets(one, "operating", year, 1_000) for one in committees for year in range(2026, 2040)]
    await arrives(sara, await waiting_for_drafting_committee(sara.town, *many))

    (message,) = await sara.messages()
    assert "och 50 belopp till" in message["text"]
    assert "Summa 70\u00a0000\u00a0kr." in message["text"]
    assert message["text"].endswith("går ärendet till kommunstyrelsen.")


async def test_what_is_recorded_stands_in_place_of_the_button(sara: Secretary):
    case_id = await waiting_for_drafting_committee(sara.town)
    await arrives(sara, case_id)
    (asked,) = await sara.messages()
    await sara.presses("Anteckna beredningens förslag")
    await sara.sends({"position": "proposes"})

    (update,) = [u for u in await sara.town.owed("update") if u["refers_to"] == asked["id"]]
    assert "*Trygghetsberedningen föreslår*" in update["text"]
    assert buttons(update["blocks"]) == []


async def test_kommunjuristen_and_the_secretary_are_told_of_a_review(sara: Secretary):
    case_id = await waiting_for_council_review(sara.town)
    await arrives(sara, case_id)

    told = {row["lane"] for row in await sara.town.owed("post")}
    assert {"U0SARA", "U0JONAS"} <= told
    assert "*Väntar på granskning* av om kommunfullmäktige" in await sara.told()


async def test_kommunjuristen_says_that_no_decision_is_needed_and_may_say_nothing_else(
    sara: Secretary,
):
    case_id = await waiting_for_council_review(sara.town)
    await arrives(sara, case_id)
    button = await sara.button("Anteckna granskningen")
    await sara.presses(button, by=JONAS)
    forged = await sara.sends({"outcome": "stopped", "reason": "Nej."}, by=JONAS)
    assert "sekreteraren" in forged["outcome"]
    assert await sara.sends({"outcome": "not_needed", "reason": "En fortsättning."}, by=JONAS) == {}

    case = await sara.town.case(case_id)
    assert case.state is State.DRAFTING_COMMITTEE
    assert case.council is not None
    assert case.council.by == JONAS
    assert await sara.button("Anteckna beredningens förslag")


async def test_a_decision_of_kommunfullmaktige_has_day_and_paragraph(sara: Secretary):
    case_id = await waiting_for_council_review(sara.town)
    await arrives(sara, case_id)
    await sara.presses("Anteckna granskningen")
    missing = await sara.sends({"outcome": "decided"})
    assert missing.keys() == {"day", "paragraph"}
    assert "Rätta också" in missing["day"]
    filled = {"outcome": "decided", "day": "2026-12-14", "paragraph": "197"}
    assert await sara.sends(filled) == {}

    case = await sara.town.case(case_id)
    assert case.council is not None
    assert (case.council.paragraph, case.state) == ("§ 197", State.DRAFTING_COMMITTEE)


async def test_a_stopped_case_is_the_officers_again_and_reserves_nothing(sara: Secretary):
    case_id = await waiting_for_council_review(sara.town)
    await arrives(sara, case_id)
    await sara.presses("Anteckna granskningen")
    await sara.sends({"outcome": "stopped", "reason": "Fullmäktige har sagt nej."})

    case = await sara.town.case(case_id)
    assert (case.state, case.reserved) == (State.REJECTED, ())
    assert "Fullmäktige har sagt nej." in (await sara.town.said(ANNA))[-1]


@pytest.mark.parametrize("person", OTHERS)
async def test_nobody_else_can_record_what_a_body_said(sara: Secretary, person: str):
    """With a button and a modal that they have somehow got hold of."""
    first = await waiting_for_council_review(sara.town)
    second = await waiting_for_drafting_committee(sara.town)
    for case_id in (first, second):
        await arrives(sara, case_id)
    for label, filled in (
        ("Anteckna granskningen", {"outcome": "not_needed", "reason": "Ja."}),
        ("Anteckna beredningens förslag", {"position": "proposes"}),
    ):
        assert await sara.presses(label, by=person) != ""
        await sara.presses(label)
        assert len(await sara.sends(filled, by=person)) == 1

    events = [*await sara.town.events(first), *await sara.town.events(second)]
    assert not [e for e in events if isinstance(e, CouncilReviewed | Proposed)]


async def test_the_same_modal_sent_again_changes_nothing(sara: Secretary):
    case_id = await waiting_for_drafting_committee(sara.town)
    await arrives(sara, case_id)
    await sara.presses("Anteckna beredningens förslag")
    view = sara.screen.views[-1]
    await sara.sends({"position": "proposes"})
    before = await sara.town.events(case_id)

    sara.screen.views = [view]
    assert await sara.sends({"position": "proposes"}, again=True) == {"repeated": ""}
    late = await sara.sends({"position": "remits", "reason": "Nej."})
    assert "väntar inte på det här längre" in late["position"]
    assert "väntar inte" in await sara.presses("Anteckna beredningens förslag")
    assert await sara.town.events(case_id) == before


async def test_a_button_about_another_case_or_state_does_nothing(sara: Secretary):
    await arrives(sara, await waiting_for_board(sara.town))
    button = await sara.button("Anteckna kommunstyrelsens beslut")

    unknown = button | {"value": '["2026-9999","application",1,""]'}
    assert "hittar inte ärendet" in await sara.presses(unknown)
    early = await waiting_for_drafting_committee(sara.town)
    forged = button | {"value": f'["{early}","application",1,""]'}
    assert "Trygghetsberedningen har inte föreslagit" in await sara.presses(forged)


async def test_the_days_of_the_minutes_give_the_end_of_the_appeal_time(sara: Secretary):
    """Announced on Thursday 3 December: three weeks later is julafton, so Monday the 28th."""
    sara.town.now = AFTER.replace(day=2)
    case_id = await granted(sara.town, by_board=True, day=AFTER.replace(day=1).date())
    case = await sara.town.case(case_id)
    assert case.decision is not None
    sara.town.now = AFTER
    value = Value(case_id, case.stage, case.version, case.decision.number)
    days = {"verified": "2026-12-03", "announced": "2026-12-03"}
    for _ in range(2):  # saying it again changes nothing
        await sara.town.act(
            lambda tx: board.announce(tx, sara.town.office, value=value, by=SARA, inputs=days)
        )

    said = [text for text in await sara.town.said(SARA) if "överklagande" in text]
    assert len(said) == 1
    assert "går ut den *28 december 2026*" in said[0]
    events = await sara.town.events(case_id)
    assert sum(isinstance(event, MinutesAnnounced) for event in events) == 1
    assert not buttons([row for row in await sara.messages() if "överklagande" in row["text"]])
