"""Justera: a budget year's money is changed by a decision, entered once, by those who may (C-8)."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from decimal import Decimal
from functools import partial
from pathlib import Path

import pytest

from bot.acts import adjustment as acts
from bot.acts import ledger as start
from bot.office import Office
from flows.errors import FlowError, NotAllowed
from flows.inputs import WrongInputs
from flows.ledger import Account, EntryKind
from flows.rules import CostKind, YearMoney
from sandbox.surfaces import view_problems
from storage import ledger
from tests.bot.decided import KJELL, PETRA, gets, granted
from tests.bot.town import KARIN, SARA, Town, town
from tests.flows.filled import ANNA, example

INPUTS = {
    "change": "increase",
    "year": "2026",
    "kind": "operating",
    "amount": "500 tkr",
    "reference": "KF 2026-06-15 § 88",
}


@pytest.fixture
async def here(sqlite_url: str, tmp_path: Path) -> AsyncIterator[Town]:
    async with town(sqlite_url, tmp_path) as made:
        await made.act(partial(start.set_pots, office=made.office))
        yield made


async def adjusts(here: Town, *, by: str = SARA, **changed: str) -> None:
    await here.act(partial(acts.adjust, office=here.office, inputs=INPUTS | changed, by=by))


async def account(here: Town, year: int = 2026, kind: CostKind = CostKind.OPERATING) -> Account:
    return await here.perform.read(lambda db: ledger.accounts(db, year)[kind])


@pytest.mark.parametrize("person", [SARA, PETRA])
async def test_the_secretary_and_ekonomistyrningsenheten_change_the_years_money(
    here: Town, person: str
):
    await adjusts(here, by=person)
    await adjusts(here, by=person, change="decrease", amount="0,2 mkr")

    of = await account(here)
    assert (of.pot, of.adjustments, of.left) == (10_000_000, 300_000, 10_300_000)
    (said, _) = [text for text in await here.said(SARA) if "2026" in text]
    assert "500\xa0000\xa0kr i drift, enligt KF 2026-06-15 § 88" in said
    assert "Kvar 2026: 10\xa0500\xa0000\xa0kr" in said


@pytest.mark.parametrize("person", [ANNA, KARIN, KJELL, "T0OTHER:U0SARA"])
async def test_nobody_else_does(here: Town, person: str):
    with pytest.raises(NotAllowed):
        await adjusts(here, by=person)
    with pytest.raises(NotAllowed):
        await here.act(partial(acts.ask, office=here.office, year=2026, by=person))

    assert (await account(here)).adjustments == 0


async def test_what_is_left_is_carried_over_by_a_person_and_as_two_rows(here: Town):
    await granted(here, gets("socialnamnden", "operating", 2026, 1_000_000))

    with pytest.raises(WrongInputs) as refused:
        await adjusts(here, change="carry_over", year="2027", amount="9 000 000,01")
    await adjusts(here, change="carry_over", year="2027", amount="9 mkr")

    before, after = await account(here, 2026), await account(here, 2027)
    assert list(refused.value.by_input) == ["amount"]
    assert (before.left, before.carried_over) == (0, -9_000_000)
    assert (after.left, after.carried_over) == (19_000_000, 9_000_000)
    booked = await here.perform.read(lambda db: ledger.of_committee(db, 2027, ""))
    assert [(b.entry.entry, b.entry.by) for b in booked[:1]] == [(EntryKind.CARRIED_OVER, SARA)]


async def test_nothing_is_carried_over_by_itself(here: Town):
    await here.act(partial(start.set_pots, office=here.office))

    for year in (2024, 2025, 2026, 2027):
        assert (await account(here, year)).frame == 10_000_000


async def test_the_same_change_on_the_same_decision_is_entered_once(here: Town):
    await adjusts(here)

    with pytest.raises(NotAllowed, match="entered_already"):
        await adjusts(here, by=PETRA)
    await adjusts(here, kind="investment")

    assert (await account(here)).adjustments == 500_000
    assert (await account(here, kind=CostKind.INVESTMENT)).adjustments == 500_000


@pytest.mark.requirement("R000-14")
async def test_a_year_that_the_programme_gives_no_money_gets_none(here: Town):
    with pytest.raises(WrongInputs) as refused:
        await adjusts(here, year="2028")

    assert list(refused.value.by_input) == ["year"]
    assert (await account(here, 2028)).frame == 0


async def test_the_form_starts_from_the_year_that_was_seen(here: Town):
    form = await here.act(partial(acts.ask, office=here.office, year=2027, by=SARA))

    assert not view_problems(form, surface="modal")
    years = next(b for b in form["blocks"] if b["block_id"] == "year")["element"]
    assert years["initial_option"]["value"] == "2027"
    assert [o["value"] for o in years["options"]] == ["2024", "2025", "2026", "2027"]


@pytest.mark.requirement("R000-14")
async def test_a_start_with_another_programme_enters_what_differs(here: Town):
    def office(*money: YearMoney) -> Office:
        return replace(here.office, programme=example().model_copy(update={"money": money}))

    *first, last = example().money
    less = {"operating": Decimal(8_000_000), "source": "KF 2026-11-20 § 201"}
    changed, gone = office(*first, last.model_copy(update=less)), office(*first)
    await here.act(partial(start.set_pots, office=changed))
    of = await account(here, 2027)
    row = (await here.perform.read(lambda db: ledger.of_committee(db, 2027, "")))[0].entry
    await here.act(partial(start.set_pots, office=gone))

    assert (of.pot, row.amount, row.reference) == (8_000_000, -2_000_000, "KF 2026-11-20 § 201")
    assert (await account(here, 2027)).pot == 0
    assert (await account(here, 2026)).pot == 10_000_000


async def test_two_who_enter_the_same_at_once_enter_it_once(here: Town):
    done = await asyncio.gather(adjusts(here), adjusts(here, by=PETRA), return_exceptions=True)

    assert sum(isinstance(one, FlowError) for one in done) == 1
    assert (await account(here)).adjustments == 500_000
