"""Tables: rows in modals with what is wrong at its input, and the split that must add up to the öre."""

from pathlib import Path
from typing import Any

import pytest

from flows.events import Stage
from storage import drafts
from tests.bot.desk import ANNA, OMAR, Desk, desk
from tests.flows.filled import KFF, SF, TFF, values

HOSTS = {"what": "Trygghetsvärdar", "amount": "720 000", "start": "2027-09-01", "end": "2028-12-31"}
LIGHT = {"what": "Belysning", "payment:2027": "1 mkr", "in_use_from": "2028-01-01"}
POINT_3 = (
    "operating", "investments", "classification", "capital_bearer", "capital_reason", "property",
    "tff_contact", "tff_contact_on", "tff_contacted", "tff_contacted_how", "internal_rent",
    "investment_form", "investment_process", "own_financing", "long_term_financing",
    "finance_confirmed",
)  # fmt: skip


def up_to(key: str, **changed: Any) -> dict[str, Any]:
    """Answers up to the question, when the officer fills in the calculation herself."""
    given = values() | {"calculation_by": "officer"} | changed
    later = POINT_3[POINT_3.index(key) :] if key in POINT_3 else (key,)
    return {k: v for k, v in given.items() if k not in {*later, "split", "attested"}}


def nbsp(text: str) -> str:
    return text.replace("\u00a0", " ")


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


@pytest.mark.requirement("R000-29")
async def test_an_investment_with_components_shows_its_capital_cost(
    sqlite_url: str, tmp_path: Path
) -> None:
    async with desk(sqlite_url, tmp_path) as here:
        draft = await here.opens(up_to("investments"))
        bare = await here.row(ANNA, **LIGHT)
        assert "nyttjandeperioden" in bare["useful_life"]
        off = await here.fills(ANNA, LIGHT | {"components": "Stolpar; 600 tkr; 20"})
        assert "skiljer 400 000 kr" in nbsp(off["components"])
        unreadable = await here.fills(ANNA, LIGHT | {"components": "Stolpar 600 tkr"})
        assert 'Raden "Stolpar 600 tkr" går inte att läsa' in unreadable["components"]

        parts = "Stolpar; 600 tkr; 20\nArmaturer; 400 000; 10 år; 50 tkr"
        assert await here.fills(ANNA, LIGHT | {"components": parts}) == {}
        await here.presses(ANNA, "Klar")

        stored = (await here.stored(draft))["investments"]["value"][0]["components"]
        assert [part["useful_life"] for part in stored] == [20, 10]
        await here.presses(ANNA, "Ja, det stämmer")
        # 600 000/20 + (400 000 - 50 000)/10 = 65 000, and 2,5 % of 1 000 000
        assert "90 000 kr 2028 (preliminär ränta)" in nbsp(await here.last(ANNA))


@pytest.mark.requirement("R000-28")
async def test_drift_or_investment_is_suggested_and_asked_again_only_when_it_changes(
    sqlite_url: str, tmp_path: Path
) -> None:
    async with desk(sqlite_url, tmp_path) as here:
        draft = await here.opens(up_to("classification"))
        assert "Stämmer fördelningen mellan drift och investering?" in await here.last(ANNA)
        assert "står som investering" in await here.last(ANNA)
        await here.presses(ANNA, "Ja, det stämmer")
        assert "Vem betalar kapitalkostnaderna?" in await here.last(ANNA)

        await changes(here, draft, "goal")
        await here.says(ANNA, "Ett annat mål.")
        assert "Vem betalar kapitalkostnaderna?" in await here.last(ANNA)

        await changes(here, draft, "operating")
        await here.presses(ANNA, "Ta bort")
        await here.presses(ANNA, "Klar")
        assert "Stämmer fördelningen mellan drift och investering?" in await here.last(ANNA)


async def changes(here: Desk, draft: int, key: str, *, person: str = ANNA) -> str | None:
    """Press *Ändra* at a question."""
    value = f'[{draft},"{key}",0,""]'
    control = {"action_id": f"intake_change:{key}", "block_id": "x", "type": "button"}
    return await here.press(person, control | {"value": value})


@pytest.mark.requirement("R000-27")
async def test_the_calculation_is_confirmed_again_when_a_figure_changes_and_only_then(
    sqlite_url: str, tmp_path: Path
) -> None:
    given = values() | {"calculation_by": "officer"}
    async with desk(sqlite_url, tmp_path) as here:
        draft = await here.opens(given)
        assert "Läs igenom och tryck på Skicka in" in await here.last(ANNA)

        await changes(here, draft, "analysis")
        await here.says(ANNA, "En annan analys.")
        # The whole application has changed, the calculation has not.
        assert "Har dialogen med ordföranden omfattat" in await here.last(ANNA)
        await here.presses(ANNA, "Ja, jag bekräftar")
        assert "Läs igenom och tryck på Skicka in" in await here.last(ANNA)

        await changes(here, draft, "own_financing")
        await here.presses(ANNA, "Ta bort")
        await here.presses(ANNA, "Det finns inga")
        assert "Är kalkylen gjord tillsammans med ekonomifunktionen" in await here.last(ANNA)


