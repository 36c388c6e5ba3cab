"""The main job whole, played in Chromium as people do: reading, pressing, typing, dropping a file.

`make pictures` lets the same story take the pictures in docs/pictures.
"""

import hashlib
import io
import re
from collections.abc import Awaitable, Callable
from pathlib import Path

import pypdf
import pytest
from playwright.async_api import expect

from tests.browser.window import DARK, PHONE, Window, side_by_side
from tests.people import KLG, town
from tests.stories import measure

pytestmark = pytest.mark.browser

OpenAs = Callable[..., Awaitable[Window]]
PROPOSAL, APPLICATION = "Förslag, punkt 1:", "Ansökan, punkt 1–4:"  # on KLG's cards


async def writes_point_1(anna: Window) -> None:
    title, contact, what, reinforces, goal = measure.TYPED_BEFORE_SCOPE
    added, motivation = measure.TYPED_AFTER_SCOPE
    effect, baseline, aim = measure.EFFECT
    await anna.says("ny")
    await anna.chooses("Rör förslaget något som är hemligt", "Nej, inget av det")
    await anna.is_asked("Vilken eller vilka förvaltningar lämnar in förslaget?")
    await anna.ticks("socialförvaltningen")
    await anna.answers("Vad heter åtgärden?", title)
    await anna.answers("fråga om förslaget?", contact)
    await anna.answers("Vad ska göras?", what)
    await anna.answers("Vad förstärker det som ni redan gör?", reinforces)
    await anna.answers("Vad är målet med åtgärden?", goal)
    await anna.sees("✓ Mål: Fler ska känna sig trygga i centrum.")
    await anna.is_asked("Var får åtgärden effekt?")
    await anna.picture("officer")
    await anna.presses("Tvärsektoriellt i kommunen")
    await anna.answers("Vilket mervärde ger åtgärden", added)
    await anna.answers("Hur stärker åtgärden kommunen som helhet?", motivation)
    await anna.chooses("Är kostnaderna kopplade till den politiska inriktningen?", "Ja")
    await anna.answers("Hur är åtgärden kopplad", measure.DIRECTION)
    await anna.chooses("Är det en ny verksamhet för kommunen", "Nej")
    await anna.answers("Vad ska ni mäta", effect)
    await anna.answers("Vilket är utgångsläget för måttet?", baseline)
    await anna.answers("Vilket värde vill ni nå?", aim)
    await anna.is_asked("När ska målet vara nått och mätt?")
    await anna.picks(measure.EFFECT_WHEN)
    await anna.chooses("Vilka samtal har ni haft", "Lägg till rad")
    await anna.fills({"Med vem": "Ordföranden", "Vad ni kom fram till": "Hon ställer sig bakom."})
    await anna.is_asked("Hon ställer sig bakom.")
    await anna.presses("Klar")
    await anna.is_asked("Läs igenom och skicka in")


async def klg_is_in_line(open_as: OpenAs, anna: Window) -> None:
    await anna.presses("Skicka in")
    await anna.sees("är inskickad som 2026-0001, version 1")
    karin, lars = await open_as("U0KARIN", KLG), await open_as("U0LARS", KLG, **DARK)
    nils = await open_as("U0NILS", KLG, **PHONE)
    card = await karin.sees(PROPOSAL)
    await expect(card).to_contain_text("Väntar på KLG Trygghet och säkerhet: Karin Holm, Lars Berg")
    for count, member in enumerate((karin, lars), start=1):
        await member.presses("I linje med den politiska viljan")
        await expect(card).to_contain_text(f"I linje med den politiska viljan ({count}):")
    await nils.picture("phone")
    await nils.presses("I linje med den politiska viljan")
    await expect(card).to_contain_text("Utfall: I linje med den politiska viljan (3 av 4)")
    await anna.is_asked("Nu öppnas punkt 2–4")


async def writes_point_2_and_invites_eva(anna: Window) -> None:
    await anna.presses("Fortsätt")
    await anna.chooses("Kan åtgärden finansieras inom nämndens befintliga budgetram?", "Nej")
    await anna.answers("Vilken analys visar att åtgärden inte ryms inom ramen?", measure.ANALYSIS)
    await anna.is_asked("Vem i er ekonomifunktion gör kalkylen tillsammans med dig?")
    await anna.log.get_by_label("Välj en person").last.select_option(label="Eva Lund")
    await anna.chooses("Vem fyller i kalkylen?", "Bjud in ekonomen")
    await anna.is_asked("Berörs fler nämnder eller förvaltningar")


