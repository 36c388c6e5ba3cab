"""The main job whole, through the front door: from the first word until KLG tillstyrker.

What is asked for is in measure.py, worked by hand; the sums are looked for on the card, in the PDF
and in the Word file.
"""

import hashlib
import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import aiohttp
import docx
import pypdf
import pytest

from tests.people import KLG, Person, Town, said, town
from tests.stories import measure
from tests.waiting import until

APPLICATION = "*Ansökan, punkt 1–4:*"  # on the card of the whole application


async def writes_point_1(anna: Person) -> None:
    await anna.says("ny")
    await anna.presses("Nej, inget av det")
    await anna.chooses("socialforvaltningen")
    await anna.presses("Svara")
    for answer in measure.TYPED_BEFORE_SCOPE:
        await anna.says(answer)
    await anna.presses("Tvärsektoriellt")
    for answer in measure.TYPED_AFTER_SCOPE:
        await anna.says(answer)
    await anna.presses("Ja")
    await anna.says(measure.DIRECTION)
    await anna.presses("Nej")
    for answer in (*measure.EFFECT, measure.EFFECT_WHEN):
        await anna.says(answer)
    await anna.presses("Lägg till rad")
    await anna.fills({"talked_with": "chair", "note": "Ordföranden ställer sig bakom."})
    await anna.presses("Klar")


async def klg_is_in_line(here: Town) -> None:
    """Three of four say that the proposal is in line; the fourth is not needed."""
    await here.anna.presses("Skicka in")
    await here.karin.sees("*Förslag, punkt 1:*", channel=KLG)
    for member in (here.karin, here.lars, here.nils):
        await member.presses("I linje med den politiska viljan", channel=KLG)
    await here.anna.sees("Nu öppnas punkt 2–4")


async def writes_point_2_and_invites_eva(here: Town) -> None:
    await here.anna.presses("Fortsätt")
    await here.anna.presses("Nej")
    await here.anna.says(measure.ANALYSIS)
    await here.anna.chooses("U0EVA")
    await here.anna.presses("Bjud in ekonomen")
    await here.anna.sees("Berörs fler nämnder")  # she goes on meanwhile


async def eva_fills_in_point_3(eva: Person) -> None:
    await eva.presses("Börja")
    await eva.says("2027-02-01")
    await eva.says("2028-12-31")
    for row in (measure.HOSTS, measure.EQUIPMENT):
        await eva.presses("Lägg till rad")
        await eva.fills(row)
    await eva.presses("Klar")
    await eva.presses("Lägg till rad")
    await eva.fills(measure.LIGHT)
    await eva.presses("Klar")
    await eva.presses("Ja, det stämmer")
    await eva.presses("Nämnden")
    await eva.presses("Lägg till rad")
    await eva.fills(measure.OWN_FINANCING)
    await eva.presses("Klar")
    asked = await eva.sees("*Ni söker*")
    assert "Drift: 1 400 000 kr 2027; 1 500 000 kr 2028" in plain(asked)
    assert "50 000 kr 2027 (preliminär ränta); 99 000 kr 2028" in plain(asked)
    await eva.presses("Ja, kalkylen stämmer")
    await eva.sees("Jag har sagt till den som skriver ansökan")


async def writes_the_rest(here: Town, form: bytes) -> None:
    anna = here.anna
    await anna.sees("<@U0EVA> har fyllt i och bekräftat kalkylen")
    await anna.presses("Ja")  # others are concerned
    await anna.presses("Nej")  # no property investment
    await anna.says("", files={"Blankett investering.pdf": form})
    await anna.sees("Blankett investering.pdf är nu en bilaga")
    await anna.sees("Följer ni kommunens beslutade investeringsprocess?")
    await anna.presses("Ja, vi följer den")
    await anna.chooses("teknik-och-fastighetsforvaltningen")
    await anna.presses("Svara")
    await anna.says(measure.INCLUDED)
    await anna.presses("Ja")
    await anna.presses("Fyll i fördelningen")
    light = "teknik-och-fastighetsnamnden:investment:2027"
    await anna.fills({light: "799 999"})
    await anna.sees("*1\u00a0kr* är kvar att fördela")
    await anna.presses("Fyll i fördelningen")
    await anna.fills({light: "800 000", "rest": "socialnamnden"})
    await anna.presses("Ja, jag bekräftar")
    await anna.sees("Läs igenom och skicka in")
    await anna.presses("Skicka in")


async def the_chair_confirms(birgitta: Person, *, case_id: str = "2026-0001") -> None:
    await birgitta.presses("Ja, vi har haft dialog")
    await birgitta.sees(f"✓ Du har bekräftat dialogen om {case_id} för socialnämnden.")


async def klg_asks_for_completion(here: Town) -> None:
    """One is jävig, one asks, one tillstyrker; the convener closes for completion."""
    await here.karin.sees(APPLICATION, channel=KLG)
    await here.mira.presses("Jag är jävig", channel=KLG)
    await here.lars.presses("Begär komplettering", channel=KLG)
    await here.lars.fills({"reason": measure.COMPLETION, "questions": ["analysis"]})
    await here.nils.presses("Tillstyrk", channel=KLG)
    card = await card_says(here.karin, "*Tillstyrker (1):* Nils Åkerman")
    assert "*Begär komplettering (1):* Lars Berg" in card
    assert "*Jävig, deltar inte:* Mira Sandell" in card
    await here.karin.presses("Avsluta bedömningen", channel=KLG)
    await here.karin.fills({"outcome": "complete", "reason": measure.CLOSING})


