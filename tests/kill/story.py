"""The whole story while the bot is killed at random: from the first word to a report that KLG receives.

Each round plays it once on a new database, with the real bot as processes of their own, and compares the
database, Slack and the post with a calm round's.
"""

import asyncio
import random
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.kill.new_databases import URL
from tests.kill.outcome import differences
from tests.kill.patient import Patient, PatientTown
from tests.kill.rounds import Played, played
from tests.people import KLG
from tests.stories import life
from tests.stories import test_whole_story as whole

_FORM = whole.blank_pdf()


async def story(here: PatientTown) -> None:
    """From the first word until KLG recommends, decisions, money, the week, and what it came to."""
    await applied(here)
    await decided(here)
    await the_week(here)
    await kommunstyrelsen_decides(here)
    await the_budget_is_moved(here)
    await a_report_is_received(here)


async def applied(here: PatientTown) -> None:
    """The whole form by two people, KLG's two assessments, the chair and a completion."""
    await whole.writes_point_1(here.anna)
    await whole.klg_is_in_line(here)
    await whole.writes_point_2_and_invites_eva(here)
    await whole.eva_fills_in_point_3(here.eva)
    await whole.writes_the_rest(here, _FORM)
    await whole.the_chair_confirms(here.birgitta, case_id="2027-0003")
    await whole.klg_asks_for_completion(here)
    await whole.anna_completes(here.anna)
    await here.karin.sees("ändrat Analys av den egna ramen", channel=KLG)
    for member in (here.karin, here.lars):
        await member.presses("Tillstyrk", channel=KLG)
    await here.anna.sees("KLG Trygghet och säkerhet har tillstyrkt ansökan")
    await here.quiet()


async def decided(here: PatientTown) -> None:
    """KLG votes, the chief executive decides, and nine get it by e-mail."""
    kjell = Patient(here, "U0DIR")
    await _klg_recommends(here, life.PLACES)
    await kjell.sees("Väntar på ditt beslut")
    await kjell.presses("Bifall")
    await kjell.fills({"reason": "Insatsen stärker tryggheten."})
    await kjell.sees("D 2027-0001")
    await here.has_letters(9)
    await here.sara.sees("mottagare har fått det")
    await here.quiet()


async def the_week(here: PatientTown) -> None:
    """A Monday comes: the week with its chart for KLG, the meeting's delrapport, reminders and lists."""
    await here.moves("2027-01-25T10:00:00+01:00")
    await here.karin.sees("Veckans läge: särskild", channel=KLG)
    await here.sara.sees("Inför sammanträdet 1 februari 2027")
    await here.quiet()


async def kommunstyrelsen_decides(here: PatientTown) -> None:
    """Over the cap: the secretary records the proposal, the decision and when it was announced."""
    await _klg_recommends(here, life.FIELD)
    await here.karin.sees("Kommunstyrelsen beslutar, efter", channel=KLG)
    await here.moves("2027-02-09T10:00:00+01:00")
    await here.sara.presses("Anteckna beredningens förslag", about=life.FIELD)
    await here.sara.fills({"position": "proposes", "day": "2027-02-08"})
    await here.sara.sees("Väntar på kommunstyrelsen")
    await here.moves("2027-02-17T10:00:00+01:00")
    await here.sara.presses("Anteckna kommunstyrelsens beslut", about=life.FIELD)
    await here.sara.fills(life.KS_MET)
    await here.sara.fills({"amount:kultur-och-fritidsnamnden:operating:2027": "600 tkr"})
    await here.omar.sees(f"Bifall: {life.B}")
    await here.moves("2027-02-22T10:00:00+01:00")
    await here.sara.presses("Ange justering och anslag", about=life.FIELD)
    await here.sara.fills({"verified": "2027-02-18", "announced": "2027-02-19"})
    await here.sara.sees("Tiden för överklagande går ut den *12 mars 2027*")
    await here.quiet()


