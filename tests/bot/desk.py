"""The conversation without Slack: people say, press and fill in, through the bot's own listeners.

What Slack would send is made by hand, what the bot owes is read from the outbox; a message counts as
posted before whatever is said next. A refusal is returned in the words the person would read.
"""

from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

from sqlalchemy import select

from bot.listeners import forms, intake
from bot.listeners.payloads import Press, Said, Submission, View, Who
from bot.listeners.shell import Shell
from bot.perform import Repeated, Transaction
from flows.errors import FlowError
from flows.events import Stage
from flows.programme import Programme
from storage import deliveries, drafts
from storage.deliveries import Mark
from storage.tables import metadata, outbox
from tests.bot.town import TEAM, Town, town
from tests.flows.filled import ANNA

__all__ = ["ANNA", "EVA", "OMAR", "Desk", "desk"]
EVA, OMAR = f"{TEAM}:U0EVA", f"{TEAM}:U0OMAR"
CHOOSES = {"static_select", "multi_static_select", "datepicker", "users_select"}


@dataclass
class Screen:
    """What Slack would show on top: the modal that was opened last."""

    view: dict[str, Any] = field(default_factory=dict)

    async def views_open(self, *, trigger_id: str, view: dict[str, Any]) -> None:
        self.view = view


@dataclass
class Desk:
    town: Town
    screen: Screen
    shell: Shell
    seen: dict[int, dict[str, Any]] = field(default_factory=dict)
    posted: int = 0
    ts: int = 1_000
    gestures: int = 0

    async def says(self, person: str, text: str, *, early: bool = False) -> str | None:
        """Write; `early`: before the bot's latest message had reached Slack."""
        self.ts += 1
        at = f"{self.ts}.000100"
        if not early:
            await self._post_all()
            self.ts += 1
            at = f"{self.ts}.000100"
        else:
            await self._post_all()
            at = "1000.000100"
        what = Said(Who(TEAM, person.split(":")[1]), f"D{person[-4:]}", at, text)
        return await self._do(intake.message(what, self.shell), person)

    async def presses(
        self, person: str, label: str, *, chosen: Any = None, nth: int = -1
    ) -> str | None:
        """Press the newest control that says `label`; returns the refusal, if it is one."""
        fitting = [one for one in await self.controls(person) if label in one["label"]]
        assert fitting, f"no {label!r} among {[c['label'] for c in await self.controls(person)]}"
        return await self.press(person, fitting[nth], chosen=chosen)

    async def press(
        self, person: str, control: Mapping[str, Any], *, chosen: Any = None, again: bool = False
    ) -> str | None:
        await self._post_all()
        self.gestures += 0 if again else 1
        listener = intake.ACTIONS[control["action_id"].partition(":")[0]]
        press = Press(
            who=Who(TEAM, person.split(":")[1]),
            action=control["action_id"],
            block=control["block_id"],
            value=control.get("value") or (chosen if isinstance(chosen, str) else ""),
            chosen=()
            if chosen is None
            else (chosen,)
            if isinstance(chosen, str)
            else tuple(chosen),
            trigger=f"T{self.gestures}",
            kind=control["type"],
            channel=f"D{person[-4:]}",
            inputs={control["block_id"]: {"chosen": _multi(chosen)}},
        )
        return await self._do(listener(press, self.shell), person)

    async def chooses(self, person: str, *values: str) -> str | None:
        """Choose in the newest select, date picker or people list, and answer with it."""
        newest = [one for one in await self.controls(person) if one["type"] in CHOOSES][-1]
        if newest["type"] == "multi_static_select":
            answer = [c for c in await self.controls(person) if c["block_id"] == newest["block_id"]]
            return await self.press(person, answer[-1], chosen=list(values))
        return await self.press(person, newest, chosen=values[0])

    async def fills(self, person: str, values: Mapping[str, str]) -> dict[str, str]:
        """Send the open modal; inputs that are not named keep what they have. Returns the errors."""
        self.gestures += 1
        view = self.screen.view
        filled = {
            block["block_id"]: {"value": _state(block["element"], values.get(block["block_id"]))}
            for block in view["blocks"]
            if block["type"] == "input"
        }
        unknown = values.keys() - filled.keys()
        assert not unknown, f"no such inputs: {unknown}"
        form = Submission(
            Who(TEAM, person.split(":")[1]),
            View(
                id=f"V{self.gestures}",
                hash="h",
                callback=view["callback_id"],
                metadata=view["private_metadata"],
                values=filled,
            ),
            f"T{self.gestures}",
        )
        ack = await forms.VIEWS[view["callback_id"]](form, self.shell)
        return dict((ack or {}).get("errors", {}))

    async def row(self, person: str, **values: str) -> dict[str, str]:
        """Add a row to the table that is asked for."""
        await self.presses(person, "Lägg till rad")
        return await self.fills(person, values)

    async def messages(self, person: str) -> list[dict[str, Any]]:
        """The bot's messages to the person as they stand now, oldest first."""
        await self._read()
        lanes = {person.partition(":")[2], f"D{person[-4:]}"}
        return [row for row in self.seen.values() if row["lane"] in lanes]

    async def told(self, person: str) -> list[str]:
        """Every text of each message."""
        return ["\n".join(_texts(m)) for m in await self.messages(person)]

    async def last(self, person: str) -> str:
        return (await self.told(person))[-1]

    async def controls(self, person: str) -> list[dict[str, Any]]:
        return [c for message in await self.messages(person) for c in _controls(message)]

    async def stored(self, draft_id: int) -> dict[str, Any]:
        """The answers as rows, by question."""
        return await self.town.perform.read(lambda db: drafts.answers_of(db, draft_id))

    async def everything(self) -> str:
        """Every row of every table, as one text."""
        tables = metadata.sorted_tables
        rows = await self.town.perform.read(
            lambda db: [str(row) for table in tables for row in db.execute(select(table))]
        )
        return "\n".join(rows)

    async def begins(self, person: str = ANNA) -> int:
        """A new application whose first questions are answered; asked now: the name."""
        await self.says(person, "ny")
        await self.presses(person, "Nej, inget av det")
        await self.chooses(person, "socialforvaltningen")
        mine = await self.town.perform.read(lambda db: drafts.of_person(db, person))
        return mine[0].id

    async def opens(
        self,
        given: Mapping[str, Any],
        *,
        person: str = ANNA,
        stage: Stage = Stage.APPLICATION,
    ) -> int:
        """A draft with these answers, opened where it goes on."""
        draft_id = await self.town.draft(given, owner=person, stage=stage)
        control = {"action_id": "intake_open", "block_id": "x", "type": "button"}
        await self.press(person, control | {"value": f'[{draft_id},"",0,""]'})
        return draft_id

    async def _do(self, work: Any, person: str) -> str | None:
        try:
            await work
        except Repeated:
            return "repeated"
        except FlowError as refusal:
            return str(self.shell.office.texts(refusal.key, **refusal.facts))
        return None

    async def _read(self) -> None:
        """Take in what is owed: a sent message leaves the outbox empty."""
        query = select(outbox).where(outbox.c.payload.is_not(None)).order_by(outbox.c.id)
        for row in await self.town.perform.read(lambda db: db.execute(query).all()):
            if row.kind == "post":
                self.seen.setdefault(row.id, {"id": row.id, "lane": row.lane, **row.payload})
            elif row.kind == "update":
                self.seen[row.refers_to] |= row.payload

    async def _post_all(self) -> None:
        """Every message that is owed stands in Slack now."""
        await self._read()
        for outbox_id in [one for one in self.seen if one > self.posted]:
            self.ts += 1
            mark = deliveries.sent_mark(
                outbox_id, channel="D", ts=f"{self.ts}.000000", at=self.town.now
            )
            await self.town.act(partial(_as_sent, mark=mark))
            self.posted = outbox_id


