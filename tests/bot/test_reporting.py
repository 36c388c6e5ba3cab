"""Follow-up reports from the officer's side: asked for on their day, answered in chat, handed in and changed."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, date, datetime
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import delete

from bot.acts import reporting, writing
from bot.timetable import Timetable
from flows.decided import Verdict
from flows.errors import NotAllowed
from flows.follow_up import DueState
from storage import drafts, reports
from storage.tables import due_reports
from tests.bot.decided import gets, granted, waiting_for_chief_executive
from tests.bot.desk import ANNA, EVA, OMAR, Desk, desk
from tests.bot.klg import closes_account
from tests.bot.reports import (
    DRIFT,
    LIGHT,
    TITLE,
    answer,
    day,
    draft_of,
    hand_in,
    plan_of,
    planned,
    receive,
    state_of,
)
from tests.bot.test_conversation_tables import changes, nbsp
from tests.bot.town import SARA, TOVE, Town, town
from tests.flows.filled import SF, example

APRIL, YEAR_END = "2027-april", "2027-year_end"


@pytest.fixture
async def here(sqlite_url: str, tmp_path: Path) -> AsyncIterator[Desk]:
    async with desk(sqlite_url, tmp_path) as found:
        yield found


async def asked(here: Desk, *amounts: Any, key: str = APRIL, on: str = "2027-05-03") -> str:
    """A case whose report of April is asked for, with nothing before it."""
    case_id = await planned(here.town, *amounts)
    await _skip_to(here.town, case_id, key)
    await day(here.town, on)
    return case_id


async def _skip_to(here: Town, case_id: str, key: str) -> None:
    for due in await plan_of(here, case_id):
        if due.key == key:
            return
        drop = partial(reports.change, case_id=case_id, key=due.key, state=DueState.DROPPED)
        await here.act(lambda tx, drop=drop: drop(tx.db))


async def _without(here: Town, case_id: str, key: str) -> None:
    def drop(tx: Any) -> None:
        tx.db.execute(
            delete(due_reports).where(due_reports.c.case_id == case_id, due_reports.c.key == key)
        )

    await here.act(drop)


# --- the plan and the asking ---------------------------------------------------------------------


@pytest.mark.requirement("R001-11")
async def test_a_granted_case_has_its_reports_planned(database_url: str, tmp_path: Path) -> None:
    async with town(database_url, tmp_path) as here:
        case_id = await planned(here)

        shown = [
            (due.key, str(due.ask_on), str(due.late_on)) for due in await plan_of(here, case_id)
        ]

    assert shown == [
        ("2026-year_end", "2026-12-31", "2027-01-25"),  # 15 working days, trettonhelgen left out
        ("2027-april", "2027-04-30", "2027-05-24"),
        ("2027-august", "2027-08-31", "2027-09-21"),
        ("2027-year_end", "2027-12-31", "2028-01-24"),
        ("effect", "2028-10-31", "2028-11-21"),
    ]


@pytest.mark.parametrize("verdict", [Verdict.REJECTED, Verdict.REMITTED])
async def test_who_was_not_granted_owes_nothing(here: Desk, verdict: Verdict) -> None:
    no = await granted(here.town, verdict=verdict)
    waiting = await waiting_for_chief_executive(here.town)
    for case_id in (no, waiting):
        case = await here.town.case(case_id)
        plan = partial(reporting.granted, office=here.town.office, case_id=case_id, case=case)
        await here.town.act(plan)

        assert await plan_of(here.town, case_id) == []


async def test_a_report_is_asked_for_on_the_working_day_after_its_period(
    database_url: str, tmp_path: Path
) -> None:
    async with town(database_url, tmp_path) as here:
        case_id = await planned(here)
        await day(here, "2026-12-31")
        before = await state_of(here, case_id, "2026-year_end")
        await day(here, "2027-01-04")
        after = await state_of(here, case_id, "2026-year_end")
        told = await here.said(ANNA)

    assert (before, after) == (DueState.PLANNED, DueState.ASKED)
    assert told[-1].startswith(
        f"*{TITLE}* ({case_id}) väntar på din rapport: årsbokslut 2026, till och med "
        "31 december 2026. Den ska vara inne senast 25 januari 2027."
    )


async def test_a_report_is_asked_for_once_however_often_the_timer_and_its_jobs_run(
    database_url: str, tmp_path: Path
) -> None:
    async with town(database_url, tmp_path) as here:
        case_id = await planned(here)
        ask_due = partial(reporting.ask_due, _office=here.office, at=here.now.replace(year=2027))
        for _ in range(2):  # two replicas, or the next morning, before any job has run
            await here.act(ask_due)
        here.done.clear()
        await here.work()
        here.done.clear()  # killed before the mark: every job runs once more
        await here.work()
        told = [text for text in await here.said(ANNA) if "väntar på din rapport" in text]
        mine = await here.perform.read(lambda db: drafts.of_person(db, ANNA))

    assert len(told) == 3  # the reports of three periods, each once
    assert sorted(d.report for d in mine if d.form == drafts.REPORT) == [
        "2026-year_end",
        "2027-april",
        "2027-august",
    ]
    assert all(d.case_id == case_id for d in mine if d.form == drafts.REPORT)


async def test_the_timetable_asks_once_with_two_replicas_and_after_a_restart(
    database_url: str, tmp_path: Path
) -> None:
    async with town(database_url, tmp_path) as here:
        case_id = await planned(here)
        clock = [datetime(2026, 12, 30, 12, tzinfo=UTC)]

        def replica() -> Timetable:
            return Timetable(
                here.perform, here.office, reporting.TIMERS, now=lambda: clock[0], poll_s=1
            )

        one, other = replica(), replica()
        await one.once()
        for hour in (6, 9, 12):  # nine in Sweden is eight in UTC; the 1st to the 3rd are free
            clock[0] = datetime(2027, 1, 4, hour, tzinfo=UTC)
            await asyncio.gather(one.once(), other.once())
            await here.work()
        await replica().once()
        await here.work()
        told = [text for text in await here.said(ANNA) if "väntar på din rapport" in text]
        state = await state_of(here, case_id, "2026-year_end")

    assert len(told) == 1
    assert state is DueState.ASKED


async def test_two_who_ask_for_the_same_report_at_once_ask_once(
    database_url: str, tmp_path: Path
) -> None:
    async with town(database_url, tmp_path) as here:
        case_id = await planned(here)
        ask = partial(reporting.ask, office=here.office, case_id=case_id, key="2026-year_end")
        done = await asyncio.gather(here.act(ask), here.act(ask), return_exceptions=True)
        told = [text for text in await here.said(ANNA) if "väntar på din rapport" in text]

    assert None in done  # the loser, if there is one, is tried again and finds it asked
    assert len(told) == 1


async def test_who_is_writing_something_else_is_not_interrupted(here: Desk) -> None:
    case_id = await planned(here.town)
    await here.begins()
    standing = await here.town.perform.read(lambda db: drafts.position(db, ANNA))
    await day(here.town, "2027-01-04")

    assert await here.town.perform.read(lambda db: drafts.position(db, ANNA)) == standing
    await here.says(ANNA, "En annan åtgärd")
    assert "Vem kan" in await here.last(ANNA)  # the next question of what she was writing

    await here.presses(ANNA, "Börja")
    said = await here.last(ANNA)
    assert "Jag har pausat *En annan åtgärd*." in said
    assert "Rör rapporten något som är hemligt" in said
    assert await draft_of(here.town, case_id, "2026-year_end")


async def test_everybody_who_wrote_the_application_is_asked_but_finance(here: Desk) -> None:
    case_id = await planned(here.town)
    await _joins(here, case_id, OMAR, drafts.AUTHOR)
    await _joins(here, case_id, EVA, drafts.FINANCE)
    await day(here.town, "2027-01-04")

    draft_id = await draft_of(here.town, case_id, "2026-year_end")
    members = await here.town.perform.read(lambda db: drafts.members(db, draft_id))
    assert members == {ANNA: drafts.OWNER, OMAR: drafts.AUTHOR}
    assert "väntar på din rapport" in await here.last(OMAR)
    assert await here.messages(EVA) == []


async def test_when_the_owner_has_left_another_author_owns_the_report(here: Desk) -> None:
    case_id = await planned(here.town)
    await _joins(here, case_id, OMAR, drafts.AUTHOR)
    await _leaves_slack(here, ANNA)
    await day(here.town, "2027-01-04")

    draft_id = await draft_of(here.town, case_id, "2026-year_end")
    members = await here.town.perform.read(lambda db: drafts.members(db, draft_id))
    assert members == {OMAR: drafts.OWNER}


async def test_when_everybody_has_left_the_secretary_is_told(here: Desk) -> None:
    await planned(here.town)
    await _leaves_slack(here, ANNA)
    await day(here.town, "2027-01-04")

    said = await here.last(SARA)
    assert f"*{TITLE}* väntar på en rapport: årsbokslut 2026." in said
    assert "Ingen av dem som skrev ansökan finns kvar i Slack" in said
    assert await here.messages(TOVE) == []  # of another förvaltning


async def _joins(here: Desk, case_id: str, person: str, role: str) -> None:
    def join(tx: Any) -> None:
        draft = drafts.of_case(tx.db, case_id)
        assert draft is not None
        drafts.join(tx.db, draft.id, person=person, role=role, at=tx.now)

    await here.town.act(join)


async def _leaves_slack(here: Desk, person: str) -> None:
    profile = {"email": "anna.ek@exempelkommunen.se", "real_name": "Anna Ek"}
    await closes_account(here.town, person, profile=profile)


# --- the conversation ----------------------------------------------------------------------------


async def test_a_whole_report_is_written_in_chat(here: Desk) -> None:
    case_id = await asked(here, DRIFT, LIGHT)
    await here.presses(ANNA, "Börja")
    first = nbsp(await here.last(ANNA))
    assert "Uppföljning · fråga 1 av " in first
    assert f"{TITLE}, utökad uppföljning per april 2027" in first

    await here.presses(ANNA, "Nej, inget av det")
    await here.presses(ANNA, "Försenad")
    await here.says(ANNA, "Vi har öppnat två mötesplatser.")
    await here.says(ANNA, "Den tredje öppnar i höst.")
    assert "socialnämnden, drift 2027: 400 000 kr" in nbsp(await here.last(ANNA))
    await here.presses(ANNA, "Fyll i beloppen")
    await here.fills(ANNA, _amounts("120 tkr", "0"))
    assert "120 000 kr använt av 400 000 kr" in nbsp(await here.last(ANNA))
    await here.presses(ANNA, "Fyll i beloppen")
    await here.fills(ANNA, _amounts("250 000", "500 000"))
    why = nbsp(await here.last(ANNA))
    assert "Varför avviker utfallet" in why
    assert "prognos 250 000 kr. *150 000 kr mindre än beviljat.*" in why
    assert "teknik- och fastighetsnämnden" not in why  # as granted
    for text in ("Rekryteringen drog ut.", "Fler kommer.", "Vanan består.", "Två av tre."):
        await here.says(ANNA, text)
    measured = await here.last(ANNA)
    assert "Utgångsläge: Text om effect_baseline." in measured
    assert "Målvärde: Text om effect_goal." in measured
    await here.presses(ANNA, "Hoppa över")
    assert "Läs igenom och tryck på Skicka in." in await here.last(ANNA)
    assert await here.presses(ANNA, "Skicka in") is None

    (reported,) = (await here.town.case(case_id)).reports
    assert (reported.key, reported.version, reported.last) == (APRIL, 1, False)
    assert {(one.committee, str(one.amount)) for one in reported.outcome} == {
        ("socialnamnden", "120000.00"),
        ("teknik-och-fastighetsnamnden", "0.00"),
    }
    assert await state_of(here.town, case_id, APRIL) is DueState.REPORTED
    assert "är inskickad (version 1) och väntar på KLG Trygghet och säkerhet" in await here.last(
        ANNA
    )


def _amounts(drift: str, investment: str) -> dict[str, str]:
    return {
        "socialnamnden:operating:2027": drift,
        "teknik-och-fastighetsnamnden:investment:2027": investment,
    }


async def _at_the_outcome(here: Desk) -> None:
    await here.presses(ANNA, "Börja")
    await here.presses(ANNA, "Nej, inget av det")
    await here.presses(ANNA, "Pågår som planerat")
    await here.says(ANNA, "Gjort.")
    await here.says(ANNA, "Kvar.")


async def test_a_zero_is_an_amount_and_nothing_is_none(here: Desk) -> None:
    await asked(here, DRIFT, LIGHT)
    await _at_the_outcome(here)
    await here.presses(ANNA, "Fyll i beloppen")

    assert await here.fills(ANNA, _amounts("0", "")) == {}
    assert "Hur mycket har använts hittills?" in await here.last(ANNA)
    await here.presses(ANNA, "Fyll i beloppen")
    await here.fills(ANNA, _amounts("0", "0"))
    assert "Hur mycket räknar ni med" in await here.last(ANNA)


async def test_a_table_longer_than_a_modal_is_filled_in_bit_by_bit(here: Desk) -> None:
    """Lines without an amount come first, so that each time the modal is opened it is shorter."""
    committees = [one.id for one in here.town.office.programme.committees]
    amounts = [gets(c, "investment", year, 1000) for c in committees for year in range(2007, 2028)]
    case_id = await planned(here.town, decided=date(2026, 12, 15), granted_is=amounts)
    await _skip_to(here.town, case_id, YEAR_END)
    await _without(here.town, case_id, "effect")
    await day(here.town, "2028-01-03")
    await here.presses(ANNA, "Börja")
    await here.presses(ANNA, "Nej, inget av det")
    await here.presses(ANNA, "Genomförd")
    await here.says(ANNA, "Gjort.")

    opened = []
    for _ in range(2):
        await here.presses(ANNA, "Fyll i beloppen")
        blocks = [b["block_id"] for b in here.screen.view["blocks"] if b["type"] == "input"]
        opened.append(blocks)
        assert len(here.screen.view["blocks"]) <= 100
        assert await here.fills(ANNA, dict.fromkeys(blocks, "1 000")) == {}

    assert set(opened[0]) | set(opened[1]) == {f"{a.committee}:{a.kind}:{a.year}" for a in amounts}
    stored = await here.stored(await draft_of(here.town, case_id, YEAR_END))
    assert len(stored["outcome"]["value"]) == len(amounts) == 105


async def test_a_wrong_amount_is_named_at_its_input(here: Desk) -> None:
    await asked(here, DRIFT, LIGHT)
    await _at_the_outcome(here)
    await here.presses(ANNA, "Fyll i beloppen")

    errors = await here.fills(ANNA, _amounts("cirka 5", "0"))

    assert list(errors) == ["socialnamnden:operating:2027"]


async def test_back_and_edit_keep_the_later_answers(here: Desk) -> None:
    case_id = await asked(here)
    await answer(here.town, case_id, APRIL)
    await here.presses(ANNA, "Börja")
    assert "Läs igenom och tryck på Skicka in." in await here.last(ANNA)

    await here.says(ANNA, "tillbaka")
    assert "Vilket värde visar er mätning?" in await here.last(ANNA)
    await here.presses(ANNA, "Behåll svaret")
    draft_id = await draft_of(here.town, case_id, APRIL)
    await changes(here, draft_id, "done")
    await here.says(ANNA, "Något annat.")

    assert "Läs igenom och tryck på Skicka in." in await here.last(ANNA)
    stored = await here.stored(draft_id)
    assert stored["done"]["value"] == "Något annat."
    assert stored["results"]["value"] == "Så här gick det."


async def test_the_amount_of_a_table_with_one_line_may_be_typed(here: Desk) -> None:
    case_id = await asked(here, DRIFT)
    await _at_the_outcome(here)
    await here.says(ANNA, "cirka 5")
    assert "Hur mycket har använts hittills?" in await here.last(ANNA)
    await here.says(ANNA, "120 tkr")

    stored = await here.stored(await draft_of(here.town, case_id, APRIL))
    assert [row["amount"] for row in stored["outcome"]["value"]] == ["120000.00"]
    assert "Hur mycket räknar ni med" in await here.last(ANNA)


async def test_what_is_typed_where_a_table_is_asked_for_leads_to_its_button(here: Desk) -> None:
    await asked(here, DRIFT, LIGHT)
    await _at_the_outcome(here)
    await here.says(ANNA, "120 tkr")

    assert "Den frågan besvaras i en tabell." in await here.last(ANNA)


async def test_a_colleague_writes_in_the_same_report(here: Desk) -> None:
    case_id = await asked(here)
    await here.presses(ANNA, "Börja")
    await here.says(ANNA, "bjud in")
    await here.presses(ANNA, "Bjud in en kollega")
    assert await here.fills(ANNA, {"people": ["U0OMAR"]}) == {}  # type: ignore[dict-item]
    await here.presses(OMAR, "Börja")
    await here.presses(OMAR, "Nej, inget av det")

    stored = await here.stored(await draft_of(here.town, case_id, APRIL))
    assert stored["report_secrecy"]["by"] == OMAR
    await here.presses(ANNA, "Nej, inget av det")
    assert "hann svara på *Sekretess* före dig" in await here.last(ANNA)


async def test_an_officer_of_another_forvaltning_has_no_part_in_the_report(here: Desk) -> None:
    case_id = await asked(here)
    draft_id = await draft_of(here.town, case_id, APRIL)
    open_for = partial(writing.open_for, office=here.town.office, draft_id=draft_id, person=TOVE)

    with pytest.raises(NotAllowed):
        await here.town.act(lambda tx: open_for(tx.db))


async def test_an_officer_of_the_forvaltning_goes_on_with_the_report_uninvited(
    sqlite_url: str, tmp_path: Path
) -> None:
    programme = example()
    people = tuple(
        one.model_copy(update={"administration": SF}) if one.name == "Omar Haddad" else one
        for one in programme.people
    )
    programme = programme.model_copy(update={"people": people})
    async with desk(sqlite_url, tmp_path, programme=programme) as here:
        await planned(here.town)
        await _leaves_slack(here, ANNA)
        await day(here.town, "2027-01-04")
        assert "Ingen av dem som skrev ansökan finns kvar" in await here.last(OMAR)
        await here.presses(OMAR, "Börja")

        assert "Rör rapporten något som är hemligt" in await here.last(OMAR)


async def test_the_answers_of_last_time_are_shown_beside_each_question(here: Desk) -> None:
    case_id = await asked(here, key="2026-year_end", on="2027-01-04")
    await hand_in(here.town, case_id, "2026-year_end", done="Vi har hyrt en lokal.")
    await day(here.town, "2027-05-03")
    await here.presses(ANNA, "Börja")
    await here.presses(ANNA, "Nej, inget av det")
    assert "*Förra gången* (årsbokslut 2026): Pågår som planerat" in await here.last(ANNA)
    await here.presses(ANNA, "Pågår som planerat")

    assert "*Förra gången* (årsbokslut 2026): Vi har hyrt en lokal." in await here.last(ANNA)


async def test_what_is_secret_empties_the_report_which_is_still_owed(here: Desk) -> None:
    case_id = await asked(here)
    await answer(here.town, case_id, APRIL)
    draft_id = await draft_of(here.town, case_id, APRIL)
    await here.town.act(lambda tx: drafts.forget(tx.db, draft_id, keys=["report_secrecy"]))
    await here.presses(ANNA, "Börja")
    await here.presses(ANNA, "Ja, människor går att känna igen")

    assert "Rapporten väntar fortfarande" in await here.last(ANNA)
    assert await here.stored(draft_id) == {}
    assert await state_of(here.town, case_id, APRIL) is DueState.ASKED
    await here.says(ANNA, "fortsätt")
    assert "Rör rapporten något som är hemligt" in await here.last(ANNA)


async def test_an_identity_number_is_never_kept(here: Desk) -> None:
    case_id = await asked(here)
    await here.presses(ANNA, "Börja")
    await here.presses(ANNA, "Nej, inget av det")
    await here.presses(ANNA, "Försenad")
    await here.says(ANNA, "Vi hjälpte 850709-9805.")

    assert "ser ut som ett personnummer" in await here.last(ANNA)
    assert "done" not in await here.stored(await draft_of(here.town, case_id, APRIL))


async def test_a_report_is_owed_and_cannot_be_left(here: Desk) -> None:
    await asked(here)
    await here.presses(ANNA, "Börja")
    await here.says(ANNA, "avbryt")

    assert "Rapporten behövs, så den går inte att avbryta." in await here.last(ANNA)
    await here.says(ANNA, "pausa")
    assert "Pausat." in await here.last(ANNA)


async def test_what_is_said_in_a_report_does_not_call_it_an_application(here: Desk) -> None:
    await asked(here)
    await here.presses(ANNA, "Börja")
    await here.says(ANNA, "hjälp")
    await here.says(ANNA, "visa")
    await here.says(ANNA, "pausa")
    await here.says(ANNA, "fortsätt")
    await here.says(ANNA, "avbryt")

    assert "nsökan" not in "\n".join((await here.told(ANNA))[-6:])


async def test_an_incomplete_report_is_not_handed_in(here: Desk) -> None:
    case_id = await asked(here)
    draft_id = await answer(here.town, case_id, APRIL)
    await here.presses(ANNA, "Börja")
    await here.town.act(lambda tx: drafts.forget(tx.db, draft_id, keys=["results", "forecast"]))
    await here.presses(ANNA, "Skicka in")

    said = await here.last(ANNA)
    assert "• Resultat: frågan är inte besvarad." in said
    assert "• Prognos för helåret: frågan är inte besvarad." in said
    assert (await here.town.case(case_id)).reports == ()


async def test_a_report_can_be_changed_until_klg_has_received_it(here: Desk) -> None:
    case_id = await asked(here)
    await hand_in(here.town, case_id, APRIL)
    await here.presses(ANNA, "Visa svaren")
    assert await here.presses(ANNA, "Ändra", nth=-1) is None
    await here.says(ANNA, "62 % i november.")
    assert await here.presses(ANNA, "Skicka in") is None
    await here.town.work()
    versions = [one.version for one in (await here.town.case(case_id)).reports]
    assert versions == [1, 2]

    await receive(here.town, case_id, APRIL)
    await here.presses(ANNA, "Visa svaren")
    refused = await here.presses(ANNA, "Ändra", nth=-1) if await _can_change(here) else "shut"
    assert refused is not None


async def _can_change(here: Desk) -> bool:
    newest = (await here.messages(ANNA))[-1]
    return any(
        c["label"] == "Ändra" and c["message"] == newest["id"] for c in await here.controls(ANNA)
    )


async def test_nothing_is_handed_in_again_unchanged(here: Desk) -> None:
    case_id = await asked(here)
    await hand_in(here.town, case_id, APRIL)
    draft_id = await draft_of(here.town, case_id, APRIL)
    await here.town.act(lambda tx: drafts.change(tx.db, draft_id, state=drafts.OPEN))
    await here.says(ANNA, "visa")

    refused = await here.presses(ANNA, "Skicka in")

    assert refused is not None
    assert "Inget har ändrats sedan version 1" in refused


async def test_what_waits_for_a_person_has_a_line_and_a_button_each(here: Desk) -> None:
    await planned(here.town)
    await day(here.town, "2027-05-03")
    text, blocks = await here.town.perform.read(
        lambda db: reporting.mine(db, here.town.office, ANNA)
    )
    nothing, _ = await here.town.perform.read(lambda db: reporting.mine(db, here.town.office, OMAR))

    assert text.splitlines() == [
        "*2 rapporter väntar på dig*",
        f"{TITLE}, årsbokslut 2026: senast 25 januari 2027",
        f"{TITLE}, utökad uppföljning per april 2027: senast 24 maj 2027",
    ]
    assert [b["accessory"]["text"]["text"] for b in blocks if "accessory" in b] == ["Börja"] * 2
    assert nothing == "Ingen rapport väntar på dig."


async def test_the_application_of_a_case_is_not_taken_for_one_of_its_reports(here: Desk) -> None:
    case_id = await asked(here)
    found = await here.town.perform.read(lambda db: drafts.of_case(db, case_id))

    assert found is not None
    assert found.form == drafts.APPLICATION
