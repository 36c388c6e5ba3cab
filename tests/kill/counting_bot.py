"""A bot of the real parts with the smallest conversation, to be killed: whatever is said is counted.

Each text has one effect and one answer; "knapp …" asks a question with a button, "fil …" sends a
file, "jobb …" is a job. Every second a timer has an effect too. Nothing here knows that the process may end at any line.
"""

import asyncio
import logging
import os
import signal
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from slack_bolt.app.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult
from sqlalchemy import Column, Integer, MetaData, Table, Text, insert, select

from bot import clock
from bot.catch_up import CatchUp
from bot.database import database
from bot.delivering import delivering
from bot.files import FileStore
from bot.logs import write_logs
from bot.owed import Job, Post, Upload
from bot.perform import Gesture, Perform, Repeated, Transaction
from bot.rules import Rules
from bot.slack import Slack, open_slack
from bot.socket import connected
from bot.timetable import Timer, Timetable
from storage import conversations

effects = Table(
    "test_effects",
    MetaData(),
    Column("id", Integer, primary_key=True),
    Column("what", Text, nullable=False),
)
questions = Table(
    "test_questions",
    effects.metadata,
    Column("name", Text, primary_key=True),
    Column("answers", Integer, nullable=False),
)
strikes = Table(
    "test_strikes",
    effects.metadata,
    Column("id", Integer, primary_key=True),
    Column("at", Text, nullable=False),
)

RULES = Rules(
    timeout_s=0.8,
    slack_delay_s=1.0,
    grace_s=0.4,
    poll_s=0.1,
    post_every_s=0,
    update_every_s=0,
    share_patience_s=1.5,
    job_lease_s=1.0,
    job_retry_s=0.1,
    stop_within_s=2,
    catch_up_every_s=0.7,
    catch_up_retry_s=0.2,
    read_every_s=0.01,
)


@dataclass(frozen=True, kw_only=True)
class Config:
    """`kill_at`: the point where the process ends, and after how many times. `ready`: a file it makes."""

    database: str
    files: str
    slack: str
    ready: Path | None = None
    kill_at: tuple[str, int] | None = None


def _seconds(_office: object, after: datetime, until: datetime) -> Iterator[datetime]:
    at = after.replace(microsecond=0)
    while (at := at + timedelta(seconds=1)) <= until:
        yield at


def _strike(tx: Transaction, _office: object, at: datetime) -> None:
    tx.db.execute(insert(strikes), {"at": at.isoformat()})


EVERY_SECOND = Timer("strike", _seconds, _strike)


class Death:
    """Ends the process as a power cut would, at the named point."""

    def __init__(self, at: tuple[str, int] | None) -> None:
        self._point, self._left = at or ("", 0)

    def at(self, point: str) -> None:
        if point == self._point:
            self._left -= 1
            if self._left == 0:
                os.kill(os.getpid(), signal.SIGKILL)


def run(config: Config) -> None:
    """The process."""
    write_logs("ERROR")
    logging.disable(logging.CRITICAL)
    asyncio.run(_main(config))


async def _main(config: Config) -> None:
    stop = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
    death = Death(config.kill_at)
    files = FileStore(config.files)
    async with (
        database(config.database, now=clock.now) as perform,
        open_slack("xoxb-sandbox", url=f"{config.slack}/api/", timeout_s=RULES.timeout_s) as slack,
    ):
        _die_around_calls(slack, death)
        async with delivering(
            perform,
            slack,
            files=files,
            now=clock.now,
            jobs={"count": _job(death)},
            when_failed={},
            tools=None,
            rules=RULES,
        ):
            count = Count(perform, files, death)
            app = AsyncApp(
                name="count",
                client=slack.client,
                authorize=_authorize,
                process_before_response=True,
            )
            app.event("message")(count.message)
            app.action("answer")(count.press)
            catch_up = CatchUp(
                perform,
                slack,
                team="T0SANDBOX",
                replay=count.said,
                given_up=_never,
                now=clock.now,
                rules=RULES,
            )
            await catch_up.at_start()
            office: Any = None  # the timer does not ask it anything
            timetable = Timetable(perform, office, (EVERY_SECOND,), now=clock.now, poll_s=0.2)
            async with connected(app, slack, "xapp-sandbox", reconnected=catch_up.wake):
                if config.ready is not None:
                    config.ready.touch()
                beside = [asyncio.create_task(one.run()) for one in (catch_up, timetable)]
                await stop.wait()
                for task in beside:
                    task.cancel()
                await asyncio.wait(beside)


