"""What KLG does with a report, what goes on to Trygghetsberedningen, and when a case closes."""

import asyncio
from collections.abc import AsyncIterator
from datetime import date
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from bot.acts import closing, report_klg
from bot.ids import Value
from bot.perform import Transaction
from flows.case import State
from flows.decided import BudgetTransferred, Closed, MoneyReturned, ProjectGiven
from flows.errors import InvalidAnswer, NotAllowed, Stale
from flows.follow_up import DueState
from flows.split import SplitRow
from storage import cases, drafts
from tests.bot.klg import ALVA, STRANGER
from tests.bot.reports import (
    DRIFT,
    LIGHT,
    TITLE,
    day,
    draft_of,
    hand_in,
    newest,
    plan_of,
    planned,
    receive,
    send_back,
    state_of,
)
from tests.bot.town import KARIN, LARS, SARA, Town, buttons, texts_of, town
from tests.flows.filled import ANNA

FIRST, LAST = "2026-year_end", "2027-year_end"
ENDS: dict[str, Any] = {"effect_when": date(2027, 12, 31)}


@pytest.fixture
async def here(sqlite_url: str, tmp_path: Path) -> AsyncIterator[Town]:
    async with town(sqlite_url, tmp_path) as found:
        yield found


async def handed_in(here: Town, *amounts: Any, **more: Any) -> str:
    """A case whose first report waits for KLG."""
    case_id = await planned(here, *amounts, **more)
    await day(here, "2027-01-04")
    await hand_in(here, case_id, FIRST)
    return case_id


async def in_channel(here: Town) -> list[dict[str, Any]]:
    """KLG's messages as they stand now, oldest first."""
    posts = {p["id"]: p for p in await here.owed("post") if p["lane"] == "C0KLG"}
    for update in await here.owed("update"):
        if update["refers_to"] in posts:
            posts[update["refers_to"]] |= {k: update[k] for k in ("text", "blocks")}
    return list(posts.values())


async def report_message(here: Town, nth: int = -1) -> dict[str, Any]:
    found = [p for p in await in_channel(here) if p["text"].startswith("*Uppföljning:")]
    return found[nth]


# --- to KLG --------------------------------------------------------------------------------------


@pytest.mark.requirement("R000-61")
async def test_a_finished_report_goes_to_klgs_channel_with_its_document(here: Town) -> None:
    case_id = await handed_in(here)

    message = await report_message(here)
    assert message["text"] == (
        f"*Uppföljning: {TITLE}* ({case_id}), årsbokslut 2026, version 1.\n"
        "Väntar på att KLG Trygghet och säkerhet tar emot den."
    )
    assert [b["text"]["text"] for b in buttons(message["blocks"])] == [
        "Mottagen",
        "Begär komplettering",
    ]
    (upload,) = [u for u in await here.owed("upload") if u["refers_to"] == message["id"]]
    assert [file["name"].rpartition(".")[2] for file in upload["files"]] == ["pdf", "docx"]
    said = texts_of(message["blocks"])
    assert "*Resultat:* Så här gick det." in said
    assert (
        "*Uppmätt värde:* 61 % i oktober. Utgångsläge: Text om effect_baseline. "
        "Mål: Text om effect_goal." in said
    )


async def test_the_message_says_the_money_also_where_a_row_is_over(here: Town) -> None:
    case_id = await planned(here, DRIFT, LIGHT)
    await day(here, "2027-05-03")
    over = (
        SplitRow(committee=DRIFT.committee, kind=DRIFT.kind, year=2027, amount=Decimal(450_000)),
        SplitRow(committee=LIGHT.committee, kind=LIGHT.kind, year=2027, amount=Decimal(100_000)),
    )
    await hand_in(here, case_id, "2027-april", outcome=over)

    said = (await report_message(here))["text"].replace("\N{NO-BREAK SPACE}", " ")
    assert (
        "*Drift:* 450 000 kr använt av 400 000 kr (112,5 %), prognos för helåret 400 000 kr. "
        "Socialnämnden har använt 50 000 kr mer än beviljat." in said
    )
    assert "*Investering:* 100 000 kr använt av 500 000 kr (20,0 %)" in said


@pytest.mark.requirement("R000-61")
async def test_a_member_of_klg_receives_it_once(here: Town) -> None:
    case_id = await handed_in(here)
    await receive(here, case_id, FIRST)
    length = (await here.case(case_id)).length
    await receive(here, case_id, FIRST, by=LARS)  # both pressed

    case = await here.case(case_id)
    assert [(one.key, one.version, one.by) for one in case.received] == [(FIRST, 1, KARIN)]
    assert case.length == length
    assert await state_of(here, case_id, FIRST) is DueState.RECEIVED
    message = await report_message(here)
    assert "✓ Mottagen av Karin Holm." in message["text"]
    assert buttons(message["blocks"]) == []
    assert "Karin Holm har tagit emot rapporten" in (await here.said(ANNA))[-1]


