"""The money through the front door: the command, its buttons and modals, and the task of moving a budget."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from bot import clock
from bot.acts import transfer
from storage import cases, ledger
from tests.bot.decided import beside, gets, granted
from tests.people import Person, Town, town
from tests.waiting import until


@pytest.fixture
async def here(sqlite_url: str, tmp_path: Path) -> AsyncIterator[Town]:
    async with town(sqlite_url, tmp_path) as made:
        yield made


async def decided(here: Town, *rows: Any) -> str:
    earlier = clock.now() - timedelta(hours=1)  # the bot sends what is due by its own clock
    async with beside(here.settings, here.programme, now=earlier) as seeded:
        case_id = await granted(seeded, *rows)

        def begin(tx: Any) -> None:
            transfer.begin(tx, seeded.office, case_id, cases.load(tx.db, case_id))

        await seeded.act(begin)
    return case_id


async def budget(who: Person, text: str = "budget") -> str:
    """What the person alone is answered."""
    before = len(await who.told())
    await who.town.sandbox.command(who.user, "/trygghet", text)

    async def answered() -> list[str]:
        return (await who.told())[before:]

    return (await until(answered))[-1].replace("\xa0", " ")


async def test_anybody_asks_for_the_budget_and_looks_behind_a_sum(here: Town):
    case_id = await decided(here, gets("socialnamnden", "operating", 2026, 400_000))

    answer = await budget(here.anna, "budget 2026")
    await here.anna.presses("Visa en nämnds rader", selected='[2026,"socialnamnden",0]')

    assert "Drift: 10 000 000 kr avsatt, 400 000 kr beslutat" in answer
    assert "Justera" not in answer
    modal = await here.anna.modal()
    assert modal is not None
    assert case_id in str(modal["blocks"])
    await here.anna.sees_nothing_of("Justera")


async def test_a_row_leads_to_its_case_for_whoever_may_see_it(here: Town):
    case_id = await decided(here, gets("socialnamnden", "operating", 2026, 400_000))
    alva = Person(here, "U0ALVA")
    for person in (here.anna, alva):
        await budget(person, "budget 2026")
        await person.presses("Visa en nämnds rader", selected='[2026,"socialnamnden",0]')

    view = await here.anna.modal()
    assert view is not None
    [button] = [one["accessory"] for one in view["blocks"] if "accessory" in one][:1]
    pressed = {"action_id": button["action_id"], "value": button["value"]}
    await here.sandbox.press("U0ANNA", view_id=view["id"], **pressed)
    await here.quiet()

    shown = await here.anna.modal()
    assert shown is not None
    assert shown["title"]["text"] == "Ärendet"
    assert case_id in str(shown["blocks"])
    rows = await alva.modal()
    assert "accessory" not in str(rows), "it is not hers to see"


async def test_another_year_takes_the_answers_place(here: Town):
    await budget(here.anna, "budget 2026")

    await here.anna.presses("Visa ett annat år", selected="2027")

    await here.anna.sees("Pengar för särskild trygghetssatsning 2027")


async def test_the_secretary_adjusts_and_a_wrong_reference_is_said_at_its_input(here: Town):
    await budget(here.sara, "budget 2026")
    await here.sara.presses("Justera")
    values = {"change": "increase", "kind": "investment", "amount": "2,5 mkr"}

    refused = await here.sara.fills(values | {"reference": "ekonomichefen"})
    await here.sara.fills(values | {"reference": "KF 2026-06-15 § 88"})

    assert "KF 2026-06-15 § 88" in str(refused)
    assert "2 500 000 kr i investering" in (
        await here.sara.sees("Årets pengar har ökat, 2026")
    ).replace("\xa0", " ")
    async with beside(here.settings, here.programme) as now:
        of = await now.perform.read(lambda db: ledger.accounts(db, 2026))
    assert {kind: account.adjustments for kind, account in of.items()} == {
        "operating": 0,
        "investment": 2_500_000,
    }


@pytest.mark.requirement("R000-50", "R000-51")
async def test_the_investeringsstrateg_presses_omfort_and_hands_back_what_is_left(here: Town):
    ivar = Person(here, "U0INV")
    case_id = await decided(
        here, gets("teknik-och-fastighetsnamnden", "investment", 2026, 2_000_000)
    )
    await ivar.sees("För om budget")

    await ivar.presses("Omfört")
    await ivar.fills({"reference": "V 4711", "project": "P 2026:17"})
    task = await ivar.sees("bokföring V 4711, projekt P 2026:17")
    await ivar.presses("Lämna tillbaka medel")
    await ivar.fills({"amount": "400 tkr", "reason": "Anbudet blev lägre."})

    assert case_id in task
    await ivar.sees("Tillbakalämnat")
    await here.sara.sees("Anbudet blev lägre.")
    whole = await budget(here.sara, "budget 2026")
    assert "2 000 000 kr omfört" in whole
    assert "400 000 kr tillbakalämnat" in whole
    assert not any("Omfört" in c["label"] for c in await ivar.controls())


async def test_what_is_no_year_is_answered_in_swedish(here: Town):
    assert "Skriv ett årtal" in await budget(here.anna, "budget nästa")
