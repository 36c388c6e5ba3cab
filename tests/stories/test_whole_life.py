"""From KLG's assessment until a case is closed and its year reported: decisions, letters, money and effects.

The measures, their sums and their dates are in life.py.
"""

import io
from email.message import EmailMessage
from pathlib import Path

import openpyxl
import pytest

from bot.verify import Right, verified
from flows.rules import CostKind
from storage import ledger
from tests.bot.decided import beside
from tests.bot.mailbox import Mailbox, attached, mailbox, text_of
from tests.people import KLG, Person, Town, at_work
from tests.stories import life
from tests.stories.life import moves, plain
from tests.stories.test_whole_story import text_of_pdf
from tests.waiting import until

# --- the chief executive decides -----------------------------------------------------------------


async def the_chief_executive_grants_a(here: Town, kjell: Person) -> None:
    """She sees what is left of the cap, and her grant is told to everybody it concerns."""
    told = plain(await kjell.sees("Väntar på ditt beslut"))
    assert "Drift 2027. Om detta bifalls är kvar:* 500 000 kr av taket och 8 500 000 kr av" in told
    assert "Investering 2027. Om detta bifalls är kvar:* 1 700 000 kr av taket" in told
    await kjell.presses("Bifall")
    await kjell.fills({"reason": "Insatsen stärker tryggheten i hela kommunen."})
    await kjell.sees("D 2027-0001")
    for person, where in ((here.anna, ""), (here.sara, ""), (here.karin, KLG)):
        granted = "teknik- och fastighetsnämnden: investering 2027, 800\u00a0000\u00a0kr"
        assert "D 2027-0001" in await person.sees(granted, channel=where)


async def nine_letters_go_out(here: Town, box: Mailbox) -> None:
    """Two förvaltningar and the strategist, each once; the registrators' packages are whole."""
    await until(lambda: life.has(box, 9), seconds=30)
    await here.sara.sees("9 av 9 mottagare har fått det")
    letters = {str(letter["To"].addresses[0].addr_spec): letter for _, letter in box.taken}
    assert sorted(letters) == sorted(life.NINE)
    assert "aktivitetskod TR400" in plain(text_of(letters["ivar.strand@exempelkommunen.se"]))
    assert [*attached(letters["anna.ek@exempelkommunen.se"])] == [
        "Delegationsbeslut D 2027-0001.pdf",
        "Delegationsbeslut D 2027-0001.docx",
        "Beslutsexpediering D 2027-0001.pdf",
        "Beslutsexpediering D 2027-0001.docx",
    ]
    assert_packages(letters["registrator.sf@exempelkommunen.se"], number=2, case_id=life.A)
    assert_packages(letters["registrator.tff@exempelkommunen.se"], number=2, case_id=life.A)


def assert_packages(letter: EmailMessage, *, number: int, case_id: str) -> None:
    """As `lots verify` checks them, with nothing but the file."""
    packages = [data for name, data in attached(letter).items() if name.endswith(".zip")]
    checked = [verified(package) for package in packages]
    assert [one.case_id for one in checked if isinstance(one, Right)] == [case_id] * number


# --- kommunstyrelsen decides ---------------------------------------------------------------------


async def b_is_over_the_cap(here: Town, kjell: Person) -> None:
    """The chief executive is not asked, and everybody reads why."""
    await life.klg_recommends(here, life.FIELD)
    why = "Över taket för drift 2027:* 600 000 kr söks och 1 500 000 kr är redan beslutat"
    card = plain(await here.karin.sees("Kommunstyrelsen beslutar, efter", channel=KLG))
    assert why in card
    assert "Om detta bifalls är kvar:* 7 900 000 kr av årets pengar" in card
    assert why in plain(await here.sara.sees("Anteckna beredningens förslag"))
    assert len([m for m in await here.sara.messages() if "*Väntar på Trygghets" in m["text"]]) == 1
    await here.omar.sees("väntar på Trygghetsberedningen")
    await kjell.sees_nothing_of(life.FIELD)