async def test_two_members_who_press_at_once_receive_it_once(
    database_url: str, tmp_path: Path
) -> None:
    async with town(database_url, tmp_path) as here:
        case_id = await handed_in(here)
        pressed = [receive(here, case_id, FIRST, by=by) for by in (KARIN, LARS)]
        await asyncio.gather(*pressed, return_exceptions=True)
        case = await here.case(case_id)

    assert len(case.received) == 1


@pytest.mark.parametrize("by", [ALVA, STRANGER, ANNA, SARA])
async def test_nobody_outside_klg_receives_a_report(here: Town, by: str) -> None:
    case_id = await handed_in(here)

    with pytest.raises(NotAllowed):
        await receive(here, case_id, FIRST, by=by)
    assert await state_of(here, case_id, FIRST) is DueState.REPORTED


async def test_a_member_does_not_receive_what_she_has_written_herself(here: Town) -> None:
    case_id = await planned(here)
    await day(here, "2027-01-04")
    draft_id = await draft_of(here, case_id, FIRST)
    join = partial(drafts.join, draft_id=draft_id, person=KARIN, role=drafts.AUTHOR)
    await here.act(lambda tx: join(tx.db, at=tx.now))
    await hand_in(here, case_id, FIRST, by=KARIN)

    with pytest.raises(NotAllowed, match="own_report"):
        await receive(here, case_id, FIRST)
    await receive(here, case_id, FIRST, by=LARS)
    assert await state_of(here, case_id, FIRST) is DueState.RECEIVED


@pytest.mark.parametrize("what", [FIRST, "2027-april", "nonsense"])
async def test_a_button_that_is_about_nothing_changes_nothing(here: Town, what: str) -> None:
    case_id = await planned(here)
    await day(here, "2027-01-04")
    value = Value(case_id, "report", 1, what)

    with pytest.raises(Stale):
        await here.act(partial(report_klg.receive, office=here.office, value=value, by=KARIN))


async def test_a_new_version_takes_the_buttons_from_the_old(here: Town) -> None:
    case_id = await handed_in(here)
    old = await newest(here, case_id, FIRST)
    await _again(here, case_id, done="Vi har hyrt en lokal till.")

    assert "Ersatt av en senare version" in (await report_message(here, 0))["text"]
    assert buttons((await report_message(here, 0))["blocks"]) == []
    assert "version 2" in (await report_message(here))["text"]
    with pytest.raises(Stale):
        await here.act(partial(report_klg.receive, office=here.office, value=old, by=KARIN))


async def _again(here: Town, case_id: str, **given: Any) -> None:
    draft_id = await draft_of(here, case_id, FIRST)
    await here.act(lambda tx: drafts.change(tx.db, draft_id, state=drafts.OPEN))
    await hand_in(here, case_id, FIRST, **given)


async def test_klg_sends_a_report_back_with_a_reason(here: Town) -> None:
    case_id = await handed_in(here)
    await send_back(here, case_id, FIRST, "Skriv vad lokalen kostar.")

    assert await state_of(here, case_id, FIRST) is DueState.ASKED
    told = (await here.said(ANNA))[-1]
    assert "väntar på dig. Karin Holm ber om komplettering av rapporten" in told
    assert "> Skriv vad lokalen kostar." in told
    message = await report_message(here)
    assert "Karin Holm har begärt komplettering." in message["text"]
    assert buttons(message["blocks"]) == []
    with pytest.raises(Stale):
        await receive(here, case_id, FIRST)

    await _again(here, case_id, done="Lokalen kostar 4 000 kr i månaden.")
    await receive(here, case_id, FIRST)
    assert [one.version for one in (await here.case(case_id)).received] == [2]


@pytest.mark.parametrize("reason", [" ", "…", "Fråga 850709-9805.", "x" * 3001])
async def test_a_report_is_not_sent_back_without_a_reason_that_may_stand(
    here: Town, reason: str
) -> None:
    case_id = await handed_in(here)

    with pytest.raises(InvalidAnswer):
        await send_back(here, case_id, FIRST, reason)
    assert await state_of(here, case_id, FIRST) is DueState.REPORTED


async def test_a_correction_that_was_begun_is_too_late_once_the_report_is_received(
    here: Town,
) -> None:
    case_id = await handed_in(here)
    draft_id = await draft_of(here, case_id, FIRST)
    await here.act(lambda tx: drafts.change(tx.db, draft_id, state=drafts.OPEN))
    await receive(here, case_id, FIRST)

    draft = await here.perform.read(lambda db: drafts.get(db, draft_id))
    assert draft is not None
    assert draft.state == drafts.SUBMITTED


# --- on to Trygghetsberedningen ------------------------------------------------------------------


@pytest.mark.requirement("R000-61")
async def test_only_what_klg_has_received_goes_on_to_the_beredning_and_once(
    database_url: str, tmp_path: Path
) -> None:
    async with town(database_url, tmp_path) as here:
        received = await handed_in(here)
        await handed_in(here)  # waits for KLG
        await planned(here)
        await receive(here, received, FIRST)
        hand_on = partial(report_klg.hand_on, office=here.office)

        before = await here.perform.read(report_klg.to_hand_on)
        handed = await here.act(partial(hand_on, part_report="2027-02-01"))
        again = await here.act(partial(hand_on, part_report="2027-02-08"))
        case = await here.case(received)

    assert [(one.case_id, one.key, one.version) for one in handed] == [(received, FIRST, 1)]
    assert before == handed
    assert again == []
    assert [(one.key, one.part_report) for one in case.handed_on] == [(FIRST, "2027-02-01")]


