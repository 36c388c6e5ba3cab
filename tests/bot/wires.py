"""What Slack sends, in Slack's own shape, put through the bot's whole table of listeners without Slack.

`Line` keeps everything that a person could see as an answer: acks, modals, whispers and messages.
"""

import sqlite3
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager, closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from slack_sdk.errors import SlackApiError
from sqlalchemy import select

from bot.all_listeners import LISTENERS
from bot.dispatch import Dispatch
from bot.listeners.shell import Shell
from sandbox.workspace import load
from storage.engine import is_sqlite
from storage.tables import metadata
from tests.bot.town import TEAM, Town, town
from tests.bot.town import _as_slack_says as as_slack_says

Body = dict[str, Any]
# What the bot remembers of people and of its own deliveries is no effect of a gesture.
NO_EFFECT = {"gestures", "outbox", "people", "conversations", "heartbeat"}
PEOPLE = {person.id: person for person in load().people}


@dataclass
class Screen:
    """Slack's answers, and every view and whisper that it was given."""

    shown: list[Any] = field(default_factory=list)
    of_everybody: Body = field(default_factory=dict)  # what users.info says of all of them
    proxy: str = ""

    async def views_open(self, *, trigger_id: str, view: Body) -> None:
        self.shown.append(view)

    async def views_push(self, *, trigger_id: str, view: Body) -> None:
        self.shown.append(view)

    async def views_update(self, *, view_id: str, view: Body) -> None:
        self.shown.append(view)

    async def chat_postEphemeral(self, *, channel: str, user: str, text: str) -> None:
        self.shown.append(text)

    async def conversations_info(self, *, channel: str) -> Body:
        return {"channel": {"id": channel}}

    async def users_info(self, *, user: str) -> Body:
        if user not in PEOPLE:
            raise SlackApiError("users.info", {"error": "user_not_found"})
        return {"user": as_slack_says(PEOPLE[user]) | self.of_everybody}


@dataclass
class Wires:
    """Stands where Bolt stands: keeps the one listener of each kind of payload."""

    to: dict[str, Callable[..., Any]] = field(default_factory=dict)

    def _keep(self, kind: str) -> Callable[[Any], Callable[[Any], None]]:
        def named(what: Any) -> Callable[[Any], None]:
            name = f"event:{what}" if isinstance(what, str) and kind == "event" else kind
            return lambda listener: self.to.__setitem__(name, listener)

        return named

    def __getattr__(self, kind: str) -> Any:
        return self._keep(kind)

    def error(self, listener: Any) -> None:
        """What raises reaches the test."""


