"""Tables: rows in modals, with what is wrong at its input, and none lost whoever changes them."""

from pathlib import Path

import pytest

from storage import drafts
from tests.bot.desk import ANNA, OMAR, desk
from tests.bot.point_3 import HOSTS, changes, nbsp, up_to
from tests.flows.filled import values


@pytest.mark.requirement("R000-26", "R000-32", "2.3")
async def test_a_drift_line_shows_its_part_year_and_full_year_effect(
    sqlite_url: str, tmp_path: Path
) -> None:
    async with desk(sqlite_url, tmp_path) as here:
        await here.opens(up_to("operating"))

        assert await here.row(ANNA, **HOSTS) == {}

        shown = nbsp((await here.messages(ANNA))[-1]["text"])
        assert (
            "1. Trygghetsvärdar: 720 000 kr per helår, 1 september 2027–31 december 2028" in shown
        )
        assert "helårseffekt 720 000 kr, deleffekt: 240 000 kr 2027; 720 000 kr 2028." in shown


@pytest.mark.parametrize(
    ("written", "stored"),
    [
        ("1,6 mkr", "1600000.00"),
        ("1.1 mkr", "1100000.00"),
        ("200 tkr", "200000.00"),
        ("2 500 000 kr", "2500000.00"),
        ("2\u00a0500\u00a0000", "2500000.00"),
        ("2,5 miljoner", "2500000.00"),
    ],
)
async def test_an_amount_is_read_as_people_write_it(
    sqlite_url: str, tmp_path: Path, written: str, stored: str
) -> None:
    async with desk(sqlite_url, tmp_path) as here:
        draft = await here.opens(up_to("operating"))

        assert await here.row(ANNA, **HOSTS | {"amount": written}) == {}
        await here.presses(ANNA, "Klar")

        from_rows = (await here.stored(draft))["operating"]["value"]
        assert [f"{float(row['amount']):.2f}" for row in from_rows] == [stored]


@pytest.mark.requirement("R000-33")
@pytest.mark.parametrize(
    ("wrong", "field", "says"),
    [
        ({"amount": "-5 000"}, "amount", "utan minustecken"),
        ({"amount": "5-6 mkr"}, "amount", "ett enda belopp"),
        ({"amount": ""}, "amount", "Skriv ett belopp"),
        ({"what": "\u200b"}, "what", "Jag behöver ett svar med text i."),
        ({"start": "2026-01-01"}, "start", "utanför åtgärdens tidsram"),
        ({"end": "2027-01-01"}, "end", "upphör före sin start"),
        ({"end": ""}, "end", "Skriv när kostnaden upphör."),
        ({"duration": "permanent"}, "end", "En permanent kostnad har inget slutdatum."),
        ({"duration": ""}, "duration", "Välj minst ett alternativ."),
    ],
)
async def test_what_is_wrong_in_a_row_is_said_at_its_input(
    sqlite_url: str, tmp_path: Path, wrong: dict[str, str], field: str, says: str
) -> None:
    async with desk(sqlite_url, tmp_path) as here:
        draft = await here.opens(up_to("operating"))

        errors = await here.row(ANNA, **HOSTS | wrong)

        assert says in errors[field]
        assert set(errors) == {field}
        assert not any(key.startswith("operating") for key in await here.stored(draft))


@pytest.mark.requirement("R000-26")
async def test_an_application_has_at_least_one_cost(sqlite_url: str, tmp_path: Path) -> None:
    async with desk(sqlite_url, tmp_path) as here:
        await here.opens(up_to("operating"))
        await here.presses(ANNA, "Det finns inga")

        await here.presses(ANNA, "Det finns inga")

        assert "Det finns varken driftkostnader eller investeringar." in await here.last(ANNA)


@pytest.mark.requirement("R000-31")
async def test_half_a_year_over_new_year_is_two_budget_years(
    sqlite_url: str, tmp_path: Path
) -> None:
    given = {k: v for k, v in up_to("operating").items() if k not in {"start", "end"}}
    async with desk(sqlite_url, tmp_path) as here:
        await here.opens(given)
        await here.chooses(ANNA, "2026-10-01")
        await here.says(ANNA, "2026-09-30")
        assert "slutar 30 september 2026, före starten 1 oktober 2026" in await here.last(ANNA)
        await here.says(ANNA, "2027-03-31")
        await here.row(ANNA, **HOSTS | {"start": "2026-10-01", "end": "2027-03-31"})

        shown = nbsp(await here.last(ANNA))
        assert "deleffekt: 180 000 kr 2026; 180 000 kr 2027." in shown


