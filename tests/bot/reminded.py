"""The morning when reminders go out, and what each person has got by then."""

from datetime import date, time
from functools import partial

from bot.acts import reminders
from bot.timetable import moment
from tests.bot.town import Town, buttons


async def at_nine(here: Town, day: str) -> None:
    """The timer fires that day, and its jobs run."""
    here.now = moment(date.fromisoformat(day), time(9))
    await here.act(lambda tx: reminders.begin(tx, here.office, here.now))
    await here.work()


async def reminded(here: Town, person: str) -> list[str]:
    """The first line of each reminder the person got."""
    said = [row for row in await here.owed("post") if _is_reminder(row, person)]
    return [row["text"].splitlines()[0] for row in said]


async def last(here: Town, person: str) -> dict:
    return [row for row in await here.owed("post") if row["lane"] == person.partition(":")[2]][-1]


def _is_reminder(row, person: str) -> bool:
    ids = [button["action_id"] for button in buttons(row["blocks"])]
    of_ours = any(one.startswith("reminders_") for one in ids) or "gått till" in row["text"]
    return row["lane"] == person.partition(":")[2] and (of_ours or "nu på" in row["text"])


async def snooze(here: Town, person: str) -> None:
    (button,) = [
        b for b in buttons((await last(here, person))["blocks"]) if "snooze" in b["action_id"]
    ]
    await here.act(
        partial(reminders.snooze, office=here.office, subject=button["value"], by=person)
    )
