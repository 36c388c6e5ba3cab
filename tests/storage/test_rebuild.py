"""What is read from the events can be made anew from them, and what was changed beside them is found."""

from collections.abc import AsyncIterator
from decimal import Decimal
from pathlib import Path

import pytest
from sqlalchemy import delete, insert, update

from bot.rebuilding import if_needed, rebuilt
from storage import search
from storage.rebuild import Difference
from storage.tables import case_parties, case_words, cases, ledger, ledger_sums
from tests.bot.decided import gets, granted, pots, recommended
from tests.bot.town import NOON, Town, town


@pytest.fixture
async def here(database_url: str, tmp_path: Path) -> AsyncIterator[Town]:
    async with town(database_url, tmp_path) as made:
        await pots(made)
        yield made


async def differences(here: Town) -> list[Difference]:
    return [one async for one in rebuilt(here.perform)]


async def test_nothing_differs_when_nothing_was_changed(here: Town) -> None:
    await recommended(here)
    await granted(here, by_board=True, title="Belysning")

    assert await differences(here) == []


async def test_what_was_changed_is_found_named_and_mended(here: Town) -> None:
    case_id = await granted(here)
    await here.act(lambda tx: tx.db.execute(update(cases).values(title="Ändrad")))
    await here.act(lambda tx: tx.db.execute(delete(case_words)))
    await here.act(lambda tx: tx.db.execute(update(ledger_sums).values(amount=Decimal(1))))

    found = await differences(here)

    assert {one.table for one in found} == {"cases", "case_words", "ledger_sums"}
    assert {one.of for one in found if one.table != "ledger_sums"} == {case_id}
    assert await differences(here) == []


async def test_a_row_of_the_ledger_that_no_event_gave_is_named_and_left(here: Town) -> None:
    case_id = await granted(here, gets("socialnamnden", "operating", 2026, 400_000))
    row = {
        "year": 2026, "kind": "operating", "entry": "returned", "body": "", "committee": "",
        "activity_code": "", "amount": Decimal(1), "case_id": case_id, "decision": "", "reference": "",
        "by": "T1:U1", "at": NOON,
    }  # fmt: skip
    await here.act(lambda tx: tx.db.execute(insert(ledger), row))

    found = await differences(here)

    assert Difference("ledger", case_id, mended=False) in found
    assert Difference("ledger", case_id, mended=False) in await differences(here)


async def test_cases_of_an_earlier_version_are_found_after_the_first_start(here: Town) -> None:
    case_id = await recommended(here, title="Belysning i parken")
    await here.act(lambda tx: tx.db.execute(update(case_parties).values(first_submitted_at=None)))
    await here.act(lambda tx: tx.db.execute(delete(case_words)))

    await if_needed(here.perform)

    assert await here.perform.read(lambda db: search.find(db, "belysning")) == [case_id]