async def kommunstyrelsen_grants_b(here: Town, hands: Path) -> None:
    """The secretary records each body; the end of the appeal time follows from the announcement."""
    moves(hands, life.PROPOSED)
    await here.sara.presses("Anteckna beredningens förslag")
    await here.sara.fills({"position": "proposes", "day": "2027-02-08"})
    await here.sara.sees("Väntar på kommunstyrelsen")
    moves(hands, life.DECIDED)
    await here.sara.presses("Anteckna kommunstyrelsens beslut")
    await here.sara.fills(life.KS_MET)
    lacks = await here.sara.fills({"amount:kultur-och-fritidsnamnden:operating:2027": "500 tkr"})
    assert lacks["errors"], "what is granted and what pays for it are not the same"
    await here.sara.fills(
        {
            "amount:kultur-och-fritidsnamnden:operating:2027": "600 tkr",
            "not_participating": "Bo Alm (M)",
        }
    )
    await here.omar.sees("Bifall: 2027-0002")
    moves(hands, life.ANNOUNCED)
    await here.sara.presses("Ange justering och anslag")
    await here.sara.fills({"verified": "2027-02-18", "announced": "2027-02-19"})
    await here.sara.sees("Tiden för överklagande går ut den *12 mars 2027*")


async def four_letters_go_out(box: Mailbox) -> None:
    """The decision's own; the registrar has also had the list of delegated decisions."""
    expected = 9 + len(life.BETWEEN) + 4
    await until(lambda: life.has(box, expected), seconds=30)
    before, after = box.taken[9 : 9 + len(life.BETWEEN)], box.taken[9 + len(life.BETWEEN) :]
    assert [(to, str(letter["Subject"])) for to, letter in before] == life.BETWEEN
    assert {str(letter["Subject"]) for _, letter in after} == {
        "Bifall KS 2027-02-16 § 22 (2027-0002), Fältare på fritiden"
    }
    (registrar,) = box.letters("registrator.kff@exempelkommunen.se")
    assert_packages(registrar, number=1, case_id=life.B)


# --- money ---------------------------------------------------------------------------------------


async def the_budget_is_moved(ivar: Person, petra: Person) -> None:
    await ivar.presses("Omfört")
    await ivar.fills({"reference": "V 4711", "project": "P 2027:17"})
    await ivar.sees("bokföring V 4711, projekt P 2027:17")
    for reference in ("V 4712", "V 4713"):
        await petra.presses("Omfört", nth=0)
        await petra.fills({"reference": reference})
        await petra.sees(f"bokföring {reference}")


async def what_is_left_goes_back(here: Town, ivar: Person) -> None:
    """Nothing else remains of A: it is closed with its last krona."""
    told = plain(await here.sara.sees("Det här återstår innan ärendet kan avslutas"))
    assert "teknik- och fastighetsnämnden har 100 000 kr kvar av investeringen" in told
    await ivar.presses("Lämna tillbaka medel")
    await ivar.fills({"amount": life.LEFT_OF_A, "reason": "Anbudet blev lägre."})
    for person, where in ((here.anna, ""), (here.sara, ""), (here.karin, KLG)):
        await person.sees("är avslutat", channel=where)


# --- follow-up -----------------------------------------------------------------------------------


async def anna_reports(anna: Person, told: life.Told) -> None:
    """The whole conversation."""
    await anna.presses("Börja")
    await anna.presses("Nej, inget av det")
    await anna.presses("Genomförd" if told.measured else "Pågår som planerat")
    await anna.says("Mötesplatserna har öppet varje kväll.")
    if not told.measured:
        await anna.says("Den tredje öppnar i höst.")
    for amounts in (told.used, told.forecast):
        if any(amounts):
            await anna.presses("Fyll i beloppen")
            await anna.fills(dict(zip(life.PLACES_OF_A, amounts, strict=True)))
    await anna.sees("Varför avviker utfallet")
    await anna.says("Anbudet blev lägre.")
    if told.measured:
        await anna.presses("Ja")  # the investment money is not needed
    for effects in ("Fler unga är inne.", "Vanan består.", "Två av tre mål är nådda."):
        await anna.says(effects)
    if told.measured:
        await anna.says(told.measured)
    else:
        await anna.presses("Hoppa över")
    await anna.sees("Läs igenom och skicka in")
    await anna.presses("Skicka in")


async def klg_receives(here: Town, report: life.Told, sums: str) -> None:
    about = f"*Uppföljning: {life.PLACES}* ({life.A}), {report.period}"
    told = await here.karin.sees(about, channel=KLG)
    assert sums in plain(told), plain(told)
    await here.karin.presses("Mottagen", channel=KLG)
    await here.anna.sees(f"{report.period}. Den kan nu gå vidare till Trygghetsberedningen")


