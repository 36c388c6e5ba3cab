"""Follow-up reports are planned, and asked for once on their day of those who are still there."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from bot.acts import reporting
from bot.timetable import Timetable
from flows.decided import Verdict
from flows.follow_up import DueState
from storage import drafts
from tests.bot.decided import granted, waiting_for_chief_executive
from tests.bot.desk import ANNA, EVA, OMAR, Desk, desk
from tests.bot.report_asked import leaves_slack
from tests.bot.reports import (
    TITLE,
    day,
    draft_of,
    plan_of,
    planned,
    state_of,
)
from tests.bot.town import SARA, TOVE, town


@pytest.fixture
async def here(sqlite_url: str, tmp_path: Path) -> AsyncIterator[Desk]:
    async with desk(sqlite_url, tmp_path) as found:
        yield found


@pytest.mark.requirement("R001-11")
async def test_a_granted_case_has_its_reports_planned(database_url: str, tmp_path: Path) -> None:
    async with town(database_url, tmp_path) as here:
        case_id = await planned(here)

        shown = [
            (due.key, str(due.ask_on), str(due.late_on)) for due in await plan_of(here, case_id)
        ]

    assert shown == [
        ("2026-year_end", "2026-12-31", "2027-01-25"),  # 15 working days, trettonhelgen left out
        ("2027-april", "2027-04-30", "2027-05-24"),
        ("2027-august", "2027-08-31", "2027-09-21"),
        ("2027-year_end", "2027-12-31", "2028-01-24"),
        ("effect", "2028-10-31", "2028-11-21"),
    ]


@pytest.mark.parametrize("verdict", [Verdict.REJECTED, Verdict.REMITTED])
async def test_who_was_not_granted_owes_nothing(here: Desk, verdict: Verdict) -> None:
    no = await granted(here.town, verdict=verdict)
    waiting = await waiting_for_chief_executive(here.town)
    for case_id in (no, waiting):
        case = await here.town.case(case_id)
        plan = partial(reporting.granted, office=here.town.office, case_id=case_id, case=case)
        await here.town.act(plan)

        assert await plan_of(here.town, case_id) == []


async def test_a_report_is_asked_for_on_the_working_day_after_its_period(
    database_url: str, tmp_path: Path
) -> None:
    async with town(database_url, tmp_path) as here:
        case_id = await planned(here)
        await day(here, "2026-12-31")
        before = await state_of(here, case_id, "2026-year_end")
        await day(here, "2027-01-04")
        after = await state_of(here, case_id, "2026-year_end")
        told = await here.said(ANNA)

    assert (before, after) == (DueState.PLANNED, DueState.ASKED)
    assert told[-1].startswith(
        f"*{TITLE}* ({case_id}) väntar på din rapport: årsbokslut 2026, till och med "
        "31 december 2026. Den ska vara inne senast 25 januari 2027."
    )


async def test_a_report_is_asked_for_once_however_often_the_timer_and_its_jobs_run(
    database_url: str, tmp_path: Path
) -> None:
    async with town(database_url, tmp_path) as here:
        case_id = await planned(here)
        ask_due = partial(reporting.ask_due, _office=here.office, at=here.now.replace(year=2027))
        for _ in range(2):  # two replicas, or the next morning, before any job has run
            await here.act(ask_due)
        here.done.clear()
        await here.work()
        here.done.clear()  # killed before the mark: every job runs once more
        await here.work()
        told = [text for text in await here.said(ANNA) if "väntar på din rapport" in text]
        mine = await here.perform.read(lambda db: drafts.of_person(db, ANNA))

    assert len(told) == 3  # the reports of three periods, each once
    assert sorted(d.report for d in mine if d.form == drafts.REPORT) == [
        "2026-year_end",
        "2027-april",
        "2027-august",
    ]
    assert all(d.case_id == case_id for d in mine if d.form == drafts.REPORT)


async def test_the_timetable_asks_once_with_two_replicas_and_after_a_restart(
    database_url: str, tmp_path: Path
) -> None:
    async with town(database_url, tmp_path) as here:
        case_id = await planned(here)
        clock = [datetime(2026, 12, 30, 12, tzinfo=UTC)]

        def replica() -> Timetable:
            return Timetable(
                here.perform, here.office, reporting.TIMERS, now=lambda: clock[0], poll_s=1
            )

        one, other = replica(), replica()
        await one.once()
        for hour in (6, 9, 12):  # nine in Sweden is eight in UTC; the 1st to the 3rd are free
            clock[0] = datetime(2027, 1, 4, hour, tzinfo=UTC)
            await asyncio.gather(one.once(), other.once())
            await here.work()
        await replica().once()
        await here.work()
        told = [text for text in await here.said(ANNA) if "väntar på din rapport" in text]
        state = await state_of(here, case_id, "2026-year_end")

    assert len(told) == 1
    assert state is DueState.ASKED


async def test_two_who_ask_for_the_same_report_at_once_ask_once(
    database_url: str, tmp_path: Path
) -> None:
    async with town(database_url, tmp_path) as here:
        case_id = await planned(here)
        ask = partial(reporting.ask, office=here.office, case_id=case_id, key="2026-year_end")
        done = await asyncio.gather(here.act(ask), here.act(ask), return_exceptions=True)
        told = [text for text in await here.said(ANNA) if "väntar på din rapport" in text]

    assert None in done  # the loser, if there is one, is tried again and finds it asked
    assert len(told) == 1


async def test_who_is_writing_something_else_is_not_interrupted(here: Desk) -> None:
    case_id = await planned(here.town)
    await here.begins()
    standing = await here.town.perform.read(lambda db: drafts.position(db, ANNA))
    await day(here.town, "2027-01-04")

    assert await here.town.perform.read(lambda db: drafts.position(db, ANNA)) == standing
    await here.says(ANNA, "En annan åtgärd")
    assert "Vem kan" in await here.last(ANNA)  # the next question of what she was writing

    await here.presses(ANNA, "Börja")
    said = await here.last(ANNA)
    assert "Jag har pausat *En annan åtgärd*." in said
    assert "Rör rapporten något som är hemligt" in said
    assert await draft_of(here.town, case_id, "2026-year_end")


async def test_everybody_who_wrote_the_application_is_asked_but_finance(here: Desk) -> None:
    case_id = await planned(here.town)
    await _joins(here, case_id, OMAR, drafts.AUTHOR)
    await _joins(here, case_id, EVA, drafts.FINANCE)
    await day(here.town, "2027-01-04")

    draft_id = await draft_of(here.town, case_id, "2026-year_end")
    members = await here.town.perform.read(lambda db: drafts.members(db, draft_id))
    assert members == {ANNA: drafts.OWNER, OMAR: drafts.AUTHOR}
    assert "väntar på din rapport" in await here.last(OMAR)
    assert await here.messages(EVA) == []


async def test_when_the_owner_has_left_another_author_owns_the_report(here: Desk) -> None:
    case_id = await planned(here.town)
    await _joins(here, case_id, OMAR, drafts.AUTHOR)
    await leaves_slack(here, ANNA)
    await day(here.town, "2027-01-04")

    draft_id = await draft_of(here.town, case_id, "2026-year_end")
    members = await here.town.perform.read(lambda db: drafts.members(db, draft_id))
    assert members == {OMAR: drafts.OWNER}


async def test_when_everybody_has_left_the_secretary_is_told(here: Desk) -> None:
    await planned(here.town)
    await leaves_slack(here, ANNA)
    await day(here.town, "2027-01-04")

    said = await here.last(SARA)
    assert f"*{TITLE}* väntar på en rapport: årsbokslut 2026." in said
    assert "Ingen av dem som skrev ansökan finns kvar i Slack" in said
    assert await here.messages(TOVE) == []  # of another förvaltning


async def _joins(here: Desk, case_id: str, person: str, role: str) -> None:
    def join(tx: Any) -> None:
        draft = drafts.of_case(tx.db, case_id)
        assert draft is not None
        drafts.join(tx.db, draft.id, person=person, role=role, at=tx.now)

    await here.town.act(join)
