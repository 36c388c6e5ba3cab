"""What was never handed in is thrown away after a warning; nothing that was registered is."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from bot.retention import Applied, apply
from flows.practice import Retention
from storage import cases, drafts, personal
from tests.bot.decided import granted
from tests.bot.town import NOON, Town, town
from tests.flows.filled import ANNA

PLAN = Retention(draft_days=100, warning_days=10, gesture_days=90)
A_DAY = timedelta(days=1)


@pytest.fixture
async def here(database_url: str, tmp_path: Path) -> AsyncIterator[Town]:
    async with town(database_url, tmp_path) as made:
        yield made


async def applied(here: Town, *, days: int) -> Applied:
    here.now = NOON + days * A_DAY
    return await apply(here.perform, here.files, here.office.texts, PLAN, at=here.now)


async def test_a_stale_draft_is_thrown_away_when_its_members_have_been_warned(here: Town) -> None:
    number = await here.draft({"title": "Ljus i parken"})

    assert (await applied(here, days=89)).warned == 0
    assert (await applied(here, days=91)).warned == 1
    assert "*Ljus i parken* har inte rörts sedan" in (await here.said(ANNA))[-1]
    assert await applied(here, days=99) == Applied(0, 0, 0, 0)
    assert (await applied(here, days=102)).thrown_away == 1

    assert await here.perform.read(lambda db: drafts.answers_of(db, number)) == {}
    assert (await applied(here, days=200)).thrown_away == 0


async def test_one_that_is_touched_after_the_warning_is_kept(here: Town) -> None:
    number = await here.draft({"title": "Ljus i parken"})
    await applied(here, days=91)
    await here.act(lambda tx: drafts.change(tx.db, number, changed_at=tx.now))

    assert (await applied(here, days=120)).thrown_away == 0
    assert await here.perform.read(lambda db: drafts.answers_of(db, number)) != {}


async def test_nothing_that_was_handed_in_is_removed(here: Town) -> None:
    case_id = await granted(here)
    before = await here.perform.read(lambda db: cases.history(db, case_id))
    names = here.files.names()

    gone = await applied(here, days=4000)

    assert (gone.warned, gone.thrown_away, gone.files) == (0, 0, 0)
    assert await here.perform.read(lambda db: cases.history(db, case_id)) == before
    assert here.files.names() == names != []


async def test_a_file_that_nothing_names_is_removed_when_it_has_aged(here: Town) -> None:
    await here.files.put(b"left behind")

    here.now = NOON - timedelta(days=4000)
    early = await apply(here.perform, here.files, here.office.texts, PLAN, at=here.now)
    assert early.files == 0
    assert (await applied(here, days=4000)).files == 1
    assert here.files.names() == []


async def test_what_is_held_about_one_is_listed(here: Town) -> None:
    await granted(here)
    email = "anna.ek@exempelkommunen.se"

    found = await here.perform.read(lambda db: personal.accounts(db, email.upper()))
    held = await here.perform.read(lambda db: personal.held(db, email, [p for p, _ in found]))

    assert found == [(ANNA, "Anna Ek")]
    by_place = {one.place: one for one in held}
    assert by_place["events"].ids == ("2026-0001",)
    assert by_place["answers"].count > 10
    assert await here.perform.read(lambda db: personal.held(db, "ingen@kommunen.se", [])) == []
