"""The week in KLG's channel and the chief executive's month: when they come, and what they say."""

import asyncio
import io
from datetime import timedelta
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from sqlalchemy import update

from bot.acts import digest
from flows.decided import Verdict
from flows.errors import NotAllowed
from flows.practice import DigestKind
from storage import cards
from storage.tables import outbox
from tests.bot.decided import (
    PETRA,
    gets,
    granted,
    waiting_for_board,
    waiting_for_chief_executive,
)
from tests.bot.digests import CHIEF_EXECUTIVE, files_of, newest, posts, reach, sections, timetable
from tests.bot.town import KARIN, SARA, Town, town
from tests.flows.filled import ANNA, KFF, SF

KLG = "C0KLG"
BEFORE = "2026-11-13T08:00:00+01:00"  # a Friday: the bot is started
MONDAY, NEXT_MONDAY = "2026-11-16T08:00:00+01:00", "2026-11-23T08:00:00+01:00"


@pytest.fixture
async def here(sqlite_url: str, tmp_path: Path):
    async with town(sqlite_url, tmp_path) as found:
        found.now = found.now.fromisoformat("2026-11-13T06:00:00+00:00")
        await reach(found, BEFORE)
        yield found


async def weekly(here: Town) -> list[dict[str, Any]]:
    """KLG's weeks; a case's card is the other thing in the channel."""
    return [post for post in await posts(here, KLG) if post["text"].startswith("*Veckans läge")]


@pytest.mark.requirement("R000-1")
async def test_each_committee_is_listed_those_with_zero_too(here: Town):
    await waiting_for_board(here, gets("socialnamnden", "operating", 2026, 1_000))
    await waiting_for_board(here, gets("kultur-och-fritidsnamnden", "operating", 2026, 1_000))

    await reach(here, MONDAY)

    (week,) = await weekly(here)
    said = sections(week)["Nämndernas förslag 2026"]
    assert said.splitlines() == [
        "• Kommunstyrelsen: 0 förslag, varav 0 kommunövergripande",
        "• Socialnämnden: 1 förslag, varav 1 kommunövergripande",
        "• Kultur- och fritidsnämnden: 1 förslag, varav 1 kommunövergripande",
        "• Teknik- och fastighetsnämnden: 0 förslag, varav 0 kommunövergripande",
        "• Barn- och utbildningsnämnden: 0 förslag, varav 0 kommunövergripande",
    ]


@pytest.mark.requirement("R000-2")
async def test_only_what_reaches_beyond_the_own_operations_counts_as_kommunovergripande(here: Town):
    await waiting_for_board(here, scope="own_operations")
    await waiting_for_board(here, scope="several_operations", administrations=(SF, KFF))

    await reach(here, MONDAY)

    said = sections((await weekly(here))[-1])["Nämndernas förslag 2026"]
    assert "• Socialnämnden: 2 förslag, varav 1 kommunövergripande" in said
    assert "• Kultur- och fritidsnämnden: 1 förslag, varav 1 kommunövergripande" in said


async def test_the_week_says_what_came_what_waits_for_whom_and_what_was_decided(here: Town):
    case_id = await here.submitted()
    await here.assess(case_id, "recommend", KARIN)
    waits = await waiting_for_chief_executive(here)
    await granted(here, gets("socialnamnden", "operating", 2026, 300_000))
    await granted(here, verdict=Verdict.REJECTED)

    await reach(here, MONDAY)

    said = sections((await weekly(here))[-1])
    came, decided = said["Inkommet sedan 13 november 2026: 4"], said["Beslutat: 2"]
    assert f"• {case_id} · Trygghetsvärdar i centrum: nytt ärende från socialförvaltn" in came
    assert "D 2026-0001" in decided
    assert "bifall 13 november 2026 av kommundirektören, 300\u00a0000\u00a0kr i drift." in decided
    assert "avslag 13 november 2026 av kommundirektören." in decided
    left = "Drift 2026: kvar 9\u00a0300\u00a0000\u00a0kr av 10\u00a0000\u00a0000\u00a0kr"
    assert left in said["Pengar kvar"]

    await reach(here, NEXT_MONDAY)

    said = sections((await weekly(here))[-1])
    awaited = (
        "Lars Berg, Mira Sandell och Nils Åkerman sedan 13 november 2026, 6 arbetsdagar. Sent."
    )
    assert f"väntar på {awaited}" in said["Väntar: 2"]
    assert "Karin Holm" not in said["Väntar: 2"]  # she has said what she thinks
    at_the_chief = f"• {waits} · Kvällsöppna mötesplatser (socialförvaltningen): väntar på Kjell"
    assert at_the_chief in said["Väntar: 2"]
    late = "Kommundirektören beslutar: 1 ärende har väntat längre än 3 arbetsdagar."
    assert late in said["Sent: 2"]