async def test_own_financing_larger_than_the_cost_is_refused_at_the_amount(
    sqlite_url: str, tmp_path: Path
) -> None:
    async with desk(sqlite_url, tmp_path) as here:
        await here.opens(up_to("own_financing"))
        assert "*Ni söker*" in await here.last(ANNA)

        errors = await here.row(ANNA, kind="operating", year="2027", amount="9 mkr")

        assert "mer än kostnaden" in errors["amount"]


async def test_an_old_table_removes_no_other_row(sqlite_url: str, tmp_path: Path) -> None:
    async with desk(sqlite_url, tmp_path) as here:
        await here.opens(up_to("operating"))
        await here.row(ANNA, **HOSTS)
        old = [c for c in await here.controls(ANNA) if c["label"] == "Ta bort"][-1]
        await here.row(ANNA, **HOSTS | {"what": "Utbildning"})

        await here.press(ANNA, old)

        shown = await here.last(ANNA)
        assert "Tabellen *Driftkostnader* har ändrats sedan dess." in shown
        assert "1. Trygghetsvärdar" in shown
        assert "2. Utbildning" in shown


async def test_a_row_is_changed_in_its_place(sqlite_url: str, tmp_path: Path) -> None:
    async with desk(sqlite_url, tmp_path) as here:
        await here.opens(up_to("operating"))
        await here.row(ANNA, **HOSTS)
        await here.row(ANNA, **HOSTS | {"what": "Utbildning"})
        change = [c for c in await here.controls(ANNA) if c["action_id"] == "intake_row_change"]
        await here.press(ANNA, change[-2])

        assert await here.fills(ANNA, {"amount": "800 tkr"}) == {}

        shown = nbsp(await here.last(ANNA))
        assert "1. Trygghetsvärdar: 800 000 kr" in shown
        assert "2. Utbildning: 720 000 kr" in shown


async def test_a_change_that_was_never_said_to_be_done_is_not_lost(
    sqlite_url: str, tmp_path: Path
) -> None:
    async with desk(sqlite_url, tmp_path) as here:
        draft = await here.opens(values() | {"calculation_by": "officer"})
        await changes(here, draft, "own_financing")
        await here.row(ANNA, kind="investment", year="2027", amount="100 tkr")

        await here.says(ANNA, "fortsätt")

        assert "utan att trycka på *Klar*" in await here.last(ANNA)
        await here.presses(ANNA, "Behåll svaret")
        assert "Läs igenom och tryck på Skicka in" in await here.last(ANNA)
        assert len((await here.stored(draft))["own_financing"]["value"]) == 1


async def test_two_at_one_table_lose_no_row(sqlite_url: str, tmp_path: Path) -> None:
    async with desk(sqlite_url, tmp_path) as here:
        draft = await here.opens(up_to("operating"))
        await here.town.act(
            lambda tx: drafts.join(tx.db, draft, person=OMAR, role=drafts.AUTHOR, at=tx.now)
        )
        await here.says(OMAR, "fortsätt")
        await here.presses(ANNA, "Lägg till rad")
        annas = here.screen.view
        await here.row(OMAR, **HOSTS | {"what": "Utbildning"})
        here.screen.view = annas

        assert await here.fills(ANNA, HOSTS) == {}

        assert "1. Utbildning" in await here.last(ANNA)
        assert "2. Trygghetsvärdar" in await here.last(ANNA)
        change = [c for c in await here.controls(ANNA) if c["action_id"] == "intake_row_change"]
        await here.press(ANNA, change[-1])
        annas = here.screen.view
        await here.says(OMAR, "fortsätt")
        await here.presses(OMAR, "Ta bort")
        here.screen.view = annas
        errors = await here.fills(ANNA, {"amount": "1"})
        assert "Tabellen har ändrats sedan du öppnade den här rutan." in errors["what"]
