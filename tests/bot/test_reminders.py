"""Reminders as people get them: when, about what, with which button, and that they end in time."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import date, time
from functools import partial
from pathlib import Path

import pytest

from bot.acts import assessment as assessing
from bot.acts import reminders, substitutes
from bot.timetable import moment
from flows.case import State
from flows.decided import MinutesAnnounced
from flows.errors import Stale
from flows.events import Stage
from flows.follow_up import DueState
from storage import cases, drafts, reports
from storage.reports import DueReport
from tests.bot import klg
from tests.bot.decided import (
    KJELL,
    granted,
    waiting_for_board,
    waiting_for_chief_executive,
    waiting_for_drafting_committee,
)
from tests.bot.town import KARIN, LARS, MIRA, NILS, SARA, TOVE, Town, buttons, town
from tests.flows.filled import ANNA, values

# The town's days begin on Sunday 22 November 2026: Monday the 23rd is the first working day.


@pytest.fixture
async def here(sqlite_url: str, tmp_path: Path) -> AsyncIterator[Town]:
    async with town(sqlite_url, tmp_path) as made:
        yield made


async def at_nine(here: Town, day: str) -> None:
    """The timer fires that day, and its jobs run."""
    here.now = moment(date.fromisoformat(day), time(9))
    await here.act(lambda tx: reminders.begin(tx, here.office, here.now))
    await here.work()


async def reminded(here: Town, person: str) -> list[str]:
    """The first line of each reminder the person got."""
    said = [row for row in await here.owed("post") if _is_reminder(row, person)]
    return [row["text"].splitlines()[0] for row in said]


async def last(here: Town, person: str) -> dict:
    return [row for row in await here.owed("post") if row["lane"] == person.partition(":")[2]][-1]


def _is_reminder(row, person: str) -> bool:
    ids = [button["action_id"] for button in buttons(row["blocks"])]
    of_ours = any(one.startswith("reminders_") for one in ids) or "gått till" in row["text"]
    return row["lane"] == person.partition(":")[2] and (of_ours or "nu på" in row["text"])


async def snooze(here: Town, person: str) -> None:
    (button,) = [
        b for b in buttons((await last(here, person))["blocks"]) if "snooze" in b["action_id"]
    ]
    await here.act(
        partial(reminders.snooze, office=here.office, subject=button["value"], by=person)
    )


# --- the timer -----------------------------------------------------------------------------------


async def test_the_hour_is_the_programmes_on_working_days(here: Town):
    early = here.office.programme.reminders.model_copy(update={"at": time(7, 30)})
    of = replace(
        here.office, programme=here.office.programme.model_copy(update={"reminders": early})
    )
    days = [date(2026, 12, 23), date(2026, 12, 28)]  # over julafton, juldagen and a weekend
    found = reminders.moments(of, moment(days[0], time(0)), moment(days[1], time(12)))

    assert [*found] == [moment(day, time(7, 30)) for day in days]


# --- drafts --------------------------------------------------------------------------------------


async def test_a_draft_untouched_for_ten_working_days_reminds_its_owner_once(here: Town):
    draft_id = await here.draft(values())
    await at_nine(here, "2026-12-03")
    assert await reminded(here, ANNA) == []
    await at_nine(here, "2026-12-04")
    await at_nine(here, "2026-12-07")

    assert await reminded(here, ANNA) == ["*Väntar på dig.*"]
    message = await last(here, ANNA)
    assert "22 november 2026" in message["text"]
    open_button, snooze_button = buttons(message["blocks"])
    assert (open_button["text"]["text"], open_button["value"]) == (
        "Fortsätt",
        f'[{draft_id},"",0,""]',
    )
    assert snooze_button["text"]["text"] == "Påminn mig senare (3 arbetsdagar)"


async def test_a_draft_that_is_touched_again_begins_anew(here: Town):
    draft_id = await here.draft(values())
    await at_nine(here, "2026-12-04")
    await here.act(lambda tx: drafts.change(tx.db, draft_id, changed_at=tx.now))
    await at_nine(here, "2026-12-10")
    assert len(await reminded(here, ANNA)) == 1
    await at_nine(here, "2026-12-18")

    assert len(await reminded(here, ANNA)) == 2


async def test_a_draft_that_is_handed_in_reminds_nobody(here: Town):
    await here.submit(await here.draft(values()))
    await at_nine(here, "2026-12-18")

    assert await reminded(here, ANNA) == []


async def test_a_completion_that_klg_asked_for_is_reminded_of(here: Town):
    case_id = await here.submitted()
    for person in (KARIN, LARS, MIRA):
        await klg.press(
            here,
            assessing.assess,
            case_id,
            person,
            "complete",
            reason="Vad är målet?",
            questions=["goal"],
        )
    assert (await here.case(case_id)).state is State.CLARIFICATION
    await at_nine(here, "2026-12-04")

    assert (await reminded(here, ANNA)) == ["*Väntar på dig.*"]
    assert case_id in (await last(here, ANNA))["text"]


# --- KLG -----------------------------------------------------------------------------------------


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


# --- snooze --------------------------------------------------------------------------------------


async def test_snoozed_it_comes_back_after_three_working_days(here: Town):
    await here.submitted()
    await at_nine(here, "2026-11-25")
    await snooze(here, NILS)
    assert "30 november 2026" in (await last(here, NILS))["text"]
    await at_nine(here, "2026-11-27")

    assert len(await reminded(here, NILS)) == 1


async def test_a_snoozed_draft_is_reminded_of_again_and_only_again(here: Town):
    await here.draft(values())
    await at_nine(here, "2026-12-04")
    await snooze(here, ANNA)
    for day in ("2026-12-08", "2026-12-09", "2026-12-10"):
        await at_nine(here, day)

    assert len(await reminded(here, ANNA)) == 2


async def test_snoozed_twice_it_is_said_once(here: Town):
    await here.draft(values())
    await at_nine(here, "2026-12-04")
    subject = buttons((await last(here, ANNA))["blocks"])[-1]["value"]
    press = partial(reminders.snooze, office=here.office, subject=subject, by=ANNA)
    await here.act(press)
    said = await here.said(ANNA)
    await here.act(press)

    assert await here.said(ANNA) == said


async def test_nobody_snoozes_for_another(here: Town):
    await here.draft(values())
    await at_nine(here, "2026-12-04")
    subject = buttons((await last(here, ANNA))["blocks"])[-1]["value"]

    for by, what in ((SARA, subject), (ANNA, "draft:99:2026-01-01")):
        with pytest.raises(Stale, match="not_yours"):
            await here.act(partial(reminders.snooze, office=here.office, subject=what, by=by))


# --- decisions -----------------------------------------------------------------------------------


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


# --- reports -------------------------------------------------------------------------------------


async def late_report(here: Town) -> str:
    case_id = await granted(here)

    def owes(tx) -> None:
        due = DueReport(case_id, "final", date(2026, 11, 20), date(2026, 11, 24), DueState.ASKED)
        reports.plan(tx.db, [due])
        drafts.add(
            tx.db,
            owner=ANNA,
            stage=Stage.APPLICATION,
            form_version=1,
            at=tx.now,
            case_id=case_id,
            report="final",
        )

    await here.act(owes)
    return case_id


async def test_a_late_report_goes_from_the_officer_to_the_secretary(here: Town):
    await late_report(here)
    await at_nine(here, "2026-11-24")
    assert await reminded(here, ANNA) == []
    for day in ("2026-11-25", "2026-11-30", "2026-12-01", "2026-12-02"):
        await at_nine(here, day)

    assert await reminded(here, ANNA) == [
        "*Väntar på dig.*",
        "*Väntar på dig. Det har nu gått till Sara Wik.*",
    ]
    assert await reminded(here, SARA) == ["*Väntar på Anna Ek, och nu på dig.*"]


async def test_a_report_that_has_come_is_not_late(here: Town):
    case_id = await late_report(here)
    await here.act(lambda tx: reports.change(tx.db, case_id, "final", DueState.REPORTED))
    await at_nine(here, "2026-12-02")

    assert await reminded(here, ANNA) == []


# --- many ----------------------------------------------------------------------------------------


async def test_more_than_a_page_is_reminded_of_whole(here: Town):
    for _ in range(60):
        await here.draft({})
    await at_nine(here, "2026-12-07")

    assert len(await reminded(here, ANNA)) == 60
    assert (
        len([job for job in await here.jobs("reminders") if job["arguments"]["source"] == "drafts"])
        == 3
    )
