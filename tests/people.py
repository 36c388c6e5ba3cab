"""The bot through its front door: people of the example municipality say and press, and see.

`town(...)` is a sandbox and a whole bot in one process. A `Person` finds what she presses by what it
says, as people do.
"""

import asyncio
from collections.abc import AsyncGenerator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot.app import run
from bot.programme import load as load_programme
from bot.rules import Rules
from bot.settings import EXAMPLE_PROGRAMME, Settings, SlackMode
from flows.programme import Programme, Stages
from sandbox.client import Sandbox
from sandbox.server import serve
from sandbox.workspace import load
from tests.bot.office import FAST
from tests.ports import free_port
from tests.waiting import until

KLG = "C0KLG"
BOT = "U0BOT"
PATIENCE_S = 20.0  # a slow machine is no failure; only a test that fails waits so long
START_S = 60  # a start is 1 s, of a processor that it has to itself


@dataclass(frozen=True)
class Person:
    """Somebody of the municipality. `channel` "" is her direct message with the bot."""

    town: "Town"
    user: str

    async def says(self, text: str, *, files: dict[str, bytes] | None = None) -> str:
        """Write to the bot, and wait until it has answered."""
        sandbox = self.town.sandbox
        if files:
            ts = str((await sandbox.upload(self.user, files, text=text))["ts"])
        else:
            ts = await sandbox.say(self.user, text)
        await self.town.quiet()
        return ts

    async def presses(
        self, label: str, *, channel: str = "", selected: Any = None, nth: int = -1
    ) -> dict[str, Any]:
        """Press the newest button (or choose in the newest control) that says `label`."""

        async def found() -> list[dict[str, Any]]:
            return [one for one in await self.controls(channel=channel) if label in one["label"]]

        fitting = await until(found, seconds=PATIENCE_S, of=f"{label!r} to press")
        done = await self.town.press(self.user, fitting[nth], selected=selected)
        await self.town.quiet()
        return done

    async def chooses(self, *values: str, channel: str = "") -> None:
        """Answer the newest select, date picker or people list of the conversation."""
        kinds = {
            "static_select", "multi_static_select", "datepicker", "users_select",
            "multi_users_select", "checkboxes", "radio_buttons",
        }  # fmt: skip

        async def found() -> list[dict[str, Any]]:
            return [one for one in await self.controls(channel=channel) if one["type"] in kinds]

        newest = (await until(found, seconds=PATIENCE_S, of="something to choose in"))[-1]
        many = newest["type"].startswith("multi_") or newest["type"] == "checkboxes"
        chosen = list(values) if many else values[0]
        await self.town.press(self.user, newest, selected=chosen)
        await self.town.quiet()

    async def fills(self, values: dict[str, Any], *, block_of: str = "value") -> dict[str, Any]:
        """Fill in the modal on top, by block, and send it."""

        async def opened() -> list[dict[str, Any]]:
            return list(await self.town.sandbox.views(self.user))

        view = (await until(opened, seconds=PATIENCE_S, of="a form to fill in"))[-1]
        inputs = {
            block["block_id"]: block["element"]["action_id"]
            for block in view["blocks"]
            if block["type"] == "input"
        }
        filled = {name: {inputs[name]: value} for name, value in values.items()}
        sent = await self.town.sandbox.submit(self.user, view["id"], filled)
        await self.town.quiet()
        return dict(sent)

    async def modal(self) -> dict[str, Any] | None:
        views = await self.town.sandbox.views(self.user)
        return dict(views[-1]) if views else None

    async def messages(self, *, channel: str = "", thread: str = "") -> list[dict[str, Any]]:
        where: dict[str, Any] = {}
        if channel:
            where["channel"] = channel
        if thread:
            where["thread_ts"] = thread
        return list(await self.town.sandbox.messages(self.user, **where))

    async def told(self, *, channel: str = "", last: int = 0) -> list[str]:
        """What the bot has said here that the person can see, oldest first, blocks included."""
        texts = [
            said(message)
            for message in await self.messages(channel=channel)
            if message["user"] == BOT
        ]
        return texts[-last:] if last else texts

    async def sees(self, *texts: str, channel: str = "", seconds: float = PATIENCE_S) -> str:
        """Wait until the bot has said something with all of `texts` in it; returns the newest, whole.

        Messages about different things come in any order: say all that tells this one from others.
        """

        async def found() -> str:
            told = reversed(await self.told(channel=channel))
            return next((one for one in told if all(text in one for text in texts)), "")

        return await until(found, seconds=seconds, of=" and ".join(map(repr, texts)))

    async def sees_nothing_of(self, text: str, *, channel: str = "") -> None:
        assert not any(text in one for one in await self.told(channel=channel))

    async def controls(self, *, channel: str = "") -> list[dict[str, Any]]:
        """Everything that can be pressed in the conversation, oldest first."""
        return [
            control
            for message in await self.messages(channel=channel)
            for control in _controls(message, channel)
        ]

    async def home(self) -> dict[str, Any]:
        """Open App Home, and return it as it is when the bot has answered."""
        await self.town.sandbox.open_home(self.user)
        await self.town.quiet()
        return dict(await self.town.sandbox.home(self.user) or {})