async def test_the_text_alone_says_the_main_figures(here: Town):
    await waiting_for_chief_executive(here)
    await granted(here, gets("socialnamnden", "investment", 2026, 250_000))

    await reach(here, MONDAY)

    text = (await weekly(here))[-1]["text"]
    assert (
        "Inkommet: 2. Beslutat: 1, varav bifall 1 med 0\u00a0kr i drift och 250\u00a0000\u00a0kr i investering."
        in text
    )
    assert "Väntar: 1 ärende, det äldsta sedan 13 november 2026. Sent: 0." in text
    assert "Kommundirektören beslutar: 1. Beviljat, följs upp: 1." in text
    assert "investering 19\u00a0750\u00a0000\u00a0kr av 20\u00a0000\u00a0000\u00a0kr" in text


async def test_nothing_happened_is_one_line_without_files(here: Town):
    await waiting_for_board(here)
    await reach(here, MONDAY)

    await reach(here, NEXT_MONDAY)

    quiet = (await weekly(here))[-1]
    assert (
        "Ingenting har hänt sedan 16 november 2026, och inget är sent. 1 ärende väntar."
        in quiet["text"]
    )
    assert len(quiet["blocks"]) == 1
    assert await files_of(here, quiet) == []


async def test_a_year_that_nothing_is_set_aside_for_is_said_so_and_has_no_chart(here: Town):
    await waiting_for_chief_executive(here)

    await reach(here, "2028-01-17T08:00:00+01:00")

    week = (await weekly(here))[-1]
    assert "Inga pengar är avsatta för 2028." in week["text"]
    assert sections(week)["Pengar kvar"] == "Inga pengar är avsatta för 2028."
    assert "Kvar 2028" not in str(week)
    assert [file["name"] for file in await files_of(here, week)] == [
        "Öppna ärenden 2028-01-17.xlsx"
    ]


async def test_what_one_week_tells_the_next_does_not_and_nothing_falls_between(here: Town):
    first = await granted(here)
    await reach(here, MONDAY)
    second = await granted(here)
    await reach(here, NEXT_MONDAY)
    await reach(here, "2026-11-30T08:00:00+01:00")

    told = [sections(week) for week in await weekly(here)]
    decided = [said.get("Beslutat: 1", "") for said in told]
    assert [first in text for text in decided] == [True, False, False]
    assert [second in text for text in decided] == [False, True, False]


async def test_the_picture_and_the_spreadsheet_say_what_the_text_says(here: Town):
    await granted(here, gets("socialnamnden", "operating", 2026, 300_000))
    await waiting_for_board(here, title='=HYPERLINK("http://ond.se";"klicka")')

    await reach(here, MONDAY)

    week = (await weekly(here))[-1]
    chart, sheet = await files_of(here, week)
    content = await here.files.get(chart["sha256"])
    assert content.startswith(b"\x89PNG")
    money = sections(week)["Pengar kvar"]
    for amount in (
        "9\u00a0300\u00a0000\u00a0kr",
        "10\u00a0000\u00a0000\u00a0kr",
        "300\u00a0000\u00a0kr",
        "400\u00a0000\u00a0kr",
    ):
        assert amount in money
        assert amount in chart["alt"]
    book = openpyxl.load_workbook(io.BytesIO(await here.files.get(sheet["sha256"])))
    rows = [*book.active.iter_rows()]
    assert [cell.value for cell in rows[0]][:2] == ["Nummer", "Rubrik"]
    titles = [row[1] for row in rows[1:]]
    assert '=HYPERLINK("http://ond.se";"klicka")' in [cell.value for cell in titles]
    assert all(cell.data_type == "s" for cell in titles)  # a formula's is "f"