@pytest.mark.requirement("R000-53", "R000-54")
async def test_an_exception_for_capital_costs_needs_its_reason(
    sqlite_url: str, tmp_path: Path
) -> None:
    async with desk(sqlite_url, tmp_path) as here:
        draft = await here.opens(up_to("capital_bearer"))
        assert "Huvudregeln är att nämnden gör det." in await here.last(ANNA)
        await here.presses(ANNA, "Satsningen (särskilda skäl)")
        assert "Vilka särskilda skäl finns" in await here.last(ANNA)
        await here.says(ANNA, "–")
        assert "Jag behöver ett svar med text i." in await here.last(ANNA)

        await changes(here, draft, "capital_bearer")
        await here.presses(ANNA, "Nämnden")

        assert "fastighetsinvestering" in await here.last(ANNA)


@pytest.mark.requirement("R000-57")
async def test_a_property_investment_names_who_at_tff_was_contacted(
    sqlite_url: str, tmp_path: Path
) -> None:
    async with desk(sqlite_url, tmp_path) as here:
        draft = await here.opens(up_to("property"))
        await here.presses(ANNA, "Ja")
        assert "Vem på teknik- och fastighetsförvaltningen har ni talat med?" in await here.last(
            ANNA
        )
        await here.says(ANNA, "...")
        assert "Jag behöver ett svar med text i." in await here.last(ANNA)
        await here.says(ANNA, "Tove Nyström, 0701740605")
        await here.chooses(ANNA, "2026-09-30")

        assert (await here.stored(draft))["tff_contact_on"]["value"] == "2026-09-30"
        assert "internhyran" in await here.last(ANNA)


@pytest.mark.requirement("R000-58", "R000-59")
async def test_tff_names_the_administrations_that_it_has_contacted(
    sqlite_url: str, tmp_path: Path
) -> None:
    async with desk(sqlite_url, tmp_path) as here:
        draft = await here.opens(up_to("property", administrations=(TFF,)))
        await here.presses(ANNA, "Ja")
        assert "Vilka verksamhetsförvaltningar har ni på TFF kontaktat?" in await here.last(ANNA)
        chooser = [c for c in await here.controls(ANNA) if c["type"] == "multi_static_select"][-1]
        assert TFF not in {option["value"] for option in chooser["options"]}
        await here.presses(ANNA, "Svara", chosen=[])
        assert "Välj minst ett alternativ." in await here.last(ANNA)

        await here.chooses(ANNA, SF)
        await here.says(ANNA, "Anna Ek, utvecklare, 24 september.")
        await here.says(ANNA, "Internhyran höjs inte.")

        stored = await here.stored(draft)
        assert stored["tff_contacted"]["value"] == [SF]
        assert stored["internal_rent"]["value"] == "Internhyran höjs inte."


@pytest.mark.requirement("R000-30", "R000-52")
async def test_an_investment_refers_to_its_form_and_follows_the_process(
    sqlite_url: str, tmp_path: Path
) -> None:
    async with desk(sqlite_url, tmp_path) as here:
        draft = await here.opens(up_to("investment_form"))
        assert "Var finns blanketten för investeringsprojektet?" in await here.last(ANNA)
        await here.says(ANNA, "–")
        assert "Jag behöver ett svar med text i." in await here.last(ANNA)
        await here.says(ANNA, "Dnr SN 2026/12")
        await here.says(ANNA, "nej")
        assert "Jag behöver ett ja för att gå vidare." in await here.last(ANNA)
        await here.presses(ANNA, "Ja, vi följer den")

        assert (await here.stored(draft))["investment_process"]["value"] is True


@pytest.mark.requirement("R000-34")
async def test_a_permanent_cost_asks_for_long_term_financing(
    sqlite_url: str, tmp_path: Path
) -> None:
    async with desk(sqlite_url, tmp_path) as here:
        await here.opens(up_to("long_term_financing"))

        asked = await here.last(ANNA)
        assert "Hur ska den finansieras på längre sikt?" in asked
        assert "Punkt 2 av 4" in asked


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


