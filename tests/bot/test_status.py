"""`/trygghet ärende NR`: who has the case, and after a decision its money and the reports it owes."""

from collections.abc import AsyncIterator
from functools import partial
from pathlib import Path

import pytest

from bot.acts import decided, status
from tests.bot.decided import gets, granted, pots
from tests.bot.town import OMAR, SARA, Town, town
from tests.flows.filled import ANNA


@pytest.fixture
async def here(sqlite_url: str, tmp_path: Path) -> AsyncIterator[Town]:
    async with town(sqlite_url, tmp_path) as made:
        await pots(made)
        yield made


async def said(here: Town, person: str, case_id: str) -> str:
    act = partial(status.of_case, office=here.office, person=person, case_id=case_id)
    return str(await here.act(act))


async def test_a_granted_case_tells_its_decision_its_money_and_its_reports(here: Town) -> None:
    case_id = await granted(here, gets("socialnamnden", "operating", 2026, 400_000))
    case = await here.case(case_id)
    await here.act(lambda tx: decided.follow(tx, here.office, case_id, case))

    text = await said(here, SARA, case_id)

    assert "D 2026-0001" in text
    assert "400\u00a0000\u00a0kr drift 2026: beslutat, inte omfört än." in text
    assert "Återrapport årsbokslut 2026: efterfrågas 31 december 2026." in text


async def test_a_case_is_as_if_it_were_not_there_for_others(here: Town) -> None:
    case_id = await granted(here)

    assert "Jag hittar inget ärende" not in await said(here, ANNA, case_id)
    assert "Jag hittar inget ärende" in await said(here, OMAR, case_id)