@dataclass
class Line:
    town: Town
    screen: Screen
    shell: Shell
    wires: Wires
    watch: sqlite3.Connection | None  # beside the bot's own, when the database is a file
    gestures: int = 0
    version: int = -1
    rows: dict[str, list[Any]] = field(default_factory=dict)

    async def send(self, kind: str, body: Body) -> list[Any]:
        """Put a payload through; returns all that it was answered with. Raises what a listener raises."""
        self.screen.shown.clear()
        before = await self._last_owed()
        acks: list[Any] = []

        async def ack(**answer: Any) -> None:
            acks.append(answer)

        await self.wires.to[kind](body, **({"ack": ack} if kind != "error" else {}))
        for task in list(self.shell.tasks):
            await task
        assert len(acks) == 1, "acked once"
        owed = await self.town.perform.read(
            lambda db: db.execute(select(_OUTBOX).where(_OUTBOX.c.id > before)).all()
        )
        messages = [{"kind": r.kind, "lane": r.lane, "payload": r.payload} for r in owed]
        return [*acks, *self.screen.shown, *messages]

    async def stored(self) -> dict[str, list[Any]]:
        """Every row of every table that a gesture can have an effect on, as the database has it."""
        if self._is_changed():
            names = [one.name for one in metadata.sorted_tables if one.name not in NO_EFFECT]
            self.rows = await self.town.perform.read(
                lambda db: {
                    n: [*map(tuple, db.exec_driver_sql(f"SELECT * FROM {n}"))] for n in names
                }
            )
        return self.rows

    def _is_changed(self) -> bool:
        """Whether anything at all has been committed since this was last asked; SQLite can tell."""
        if self.watch is None:
            return True
        before = self.version
        (self.version,) = self.watch.execute("PRAGMA data_version").fetchone()
        return self.version != before

    async def _last_owed(self) -> int:
        query = select(_OUTBOX.c.id).order_by(_OUTBOX.c.id.desc()).limit(1)
        return await self.town.perform.read(lambda db: db.execute(query).scalar() or 0)

    def press(self, person: str, action: str, value: Any, **more: Any) -> Body:
        """A button's payload; `more` is put over the action, `view` and `state` over the payload."""
        self.gestures += 1
        team, _, user = person.partition(":")
        over = {name: more.pop(name) for name in ("view", "state") if name in more}
        action_ = {"action_id": action, "block_id": "b", "type": "button", "value": value}
        return {
            "type": "block_actions",
            "team": {"id": TEAM},
            "user": {"id": user, "team_id": team},
            "trigger_id": f"T{self.gestures}",
            "channel": {"id": f"D{user}"},
            "container": {"type": "message", "channel_id": f"D{user}", "message_ts": "1.000100"},
            "actions": [action_ | {"action_ts": f"{self.gestures}.1"} | more],
            "state": {"values": {}},
        } | over

    def form(self, person: str, callback: str, given: Any, values: Body) -> Body:
        self.gestures += 1
        team, _, user = person.partition(":")
        view = {"id": f"V{self.gestures}", "hash": "h", "type": "modal", "callback_id": callback}
        return {
            "type": "view_submission",
            "team": {"id": TEAM},
            "user": {"id": user, "team_id": team},
            "trigger_id": f"T{self.gestures}",
            "view": view | {"private_metadata": given, "state": {"values": values}},
        }

    def command(self, person: str, text: Any) -> Body:
        self.gestures += 1
        team, _, user = person.partition(":")
        return {
            "command": "/trygghet",
            "text": text,
            "team_id": team,
            "user_id": user,
            "channel_id": "C0ALLMANT",
            "trigger_id": f"T{self.gestures}",
        }

    def shortcut(self, person: str) -> Body:
        self.gestures += 1
        team, _, user = person.partition(":")
        return {
            "type": "shortcut",
            "callback_id": "start_case",
            "team": {"id": TEAM},
            "user": {"id": user, "team_id": team},
            "trigger_id": f"T{self.gestures}",
        }

    def event(self, person: str, kind: str, **event: Any) -> Body:
        team, _, user = person.partition(":")
        return {"team_id": team, "event": {"type": kind, "user": user} | event}

    def message(self, person: str, text: Any, **more: Any) -> Body:
        self.gestures += 1
        user = person.partition(":")[2]
        where = {"channel": f"D{user}", "channel_type": "im", "ts": f"{9000 + self.gestures}.0"}
        return self.event(person, "message", text=text, **where | more)


_OUTBOX = metadata.tables["outbox"]


@asynccontextmanager
async def line(database_url: str, folder: Path) -> AsyncIterator[Line]:
    async with AsyncExitStack() as stack:
        here = await stack.enter_async_context(town(database_url, folder))
        watch = None
        if is_sqlite(database_url):
            file = database_url.removeprefix("sqlite:///")
            watch = stack.enter_context(closing(sqlite3.connect(file)))
        screen, wires = Screen(), Wires()
        shell = Shell(here.perform, here.office, screen, None, None)  # type: ignore[arg-type]
        Dispatch(LISTENERS, shell).register(wires)  # type: ignore[arg-type]
        yield Line(here, screen, shell, wires, watch)
