"""Point 3 question by question: drift or investment, capital costs, property, confirmation."""

from pathlib import Path

import pytest

from tests.bot.desk import ANNA, desk
from tests.bot.point_3 import LIGHT, changes, nbsp, up_to
from tests.flows.filled import SF, TFF, values


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
