"""A follow-up report is written in chat: a question at a time, tables of amounts, by more than one."""

from collections.abc import AsyncIterator
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import delete

from bot.acts import writing
from flows.errors import NotAllowed
from flows.follow_up import DueState
from storage.tables import due_reports
from tests.bot.decided import gets
from tests.bot.desk import ANNA, OMAR, Desk, desk
from tests.bot.point_3 import changes, nbsp
from tests.bot.report_asked import APRIL, YEAR_END, asked, leaves_slack, skip_to
from tests.bot.reports import (
    DRIFT,
    LIGHT,
    TITLE,
    answer,
    day,
    draft_of,
    hand_in,
    planned,
    state_of,
)
from tests.bot.town import TOVE, Town
from tests.flows.filled import SF, example


@pytest.fixture
async def here(sqlite_url: str, tmp_path: Path) -> AsyncIterator[Desk]:
    async with desk(sqlite_url, tmp_path) as found:
        yield found


async def _without(here: Town, case_id: str, key: str) -> None:
    def drop(tx: Any) -> None:
        tx.db.execute(
            delete(due_reports).where(due_reports.c.case_id == case_id, due_reports.c.key == key)
        )

    await here.act(drop)


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
    await skip_to(here.town, case_id, YEAR_END)
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
        await leaves_slack(here, ANNA)
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
