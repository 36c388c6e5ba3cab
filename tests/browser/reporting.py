"""A granted measure's reports, what is left of its money and its year, in the windows of those concerned."""

import re

from playwright.async_api import expect

from tests.browser.window import Window
from tests.stories import life
from tests.stories.life import LEFT_OF_A, Told

PLACES_OF_A = (
    "socialnämnden, drift 2027",
    "teknik- och fastighetsnämnden, investering 2027",
)
SUMS = {  # what KLG reads
    life.APRIL: "400 000 kr använt av 1 500 000 kr (26,7 %)",
    life.AUGUST: "600 000 kr använt av 800 000 kr (75,0 %), prognos för helåret 700 000 kr",
    life.LAST: "700 000 kr använt av 800 000 kr (87,5 %)",
}


async def anna_reports(anna: Window, told: Told) -> None:
    """The whole conversation, from the bot's asking until it is handed in."""
    asked = await anna.sees(told.period)
    await expect(asked).to_contain_text("Den ska vara inne senast")
    await anna.presses("Börja")
    await anna.chooses("Rör rapporten något som är hemligt", "Nej, inget av det")
    carried_out = "Genomförd" if told.measured else "Pågår som planerat"
    await anna.chooses("Hur långt har åtgärden kommit?", carried_out)
    await anna.answers("Vad har ni gjort", "Mötesplatserna har öppet varje kväll.")
    if told.forecast[0]:
        await anna.answers("Vad återstår", "Den tredje öppnar i höst.")
    await anna.is_asked("Hur mycket har använts hittills?")
    if told is life.APRIL:
        await anna.sees("✓ Vad som återstår:")
        await anna.picture("follow-up")
    await fills_in(anna, told.used)
    if told.forecast[0]:
        await anna.is_asked("Hur mycket räknar ni med att använda")
        await fills_in(anna, told.forecast)
    await anna.answers("Varför avviker utfallet", "Anbudet på belysningen blev lägre.")
    if told.measured:
        await anna.chooses(
            "Stämmer det att de här investeringsmedlen inte behövs?", "Ja, de behövs inte"
        )
    await anna.answers("kortsiktiga effekter", "40 unga kommer varje kväll. I fjol var de 15.")
    await anna.answers("långsiktiga effekter", "Vanan att gå till mötesplatsen består.")
    await anna.answers("Vilket resultat", "Två av tre mål är nådda.")
    await anna.is_asked("Vilket värde visar er mätning?")
    if told.measured:
        await anna.says(told.measured)
    else:
        await anna.presses("Hoppa över")
    await anna.is_asked("Läs igenom och skicka in")
    await anna.presses("Skicka in")
    await anna.sees(f"{told.period}, är inskickad")


async def fills_in(anna: Window, amounts: tuple[str, str]) -> None:
    await anna.presses("Fyll i beloppen")
    await anna.fills(dict(zip(PLACES_OF_A, amounts, strict=True)))


async def klg_receives(karin: Window, told: Told) -> None:
    report = await karin.sees(f"Uppföljning: {life.PLACES} ({life.A}), {told.period}")
    await expect(report).to_contain_text(SUMS[told])
    if told is life.APRIL:
        await karin.picture("report")
    await report.get_by_role("button", name="Mottagen", exact=True).click()
    await expect(report).to_contain_text("Mottagen av Karin Holm")


async def what_is_left_goes_back(sara: Window, ivar: Window, anna: Window) -> None:
    """Nothing else remains of the measure: it is closed with its last krona."""
    remains = await sara.sees("Det här återstår innan ärendet kan avslutas")
    await expect(remains).to_contain_text("har 100 000 kr kvar av investeringen")
    await ivar.sees("Investeringsmedel kvar")
    await ivar.presses("Lämna tillbaka medel")
    await ivar.writes({"Belopp": LEFT_OF_A, "Varför behövs de inte?": "Anbudet blev lägre."})
    await ivar.picture("return")
    await ivar.sends("Anteckna")
    await anna.sees("är avslutat")


async def the_year_is_reported(sara: Window) -> None:
    """The årsrapport has the ledger's totals, and is one click away as PDF."""
    told = await sara.sees("Årsrapporten 2027 är klar")
    await expect(told).to_contain_text("beslutat 2 100 000 kr, varav omfört 2 100 000 kr")
    await expect(told).to_contain_text("återlämnat 100 000 kr, kvar 19 300 000 kr")
    await told.get_by_role("link", name=re.compile(r"^\d+ svar")).click()
    link = sara.thread.get_by_role("link", name="Årsrapport 2027.pdf").first
    async with sara.page.context.expect_page() as opened:
        await link.click()
    document = await opened.value
    content = await (await sara.page.request.get(document.url)).body()
    assert content.startswith(b"%PDF-")
    await Window(document, sara.pictures).picture("annual-report", settle=3)
