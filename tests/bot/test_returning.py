"""Unused investment money goes back to the pot: who may note it, how much, and who is told (R000-56)."""

from collections.abc import AsyncIterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from bot.acts import returning as acts
from bot.acts import transfer
from bot.ids import RETURN, Value
from flows.case import State
from flows.decided import Reported, ReportReceived
from flows.errors import NotAllowed, Stale
from flows.inputs import WrongInputs
from flows.ledger import Account
from flows.rules import CostKind
from sandbox.surfaces import find_problems, view_problems
from storage import cases, ledger, texts
from tests.bot.decided import IVAR, PETRA, gets, granted
from tests.bot.town import KARIN, SARA, Town, buttons, texts_of, town
from tests.flows.filled import ANNA

CAMERAS = gets("teknik-och-fastighetsnamnden", "investment", 2026, 2_000_000)
USED = gets("teknik-och-fastighetsnamnden", "investment", 2026, 1_600_000)
FROM = "2026:teknik-och-fastighetsnamnden"


@pytest.fixture
async def here(sqlite_url: str, tmp_path: Path) -> AsyncIterator[Town]:
    async with town(sqlite_url, tmp_path) as made:
        yield made


async def moved(here: Town, *, used: bool = True) -> str:
    """Granted 2 000 000, moved, and by the report 1 600 000 of it is used."""
    case_id = await granted(here, CAMERAS)
    value = await about(here, case_id, "investment:2026")
    inputs = {"reference": "V 1", "project": "P 17"}
    await here.act(partial(transfer.done, office=here.office, value=value, inputs=inputs, by=IVAR))

    def report(tx: Any) -> None:
        case = cases.load(tx.db, case_id)
        said = Reported(at=tx.now, by=ANNA, key="2026-august", version=1, outcome=(USED,))
        cases.add(tx.db, case_id, [said], after=case)

    if used:
        await here.act(report)
    return case_id


async def about(here: Town, case_id: str, what: str = "") -> Value:
    case = await here.case(case_id)
    return Value(case_id, case.stage, case.version, what)


async def gives_back(
    here: Town, case_id: str, amount: str, *, by: str = IVAR, of: str = FROM
) -> None:
    inputs = {"of": of, "amount": amount, "reason": "Anbudet blev lägre."}
    value = await about(here, case_id)
    await here.act(partial(acts.give_back, office=here.office, value=value, inputs=inputs, by=by))


async def account(here: Town) -> Account:
    return await here.perform.read(lambda db: ledger.accounts(db, 2026)[CostKind.INVESTMENT])


@pytest.mark.requirement("R000-56")
@pytest.mark.parametrize("person", [IVAR, SARA])
async def test_what_is_not_used_goes_back_to_the_pot_and_not_to_the_delegation(
    here: Town, person: str
):
    case_id = await moved(here)
    before = await account(here)

    with pytest.raises(WrongInputs) as refused:
        await gives_back(here, case_id, "400 001", by=person)
    await gives_back(here, case_id, "400 tkr", by=person)

    after = await account(here)
    assert list(refused.value.by_input) == ["amount"]
    assert after.left == before.left + 400_000
    assert (after.returned, after.delegated) == (400_000, 2_000_000)
    returned = (await here.case(case_id)).returned[0]
    assert (returned.by, returned.returned.activity_code) == (person, "TR400")
    assert (
        await here.perform.read(lambda db: texts.get(db, returned.reason)) == "Anbudet blev lägre."
    )


@pytest.mark.requirement("R000-56")
async def test_the_same_money_does_not_go_back_twice(here: Town):
    case_id = await moved(here)
    await gives_back(here, case_id, "400 tkr")

    with pytest.raises(Stale):
        await gives_back(here, case_id, "400 tkr")

    assert (await account(here)).returned == 400_000


async def test_nothing_goes_back_before_the_budget_is_moved(here: Town):
    case_id = await granted(here, CAMERAS)

    with pytest.raises(Stale):
        await gives_back(here, case_id, "1 kr")


@pytest.mark.parametrize("person", [ANNA, PETRA, KARIN])
async def test_others_cannot_note_it(here: Town, person: str):
    case_id = await moved(here)

    with pytest.raises(NotAllowed):
        await gives_back(here, case_id, "1 kr", by=person)

    assert (await account(here)).returned == 0


async def test_the_form_says_how_much_can_go_back(here: Town):
    case_id = await moved(here)

    form = await here.act(
        partial(acts.ask, office=here.office, value=await about(here, case_id), by=IVAR)
    )

    assert not view_problems(form, surface="modal")
    said = texts_of(form).replace("\xa0", " ")
    assert "teknik- och fastighetsnämnden 2026: högst 400 000 kr" in said


async def test_those_concerned_are_told_what_came_back_and_why(here: Town):
    case_id = await moved(here)

    await gives_back(here, case_id, "400 tkr")

    for person in (IVAR, SARA, ANNA):
        lane = person.partition(":")[2]
        said = [row for row in await here.owed("post") if row["lane"] == lane][-1]
        assert (
            "400\xa0000\xa0kr i investering 2026 från teknik- och fastighetsnämnden" in said["text"]
        )
        assert "Anbudet blev lägre." in texts_of(said["blocks"])
        assert not find_problems(said["blocks"], surface="message", root="blocks")


@pytest.mark.requirement("R000-56")
async def test_the_case_closes_when_the_last_krona_is_accounted_for(here: Town):
    case_id = await moved(here)

    def last_report(tx: Any) -> None:
        case = cases.load(tx.db, case_id)
        said = Reported(at=tx.now, by=ANNA, key="final", version=1, last=True, outcome=(USED,))
        received = ReportReceived(at=tx.now, by=KARIN, key="final", version=1)
        cases.add(tx.db, case_id, [said, received], after=case)

    await here.act(last_report)
    await gives_back(here, case_id, "399 tkr")
    before = (await here.case(case_id)).state
    await gives_back(here, case_id, "1 tkr")

    assert (before, (await here.case(case_id)).state) == (State.FOLLOW_UP, State.CLOSED)


async def test_money_that_is_left_is_offered_to_whoever_may_note_it(here: Town):
    case_id = await moved(here)

    await here.act(lambda tx: acts.offer(tx, here.office, case_id, cases.load(tx.db, case_id)))
    await gives_back(here, case_id, "400 tkr")
    posts = len(await here.owed("post"))
    await here.act(lambda tx: acts.offer(tx, here.office, case_id, cases.load(tx.db, case_id)))

    offers = [r for r in await here.owed("post") if "Investeringsmedel kvar" in r["text"]]
    assert {row["lane"] for row in offers} == {person.partition(":")[2] for person in (IVAR, SARA)}
    assert [b["action_id"] for b in buttons(offers[0]["blocks"])] == [RETURN]
    assert "högst 400\xa0000\xa0kr" in offers[0]["text"]
    assert len(await here.owed("post")) == posts
