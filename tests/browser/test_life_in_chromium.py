"""The second half of the story in Chromium: decided, sent, moved, followed up, closed and summed up.

`make pictures` lets it take the pictures of docs/handbok.md.
"""

import re
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest
from playwright.async_api import expect

from tests.browser import reporting
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
    await kjell.leaves()


async def the_decision_is_read_as_an_e_mail(here: Town, open_window: OpenAs) -> None:
    await Person(here, "U0SARA").sees("9 av 9 mottagare har fått det", seconds=30)
    reader = await open_window(f"{here.sandbox.url}/mail")
    await reader.page.get_by_text("Bifall D 2027-0001").first.click()
    await expect(reader.page.locator("body")).to_contain_text("Bifogat")
    await reader.picture("letter", width=1120, height=1140)
    await reader.leaves()


async def the_strategist_moves_the_budget(ivar: Window) -> None:
    task = await ivar.sees("För om budget")
    await expect(task).to_contain_text("aktivitetskod TR400")
    await ivar.picture("transfer", width=1120, height=760)
    await ivar.presses("Omfört")
    await ivar.fills(
        {"Bokföringens referens": "V 4711", "Projektnummer": "P 2027:17"}, button="Anteckna"
    )
    await ivar.sees("bokföring V 4711, projekt P 2027:17")


async def the_economists_move_the_rest(petra: Window) -> None:
    """Drift of both measures."""
    for reference in ("V 4712", "V 4713"):
        await petra.log.get_by_role("button", name="Omfört", exact=True).first.click()
        await petra.fills({"Bokföringens referens": reference}, button="Anteckna")
        await petra.sees(f"bokföring {reference}")
    await petra.leaves()


async def the_week_has_a_chart(karin: Window) -> None:
    week = await karin.sees("Veckans läge")
    await expect(week).to_contain_text("8 500 000 kr av 10 000 000 kr")
    await week.get_by_role("link", name=re.compile(r"^\d+ svar")).click()
    chart = karin.thread.get_by_role("img").last
    await expect(chart).to_be_visible()
    await karin.page.set_viewport_size({"width": 1400, "height": 1000})
    await chart.evaluate("chart => chart.scrollIntoView({block: 'center'})")
    await karin.picture("week", settle=1)
    await karin.leaves()


async def the_secretary_records_kommunstyrelsen(sara: Window, hands: Path) -> None:
    await sara.sees("Väntar på Trygghetsberedningen")
    moves(hands, life.DECIDED)
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
    moves(hands, life.ANNOUNCED)
    await sara.presses("Ange justering och anslag")
    await sara.fills(
        {"Protokollet justerades": "2027-02-18", "Justeringen anslogs": "2027-02-19"},
        button="Anteckna",
    )


async def sees_home(window: Window, name: str, *texts: str) -> None:
    await window.page.get_by_role("link", name="Hem").click()
    for text in texts:
        await expect(window.page.locator("#home")).to_contain_text(text)
    await window.picture(name, settle=1)
    await window.page.get_by_role("link", name="Meddelanden").click()


@pytest.mark.requirement("R000-1", "R000-13", "R000-45", "R000-50", "R000-56", "R000-60", "R000-61")
async def test_a_measure_is_decided_sent_moved_followed_up_closed_and_summed_up(
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
        ivar = await open_as("U0INV")
        await the_strategist_moves_the_budget(ivar)

        moves(hands, life.WEEK_ENDS)
        await the_week_has_a_chart(await open_as("U0KARIN", KLG))
        await life.klg_recommends(here, life.FIELD)
        sara = await open_as("U0SARA")
        await sees_home(sara, "home-secretary", life.FIELD)
        await the_secretary_records_kommunstyrelsen(sara, hands)
        await the_economists_move_the_rest(await open_as("U0PETRA"))

        anna, karin = await open_as("U0ANNA"), await open_as("U0KARIN", KLG)
        for report in (life.APRIL, life.AUGUST, life.LAST):
            moves(hands, report.asked)
            await reporting.anna_reports(anna, report)
            await reporting.klg_receives(karin, report)
        await reporting.what_is_left_goes_back(sara, ivar, anna)
        moves(hands, life.YEAR_REPORTED)
        await reporting.the_year_is_reported(sara)
