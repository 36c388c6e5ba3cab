"""Looking a case up: by number, dnr, words, nämnd and state, among those that the person may see."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from bot.acts import search
from bot.blocks.search import Asked
from flows.case import State
from flows.errors import NotAllowed
from flows.events import Stage
from tests.bot.town import GUEST, LARS, OMAR, SARA, Town, texts_of, town
from tests.flows.filled import ANNA, KFF, SF


@pytest.fixture
async def here(sqlite_url: str, tmp_path: Path) -> AsyncIterator[Town]:
    async with town(sqlite_url, tmp_path) as made:
        yield made


async def found(here: Town, person: str, **asked: Any) -> list[str]:
    rows = await here.perform.read(
        lambda db: search.find(db, here.office, Asked(**asked), person=person, limit=20)
    )
    return [row.id for row in rows]


async def test_each_way_of_looking_finds_the_case(here: Town) -> None:
    lights = await here.submitted(title="Ljus i parken")
    hosts = await here.submitted(
        stage=Stage.PROPOSAL, title="Trygghetsvärdar", administrations=(SF, KFF)
    )
    await here.give_dnr(lights, "KS 2026/17")

    assert await found(here, SARA, words="lju") == [lights]
    assert await found(here, SARA, words="2026/17") == [lights]
    assert await found(here, SARA, words=hosts) == [hosts]
    assert await found(here, SARA, committee="kultur-och-fritidsnamnden") == [hosts]
    assert await found(here, SARA, state=State.ASSESSMENT) == [lights, hosts]
    assert await found(here, SARA, words="ljus", committee="kultur-och-fritidsnamnden") == []
    assert await found(here, SARA) == [hosts, lights]


async def test_an_officer_finds_only_what_is_hers(here: Town) -> None:
    lights = await here.submitted(title="Ljus i parken")

    assert await found(here, ANNA, words="ljus") == [lights]
    assert await found(here, LARS, words="ljus") == [lights]
    assert await found(here, OMAR, words="ljus") == []


async def test_a_guest_is_refused(here: Town) -> None:
    with pytest.raises(NotAllowed):
        await here.perform.read(lambda db: search.form(db, here.office, person=GUEST))


async def test_the_form_says_what_was_found_and_who_has_it(here: Town) -> None:
    await here.submitted(title="Ljus *i* <parken>")

    view = await here.perform.read(
        lambda db: search.results(db, here.office, Asked(words="ljus"), person=SARA)
    )

    assert "*1 ärende*" in texts_of(view)
    assert "Ljus *i* &lt;parken&gt;" in texts_of(view)
    assert "*KLG Trygghet och säkerhet har det:*" in texts_of(view)


async def test_nothing_found_says_what_to_do(here: Town) -> None:
    view = await here.perform.read(
        lambda db: search.results(db, here.office, Asked(words="inget"), person=SARA)
    )

    assert "Inget ärende passar" in texts_of(view)
