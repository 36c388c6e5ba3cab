"""The second half of the story in Chromium: decided, sent, moved, followed up and summed up.

`make pictures` lets it take the pictures of docs/handbok.md.
"""

import re
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest
from playwright.async_api import expect

from tests.browser.window import Window
from tests.people import KLG, Person, Town, at_work
from tests.stories import life
from tests.stories.life import moves

pytestmark = pytest.mark.browser

OpenAs = Callable[..., Awaitable[Window]]
TALL = {"viewport": {"width": 1120, "height": 1000}}


async def the_chief_executive_decides(kjell: Window) -> None:
    message = await kjell.sees("Väntar på ditt beslut")
    await expect(message).to_contain_text("500 000 kr av taket")
    await kjell.picture("decision", width=1120, height=1240)
    await kjell.presses("Bifall")
    await kjell.writes({"Motivering": "Mötesplatserna stärker tryggheten i hela kommunen."})
    await kjell.picture("decision-form")
    await kjell.sends("Besluta")
    await kjell.sees("Beslut D 2027-0001")


async def the_decision_is_read_as_an_e_mail(here: Town, open_window: OpenAs) -> None:
    await Person(here, "U0SARA").sees("9 av 9 mottagare har fått det", seconds=30)
    reader = await open_window(f"{here.sandbox.url}/mail")
    await reader.page.get_by_text("Bifall D 2027-0001").first.click()
    await expect(reader.page.locator("body")).to_contain_text("Bifogat")
    await reader.picture("letter", width=1120, height=1060)


async def the_strategist_moves_the_budget(ivar: Window) -> None:
    task = await ivar.sees("För om budget")
    await expect(task).to_contain_text("aktivitetskod TR400")
    await ivar.picture("transfer", width=1120, height=760)
    await ivar.presses("Omfört")
    await ivar.fills(
        {"Bokföringens referens": "V 4711", "Projektnummer": "P 2027:17"}, button="Anteckna"
    )
    await ivar.sees("bokföring V 4711, projekt P 2027:17")


async def the_week_has_a_chart(karin: Window) -> None:
    week = await karin.sees("Veckans läge")
    await expect(week).to_contain_text("8 500 000 kr av 10 000 000 kr")
    await week.get_by_role("link", name=re.compile(r"^\d+ svar")).click()
    chart = karin.thread.get_by_role("img").last
    await expect(chart).to_be_visible()
    await karin.page.set_viewport_size({"width": 1400, "height": 1000})
    await chart.scroll_into_view_if_needed()
    await karin.picture("week", settle=1)


async def the_secretary_records_kommunstyrelsen(sara: Window, hands: Path) -> None:
    await sara.sees("Väntar på Trygghetsberedningen")
    moves(hands, "2027-02-17T09:30:00+01:00")
    await sara.presses("Anteckna beredningens förslag")
    await sara.fills(
        {"Vad sade beredningen?": "Föreslår att medel beviljas", "Sammanträdesdag": "2027-02-08"},
        button="Anteckna",
    )
    await sara.sees("Väntar på kommunstyrelsen")
    await sara.presses("Anteckna kommunstyrelsens beslut")
    await sara.writes(
        {
            "Vad beslutade kommunstyrelsen?": "Bifall",
            "Sammanträdesdag": "2027-02-16",
            "Paragraf": "22",
            "Dnr": "KS 2027/66",
        }
    )
    await sara.form.get_by_role("button", name="Nästa", exact=True).click()
    await expect(sara.form).to_contain_text("Bifall, 16 februari 2027 § 22")
    await sara.picture("board")
    await sara.sends("Anteckna")
    moves(hands, "2027-02-22T10:00:00+01:00")
    await sara.presses("Ange justering och anslag")
    await sara.fills(
        {"Protokollet justerades": "2027-02-18", "Justeringen anslogs": "2027-02-19"},
        button="Anteckna",
    )