# --- closing -------------------------------------------------------------------------------------


async def to_the_end(here: Town, case_id: str, **given: Any) -> None:
    """Only the last report is written, and KLG receives it."""
    await day(here, "2028-01-03")
    await hand_in(here, case_id, LAST, **given)
    await receive(here, case_id, LAST)


async def happens(here: Town, case_id: str, *events: Any) -> None:
    """What others do with the money; they ask for the case to be closed after it."""

    def act(tx: Transaction) -> None:
        made = [event(at=tx.now, by=SARA) for event in events]
        case = cases.add(tx.db, case_id, made, after=cases.load(tx.db, case_id))
        closing.attempt(tx, here.office, case_id, case)

    await here.act(act)


async def moved(here: Town, case_id: str, *kinds: str) -> None:
    number = (await here.case(case_id)).decision
    assert number is not None
    await happens(
        here,
        case_id,
        *(
            partial(BudgetTransferred, decision=number.number, cost_kind=kind, year=2027)
            for kind in kinds
        ),
    )


async def test_a_case_closes_when_its_last_report_is_received_and_its_money_moved(
    here: Town,
) -> None:
    case_id = await planned(here, DRIFT, **ENDS)
    await moved(here, case_id, "operating")
    assert (await here.case(case_id)).state is State.FOLLOW_UP
    await to_the_end(here, case_id)

    assert (await here.case(case_id)).state is State.CLOSED
    assert isinstance((await here.events(case_id))[-1], Closed)
    for person in (ANNA, SARA):
        assert "är avslutat. Den sista rapporten är mottagen" in (await here.said(person))[-1]


async def test_the_secretary_gets_a_list_of_what_remains_after_the_last_report(
    here: Town,
) -> None:
    case_id = await planned(here, DRIFT, LIGHT, **ENDS)
    outcome = (
        SplitRow(committee=DRIFT.committee, kind=DRIFT.kind, year=2027, amount=Decimal(400_000)),
        SplitRow(committee=LIGHT.committee, kind=LIGHT.kind, year=2027, amount=Decimal(420_000)),
    )
    await to_the_end(here, case_id, outcome=outcome)

    head, *remains = (await here.said(SARA))[-1].replace("\N{NO-BREAK SPACE}", " ").splitlines()
    assert head.startswith(f"*{TITLE}* ({case_id}): den sista rapporten är mottagen.")
    assert [line.partition(".")[0] for line in remains] == [
        "• Budgeten för drift 2027, 400 000 kr, ska föras om",
        "• Budgeten för investering 2027, 500 000 kr, ska föras om",
        "• Investeringens projektnummer i den ordinarie investeringsprocessen saknas",
        "• teknik- och fastighetsnämnden har 80 000 kr kvar av investeringen",
    ]


@pytest.mark.requirement("R000-51")
async def test_an_investment_closes_when_it_has_its_project_and_the_rest_is_returned(
    here: Town,
) -> None:
    case_id = await planned(here, LIGHT, **ENDS)
    await moved(here, case_id, "investment")
    outcome = (
        SplitRow(committee=LIGHT.committee, kind=LIGHT.kind, year=2027, amount=Decimal(420_000)),
    )
    await to_the_end(here, case_id, outcome=outcome)
    returned = LIGHT.model_copy(update={"amount": Decimal(80_000)})
    await happens(here, case_id, partial(MoneyReturned, returned=returned))
    assert (await here.case(case_id)).state is State.FOLLOW_UP

    await happens(here, case_id, partial(ProjectGiven, project="P 4711"))

    assert (await here.case(case_id)).state is State.CLOSED


async def test_reports_that_were_never_written_are_asked_for_no_more_once_the_last_is_received(
    here: Town,
) -> None:
    case_id = await planned(here, DRIFT, **ENDS)
    await to_the_end(here, case_id)

    states = {due.key: due.state for due in await plan_of(here, case_id)}
    assert states == {
        "2026-year_end": DueState.DROPPED,
        "2027-april": DueState.DROPPED,
        "2027-august": DueState.DROPPED,
        LAST: DueState.RECEIVED,
    }
    mine = await here.perform.read(lambda db: drafts.of_person(db, ANNA))
    assert [draft.report for draft in mine if draft.state == drafts.OPEN] == []


async def test_a_closed_case_is_asked_for_nothing(here: Town) -> None:
    case_id = await planned(here, DRIFT)
    await happens(here, case_id, Closed)
    told = len(await here.said(ANNA))
    await day(here, "2027-05-03")

    assert len(await here.said(ANNA)) == told
    assert await state_of(here, case_id, "2027-april") is DueState.PLANNED
