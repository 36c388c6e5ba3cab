"""A note of kommunstyrelsen's decision that was wrong: recorded anew, told, sent again; what was stands."""

import asyncio
from collections.abc import AsyncIterator
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from bot.acts import correction, transfer
from bot.ids import Value
from flows.case import Case, State
from flows.decided import BudgetTransferred, DecisionCorrected
from flows.errors import FlowError, Stale
from flows.ledger import EntryKind
from flows.rules import CostKind
from storage import decisions, digests, dispatches, ledger, papers, rebuild, texts
from tests.bot.decided import IVAR, PETRA, gets, waiting_for_board
from tests.bot.secretary import Secretary, desk
from tests.bot.test_board_record import opens
from tests.bot.town import SARA, Town
from tests.flows.filled import ANNA

SN, TFN = "socialnamnden", "teknik-och-fastighetsnamnden"
BUTTON = "Rätta anteckningen"
DRIFT, POT = f"amount:{SN}:operating:2026", "pot:operating:2026"
WHY = {"why": "Beloppet var felskrivet."}


@pytest.fixture
async def sara(database_url: str, tmp_path: Path) -> AsyncIterator[Secretary]:
    async with desk(database_url, tmp_path) as at_her_desk:
        yield at_her_desk


async def recorded(sara: Secretary, *more: Any) -> str:
    """400 000 kr drift, as she wrote it; the documents are made."""
    case_id = await waiting_for_board(sara.town, gets(SN, "operating", 2026, 400_000), *more)
    await opens(sara, case_id)
    assert await sara.sends() == {}
    await sara.town.work()
    return case_id


async def corrects(sara: Secretary, heading: Any = None, **values: Any) -> dict[str, str]:
    """As far as the second step, and send it."""
    assert await sara.presses(BUTTON) == ""
    assert await sara.sends(heading or {}) == {}
    return await sara.sends(WHY | values)


async def moved(here: Town, case_id: str, what: str, by: str) -> None:
    case = await here.case(case_id)
    value = Value(case_id, case.stage, case.version, what)
    inputs = {"reference": "V 1", "project": "P 1"}
    await here.act(partial(transfer.done, office=here.office, value=value, inputs=inputs, by=by))


async def account(here: Town, year: int = 2026, kind: CostKind = CostKind.OPERATING) -> Any:
    return (await here.perform.read(lambda db: ledger.accounts(db, year)))[kind]


def number(case: Case) -> str:
    assert case.decision is not None
    return case.decision.number


async def test_a_wrong_amount_is_corrected_and_what_was_stands(sara: Secretary):
    here = sara.town
    case_id = await recorded(sara)
    before = await here.case(case_id)
    rows = await here.perform.read(lambda db: ledger.of_case(db, case_id))

    assert await sara.presses(BUTTON) == ""
    assert sara.shown()["paragraph"] == "§ 22"
    assert await sara.sends() == {}
    assert sara.shown()[DRIFT] == "400\u00a0000\u00a0kr"
    assert (await sara.sends({"why": ""}))["why"] == "Skriv ett skäl."
    assert await sara.sends(WHY | {DRIFT: "300 tkr", POT: "300 tkr"}) == {}

    case = await here.case(case_id)
    assert number(case) == f"KS 2026-12-15 § 22 ({case_id}) v2"
    assert [one.amount for one in case.granted] == [300_000]
    assert case.decision is not None
    assert before.decision is not None
    assert case.decision.at == before.decision.at
    [event] = [e for e in await here.events(case_id) if isinstance(e, DecisionCorrected)]
    assert (event.by, event.corrects) == (SARA, number(before))
    assert await here.perform.read(lambda db: texts.get(db, event.reason)) == WHY["why"]
    # The ledger has the difference as a row of its own.
    now = await here.perform.read(lambda db: ledger.of_case(db, case_id))
    assert now[: len(rows)] == rows
    [difference] = now[len(rows) :]
    assert (difference.entry.entry, difference.entry.amount) == (EntryKind.DECIDED, -100_000)
    assert (difference.entry.by, difference.entry.at) == (SARA, event.at)
    assert (await account(here)).decided == 300_000


async def test_everybody_who_was_told_is_told_and_gets_the_documents_again(sara: Secretary):
    here = sara.town
    case_id = await recorded(sara)
    first = await here.perform.read(
        lambda db: dispatches.of(db, case_id, f"KS 2026-12-15 § 22 ({case_id})")
    )
    assert await corrects(sara, **{DRIFT: "300 tkr", POT: "300 tkr"}) == {}
    await here.work()

    again = f"KS 2026-12-15 § 22 ({case_id}) v2"
    for person in (ANNA, SARA):
        told = "\n".join(await here.said(person))
        assert f"{again} ersätter KS 2026-12-15 § 22 ({case_id})." in told
        assert WHY["why"] in told
    second = await here.perform.read(lambda db: dispatches.of(db, case_id, again))
    assert [one.recipient for one in second] == [one.recipient for one in first]
    assert not {one.message_id for one in second} & {one.message_id for one in first}
    made = await here.perform.read(lambda db: papers.of(db, "dispatch", again))
    assert {one.format for one in made} >= {"pdf", "docx", "json"}
    facts = await here.files.get(next(one.sha256 for one in made if one.format == "json"))
    assert WHY["why"] in facts.decode()
    assert "v2" in made[0].title
    # The task of moving the budget says the new amount, in its place.
    tasks = [row for row in await here.owed("update") if "300\u00a0000\u00a0kr" in row["text"]]
    assert any("För om budget" in row["text"] for row in tasks)


