"""Point 4: who is concerned, the split that must add up to the öre, the dialogue and the sums."""

from pathlib import Path

import pytest

from flows.events import Stage
from tests.bot.desk import ANNA, desk
from tests.bot.point_3 import changes, nbsp, up_to
from tests.flows.filled import KFF, SF, TFF, values


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