@pytest.mark.requirement("R000-35", "R000-36", "R000-37")
async def test_each_administration_concerned_is_asked_about(
    sqlite_url: str, tmp_path: Path
) -> None:
    point_4 = ("others_concerned", "concerned", "included", "costs", "split", "attested")
    given = {
        k: v
        for k, v in (values() | {"calculation_by": "officer"}).items()
        if not k.startswith(point_4)
    }
    async with desk(sqlite_url, tmp_path) as here:
        draft = await here.opens(given)
        await here.presses(ANNA, "Ja")
        await here.presses(ANNA, "Svara", chosen=[])
        assert "Välj minst ett alternativ." in await here.last(ANNA)
        await here.chooses(ANNA, SF, KFF)
        assert "Du har valt en förvaltning som redan lämnar in förslaget." in await here.last(ANNA)
        await here.chooses(ANNA, KFF, TFF)
        for name in ("kultur- och fritidsförvaltningen", "teknik- och fastighetsförvaltningen"):
            assert f"Hur har {name} inkluderats i förslaget?" in await here.last(ANNA)
            await here.says(ANNA, "De har varit med.")
        await here.presses(ANNA, "Ja")
        await here.presses(ANNA, "Nej")
        assert "Varför ingår inte de ekonomiska konsekvenserna för teknik-" in await here.last(ANNA)
        await here.says(ANNA, "De betalar själva.")

        stored = await here.stored(draft)
        assert stored[f"costs_excluded_reason.{TFF}"]["value"] == "De betalar själva."
        assert f"costs_excluded_reason.{KFF}" not in stored


@pytest.mark.requirement("R000-38")
async def test_the_split_must_add_up_and_a_difference_is_shown_in_kronor(
    sqlite_url: str, tmp_path: Path
) -> None:
    given = up_to("split") | {"others_concerned": True}
    async with desk(sqlite_url, tmp_path) as here:
        draft = await here.opens(given)
        await here.presses(ANNA, "Fyll i fördelningen")
        wrong = await here.fills(ANNA, {"socialnamnden:operating:2027": "mycket"})
        assert set(wrong) == {"socialnamnden:operating:2027"}
        await here.fills(ANNA, {"socialnamnden:operating:2027": "199 999,99"})

        shown = nbsp(await here.last(ANNA))
        assert "• Drift 2027: *125 000,01 kr* är kvar att fördela" in shown
        assert "(kostnad 325 000 kr, fördelat 199 999,99 kr)" in shown
        assert "split" not in await here.stored(draft)

        await here.presses(ANNA, "Fyll i fördelningen")
        await here.fills(ANNA, {"rest": "teknik-och-fastighetsnamnden"})

        rows = (await here.stored(draft))["split"]["value"]
        assert [(r["committee"], r["amount"]) for r in rows if r["year"] == 2027][:2] == [
            ("socialnamnden", "199999.99"),
            ("teknik-och-fastighetsnamnden", "125000.01"),
        ]
        assert "Har dialogen med ordföranden omfattat" in await here.last(ANNA)


@pytest.mark.requirement("R000-38")
async def test_the_split_is_asked_again_when_the_costs_change(
    sqlite_url: str, tmp_path: Path
) -> None:
    async with desk(sqlite_url, tmp_path) as here:
        draft = await here.opens(values() | {"calculation_by": "officer"})
        await changes(here, draft, "operating")
        await here.presses(ANNA, "Ta bort")
        await here.presses(ANNA, "Klar")
        await here.presses(ANNA, "Ja, det stämmer")
        await here.presses(ANNA, "Ja, kalkylen stämmer")

        shown = nbsp(await here.last(ANNA))
        assert "Hur fördelas kostnaderna mellan nämnderna?" in shown
        assert "för mycket är fördelat" in shown or "är kvar att fördela" in shown


@pytest.mark.requirement("R000-39")
async def test_at_least_one_dialogue_has_taken_place_with_a_committee_that_submits(
    sqlite_url: str, tmp_path: Path
) -> None:
    given = {k: v for k, v in values().items() if k != "dialogue"}
    async with desk(sqlite_url, tmp_path) as here:
        await here.opens(given, stage=Stage.PROPOSAL)
        await here.row(ANNA, on="2027-01-10", talked_with="chair")
        await here.presses(ANNA, "Klar")
        assert "Minst ett samtal ska ha ägt rum redan" in await here.last(ANNA)
        await here.row(ANNA, on="2026-09-24", talked_with="presidium", note="Vi talade om idén.")
        assert (
            "24 september 2026: Presidiet i socialnämnden. Vi talade om idén."
            in await here.last(ANNA)
        )
        await here.presses(ANNA, "Klar")

        assert "Läs igenom och tryck på Skicka in" in await here.last(ANNA)


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


async def test_the_summary_says_the_sums_in_its_text(sqlite_url: str, tmp_path: Path) -> None:
    async with desk(sqlite_url, tmp_path) as here:
        await here.opens(values())

        text = nbsp((await here.messages(ANNA))[-1]["text"])
        assert "alla frågor är besvarade. Läs igenom och tryck på Skicka in." in text
        assert "*Ni söker*\nDrift: " in text
        assert "Permanenta kostnader fortsätter därefter med 720 000 kr per år." in text
        assert "*Ni söker*" not in "\n".join(
            block["text"]["text"]
            for block in (await here.messages(ANNA))[-1]["blocks"]
            if block["type"] == "section"
        )  # the first page has the answers; the sums stand on the last


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