async def _never(_body: object) -> None:
    raise AssertionError("a message was given up")


async def _authorize(**_: Any) -> AuthorizeResult:
    """As the bot has it: Bolt's own asks Slack, and when that fails it acks and drops what came."""
    return AuthorizeResult(
        enterprise_id=None, team_id="T0SANDBOX", bot_token="xoxb-sandbox", bot_user_id="U0BOT"
    )


class Count:
    """The conversation."""

    def __init__(self, perform: Perform, files: FileStore, death: Death) -> None:
        self._perform = perform
        self._files = files
        self._death = death

    async def message(self, body: dict[str, Any], ack: Callable[[], Awaitable[object]]) -> None:
        await self.said(body)
        await ack()

    async def said(self, body: dict[str, Any]) -> None:
        event = body["event"]
        if event.get("bot_id") or event.get("subtype"):
            return
        self._death.at("received")
        text, channel, user = event["text"], event["channel"], event["user"]
        sha256 = await self._files.put(text.encode()) if text.startswith("fil ") else ""

        def act(tx: Transaction) -> None:
            conversations.seen(tx.db, channel, user=user, at=tx.now)
            tx.db.execute(insert(effects), {"what": text})
            kind = text.partition(" ")[0]
            if kind == "fil":
                tx.owe(Upload(to=channel, files=[_file(sha256, text)], text=f"svar på {text}"))
            elif kind == "jobb":
                tx.owe(Job(name="count", arguments={"text": text, "channel": channel}))
            elif kind == "knapp":
                tx.db.execute(insert(questions), {"name": text, "answers": 0})
                tx.owe(Post(to=channel, text=f"svar på {text}", blocks=_button(text)))
            else:
                tx.owe(Post(to=channel, text=f"svar på {text}"))
            self._death.at("decided")

        await self._once(f"message:{channel}:{event['ts']}", user, act)

    async def press(self, body: dict[str, Any], ack: Callable[[], Awaitable[object]]) -> None:
        self._death.at("press received")
        name, channel = body["actions"][0]["value"], body["channel"]["id"]

        def act(tx: Transaction) -> None:
            answered = tx.db.scalar(select(questions.c.answers).where(questions.c.name == name))
            if answered:
                return
            tx.db.execute(questions.update().where(questions.c.name == name).values(answers=1))
            tx.db.execute(insert(effects), {"what": f"tryck på {name}"})
            tx.owe(Post(to=channel, text=f"tack för {name}"))
            self._death.at("press decided")

        await self._once(f"press:{body['trigger_id']}", body["user"]["id"], act)
        self._death.at("press committed")
        await ack()

    async def _once(self, key: str, user: str, act: Callable[[Transaction], None]) -> None:
        try:
            await self._perform(Gesture(key, f"T0SANDBOX:{user}"), act)
        except Repeated:
            return
        self._death.at("committed")


def _job(death: Death) -> Callable[[dict[str, Any], None], Awaitable[Callable[..., None]]]:
    async def count(arguments: dict[str, Any], _tools: None) -> Callable[[Transaction], None]:
        await asyncio.sleep(0.02)
        death.at("job done")
        text = arguments["text"]

        def act(tx: Transaction) -> None:
            tx.db.execute(insert(effects), {"what": f"gjort {text}"})
            tx.owe(Post(to=arguments["channel"], text=f"svar på {text}"))
            death.at("job decided")

        return act

    return count


def _die_around_calls(slack: Slack, death: Death) -> None:
    """Before and after each call to Slack are points to end at."""
    for name in ("call", "query"):
        inner = getattr(slack, name)

        async def dying(method: str, *args: Any, inner: Any = inner, **kwargs: Any) -> Any:
            death.at(f"before {method}")
            answer = await inner(method, *args, **kwargs)
            death.at(f"after {method}")
            return answer

        setattr(slack, name, dying)


def _file(sha256: str, text: str) -> Any:
    return {"sha256": sha256, "name": f"{text}.txt", "title": text}


def _button(text: str) -> list[dict[str, Any]]:
    label = {"type": "plain_text", "text": "Ja"}
    button = {"type": "button", "action_id": "answer", "value": text, "text": label}
    section = {"type": "section", "text": {"type": "plain_text", "text": f"svar på {text}"}}
    return [section, {"type": "actions", "elements": [button]}]
