"""Digests of a municipality with 500 open cases: within Slack's limits, and nobody is left out."""

import io
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from flows.case import State
from flows.digest import OPEN
from sandbox.surfaces import check_blocks
from tests.bot.decided import gets, granted, waiting_for_board, waiting_for_chief_executive
from tests.bot.digests import CHIEF_EXECUTIVE, copies, files_of, newest, reach, sections
from tests.bot.town import SARA, Town, town

LONG = "Ä" * 140 + " & <trygghet> " + "Ö" * 140
DAYS_LATER = "2026-11-30T08:00:00+01:00"
ALL_TEXT = 12_000  # Slack has been seen to refuse messages with some more than this in their blocks


def checked(post: dict[str, Any]) -> None:
    """What Slack demands of a message (slack.md §3), by the sandbox's own schema too."""
    assert 0 < len(post["text"]) <= 3_000
    assert len(post["blocks"]) <= 50
    check_blocks(post["blocks"], surface="message")  # raises what Slack answers
    for block in post["blocks"]:
        assert len(block.get("text", {}).get("text", "")) <= 3_000
    assert (
        sum(len(str(block.get("text", {}).get("text", ""))) for block in post["blocks"]) < ALL_TEXT
    )


@pytest.fixture
async def busy(sqlite_url: str, tmp_path: Path):
    """500 open cases in every state that is open, ten decisions a day, long names everywhere."""
    async with town(sqlite_url, tmp_path) as here:
        here.now = here.now.fromisoformat("2026-11-13T06:00:00+00:00")
        await reach(here, "2026-11-13T08:00:00+01:00")
        case_id = await here.submitted(title=LONG)
        for number, state in enumerate(OPEN):
            more = 500 // len(OPEN) + 1
            first = 1_000 + 100 * number
            await copies(here, case_id, more, first=first, state=state, title=LONG)
        for _ in range(12):
            await granted(here, gets("socialnamnden", "operating", 2026, 100_000), title=LONG)
        await waiting_for_board(here, title=LONG)
        await waiting_for_chief_executive(here, title=LONG)
        yield here


async def test_500_open_cases_fit_and_the_spreadsheet_has_them_all(busy: Town):
    await reach(busy, DAYS_LATER)

    week = await newest(busy, "C0KLG")
    assert week["text"].startswith("*Veckans läge")
    checked(week)
    waits = next(text for heading, text in sections(week).items() if heading.startswith("Väntar:"))
    for state in set(OPEN) - {State.FOLLOW_UP}:
        assert busy.office.texts.plain(f"digest.waits.{state}", klg="KLG Trygghet") in waits or (
            state is State.ASSESSMENT
        )
    assert "… och 33 till. Alla finns i kalkylbladet i tråden." in waits
    _, sheet = await files_of(busy, week)
    book = openpyxl.load_workbook(io.BytesIO(await busy.files.get(sheet["sha256"])))
    rows = [*book.active.iter_rows(values_only=True)][1:]
    assert len(rows) == len({row[0] for row in rows}) == 34 * len(OPEN) + 1 + 12 + 2


async def test_the_other_digests_fit_too(busy: Town):
    await reach(busy, "2026-12-01T08:00:00+01:00")

    for person in (SARA, CHIEF_EXECUTIVE):
        post = await newest(busy, person.partition(":")[2])
        assert any(said in post["text"] for said in ("Inför sammanträdet", "Månadens läge"))
        checked(post)


async def test_60_committees_fit(sqlite_url: str, tmp_path: Path):
    async with town(sqlite_url, tmp_path) as here:
        await here.submitted()
        one = here.office.programme.committees[0]
        many = tuple(
            one.model_copy(update={"id": f"n{n}", "name": f"nämnden för {'x' * 60} {n}"})
            for n in range(60)
        )
        programme = here.office.programme.model_copy(update={"committees": many})
        object.__setattr__(here.office, "programme", programme)
        await reach(here, "2026-11-22T12:00:00+01:00")

        await reach(here, DAYS_LATER)

        week = await newest(here, "C0KLG")
        checked(week)
        said = sections(week)["Nämndernas förslag 2026"]
        assert len(said.splitlines()) == 60