async def april_august_and_the_year(here: Town, hands: Path) -> None:
    moves(hands, life.APRIL.asked)
    await here.anna.sees("ska vara inne senast 24 maj 2027")
    await anna_reports(here.anna, life.APRIL)
    april = "400 000 kr använt av 1 500 000 kr (26,7 %), prognos för helåret 1 500 000 kr"
    await klg_receives(here, life.APRIL, april)

    moves(hands, "2027-05-31T08:00:01+02:00")
    await here.sara.sees("Inför sammanträdet 7 juni 2027")
    report = await the_newest_pdf(here.sara, "Delrapport 2027-06-07.pdf")
    assert life.PLACES in text_of_pdf(report)

    moves(hands, life.AUGUST.asked)
    await here.anna.sees(f"{life.AUGUST.period}, till och med")
    await anna_reports(here.anna, life.AUGUST)
    await klg_receives(here, life.AUGUST, "600 000 kr använt av 800 000 kr")

    moves(hands, life.LAST.asked)
    await here.anna.sees("Det är den sista rapporten")
    await anna_reports(here.anna, life.LAST)
    await klg_receives(here, life.LAST, "700 000 kr använt av 800 000 kr (87,5 %)")


# --- digests and the year ------------------------------------------------------------------------


async def the_week_says_it_in_words_and_in_a_chart(here: Town) -> None:
    week = plain(await here.karin.sees("Veckans läge: särskild", channel=KLG))
    assert "varav bifall 1 med 1 500 000 kr i drift och 800 000 kr i investering" in week
    files = await until(lambda: life.files_of(here.karin, "Veckans läge:", channel=KLG))
    chart, sheet = files
    assert (chart["filetype"], sheet["filetype"]) == ("png", "xlsx")
    assert "8 500 000 kr" in plain(chart["alt_txt"])
    rows = openpyxl.load_workbook(io.BytesIO(await life.content(here.karin, sheet))).active
    assert life.B in str([*rows.values])


async def the_meeting_gets_its_delrapport(here: Town) -> None:
    told = plain(await here.sara.sees("Inför sammanträdet 1 februari 2027"))
    assert "Drift 2027: 500 000 kr kvar av 2 000 000 kr" in told
    assert "D 2027-0001" in text_of_pdf(
        await the_newest_pdf(here.sara, "Delrapport 2027-02-01.pdf")
    )


async def the_year_is_reported(here: Town, hands: Path) -> None:
    """The årsrapport's totals are the ledger's, to the krona."""
    moves(hands, life.YEAR_REPORTED)
    told = plain(await here.sara.sees("Årsrapporten 2027 är klar", seconds=20))
    async with beside(here.settings, here.programme) as now:
        accounts = await now.perform.read(lambda db: ledger.accounts(db, life.YEAR))
    drift, investment = accounts[CostKind.OPERATING], accounts[CostKind.INVESTMENT]
    assert (drift.decided, drift.transferred, drift.left) == (2_100_000, 2_100_000, 7_900_000)
    assert (investment.decided, investment.returned) == (800_000, 100_000)
    assert investment.left == 19_300_000
    assert "beslutat 2 100 000 kr, varav omfört 2 100 000 kr" in told
    assert "återlämnat 100 000 kr, kvar 19 300 000 kr" in told
    report = text_of_pdf(await the_newest_pdf(here.sara, "Årsrapport 2027.pdf"))
    assert "Inte återrapporterat" in report, "B's officer has never reported"
    for total in ("2 100 000", "7 900 000", "800 000", "100 000", "19 300 000"):
        assert total in report


async def the_newest_pdf(person: Person, name: str) -> bytes:
    file = await until(lambda: life.file(person, name))
    return await life.content(person, file)


@pytest.mark.requirement(
    "R000-1", "R000-6", "R000-12", "R000-13", "R000-41", "R000-45", "R000-48", "R000-49",
    "R000-50", "R000-56", "R000-60", "R000-61", "R001-12",
)  # fmt: skip
async def test_two_measures_live_from_klgs_assessment_until_the_year_is_reported(
    sqlite_url: str, tmp_path: Path
) -> None:
    async with (
        mailbox() as box,
        life.before_klg(sqlite_url, tmp_path, mail_port=box.port) as (here, hands),
        at_work(here),
    ):
        kjell, ivar = Person(here, "U0DIR"), Person(here, "U0INV")
        await here.karin.sees(life.FIELD, channel=KLG, seconds=20)
        await life.klg_recommends(here, life.PLACES)
        await the_chief_executive_grants_a(here, kjell)
        await nine_letters_go_out(here, box)

        moves(hands, life.WEEK_ENDS)
        await the_week_says_it_in_words_and_in_a_chart(here)
        await the_meeting_gets_its_delrapport(here)
        await b_is_over_the_cap(here, kjell)
        await kommunstyrelsen_grants_b(here, hands)
        await four_letters_go_out(box)
        await the_budget_is_moved(ivar, here.petra)

        await april_august_and_the_year(here, hands)
        await what_is_left_goes_back(here, ivar)
        await the_year_is_reported(here, hands)