async def anna_is_asked_and_reports(anna: Window) -> None:
    await anna.sees("utökad uppföljning per april 2027")
    await anna.presses("Börja")
    await anna.chooses("Rör rapporten något som är hemligt", "Nej, inget av det")
    await anna.chooses("Hur långt har åtgärden kommit?", "Pågår som planerat")
    await anna.answers("Vad har ni gjort", "Två mötesplatser har öppet varje kväll.")
    await anna.answers("Vad återstår", "Den tredje öppnar i augusti.")
    await anna.is_asked("Hur mycket har använts hittills?")
    await anna.sees("✓ Vad som återstår:")
    await anna.picture("follow-up")
    drift, investment = (
        "socialnämnden, drift 2027",
        "teknik- och fastighetsnämnden, investering 2027",
    )
    await anna.presses("Fyll i beloppen")
    await anna.fills({drift: "400 tkr", investment: "0"})
    await anna.is_asked("Hur mycket räknar ni med att använda")
    await anna.presses("Fyll i beloppen")
    await anna.fills({drift: "1,5 mkr", investment: "700 tkr"})
    await anna.answers("Varför avviker utfallet", "Anbudet på belysningen blev lägre.")
    await anna.answers("kortsiktiga effekter", "40 unga kommer varje kväll. I fjol var de 15.")
    await anna.answers("långsiktiga effekter", "Vanan att gå till mötesplatsen består.")
    await anna.answers("Vilket resultat", "Två av tre platser är öppna. Målet följs upp i oktober.")
    await anna.presses("Hoppa över")
    await anna.is_asked("Läs igenom och skicka in")
    await anna.presses("Skicka in")


async def klg_receives_the_report(karin: Window) -> None:
    report = await karin.sees("Uppföljning: Kvällsöppna mötesplatser")
    await expect(report).to_contain_text("400 000 kr använt av 1 500 000 kr (26,7 %)")
    await karin.picture("report")
    await karin.presses("Mottagen")
    await expect(report).to_contain_text("Mottagen av Karin Holm")


async def sees_home(window: Window, name: str, *texts: str) -> None:
    await window.page.get_by_role("link", name="Hem").click()
    for text in texts:
        await expect(window.page.locator("#home")).to_contain_text(text)
    await window.picture(name, settle=1)
    await window.page.get_by_role("link", name="Meddelanden").click()


@pytest.mark.requirement("R000-1", "R000-45", "R000-50", "R000-60")
async def test_a_measure_is_decided_sent_moved_followed_up_and_summed_up(
    sqlite_url: str, tmp_path: Path, open_window: OpenAs
) -> None:
    async with life.before_klg(sqlite_url, tmp_path) as (here, hands), at_work(here):

        async def open_as(person: str, channel: str = "") -> Window:
            return await open_window(f"{here.sandbox.url}/as/{person}/{channel}", **TALL)

        await here.karin.sees(life.FIELD, channel=KLG, seconds=20)
        await life.klg_recommends(here, life.PLACES)
        kjell = await open_as("U0DIR")
        await kjell.sees("Väntar på ditt beslut")
        await sees_home(kjell, "home-chief-executive", life.PLACES)
        await the_chief_executive_decides(kjell)
        await the_decision_is_read_as_an_e_mail(here, open_window)
        await the_strategist_moves_the_budget(await open_as("U0INV"))

        moves(hands, "2027-01-25T08:00:01+01:00")
        await the_week_has_a_chart(await open_as("U0KARIN", KLG))
        await life.klg_recommends(here, life.FIELD)
        sara = await open_as("U0SARA")
        await sees_home(sara, "home-secretary", life.FIELD)
        await the_secretary_records_kommunstyrelsen(sara, hands)

        moves(hands, "2027-05-03T09:00:01+02:00")
        await anna_is_asked_and_reports(await open_as("U0ANNA"))
        await klg_receives_the_report(await open_as("U0KARIN", KLG))