async def test_a_wrong_paragraph_gives_the_decision_its_right_name_everywhere(sara: Secretary):
    here = sara.town
    case_id = await recorded(sara)
    assert await corrects(sara, {"paragraph": "23"}) == {}

    right = f"KS 2026-12-15 § 23 ({case_id})"
    assert number(await here.case(case_id)) == f"{right} v2"
    [listed] = await here.perform.read(lambda db: decisions.of_year(db, 2026))
    assert listed.number == right
    sums = await here.perform.read(lambda db: digests.given(db, [listed]))
    assert sums == {right: {CostKind.OPERATING: Decimal(400_000)}}
    assert await corrects(sara, {"paragraph": "22"}) == {}
    assert number(await here.case(case_id)) == f"KS 2026-12-15 § 22 ({case_id}) v3"


async def test_more_than_there_is_in_the_pot_is_no_correction(sara: Secretary):
    case_id = await recorded(sara)
    assert await corrects(sara, **{DRIFT: "10 mkr", POT: "10 mkr"}) == {}, "the old is not counted"
    errors = await corrects(sara, **{DRIFT: "10 000 001", POT: "10 000 001"})

    assert "10\u00a0000\u00a0000\u00a0kr" in errors[DRIFT]
    assert (await account(sara.town)).decided == 10_000_000
    assert number(await sara.town.case(case_id)).endswith(" v2")


async def test_what_has_been_moved_is_not_corrected_here(sara: Secretary):
    here = sara.town
    case_id = await recorded(sara, gets(TFN, "investment", 2026, 900_000))
    await moved(here, case_id, "operating:2026", PETRA)

    refused = await corrects(sara, **{DRIFT: "300 tkr", POT: "300 tkr"})
    assert "drift 2026 är redan omförd med 400\u00a0000\u00a0kr" in refused["why"]
    assert "Skriv rättelsen i diariet" in refused["why"]
    name = await corrects(sara, {"paragraph": "23"})
    assert "dag och paragraf kan inte rättas här" in name["why"]
    # The rest of it can be.
    lamps = {f"amount:{TFN}:investment:2026": "800 tkr", "pot:investment:2026": "800 tkr"}
    assert await corrects(sara, **lamps, total_estimate="800 tkr") == {}
    await moved(here, case_id, "investment:2026", IVAR)
    assert (await account(here, kind=CostKind.INVESTMENT)).transferred == 800_000


async def test_a_button_of_a_record_that_no_longer_holds_is_refused(sara: Secretary):
    await recorded(sara)
    old = await sara.button(BUTTON)
    assert await corrects(sara) == {}

    assert "har redan rättats" in await sara.presses(old)


async def test_what_is_read_from_the_events_is_what_was_written(sara: Secretary):
    here = sara.town
    case_id = await recorded(sara)
    await corrects(sara, {"paragraph": "23"}, **{DRIFT: "300 tkr", POT: "300 tkr"})

    found = await here.act(lambda tx: [*rebuild.case(tx.db, case_id), *rebuild.sums(tx.db)])
    assert found == []
    assert (await here.case(case_id)).state is State.FOLLOW_UP


async def test_of_two_corrections_at_once_one_is_made_and_the_other_refused(sara: Secretary):
    here = sara.town
    case_id = await recorded(sara)
    assert await sara.presses(BUTTON) == ""
    assert await sara.sends() == {}
    value = Value.read(sara.screen.views[-1]["private_metadata"])
    acts = [
        partial(
            correction.correct,
            office=here.office,
            value=value,
            by=SARA,
            inputs=sara.shown() | WHY | {DRIFT: amount, POT: amount},
        )
        for amount in ("300 tkr", "200 tkr")
    ]

    done = await asyncio.gather(*map(here.act, acts), return_exceptions=True)

    assert [type(one) for one in done].count(Stale) == 1, done
    [event] = [e for e in await here.events(case_id) if isinstance(e, DecisionCorrected)]
    [given] = event.decided.allocations
    assert (await account(here)).decided == given.amount


async def test_of_a_correction_and_a_move_at_once_one_is_done_and_the_other_told(sara: Secretary):
    here = sara.town
    case_id = await recorded(sara)
    case = await here.case(case_id)
    assert await sara.presses(BUTTON) == ""
    assert await sara.sends() == {}
    view = sara.screen.views[-1]
    value = Value.read(view["private_metadata"])
    inputs = sara.shown() | WHY | {DRIFT: "300 tkr", POT: "300 tkr"}
    correct = partial(correction.correct, office=here.office, value=value, by=SARA, inputs=inputs)
    move = partial(
        transfer.done,
        office=here.office,
        value=Value(case_id, case.stage, case.version, "operating:2026"),
        inputs={"reference": "V 1"},
        by=PETRA,
    )

    done = await asyncio.gather(here.act(correct), here.act(move), return_exceptions=True)

    assert all(one is None or isinstance(one, FlowError) for one in done), done
    events = await here.events(case_id)
    corrected = [e for e in events if isinstance(e, DecisionCorrected)]
    transferred = [e for e in events if isinstance(e, BudgetTransferred)]
    now = await account(here)
    # Moved first, the correction is refused; corrected first, what is moved is the corrected amount.
    assert now.transferred <= now.decided
    if corrected and transferred:
        assert now.transferred == now.decided == 300_000
    assert corrected or transferred
