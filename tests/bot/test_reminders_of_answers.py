"""Reminders to those whose answer a case waits for: KLG, the chief executive and the political bodies."""

from collections.abc import AsyncIterator
from datetime import date
from functools import partial
from pathlib import Path

import pytest

from bot.acts import assessment as assessing
from bot.acts import substitutes
from flows.decided import MinutesAnnounced
from storage import cases
from tests.bot import klg
from tests.bot.decided import (
    KJELL,
    granted,
    waiting_for_board,
    waiting_for_chief_executive,
    waiting_for_drafting_committee,
)
from tests.bot.reminded import at_nine, last, reminded
from tests.bot.town import KARIN, LARS, MIRA, NILS, SARA, TOVE, Town, buttons, town
from tests.flows.filled import values

# The town's days begin on Sunday 22 November 2026: Monday the 23rd is the first working day.


@pytest.fixture
async def here(sqlite_url: str, tmp_path: Path) -> AsyncIterator[Town]:
    async with town(sqlite_url, tmp_path) as made:
        yield made


async def test_each_member_who_has_not_answered_is_reminded_by_name(here: Town):
    case_id = await here.submitted()
    await klg.press(here, assessing.assess, case_id, LARS, "recommend")
    await at_nine(here, "2026-11-24")
    assert await reminded(here, KARIN) == []
    await at_nine(here, "2026-11-25")

    names = "*Väntar på Karin Holm, Mira Sandell och Nils Åkerman.*"
    assert [await reminded(here, one) for one in (KARIN, MIRA, NILS)] == [[names]] * 3
    assert await reminded(here, LARS) == []


async def test_it_goes_to_the_convener_once_and_the_late_are_told(here: Town):
    case_id = await here.submitted()
    for person in (KARIN, LARS):
        await klg.press(here, assessing.assess, case_id, person, "recommend")
    await at_nine(here, "2026-11-25")
    await at_nine(here, "2026-11-30")
    await at_nine(here, "2026-12-01")

    assert await reminded(here, KARIN) == [
        "*Väntar på Mira Sandell och Nils Åkerman, och nu på dig.*"
    ]
    assert await reminded(here, NILS) == [
        "*Väntar på Mira Sandell och Nils Åkerman.*",
        "*Väntar på Mira Sandell och Nils Åkerman. Det har nu gått till Karin Holm.*",
    ]
    assert "snooze" not in str((await last(here, NILS))["blocks"])


async def test_who_has_answered_since_is_not_reminded(here: Town):
    case_id = await here.submitted()
    await at_nine(here, "2026-11-25")
    await klg.press(here, assessing.assess, case_id, NILS, "recommend")
    await at_nine(here, "2026-11-30")

    assert len(await reminded(here, NILS)) == 1


async def test_a_new_version_is_a_new_round_of_reminders(here: Town):
    draft_id = await here.draft(values())
    await here.submit(draft_id)
    await here.work()
    await at_nine(here, "2026-11-25")
    await klg.again(here, draft_id, goal="Ett annat mål.")
    await at_nine(here, "2026-11-27")
    assert len(await reminded(here, NILS)) == 1
    await at_nine(here, "2026-11-30")

    assert len(await reminded(here, NILS)) == 2


async def test_she_who_sits_for_a_member_is_reminded_in_her_place(here: Town):
    await here.submitted()
    act = partial(
        substitutes.name,
        office=here.office,
        by=NILS,
        substitute=TOVE,
        since="2026-11-22",
        until="2026-12-01",
    )
    await here.act(act)
    await at_nine(here, "2026-11-25")

    assert await reminded(here, NILS) == []
    assert "Tove Nyström" in (await reminded(here, TOVE))[0]


async def test_when_all_have_answered_without_an_outcome_the_convener_is_reminded_to_end_it(
    here: Town,
):
    case_id = await here.submitted()
    for person, opinion in ((KARIN, "recommend"), (LARS, "recommend")):
        await klg.press(here, assessing.assess, case_id, person, opinion)
    for person in (MIRA, NILS):
        await klg.press(
            here,
            assessing.assess,
            case_id,
            person,
            "advise_against",
            reason="Målet går inte att mäta.",
        )
    await at_nine(here, "2026-11-25")

    assert await reminded(here, KARIN) == ["*Väntar på Karin Holm.*"]
    button = buttons((await last(here, KARIN))["blocks"])[0]
    assert button["action_id"] == "assessment_close"


async def test_a_decision_that_waits_goes_from_the_chief_executive_to_the_secretary(here: Town):
    await waiting_for_chief_executive(here)
    await at_nine(here, "2026-11-25")
    await at_nine(here, "2026-12-02")
    await at_nine(here, "2026-12-03")

    assert await reminded(here, KJELL) == [
        "*Väntar på ditt beslut.*",
        "*Väntar på ditt beslut. Det har nu gått till Sara Wik*, som tar upp det med dig.",
    ]
    assert await reminded(here, SARA) == [
        "*Väntar på beslut av Kjell Norén, och nu på att du tar upp det.*"
    ]


async def test_the_secretary_is_reminded_after_the_meeting_and_not_before(here: Town):
    case_id = await waiting_for_drafting_committee(here)
    await at_nine(here, "2026-12-04")
    assert await reminded(here, SARA) == []
    await at_nine(here, "2026-12-10")  # three working days after Monday 7 December

    assert len(await reminded(here, SARA)) == 1
    button = buttons((await last(here, SARA))["blocks"])[0]
    assert (button["action_id"], case_id in button["value"]) == ("board_propose", True)


async def test_kommunstyrelsens_decision_is_asked_for_after_its_meeting(here: Town):
    await waiting_for_board(here)
    await at_nine(here, "2026-12-17")
    assert await reminded(here, SARA) == []
    await at_nine(here, "2026-12-18")

    assert "kommunstyrelsens beslut" in (await reminded(here, SARA))[0]


async def test_the_dates_of_the_minutes_are_reminded_of_the_day_before(here: Town):
    await granted(here, by_board=True, day=date(2026, 12, 1))
    await at_nine(here, "2026-12-11")
    assert await reminded(here, SARA) == []
    await at_nine(here, "2026-12-14")

    assert "justerat senast 15 december 2026" in (await last(here, SARA))["text"]
    assert buttons((await last(here, SARA))["blocks"])[0]["action_id"] == "board_announce"


async def test_the_end_of_the_appeal_time_is_told_after_julafton(here: Town):
    case_id = await granted(here, by_board=True, day=date(2026, 12, 1))
    case = await here.case(case_id)
    assert case.decision is not None
    event = MinutesAnnounced(
        by=SARA,
        at=here.now,
        decision=case.decision.number,
        verified=date(2026, 12, 3),
        announced=date(2026, 12, 3),
    )
    await here.act(lambda tx: cases.add(tx.db, case_id, [event], after=case))
    await at_nine(here, "2026-12-28")
    assert await here.said(SARA) == []
    await at_nine(here, "2026-12-29")

    assert "gick ut 28 december 2026" in (await here.said(SARA))[-1]
