"""People who go on when the bot does not answer: they wait, and press again what Slack shows an error for.

What they do is what tests/people.py's do, so that a story is played by either. Nothing is given up for
a bot that is killed; a message is said once, and a press is repeated only when it was not acked.
"""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import func, select

from bot import clock
from bot.office import Office
from bot.perform import Perform
from bot.timers import TIMERS
from sandbox.client import Refused
from storage import fired, gestures
from storage.tables import outbox
from tests.bot.mailbox import Mailbox
from tests.kill.lives import slowly_until
from tests.people import Person, Town, said
from tests.waiting import until

PATIENCE = 300.0


@dataclass(frozen=True)
class PatientTown(Town):
    """`perform` reads the bot's database beside it; `box` is where its letters come."""

    office: Office
    perform: Perform
    count: "Count"
    box: Mailbox

    def __getattr__(self, name: str) -> "Patient":
        return Patient(self, f"U0{name.upper()}")

    async def quiet(self) -> None:
        """Everything owed is sent, everything delivered is acked or given up, and nothing moves."""

        async def done() -> bool:
            if await self._owed():
                return False
            return await self.sandbox.idle(timeout=5, quiet_ms=120) and not await self._owed()

        await until(done, seconds=PATIENCE)

    async def has_letters(self, number: int) -> None:
        """So many different ones have come."""

        async def come() -> bool:
            return len({str(letter["Message-ID"]) for _, letter in self.box.taken}) >= number

        await until(come, seconds=PATIENCE)

    async def moves(self, to: str) -> None:
        """It is that moment (ISO, with its zone) for the bot, and what it does by the clock is done."""
        hands = self.settings.test_clock
        assert hands is not None
        since, until_then = (datetime.fromisoformat(at) for at in (hands.read_text(), to))
        moves(hands, to)
        for timer in TIMERS:
            if come := [*timer.moments(self.office, since, until_then)]:
                await self._has_acted(timer.name, come[-1])
        await self.quiet()

    async def _has_acted(self, timer: str, at: datetime) -> None:
        async def fired_then() -> bool:
            last = await self.perform.read(lambda db: fired.last(db, timer))
            return last is not None and last >= at

        await until(fired_then, seconds=PATIENCE)

    async def _owed(self) -> int:
        soon = clock.now() + timedelta(seconds=20)
        rows = select(func.count()).select_from(outbox)
        rows = rows.where(outbox.c.finished_at.is_(None), outbox.c.due_at < soon)
        return int(await self.perform.read(lambda db: db.scalar(rows)) or 0)

    async def again(self, what: Callable[[], Awaitable[dict[str, Any]]]) -> dict[str, Any]:
        """Do it until Slack shows no error; what is no longer there has been done."""
        while True:
            self.count.tries += 1
            try:
                done = await what()
            except Refused as gone:
                return {"acked": True, "gone": str(gone)}
            if done.get("acked", True):
                return done
            self.count.errors += 1
            await asyncio.sleep(0.2)


@dataclass
class Count:
    """`said` messages, `tries` presses and forms, of which so many `errors` were shown."""

    said: int = 0
    tries: int = 0
    errors: int = 0
    opened: dict[str, tuple[dict[str, Any], Any]] = field(default_factory=dict)


@dataclass(frozen=True)
class Patient(Person):
    town: PatientTown

    async def says(self, text: str, *, files: dict[str, bytes] | None = None) -> str:
        sandbox = self.town.sandbox
        if files:
            one = await sandbox.upload(self.user, files, text=text)
        else:
            one = await sandbox.do("say", person=self.user, text=text)
        self.town.count.said += 1
        key = f"message:{one['channel']}:{one['ts']}"

        async def stored() -> bool:
            return bool(await self.town.perform.read(lambda db: gestures.known(db, [key])))

        await until(stored, seconds=PATIENCE)
        await self.town.quiet()
        return str(one["ts"])

    async def presses(
        self, label: str, *, channel: str = "", selected: Any = None, nth: int = -1, about: str = ""
    ) -> dict[str, Any]:
        """As tests/people.py's; with `about` only in messages that say it."""

        async def control() -> dict[str, Any] | None:
            told = {m["ts"] for m in await self.messages(channel=channel) if about in said(m)}
            found = await self.controls(channel=channel)
            fitting = [one for one in found if label in one["label"] and one["ts"] in told]
            return fitting[nth] if fitting else None

        return await self._press(await slowly_until(control, seconds=PATIENCE), selected)

    async def chooses(self, *values: str, channel: str = "") -> None:
        def many(one: dict[str, Any]) -> bool:
            return one["type"].startswith("multi_") or one["type"] == "checkboxes"

        newest = [one for one in await self.controls(channel=channel) if one["type"] != "button"][
            -1
        ]
        await self._press(newest, list(values) if many(newest) else values[0])

    async def fills(self, values: dict[str, Any], *, block_of: str = "value") -> dict[str, Any]:
        view = await self._opened()
        inputs = {
            b["block_id"]: b["element"]["action_id"] for b in view["blocks"] if b["type"] == "input"
        }
        filled = {name: {inputs[name]: value} for name, value in values.items()}
        sent = await self.town.again(
            lambda: self.town.sandbox.submit(self.user, view["id"], filled)
        )
        await self.town.quiet()
        return sent

    async def sees(self, *texts: str, channel: str = "", seconds: float = PATIENCE) -> str:
        async def found() -> str:
            told = reversed(await self.told(channel=channel))
            return next((one for one in told if all(text in one for text in texts)), "")

        return await slowly_until(found, seconds=PATIENCE)

    async def _press(self, control: dict[str, Any], selected: Any) -> dict[str, Any]:
        for view in reversed(await self.town.sandbox.views(self.user)):
            await self.town.sandbox.close(self.user, view["id"])
        self.town.count.opened[self.user] = (control, selected)
        done = await self.town.again(lambda: self.town.press(self.user, control, selected=selected))
        await self.town.quiet()
        return done

    async def _opened(self) -> dict[str, Any]:
        """The modal on top. Opening one is best effort: she presses again when none came."""
        for _ in range(60):
            for _ in range(20):
                if views := await self.town.sandbox.views(self.user):
                    return dict(views[-1])
                await asyncio.sleep(0.05)
            await self._press(*self.town.count.opened[self.user])
        raise AssertionError(f"no modal for {self.user}")


def moves(hands: Path, to: str) -> None:
    """All at once: a bot that starts reads it."""
    unfinished = hands.with_suffix(".new")
    unfinished.write_text(to)
    unfinished.replace(hands)
