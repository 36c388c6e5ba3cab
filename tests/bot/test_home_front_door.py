"""App Home and the dnr as people meet them: a local Slack, the whole bot, and what they then see."""

import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from bot.blocks.home import PER_PAGE, Part
from bot.ids import DNR, HOME_PAGE, START
from flows.events import Stage
from tests import people
from tests.bot import town as seeded
from tests.bot.town import buttons, texts_of
from tests.flows.filled import values
from tests.people import KLG, Person
from tests.waiting import until


async def a_case(sqlite_url: str, folder: Path, *, cases: int = 1) -> str:
    """Handed in while Slack was away: everything about it is still owed. Returns the first."""
    async with seeded.town(sqlite_url, folder) as here:
        here.now = datetime.now(UTC) - timedelta(hours=1)  # what is owed is due
        talk = values()["dialogue"][0].model_copy(update={"on": here.now.date()})
        given = values() | {"dialogue": (talk,)}
        ids = [
            await here.submit(await here.draft(given, stage=Stage.PROPOSAL)) for _ in range(cases)
        ]
        return ids[0]


async def press_home(person: Person, action: str) -> dict[str, Any]:
    sandbox = person.town.sandbox
    done = await sandbox.press(person.user, home=True, action_id=action)
    await person.town.quiet()
    return dict(done)


async def files_in_thread(person: Person) -> list[str]:
    (card,) = [m for m in await person.messages(channel=KLG) if m.get("reply_count")]
    replies = await person.messages(channel=KLG, thread=card["ts"])
    return [file["title"] for reply in replies for file in reply.get("files") or ()]


@pytest.mark.requirement("R000-16")
async def test_the_secretary_is_told_gives_the_dnr_and_sees_the_documents_again(
    sqlite_url: str, tmp_path: Path
) -> None:
    case_id = await a_case(sqlite_url, tmp_path)
    async with people.town(sqlite_url, tmp_path) as here:
        await here.sara.sees(f"Nytt förslag: {case_id}")
        await here.sara.sees("Trygghetsvärdar i centrum", channel=KLG)
        assert "Dnr: saknas" in texts_of(await here.sara.home())

        await press_home(here.sara, f"{DNR}:{case_id}")
        sent = await here.sara.fills({"dnr": "850709-9805"})
        assert "personnummer" in str(sent["errors"])
        await here.sara.fills({"dnr": "KS 2026/214"})

        await here.sara.sees("Dnr är antecknat")
        assert await here.sara.modal() is None

        async def issued_again() -> bool:
            return f"Förslag {case_id} version 1 utgåva 2.pdf" in await files_in_thread(here.sara)

        await until(issued_again, seconds=10)
        assert "Dnr: KS 2026/214" in texts_of(await here.sara.home())
        assert "KS 2026/214" in texts_of(await here.anna.home())


async def test_the_button_in_the_secretarys_message_opens_the_form_and_nobody_else_has_one(
    sqlite_url: str, tmp_path: Path
) -> None:
    case_id = await a_case(sqlite_url, tmp_path)
    async with people.town(sqlite_url, tmp_path) as here:
        await here.sara.sees(f"Nytt förslag: {case_id}")
        await here.sara.presses("Ange dnr")

        modal = await here.sara.modal()
        assert modal is not None
        assert texts_of(modal["title"]) == "Ange dnr"
        assert not [b for b in buttons(await here.anna.home()) if b["action_id"].startswith(DNR)]


async def test_home_is_shown_to_everybody_and_says_nothing_to_guests(
    sqlite_url: str, tmp_path: Path
) -> None:
    case_id = await a_case(sqlite_url, tmp_path)
    async with people.town(sqlite_url, tmp_path) as here:
        guest, karin, anna = [await person.home() for person in (here.guest, here.karin, here.anna)]

        assert not buttons(guest)
        assert case_id not in texts_of(guest)
        assert "Väntar på din bedömning" in texts_of(karin)
        assert case_id in texts_of(anna)
        assert START in [button["action_id"] for button in buttons(anna)]


async def test_home_follows_the_case_without_being_opened_again(
    sqlite_url: str, tmp_path: Path
) -> None:
    case_id = await a_case(sqlite_url, tmp_path)
    async with people.town(sqlite_url, tmp_path) as here:
        await here.karin.sees("Trygghetsvärdar i centrum", channel=KLG)
        before = texts_of(await here.karin.home())
        await here.karin.presses("I linje med den politiska viljan", channel=KLG)

        async def answered() -> bool:
            view = await here.sandbox.home(here.karin.user)
            return "Inget ärende väntar på dig" in texts_of(view)

        assert case_id in before
        await until(answered)


async def nothing_is_owed(url: str) -> bool:
    with closing(sqlite3.connect(url.removeprefix("sqlite:///"))) as db:
        owed = db.execute("SELECT count(*) FROM outbox WHERE finished_at IS NULL").fetchone()
    return owed == (0,)


async def test_older_cases_are_a_press_away(sqlite_url: str, tmp_path: Path) -> None:
    first = await a_case(sqlite_url, tmp_path, cases=PER_PAGE[Part.INBOX] + 1)
    async with people.town(sqlite_url, tmp_path) as here:
        # What the cases still owe would show the newest page again.
        await until(partial(nothing_is_owed, sqlite_url), seconds=60)
        newest = await here.sara.home()
        assert first not in texts_of(newest)

        await press_home(here.sara, f"{HOME_PAGE}:inbox:older")

        async def turned() -> bool:
            return first in texts_of(await here.sandbox.home(here.sara.user))

        await until(turned)
