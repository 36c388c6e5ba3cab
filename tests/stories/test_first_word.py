"""From the first word to KLG's first assessment, through the front door."""

from pathlib import Path

import pytest

from tests.people import KLG, Person, town

POINT_1 = [
    ("title", "Trygghetsvärdar i centrum"),
    ("contact", "Anna Ek, 070-123 45 67"),
    ("what", "Två trygghetsvärdar rör sig i centrum kvällar och helger."),
    ("reinforces", "Fältgruppen arbetar vardagar. Värdarna täcker kvällar och helger."),
    ("goal", "Fler ska känna sig trygga i centrum."),
]


async def writes_point_1(anna: Person) -> None:
    """Everything up to the dialogue, answered as an officer would."""
    await anna.says("ny")
    await anna.presses("Nej, inget av det")
    await anna.chooses("socialforvaltningen")
    await anna.presses("Svara")
    for _, answer in POINT_1:
        await anna.says(answer)
    await anna.presses("Tvärsektoriellt")
    await anna.says("Kommunen får närvaro när andra har stängt.")
    await anna.says("Skola, kultur och handel får samma stöd.")
    await anna.presses("Ja")
    await anna.says("Inriktningens mål om trygga offentliga platser.")
    await anna.presses("Nej")
    await anna.says("Andelen som känner sig trygga i centrum enligt trygghetsmätningen.")
    await anna.says("54 % år 2025")
    await anna.says("65 %")
    await anna.says("2027-12-31")


async def has_talked_with_the_chair(anna: Person) -> None:
    await anna.presses("Lägg till rad")
    await anna.fills({"talked_with": "chair", "note": "Ordföranden ställer sig bakom."})
    await anna.presses("Klar")


@pytest.mark.requirement("R000-15", "R000-16", "R000-21", "R000-22", "R000-23")
async def test_an_officer_writes_point_1_and_klg_gets_a_card(
    database_url: str, tmp_path: Path
) -> None:
    async with town(database_url, tmp_path) as here:
        await writes_point_1(here.anna)
        await has_talked_with_the_chair(here.anna)
        await here.anna.sees("Läs igenom och skicka in")
        await here.anna.presses("Skicka in")
        await here.anna.sees("är inskickad som")
        await here.karin.sees("Trygghetsvärdar i centrum", channel=KLG)
        await here.karin.presses("I linje med den politiska viljan", channel=KLG)
        await here.lars.presses("I linje med den politiska viljan", channel=KLG)
        await here.nils.presses("I linje med den politiska viljan", channel=KLG)
        await here.anna.sees("Nu öppnas punkt 2–4")
