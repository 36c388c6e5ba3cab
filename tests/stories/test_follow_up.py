"""A follow-up report through the front door: asked for, written by two, handed in, sent back, received."""

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from bot.acts import reporting
from tests.bot.decided import beside
from tests.bot.reports import DRIFT, LIGHT, TITLE, planned
from tests.people import KLG, town

SEEDED = datetime(2026, 1, 5, 8, tzinfo=UTC)  # what is owed then is due by any clock
MORNING = datetime(2027, 5, 3, 7, tzinfo=UTC)


@pytest.mark.requirement("R000-60", "R000-61", "R001-12", "R001-13")
async def test_a_report_is_asked_for_written_by_two_and_received_by_klg(
    sqlite_url: str, tmp_path: Path
) -> None:
    async with (
        town(sqlite_url, tmp_path) as here,
        beside(here.settings, here.programme, now=SEEDED) as seeds,
    ):
        case_id = await planned(seeds, DRIFT, LIGHT, decided=date(2027, 1, 10))
        await seeds.act(lambda tx: reporting.ask_due(tx, seeds.office, MORNING))
        await here.anna.sees("väntar på din rapport", "utökad uppföljning per april 2027")

        await here.anna.presses("Börja")
        await here.anna.presses("Nej, inget av det")
        await here.anna.presses("Pågår som planerat")
        await here.anna.says("Två mötesplatser har öppnat.")
        await here.anna.says("Den tredje öppnar i höst.")
        await here.anna.presses("Fyll i beloppen")
        await here.anna.fills(_amounts("120 tkr", "0"))
        await here.anna.presses("Fyll i beloppen")
        await here.anna.fills(_amounts("400 tkr", "0,5 mkr"))

        await here.anna.says("bjud in")
        await here.anna.presses("Bjud in en kollega")
        await here.anna.fills({"people": ["U0OMAR"]})
        await here.omar.presses("Börja")
        await here.omar.says("Fler unga är ute på kvällarna.")
        await here.omar.says("tillbaka")
        await here.omar.says("Fler unga är inne på kvällarna.")
        await here.omar.says("Vanan består.", files={"räkning.txt": b"Onsdag 41, fredag 63"})
        await here.omar.says("Två av tre mål är uppnådda.")
        await here.omar.presses("Hoppa över")
        assert "räkning.txt" in (await here.omar.sees("Läs igenom och skicka in"))
        await here.omar.presses("Skicka in")

        await here.anna.sees("är inskickad (version 1)")
        await here.karin.sees("*Uppföljning:", "Fler unga är inne på kvällarna.", channel=KLG)
        await here.alva.presses("Mottagen", channel=KLG)  # in the channel, and not in KLG
        await here.karin.sees("Väntar på att KLG", channel=KLG)

        await here.karin.presses("Begär komplettering", channel=KLG)
        await here.karin.fills({"reason": "Skriv hur många som kommer."})
        await here.anna.sees("Skriv hur många som kommer.")
        await here.anna.presses("Börja")
        await here.anna.says("visa")
        await here.anna.presses("Ändra", nth=-2)  # the results, before the measured value
        await here.anna.says("Två av tre mål är uppnådda. 52 kommer varje kväll.")
        await here.anna.presses("Skicka in")
        await here.karin.sees("52 kommer varje kväll", "version 2", channel=KLG)

        await here.karin.presses("Mottagen", channel=KLG)
        await here.anna.sees(f"Karin Holm har tagit emot rapporten om *{TITLE}*")
        await here.omar.sees("Karin Holm har tagit emot rapporten")
        await here.karin.sees("✓ Mottagen av Karin Holm.", channel=KLG)

        case = await seeds.case(case_id)
        assert [(one.key, one.version) for one in case.received] == [("2027-april", 2)]
        assert [one.version for one in case.sent_back] == [1]


def _amounts(drift: str, investment: str) -> dict[str, str]:
    return {
        "socialnamnden:operating:2027": drift,
        "teknik-och-fastighetsnamnden:investment:2027": investment,
    }