async def eva_fills_in_point_3(eva: Window) -> None:
    await eva.is_asked("ber dig om kalkylen till Trygghetsvärdar i centrum")
    await eva.presses("Börja")
    await eva.is_asked("När börjar arbetet med åtgärden?")
    await eva.picks("2027-02-01")
    await eva.is_asked("När är arbetet med åtgärden klart?")
    await eva.picks("2028-12-31")
    await eva.chooses("Vilka driftkostnader har åtgärden?", "Lägg till rad")
    await eva.writes(_operating(measure.HOSTS) | {"Till": measure.HOSTS["end"]})
    await eva.picture("operating")
    await eva.writes({"Belopp": "mycket"})
    await eva.form.get_by_role("button", name="Spara").click()
    await expect(eva.form.get_by_role("alert").first).to_contain_text("till exempel 1,6 mkr")
    await eva.fills({"Belopp": measure.HOSTS["amount"]})
    await eva.is_asked("1. Trygghetsvärdar, två heltider")
    await eva.presses("Lägg till rad")
    await eva.fills({"Slag": "Engångskostnad"} | _operating(measure.EQUIPMENT))
    await eva.is_asked("2. Utbildning och utrustning")
    await eva.presses("Klar")
    await eva.chooses("Vilka investeringsutgifter har åtgärden?", "Lägg till rad")
    await eva.fills(
        {
            "Vad": measure.LIGHT["what"],
            "Betalas 2027": measure.LIGHT["payment:2027"],
            "Tas i bruk": measure.LIGHT["in_use_from"],
            "Nyttjandeperiod i år": measure.LIGHT["useful_life"],
        }
    )
    await eva.is_asked("1. Belysning vid resecentrum")
    await eva.presses("Klar")
    await eva.chooses("Stämmer fördelningen mellan drift och investering?", "Ja, det stämmer")
    await eva.chooses("Vem betalar kapitalkostnaderna?", "Nämnden")
    await eva.chooses("Betalar nämnden en del själv?", "Lägg till rad")
    await eva.fills(
        {"Slag": "Drift", "Budgetår": "2027", "Belopp": measure.OWN_FINANCING["amount"]}
    )
    await eva.is_asked("1. Drift 2027: 60 500 kr")
    await eva.presses("Klar")
    await eva.is_asked("Drift: 1 400 000 kr 2027; 1 500 000 kr 2028")


def _operating(row: dict[str, str]) -> dict[str, str]:
    return {"Vad": row["what"], "Belopp": row["amount"], "Från": row["start"]}


async def eva_confirms_beside_anna(eva: Window, anna: Window) -> None:
    await side_by_side("side-by-side", anna, eva)
    await eva.presses("Ja, kalkylen stämmer")
    await eva.is_asked("Jag har sagt till den som skriver ansökan.")
    await anna.is_asked("har fyllt i och bekräftat kalkylen")


async def writes_the_rest(anna: Window) -> None:
    await anna.presses("Ja")  # others are concerned
    await anna.chooses("Är det en fastighetsinvestering", "Nej")
    await anna.is_asked("Var finns blanketten för investeringsprojektet?")
    await anna.drops("Blankett investering.pdf", blank_pdf())
    await anna.sees("Blankett investering.pdf är nu en bilaga")
    await anna.chooses("Följer ni kommunens beslutade investeringsprocess?", "Ja, vi följer den")
    await anna.is_asked("Vilka förvaltningar berörs?")
    await anna.ticks("teknik- och fastighetsförvaltningen")
    await anna.answers("Hur har teknik- och fastighetsförvaltningen inkluderats", measure.INCLUDED)
    await anna.chooses("Ingår de ekonomiska konsekvenserna", "Ja")
    await anna.chooses("Hur fördelas kostnaderna mellan nämnderna?", "Fyll i fördelningen")
    light = "teknik- och fastighetsnämnden, investering 2027"
    await anna.fills({light: "800 000", "Resten på": "socialnämnden"})
    await anna.chooses("Har dialogen med ordföranden omfattat", "Ja, jag bekräftar")
    await anna.is_asked("Läs igenom och skicka in")
    await anna.presses("Nästa")
    await anna.is_asked("Sida 2 av 3")
    await anna.picture("summary")
    await anna.presses("Skicka in")
    await anna.sees("är inskickad som 2026-0001, version 2")


async def the_chair_confirms(birgitta: Window) -> None:
    await birgitta.is_asked("har lämnat in hela ansökan Trygghetsvärdar i centrum")
    await birgitta.presses("Ja, vi har haft dialog")
    await birgitta.sees("✓ Du har bekräftat dialogen om 2026-0001 för socialnämnden.")


