"""Digests in tests: the timetable's turn at a moment, and what was then said to whom."""

from datetime import datetime
from typing import Any

from sqlalchemy import insert, select

from bot.acts import digest
from bot.perform import Transaction
from bot.timetable import Timetable
from sandbox.workspace import load
from storage.tables import cases, events, proposals, submissions
from tests.bot.town import Town

# As the programme and the sandbox know her, by her address.
CHIEF_EXECUTIVE = next(
    f"{one.team}:{one.id}" for one in load().people if one.email.startswith("kjell.noren@")
)
COPIED = (cases, events, submissions, proposals)


def timetable(here: Town) -> Timetable:
    return Timetable(here.perform, here.office, digest.TIMERS, now=lambda: here.now, poll_s=1)


async def reach(here: Town, at: str) -> None:
    """It is that moment (ISO, with its zone): the timers that are due act, and their jobs run."""
    here.now = max(datetime.fromisoformat(at), here.now)
    await timetable(here).once()
    await here.work()


async def posts(here: Town, lane: str) -> list[dict[str, Any]]:
    return [row for row in await here.owed("post") if row["lane"] == lane]


async def newest(here: Town, lane: str) -> dict[str, Any]:
    return (await posts(here, lane))[-1]


async def files_of(here: Town, post: dict[str, Any]) -> list[dict[str, Any]]:
    """The files in the message's thread."""
    uploads = [row for row in await here.owed("upload") if row["refers_to"] == post["id"]]
    return [file for row in uploads for file in row["files"]]


async def letters(here: Town) -> list[dict[str, Any]]:
    """Every e-mail about no single decision that is owed."""
    found = [row for row in await here.owed("mail") if row["name"] == "letter"]
    return [row["arguments"]["letter"] for row in found]


async def copies(here: Town, case_id: str, number: int, *, first: int, **changed: Any) -> None:
    """More cases that are like one there is, down to their events."""

    def write(tx: Transaction) -> None:
        for table in COPIED:
            key = table.c.id if table is cases else table.c.case_id
            rows = tx.db.execute(select(table).where(key == case_id)).mappings().all()
            changes = changed if table is cases else {}
            made = [
                {**row, **changes, key.name: f"2026-{first + n:04}"}
                for n in range(number)
                for row in rows
            ]
            tx.db.execute(insert(table), made)

    await here.act(write)


def sections(post: dict[str, Any]) -> dict[str, str]:
    """A message's sections by the heading that they stand under."""
    found: dict[str, str] = {}
    heading = ""
    for block in post["blocks"]:
        if block["type"] == "header":
            heading = block["text"]["text"]
        elif block["type"] == "section":
            found[heading] = f"{found.get(heading, '')}\n{block['text']['text']}".strip()
    return found
