"""The list of delegated decisions reaches kommunstyrelsen's registrator before the meeting."""

from collections.abc import AsyncIterator
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from bot.acts import paper_lists
from flows.programme import Role
from storage.tables import decisions
from tests.bot.decided import granted
from tests.bot.mailbox import Mailbox, attached, deliver, mailbox, text_of
from tests.bot.town import SARA, Town, town
from tests.flows.filled import example

MEETING = date(2026, 12, 15)


@pytest.fixture
async def here(database_url: str, tmp_path: Path) -> AsyncIterator[Town]:
    async with town(database_url, tmp_path) as made:
        yield made


async def ordered(here: Town) -> Any:
    return await here.act(partial(paper_lists.order, office=here.office, meeting=MEETING))


async def delivered(here: Town) -> Mailbox:
    async with mailbox() as box:
        await deliver(here, box)
    return box


@pytest.mark.requirement("R000-6")
async def test_the_registrator_gets_the_decisions_since_the_last_list(here: Town) -> None:
    await granted(here)
    await granted(here, by_board=True)
    assert await ordered(here) == "2026-12-15"

    box = await delivered(here)

    (letter,) = box.letters("rut.gran@exempelkommunen.se")
    assert str(letter["Subject"]) == "Anmälan av delegationsbeslut till kommunstyrelsen 2026-12-15"
    assert "sedan förra listan" in text_of(letter)
    assert sorted(name.rpartition(".")[2] for name in attached(letter)) == ["docx", "pdf"]
    listed = await here.perform.read(
        lambda db: db.execute(select(decisions.c.number, decisions.c.announced_in)).all()
    )
    assert sorted(listed) == [
        ("D 2026-0001", "2026-12-15"),
        ("KS 2026-11-22 § 22 (2026-0002)", None),
    ]


async def test_nothing_new_is_no_list(here: Town) -> None:
    await granted(here)
    await ordered(here)
    await delivered(here)

    assert await ordered(here) is None
    assert not (await delivered(here)).taken


async def test_without_a_registrator_the_secretary_is_told(sqlite_url: str, tmp_path: Path) -> None:
    people = tuple(p for p in example().people if Role.REGISTRAR not in p.roles)
    programme = example().model_copy(update={"people": people})
    async with town(sqlite_url, tmp_path, programme=programme) as here:
        await granted(here)
        await ordered(here)
        await delivered(here)

        assert any("inte skickats till någon registrator" in one for one in await here.said(SARA))