def _as_sent(tx: Transaction, *, mark: Mark) -> None:
    deliveries.mark_sent(tx.db, [mark])


def _multi(chosen: Any) -> dict[str, Any]:
    values = chosen if isinstance(chosen, list) else []
    return {"type": "multi_static_select", "selected_options": [{"value": v} for v in values]}


def _state(element: Mapping[str, Any], written: Any) -> dict[str, Any]:
    """What stands in an input: as written, else as it was."""
    match element["type"]:
        case "plain_text_input":
            value = written if written is not None else element.get("initial_value")
            return {"type": "plain_text_input", "value": value}
        case "datepicker":
            date = written if written is not None else element.get("initial_date")
            return {"type": "datepicker", "selected_date": date}
        case "multi_users_select":
            return {"type": "multi_users_select", "selected_users": written or []}
        case _:
            first = (element.get("initial_option") or {}).get("value")
            value = written if written is not None else first
            return {"selected_option": {"value": value} if value else None}


def _texts(found: Any) -> Iterator[str]:
    if isinstance(found, dict):
        if isinstance(found.get("text"), str) and found.get("type") in {
            None,
            "mrkdwn",
            "plain_text",
        }:
            yield found["text"]
        for key, value in found.items():
            if key not in {"text", "placeholder"} or isinstance(value, dict):
                yield from _texts(value)
    elif isinstance(found, list):
        for part in found:
            yield from _texts(part)


def _controls(message: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    for number, block in enumerate(message["blocks"]):
        for element in [*block.get("elements", []), block.get("accessory")]:
            if isinstance(element, dict) and element.get("action_id"):
                named = element.get("text") or element.get("placeholder") or {}
                yield element | {
                    "block_id": block.get("block_id", f"b{message['id']}:{number}"),
                    "label": named.get("text", ""),
                    "message": message["id"],
                }


@asynccontextmanager
async def desk(
    database_url: str, folder: Path, *, programme: Programme | None = None
) -> AsyncIterator[Desk]:
    async with town(database_url, folder, programme=programme) as here:
        screen = Screen()
        shell = Shell(here.perform, here.office, screen, None, None)  # type: ignore[arg-type]
        yield Desk(here, screen, shell)