@dataclass(frozen=True)
class Town:
    sandbox: Sandbox
    settings: Settings
    programme: Programme

    def __getattr__(self, name: str) -> Person:
        """`town.anna` is the person with the user id U0ANNA."""
        return Person(self, f"U0{name.upper()}")

    async def quiet(self) -> None:
        """Wait until the bot has nothing more to say."""
        await self.sandbox.idle(timeout=10, quiet_ms=120)

    async def press(
        self, user: str, control: dict[str, Any], *, selected: Any = None
    ) -> dict[str, Any]:
        where = {key: control[key] for key in ("channel", "ts", "action_id", "block_id")}
        more: dict[str, Any] = {}
        if control.get("value") is not None:
            more["value"] = control["value"]
        if selected is not None:
            more["selected"] = selected
        return dict(await self.sandbox.press(user, **where, **more))


def said(message: dict[str, Any]) -> str:
    """Everything a message says: its text, and every text in its blocks."""
    return "\n".join([message["text"], *_texts(message.get("blocks") or [])])


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        if value.get("type") in {"mrkdwn", "plain_text"} and isinstance(value.get("text"), str):
            yield value["text"]
        for part in value.values():
            yield from _texts(part)
    elif isinstance(value, list):
        for part in value:
            yield from _texts(part)


def _controls(message: dict[str, Any], channel: str) -> Iterator[dict[str, Any]]:
    for block in message.get("blocks") or []:
        for element in [*block.get("elements", []), block.get("accessory")]:
            if isinstance(element, dict) and element.get("action_id"):
                yield {
                    "channel": channel or None,
                    "ts": message["ts"],
                    "block_id": block["block_id"],
                    "action_id": element["action_id"],
                    "type": element["type"],
                    "value": element.get("value"),
                    "label": (element.get("text") or element.get("placeholder") or {}).get(
                        "text", ""
                    ),
                }


@asynccontextmanager
async def town(
    database_url: str,
    folder: Path,
    *,
    programme: Programme | None = None,
    mode: str = "socket",
    rules: Rules = FAST,
    asleep: bool = False,
    mail_port: int | None = None,
) -> AsyncGenerator[Town]:
    """A sandbox and a bot on it, until the block ends. `asleep`: the test starts the bot itself.

    `mail_port`: the sandbox is a mail server too.
    """
    programme = programme or load_programme(EXAMPLE_PROGRAMME)[0]
    async with (
        serve(load(), port=0, mail_port=mail_port) as site,
        Sandbox.connect(site.url) as sandbox,
    ):
        settings = Settings(
            _env_file=None,
            slack_bot_token="xoxb-sandbox",
            slack_app_token="xapp-sandbox",
            slack_signing_secret="sandbox-secret",
            slack_api_url=f"{site.url}/api/",
            slack_mode=mode,
            http_port=free_port(),
            database_url=database_url,
            files_url=(folder / "files").as_uri(),
        )
        here = Town(sandbox, settings, programme)
        if asleep:
            yield here
        else:
            async with at_work(here, rules=rules):
                yield here


@asynccontextmanager
async def at_work(here: Town, *, rules: Rules = FAST) -> AsyncGenerator[None]:
    """The bot runs, and answers, until the block ends."""
    stop = asyncio.Event()
    running = asyncio.create_task(run(here.settings, here.programme, stop=stop, rules=rules))
    try:
        if here.settings.slack_mode is SlackMode.HTTP:
            await _serving(here.settings.http_port, running)
            url = f"http://127.0.0.1:{here.settings.http_port}/slack/events"
            await here.sandbox.do("request_url", url=url)
        else:
            await _listening(here.sandbox, running)
        yield
    finally:
        stop.set()
        await running


async def _listening(sandbox: Sandbox, running: asyncio.Task[None]) -> None:
    async def connected() -> bool:
        if running.done():
            await running  # raises what stopped it
        return bool((await sandbox.look("status"))["sockets"])

    await until(connected, seconds=START_S)


async def _serving(port: int, running: asyncio.Task[None]) -> None:
    async def answers() -> bool:
        if running.done():
            await running  # raises what stopped it
        try:
            _, writer = await asyncio.open_connection("127.0.0.1", port)
        except OSError:
            return False
        writer.close()
        await writer.wait_closed()
        return True

    await until(answers, seconds=START_S)


def single_pass(programme: Programme) -> Programme:
    """The programme of a municipality that takes points 1-4 in one pass."""
    return programme.model_copy(update={"stages": Stages.SINGLE})