async def test_a_case_is_a_link_when_its_card_stands_in_slack(sqlite_url: str, tmp_path: Path):
    async with town(sqlite_url, tmp_path) as here:
        object.__setattr__(here.office, "address", "https://kommun.slack.com/")
        await reach(here, BEFORE)
        case_id = await here.submitted()
        post = await here.perform.read(lambda db: cards.get(db, case_id, "application"))
        posted = update(outbox).where(outbox.c.id == post).values(channel=KLG, ts="1700.000200")
        await here.act(lambda tx: tx.db.execute(posted).rowcount)

        await reach(here, "2026-11-23T08:00:00+01:00")

        link = f"<https://kommun.slack.com/archives/C0KLG/p1700000200|{case_id}>"
        assert link in sections((await weekly(here))[-1])["Väntar: 1"]


async def test_what_falls_on_a_free_day_comes_on_the_next_working_day(here: Town):
    await reach(here, "2026-12-28T09:00:00+01:00")  # a Monday between two holidays
    before = len(await weekly(here))

    await reach(here, "2027-01-04T09:00:00+01:00")
    assert len(await weekly(here)) == before + 1

    easter_monday = "2027-03-29T23:00:00+02:00"
    await reach(here, easter_monday)
    before = len(await weekly(here))
    await reach(here, "2027-03-30T08:00:00+02:00")
    assert len(await weekly(here)) == before + 1


async def test_a_digest_comes_once_whichever_replica_is_first(database_url: str, tmp_path: Path):
    async with town(database_url, tmp_path) as here:
        await reach(here, BEFORE)
        here.now = here.now.fromisoformat(NEXT_MONDAY)
        replicas = [timetable(here) for _ in range(3)]

        await asyncio.gather(*(one.once() for one in replicas))
        await here.work()
        await timetable(here).once()  # after a restart
        await here.work()

        assert len(await weekly(here)) == 1


async def test_the_chief_executive_gets_her_month_in_a_direct_message(here: Town):
    waits = await waiting_for_chief_executive(here)
    await granted(here, gets("socialnamnden", "operating", 2026, 1_500_000))
    await granted(here, by_board=True)

    await reach(here, "2026-12-01T08:00:00+01:00")

    post = await newest(here, CHIEF_EXECUTIVE.partition(":")[2])
    said = sections(post)
    assert waits in said["Väntar på ditt beslut: 1"]
    assert "D 2026-0001" in said["Du har beslutat: 1"]  # the board's is not hers
    assert (
        "Drift 2026: 500\u00a0000\u00a0kr kvar av 2\u00a0000\u00a0000\u00a0kr."
        in said["Kvar av din delegation"]
    )
    assert "Sent: 1" in said
    (chart,) = await files_of(here, post)
    assert chart["name"].endswith(".png")


async def test_a_digest_that_cannot_be_made_is_told(here: Town):
    await here.act(lambda tx: digest.failed(tx, here.office, DigestKind.WEEKLY))

    assert "veckans läge" in (await here.said(SARA))[-1]


@pytest.mark.parametrize("person", [KARIN, SARA, CHIEF_EXECUTIVE, PETRA])
async def test_those_who_answer_for_the_programme_see_the_week_when_they_ask(
    here: Town, person: str
):
    case_id = await waiting_for_board(here)

    text, blocks = await here.perform.read(
        lambda db: digest.now(db, here.office, person=person, at=here.now)
    )

    assert "Väntar: 1 ärende" in text
    assert case_id in str(blocks)
    assert "Bara du ser det här." in str(blocks)
    assert await weekly(here) == []


async def test_what_came_a_moment_ago_is_seen_when_one_asks(here: Town):
    await here.submitted()

    text, _ = await here.perform.read(
        lambda db: digest.now(db, here.office, person=SARA, at=here.now + timedelta(seconds=1))
    )

    assert "Inkommet: 1." in text


async def test_an_officer_does_not_see_everybodys_cases_in_a_digest(here: Town):
    with pytest.raises(NotAllowed):
        await here.perform.read(lambda db: digest.now(db, here.office, person=ANNA, at=here.now))


async def test_a_programme_without_digests_sends_none(sqlite_url: str, tmp_path: Path):
    async with town(sqlite_url, tmp_path) as here:
        without = here.office.programme.model_copy(update={"digests": ()})
        object.__setattr__(here.office, "programme", without)
        await reach(here, BEFORE)
        await here.submitted()

        await reach(here, "2026-12-01T09:00:00+01:00")

        assert await weekly(here) == []
