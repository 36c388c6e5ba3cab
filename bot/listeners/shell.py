"""What every listener is handed: the way into a transaction, and the few calls that cannot wait.

A listener translates a gesture, performs one act, and answers Slack. It decides nothing.
"""

import asyncio
from collections.abc import Coroutine
from dataclasses import dataclass, field
from typing import Any, Protocol

import aiohttp
import orjson
import structlog
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.blocks import kit
from bot.listeners.payloads import Who
from bot.office import Office
from bot.owed import Blocks
from bot.perform import Perform
from bot.slack import is_slacks
from flows.errors import FlowError
from flows.inputs import WrongInputs

Ack = dict[str, Any]  # a response_action, or the body of a command's answer
_JSON = {"Content-Type": "application/json"}
log = structlog.get_logger()


class Resolver(Protocol):
    """Finds out whether an owed message was posted, when nobody knows (bot/uncertain.py)."""

    async def resolve(self, outbox_id: int, *, before_ts: str) -> Any: ...


@dataclass(frozen=True, slots=True)
class Shell:
    """`tasks` are best-effort calls on their way, awaited at shutdown; `met` whom we have looked up."""

    perform: Perform
    office: Office
    client: AsyncWebClient
    http: aiohttp.ClientSession
    outbox: Resolver
    tasks: set[asyncio.Task[None]] = field(default_factory=set)
    met: set[str] = field(default_factory=set)

    def soon(self, work: Coroutine[Any, Any, None]) -> None:
        """Do what may fail without harm after the gesture has been answered."""
        task = asyncio.create_task(work)
        self.tasks.add(task)
        task.add_done_callback(self.tasks.discard)

    def refused(self, who: Who, refusal: FlowError) -> None:
        """Log and count it: every refusal, wherever the person is told of it."""
        found = refusal.by_input.values() if isinstance(refusal, WrongInputs) else (refusal,)
        for one in found:
            log.info("refused", person=who.person, reason=one.key)
            self.perform.metrics.refusals.labels(one.key).inc()

    async def whisper(self, channel: str, user: str, text: str) -> None:
        """Tell one person in a channel, for her eyes only. Best effort: nothing rests on it."""
        try:
            await self.client.chat_postEphemeral(channel=channel, user=user, text=text)
        except (SlackApiError, aiohttp.ClientError, TimeoutError) as failure:
            log.info("whisper_failed", error=type(failure).__name__)

    async def replace(self, response_url: str, *, text: str, blocks: Blocks) -> None:
        """Replace the message a button stood in, through the press's own address. Best effort."""
        if not is_slacks(response_url, self.client.base_url):
            log.warning("replace_refused")
            return
        body = {"replace_original": True, "text": text, "blocks": blocks}
        try:
            async with self.http.post(
                response_url,
                data=orjson.dumps(body),
                headers=_JSON,
                proxy=self.client.proxy or None,
                allow_redirects=False,
            ) as answer:
                if answer.status != 200:  # noqa: PLR2004  Slack has no other yes
                    log.info("replace_failed", status=answer.status)
        except (aiohttp.ClientError, TimeoutError) as failure:
            log.info("replace_failed", error=type(failure).__name__)

    async def open(self, trigger: str, view: dict[str, Any]) -> None:
        """Open a modal. The trigger lives three seconds; when it is too late the person presses again."""
        await self.client.views_open(trigger_id=trigger, view=view)

    def notice_view(self, text: str) -> dict[str, Any]:
        """A modal that says why something did not go."""
        texts = self.office.texts
        title, close = texts.plain("errors.notice.title"), texts.plain("errors.notice.close")
        return kit.notice(title, text, close=close)

    async def notice(self, trigger: str, text: str, *, over: bool) -> None:
        """Say it in a modal of its own, or on top of the one that is open. Best effort."""
        try:
            if over:
                await self.client.views_push(trigger_id=trigger, view=self.notice_view(text))
            else:
                await self.open(trigger, self.notice_view(text))
        except (SlackApiError, aiohttp.ClientError, TimeoutError) as failure:
            log.info("notice_failed", error=type(failure).__name__)
