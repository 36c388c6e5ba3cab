"""Reminders of drafts and reports: when, with which button, put off, and that they end in time."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import date, time
from functools import partial
from pathlib import Path

import pytest

from bot.acts import assessment as assessing
from bot.acts import reminders
from bot.timetable import moment
from flows.case import State
from flows.errors import Stale
from flows.events import Stage
from flows.follow_up import DueState
from storage import drafts, reports
from storage.reports import DueReport
from tests.bot import klg
from tests.bot.decided import (
    granted,
)
from tests.bot.reminded import at_nine, last, reminded, snooze
from tests.bot.town import KARIN, LARS, MIRA, NILS, SARA, Town, buttons, town
from tests.flows.filled import ANNA, values

# The town's days begin on Sunday 22 November 2026: Monday the 23rd is the first working day.


@pytest.fixture
async def here(sqlite_url: str, tmp_path: Path) -> AsyncIterator[Town]:
    async with town(sqlite_url, tmp_path) as made:
        yield made


async def test_the_hour_is_the_programmes_on_working_days(here: Town):
    early = here.office.programme.reminders.model_copy(update={"at": time(7, 30)})
    of = replace(
        here.office, programme=here.office.programme.model_copy(update={"reminders": early})
    )
    days = [date(2026, 12, 23), date(2026, 12, 28)]  # over julafton, juldagen and a weekend
    found = reminders.moments(of, moment(days[0], time(0)), moment(days[1], time(12)))

    assert [*found] == [moment(day, time(7, 30)) for day in days]


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


async def test_more_than_a_page_is_reminded_of_whole(here: Town):
    for _ in range(60):
        await here.draft({})
    await at_nine(here, "2026-12-07")

    assert len(await reminded(here, ANNA)) == 60
    assert (
        len([job for job in await here.jobs("reminders") if job["arguments"]["source"] == "drafts"])
        == 3
    )
