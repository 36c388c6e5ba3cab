"""Two measures of 2027 that stand before KLG, and the dates of their lives, for the whole-life stories.

A asks for 1 500 000 kr in drift and 800 000 kr for an investment. B asks for 600 000 kr in drift, which
after A is 100 000 kr over the chief executive's cap of 2 000 000 kr.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import aiohttp
from pydantic import SecretStr

from bot import clock
from bot.demo import free_port
from flows.dates import SWEDEN
from flows.events import Stage
from flows.practice import Meeting
from flows.programme import Programme
from tests.bot import town as quiet_town
from tests.bot.decided import gets
from tests.bot.handed_in import costing
from tests.bot.mailbox import SENDER, Mailbox
from tests.bot.town import TEAM
from tests.flows.filled import ANNA, example
from tests.people import KLG, Person, Town, said, town
from tests.stories.test_whole_story import download

OMAR = f"{TEAM}:U0OMAR"
YEAR = 2027
A, B = "2027-0001", "2027-0002"
PLACES, FIELD = "Kvällsöppna mötesplatser", "Fältare på fritiden"
ASKED_A = (
    gets("socialnamnden", "operating", YEAR, 1_500_000),
    gets("teknik-och-fastighetsnamnden", "investment", YEAR, 800_000),
)
ASKED_B = (gets("kultur-och-fritidsnamnden", "operating", YEAR, 600_000),)
PLACES_OF_A = ("socialnamnden:operating:2027", "teknik-och-fastighetsnamnden:investment:2027")
SAID = {
    "what": "Öppet varje kväll till klockan 23 på tre platser, med två vuxna på plats.",
    "reinforces": "Fritidsgårdarna har öppet till 20, tre kvällar i veckan.",
    "goal": "Fler unga ska känna sig trygga på kvällen.",
    "added_value": "Fritid, social och skola möter samma unga på samma plats.",
    "effect_measure": "Andelen unga som känner sig trygga på kvällen, i kommunens trygghetsmätning",
    "effect_baseline": "48 % i oktober 2026",
    "effect_goal": "60 %",
    "effect_when": date(YEAR, 10, 31),
}
BEGINS = "2027-01-18T09:10:00+01:00"  # a Monday
WEEK_ENDS = "2027-01-25T08:00:01+01:00"
PROPOSED = "2027-02-09T09:30:00+01:00"
DECIDED = "2027-02-17T09:30:00+01:00"
ANNOUNCED = "2027-02-22T10:00:00+01:00"
YEAR_REPORTED = "2028-01-25T08:00:01+01:00"
KS_MET = {"verdict": "granted", "day": "2027-02-16", "paragraph": "22", "dnr": "KS 2027/66"}
NINE = (
    *(f"{duty}.sf@exempelkommunen.se" for duty in ("registrator", "ekonomichef")),
    *(f"{duty}.tff@exempelkommunen.se" for duty in ("registrator", "ekonomichef")),
    *(
        f"{name}@exempelkommunen.se"
        for name in ("mira.sandell", "anna.ek", "lars.berg", "tove.nystrom", "ivar.strand")
    ),
)
# The letters between the two decisions.
BETWEEN = [
    ("gun.ahl@exempelkommunen.se", "Delrapport inför sammanträdet 1 februari 2027"),
    (
        "rut.gran@exempelkommunen.se",
        "Anmälan av delegationsbeslut till kommunstyrelsen 2027-02-16",
    ),
]


@dataclass(frozen=True)
class Told:
    """What Anna reports of A, drift and investment, as she types it; she is asked at `asked`."""

    asked: str
    period: str
    used: tuple[str, str]
    forecast: tuple[str, str] = ("", "")
    measured: str = ""


APRIL = Told(
    "2027-05-03T09:00:01+02:00",
    "utökad uppföljning per april 2027",
    used=("400 tkr", "0"),
    forecast=("1,5 mkr", "700 tkr"),
)
AUGUST = Told(
    "2027-09-01T09:00:01+02:00",
    "delårsbokslut per augusti 2027",
    used=("900 tkr", "600 tkr"),
    forecast=("1,5 mkr", "700 tkr"),
)
LAST = Told(
    "2028-01-03T09:00:01+01:00",
    "årsbokslut 2027",
    used=("1,5 mkr", "700 tkr"),
    measured="61 % i oktober.",
)
LEFT_OF_A = "100 tkr"  # of the investment, when the year has ended


def programme() -> Programme:
    """The example municipality, with a meeting in the summer too."""
    given = example()
    summer = Meeting(body="chair_preparation", day=date(YEAR, 6, 7))
    return given.model_copy(update={"meetings": (*given.meetings, summer)})


@asynccontextmanager
async def before_klg(
    sqlite_url: str, folder: Path, *, mail_port: int = 0
) -> AsyncIterator[tuple[Town, Path]]:
    """Both handed in and their documents made; the bot is not started. Yields the file that is its clock.

    Without `mail_port` the sandbox takes the letters, and shows them on its pages.
    """
    hands = folder / "clock"
    moves(hands, BEGINS)
    async with quiet_town.town(sqlite_url, folder, real=clock.now) as before:
        before.now = datetime.fromisoformat(BEGINS).astimezone(SWEDEN) - timedelta(hours=4)
        measures = ((PLACES, ASKED_A, ANNA), (FIELD, ASKED_B, OMAR))
        for title, asked, owner in measures:
            given = costing(before.office.programme, asked) | SAID | {"title": title}
            draft = await before.draft(given, owner=owner, stage=Stage.APPLICATION)
            await before.submit(draft, person=owner)
            await before.work()
    own_port = None if mail_port else free_port()
    async with town(
        sqlite_url, folder, programme=programme(), asleep=True, mail_port=own_port
    ) as asleep:
        settings = asleep.settings.model_copy(
            update={
                "test_clock": hands,
                "smtp_url": SecretStr(f"smtp://127.0.0.1:{mail_port or own_port}"),
                "mail_from": SENDER,
            }
        )
        yield replace(asleep, settings=settings), hands


def moves(hands: Path, to: str) -> None:
    """It is that moment (ISO, with its zone) for the bot."""
    hands.write_text(to)


async def klg_recommends(here: Town, title: str) -> None:
    """Three of four press Tillstyrk on the card of that measure."""
    for member in (here.karin, here.lars, here.nils):
        messages = await member.messages(channel=KLG)
        cards = {one["ts"] for one in messages if title in said(one)}
        controls = await member.controls(channel=KLG)
        buttons = [c for c in controls if c["ts"] in cards and c["label"] == "Tillstyrk"]
        await here.press(member.user, buttons[-1])
        await here.quiet()


async def has(box: Mailbox, count: int) -> bool:
    return len(box.taken) >= count


async def files_of(person: Person, text: str, *, channel: str = "") -> list[dict[str, Any]]:
    """The files in the thread of the newest message that says it."""
    found = [m for m in await person.messages(channel=channel) if text in said(m)]
    replies = await person.messages(channel=channel, thread=found[-1]["ts"]) if found else []
    return [file for reply in replies for file in reply.get("files") or ()]


async def file(person: Person, name: str) -> dict[str, Any] | None:
    """The file of that name that she was sent, in a message or in a thread."""
    for message in await person.messages():
        thread = await person.messages(thread=message["ts"])
        for one in (message, *thread):
            for sent in one.get("files") or ():
                if sent["name"] == name:
                    return dict(sent)
    return None


async def content(person: Person, file: dict[str, Any]) -> bytes:
    async with aiohttp.ClientSession(person.town.sandbox.url) as browser:
        return await download(browser, person, file)


def plain(text: str) -> str:
    return text.replace("\u00a0", " ")