async def the_budget_is_moved(here: PatientTown) -> None:
    """The strategist and the controller acknowledge what they have moved."""
    ivar = Patient(here, "U0INV")
    await ivar.presses("Omfört")
    await ivar.fills({"reference": "V 4711", "project": "P 2027:17"})
    await ivar.sees("bokföring V 4711, projekt P 2027:17")
    for reference in ("V 4712", "V 4713"):
        await here.petra.presses("Omfört", nth=0)
        await here.petra.fills({"reference": reference})
        await here.petra.sees(f"bokföring {reference}")


async def a_report_is_received(here: PatientTown) -> None:
    """Asked for by the clock, written by the officer, received by KLG."""
    anna = here.anna
    await here.moves("2027-05-03T10:00:00+02:00")
    await anna.sees("ska vara inne senast 24 maj 2027")
    await anna.presses("Börja")
    await anna.presses("Nej, inget av det")
    await anna.presses("Pågår som planerat")
    await anna.says("Mötesplatserna har öppet varje kväll.")
    await anna.says("Den tredje öppnar i höst.")
    for amounts in (("400 tkr", "0"), ("1,5 mkr", "700 tkr")):
        await anna.presses("Fyll i beloppen")
        await anna.fills(dict(zip(life.PLACES_OF_A, amounts, strict=True)))
    await anna.sees("Varför avviker utfallet")
    for words in ("Anbudet blev lägre.", "Fler unga är inne.", "Vanan består.", "Två av tre mål."):
        await anna.says(words)
    await anna.presses("Hoppa över")
    await anna.sees("Läs igenom och skicka in")
    await anna.presses("Skicka in")
    await here.karin.sees(f"*Uppföljning: {life.PLACES}*", channel=KLG)
    await here.karin.presses("Mottagen", channel=KLG)
    await anna.sees("Den kan nu gå vidare till Trygghetsberedningen")
    await here.quiet()


async def _klg_recommends(here: PatientTown, title: str) -> None:
    for member in (here.karin, here.lars, here.nils):
        await member.presses("Tillstyrk", channel=KLG, about=title)


def campaign(url: URL, *, kills: int, replicas: int, seed: int, longest: float) -> Iterator[str]:
    """A calm round, and others until so many kills; says what each came to.

    Raises AssertionError for what is lost, doubled or different; a letter may come twice when that is counted.
    """

    def one(dice: random.Random | None) -> Played:
        with TemporaryDirectory() as folder, url(Path(folder)) as where:
            return asyncio.run(
                played(where, Path(folder), story, replicas=replicas, dice=dice, longest=longest)
            )

    calm, total = one(None), Counter[str]()
    yield f"calm: {_said(_counted(calm))}"
    while total["kills"] < kills:
        stormy = one(random.Random(seed))
        total.update(_counted(stormy))
        wrong = differences(calm.outcome, stormy.outcome)
        gone = max(stormy.lives.drains_s)
        yield f"seed {seed}, gone within {gone:.1f} s when asked; in all {_said(total)}"
        assert not wrong, f"seed {seed}: {wrong}"
        seed += 1


def _counted(one: Played) -> dict[str, int]:
    came = one.outcome
    return {
        "rounds": 1,
        "kills": one.lives.kills,
        "in the start": one.lives.unborn,
        "asked to stop": len(one.lives.drains_s),
        "messages said": one.count.said,
        "presses and forms": one.count.tries,
        "errors shown": one.count.errors,
        "rows": came.rows.total(),
        "messages": came.messages.total(),
        "doubled messages": came.doubled_messages,
        "letters": came.letters.total(),
        "doubled letters": came.doubled_letters,
        "decisions in doubt": came.doubtful_letters,
        "other letters tried again": came.doubtful_notes,
    }


def _said(counted: dict[str, int]) -> str:
    return ", ".join(f"{number} {what}" for what, number in counted.items())