async def anna_completes(anna: Person) -> None:
    """She meets the words of those who asked, and only the question they named is open."""
    completion = "ber om komplettering av frågorna nedan"
    await anna.sees(completion, measure.COMPLETION, measure.CLOSING)
    await anna.presses("Ändra")
    await anna.says(measure.ANALYSIS_COMPLETED)
    await anna.presses("Ja, jag bekräftar")
    await anna.presses("Skicka in")


@pytest.mark.requirement(
    "R000-15", "R000-16", "R000-17", "R000-18", "R000-19", "R000-21", "R000-22", "R000-23",
    "R000-24", "R000-25", "R000-26", "R000-27", "R000-28", "R000-29", "R000-30", "R000-31",
    "R000-32", "R000-33", "R000-35", "R000-36", "R000-37", "R000-38", "R000-39", "R000-40",
    "R000-52", "R000-53",
)  # fmt: skip
async def test_from_the_first_word_until_klg_tillstyrker(sqlite_url: str, tmp_path: Path) -> None:
    async with town(sqlite_url, tmp_path) as here:
        await writes_point_1(here.anna)
        await klg_is_in_line(here)
        await writes_point_2_and_invites_eva(here)
        await eva_fills_in_point_3(here.eva)
        await writes_the_rest(here, blank_pdf())
        await the_chair_confirms(here.birgitta)
        await klg_asks_for_completion(here)
        await anna_completes(here.anna)
        await card_says(here.karin, "ändrat Analys av den egna ramen. Bedömningen börjar om.")
        for member in (here.karin, here.lars):
            await member.presses("Tillstyrk", channel=KLG)

        card = await card_says(here.karin, "*Utfall: KLG tillstyrker* (2 av 3)")
        assert "*Tillstyrker (2):* Karin Holm, Lars Berg" in card
        assert "Summa: drift 2 900 000 kr, investering 800 000 kr" in card
        await here.anna.sees("KLG Trygghet och säkerhet har tillstyrkt ansökan")
        await here.sara.sees("*Väntar på Trygghetsberedningen.*")
        assert "Tillstyrk" not in [c["label"] for c in await here.nils.controls(channel=KLG)]
        await the_documents_say_it(here, card)


async def the_documents_say_it(here: Town, card: str) -> None:
    """The third version's PDF is the one the card names, and Word says the same."""
    files = await files_in_thread(here.karin)
    pdf = files["Ansökan 2026-0001 version 3.pdf"]
    assert f"SHA-256 `{hashlib.sha256(pdf).hexdigest()}`" in card
    word = files["Ansökan 2026-0001 version 3.docx"]
    for text in (text_of_pdf(pdf), text_of_word(word)):
        assert measure.TITLE in text
        assert measure.ANALYSIS_COMPLETED in text
        assert measure.ANALYSIS not in text
        for amount in ("1 375 000", "85 500", "1 400 000", "1 500 000", "800 000", "99 000"):
            assert amount in text
        assert "Eva Lund" in text
        assert "Birgitta Dahl" in text
        assert "Blankett investering.pdf" in text


async def card_says(person: Person, words: str) -> str:
    """Wait until the card of the whole application says it; returns the card, spaces plain."""

    async def found() -> str:
        cards = [plain(one) for one in await person.told(channel=KLG) if APPLICATION in one]
        return next((card for card in cards if words in card), "")

    return await until(found, seconds=8)


async def files_in_thread(person: Person) -> dict[str, bytes]:
    """The files in the thread of the newest card, by name."""
    newest = next(m for m in reversed(await person.messages(channel=KLG)) if APPLICATION in said(m))
    replies = await person.messages(channel=KLG, thread=newest["ts"])
    async with aiohttp.ClientSession(person.town.sandbox.url) as browser:
        return {
            file["name"]: await download(browser, person, file)
            for reply in replies
            for file in reply.get("files") or ()
        }


async def download(browser: aiohttp.ClientSession, person: Person, file: dict[str, Any]) -> bytes:
    async with browser.get(f"/as/{person.user}/files/{file['id']}/{file['name']}") as answer:
        return await answer.read()


def blank_pdf() -> bytes:
    made = io.BytesIO()
    writer = pypdf.PdfWriter()
    writer.add_blank_page(595, 842)
    writer.write(made)
    return made.getvalue()


def text_of_pdf(content: bytes) -> str:
    pages = pypdf.PdfReader(io.BytesIO(content)).pages
    return plain(" ".join(page.extract_text() for page in pages))


def text_of_word(content: bytes) -> str:
    return plain(" ".join(_paragraphs(docx.Document(io.BytesIO(content)))))


def _paragraphs(of: Any) -> Iterator[str]:
    yield from (paragraph.text for paragraph in of.paragraphs)
    for table in of.tables:
        for row in table.rows:
            for cell in row.cells:
                yield from _paragraphs(cell)


def plain(text: str) -> str:
    return " ".join(text.split())