async def klg_asks_for_completion(open_as: OpenAs) -> None:
    """One is jävig, one asks, one tillstyrker; the convener closes for completion."""
    karin, lars = await open_as("U0KARIN"), await open_as("U0LARS")
    nils, mira = await open_as("U0NILS"), await open_as("U0MIRA", KLG)
    card = await karin.sees(APPLICATION)
    await mira.presses("Jag är jävig")
    await mira.form.get_by_role("button", name="Ja, jag är jävig").click()
    await expect(card).to_contain_text("Jävig, deltar inte: Mira Sandell")
    await lars.presses("Begär komplettering")
    await lars.writes({"Motivering": measure.COMPLETION})
    await lars.ticks_in_form("Analys av den egna ramen")
    await lars.picture("dark")
    await lars.sends("Skicka")
    await expect(card).to_contain_text("Begär komplettering (1): Lars Berg")
    await nils.presses("Tillstyrk")
    await expect(card).to_contain_text("Tillstyrker (1): Nils Åkerman")
    await karin.presses("Avsluta bedömningen")
    wishes = {"Utfall": "Begär komplettering", "Motivering": measure.CLOSING}
    await karin.fills(wishes, button="Skicka")
    await expect(card).to_contain_text("Utfall: KLG begär komplettering")


async def anna_completes(anna: Window) -> None:
    asked = await anna.sees("ber om komplettering av frågorna nedan")
    await expect(asked).to_contain_text(measure.COMPLETION)
    await anna.presses("Ändra")
    await anna.answers("Vilken analys visar", measure.ANALYSIS_COMPLETED)
    await anna.chooses("Har dialogen med ordföranden", "Ja, jag bekräftar")
    await anna.is_asked("Läs igenom och skicka in")
    await anna.presses("Skicka in")


async def klg_recommends(open_as: OpenAs) -> None:
    karin, lars = await open_as("U0KARIN"), await open_as("U0LARS")
    card = await karin.sees(APPLICATION)
    await expect(card).to_contain_text("ändrat Analys av den egna ramen")
    for member in (karin, lars):
        await member.presses("Tillstyrk")
    await expect(card).to_contain_text("Utfall: KLG tillstyrker (2 av 3)")
    await expect(card.get_by_role("button", name="Tillstyrk")).to_have_count(0)
    await card.get_by_role("link", name=re.compile(r"^\d+ svar")).click()
    await expect(karin.thread).to_contain_text("2 av 3 är eniga")
    await karin.picture("card", width=1280, height=1260)


async def the_document_is_one_click_away(karin: Window) -> None:
    """She opens the PDF; its hash is the one on the card."""
    link = karin.thread.get_by_role("link", name="Ansökan 2026-0001 version 3.pdf", exact=False)
    async with karin.page.context.expect_page() as opened:
        await link.first.click()
    document = await opened.value
    content = await (await karin.page.request.get(document.url)).body()
    assert content.startswith(b"%PDF-")
    await expect(await karin.sees(APPLICATION)).to_contain_text(hashlib.sha256(content).hexdigest())
    await Window(document, karin.pictures).picture("document", settle=3)


def blank_pdf() -> bytes:
    made = io.BytesIO()
    writer = pypdf.PdfWriter()
    writer.add_blank_page(595, 842)
    writer.write(made)
    return made.getvalue()


@pytest.mark.requirement("R000-15", "R000-16", "R000-17", "R000-19", "R000-27", "R000-38")
async def test_the_story_is_played_from_the_first_word_until_klg_tillstyrker(
    sqlite_url: str, tmp_path: Path, open_window
) -> None:
    async with town(sqlite_url, tmp_path) as here:
        windows: dict[str, Window] = {}

        async def open_as(person: str, channel: str = "", **options: object) -> Window:
            if person not in windows:
                address = f"{here.sandbox.url}/as/{person}/{channel}"
                windows[person] = await open_window(address, **options)
            return windows[person]

        anna = await open_as("U0ANNA")
        await writes_point_1(anna)
        await klg_is_in_line(open_as, anna)
        await writes_point_2_and_invites_eva(anna)
        await eva_fills_in_point_3(await open_as("U0EVA"))
        await eva_confirms_beside_anna(await open_as("U0EVA"), anna)
        await writes_the_rest(anna)
        await the_chair_confirms(await open_as("U0BIRGITTA"))
        await klg_asks_for_completion(open_as)
        await anna_completes(anna)
        await klg_recommends(open_as)
        await the_document_is_one_click_away(await open_as("U0KARIN"))
        await anna.is_asked("har tillstyrkt ansökan")
        sara = await open_as("U0SARA")
        await sara.page.get_by_role("link", name="Hem").click()
        await expect(sara.page.locator("#home")).to_contain_text("Trygghetsberedningen har det")
        await sara.picture("home")
