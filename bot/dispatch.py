"""Slack's payloads to our listeners: one Bolt listener per kind of payload, and a table from id to function.

Bolt matches its listeners one by one, so few of them are fast, and builds a client for each payload:
messages and presses that come by a socket go past it (`straight`). Every path ends in an ack or
raises: what raises is not acked, and Slack delivers it again or shows the person that it failed.
"""

from collections import deque
from collections.abc import Awaitable, Callable, Coroutine, Mapping
from dataclasses import dataclass
from re import compile as pattern
from typing import Any, TypeVar
from uuid import uuid4

import structlog
from slack_bolt.app.async_app import AsyncApp
from slack_bolt.context.ack.async_ack import AsyncAck

from bot.ids import NotOurs
from bot.listeners import payloads
from bot.listeners.payloads import Command, Press, Said, Submission
from bot.listeners.shell import Ack, Shell
from bot.perform import Repeated
from flows.errors import FlowError

log = structlog.get_logger(__name__)
Body = dict[str, Any]
Read = TypeVar("Read")
Listen = Callable[[Any, Shell], Awaitable[Ack | None]]
_ANY = pattern(".*")
_REMEMBERED = 1000


@dataclass(frozen=True, kw_only=True, slots=True)
class Listeners:
    """What is listened to: actions and views by id (what stands before ":"), the rest as named."""

    actions: Mapping[str, Listen]
    views: Mapping[str, Listen]
    message: Listen
    message_given_up: Listen
    edited: Listen
    home_opened: Listen
    person_changed: Listen
    command: Listen


class Dispatch:
    """The listeners of one Bolt app."""

    def __init__(self, listeners: Listeners, shell: Shell) -> None:
        self._to = listeners
        self._shell = shell
        self._waits: deque[str] = deque(maxlen=_REMEMBERED)  # messages that could not be taken

    def register(self, app: AsyncApp) -> None:
        # Bolt tries them in this order, 10 us each: what comes all the time first.
        app.event("message")(self._message)
        app.action(_ANY)(self._action)
        app.view(_ANY)(self._view)
        app.event("app_home_opened")(self._home)
        app.event("user_change")(self._person)
        app.event(_ANY)(self._other)
        app.view_closed(_ANY)(self._other)
        app.command(_ANY)(self._command)
        app.shortcut(_ANY)(self._command)
        app.options(_ANY)(self._other)
        app.error(self._bug)

    def straight(self, body: Body) -> Coroutine[Any, Any, bool] | None:
        """The work of what comes all the time, which says whether to ack it; None when it is Bolt's."""
        kind, event = body.get("type"), body.get("event")
        if kind == "block_actions":
            return self._straight(self.press, body)
        if kind == "event_callback" and isinstance(event, dict) and event.get("type") == "message":
            return self._straight(self.message, body)
        return None

    async def _straight(self, work: Callable[[Body], Awaitable[None]], body: Body) -> bool:
        try:
            await work(body)
        except Exception as error:  # noqa: BLE001  as Bolt does: it is logged, and not acked
            await self._bug(error, body)
            return False
        return True

    async def message(self, body: Body) -> None:
        """A message event, from Slack now or from history by the catch-up."""
        if said := self._read(payloads.said, body):
            if said.who.user != self._shell.office.bot_user:  # our own words are no answer
                await self._answer(said, self._to.message)
        elif edited := self._read(payloads.edited, body):
            await self._answer(edited, self._to.edited)

    async def message_given_up(self, body: Body) -> None:
        """A message that the listener fails with, however often it comes."""
        if said := self._read(payloads.said, body):
            await self._answer(said, self._to.message_given_up)

    async def _message(self, body: Body, ack: AsyncAck) -> None:
        await self.message(body)
        await ack()

    async def _home(self, body: Body, ack: AsyncAck) -> None:
        if opened := self._read(payloads.home_opened, body):
            await self._answer(opened, self._to.home_opened)
        await ack()

    async def _person(self, body: Body, ack: AsyncAck) -> None:
        if user := self._read(payloads.changed_user, body):
            await self._to.person_changed(user, self._shell)
        await ack()

    async def _other(self, body: Body, ack: AsyncAck) -> None:
        """Nobody's: acked, or Slack would send it again and again."""
        kind = (body.get("event") or {}).get("type") or body.get("type")
        if kind in {"tokens_revoked", "app_uninstalled"}:
            log.critical("Slack has taken back our access", told_by=kind)
        await ack()

    async def press(self, body: Body) -> None:
        """A button, a choice, a date."""
        press = self._read(payloads.press, body)
        if press is None:
            return
        listener = self._to.actions.get(press.action.partition(":")[0])
        if listener is None:
            # A choice in a multi select is read when its button is pressed; anything else is odd.
            if press.kind == "button":
                log.info("a press that nothing listens to", action=press.action.partition(":")[0])
        else:
            await self._answer(press, listener)

    async def _action(self, body: Body, ack: AsyncAck) -> None:
        await self.press(body)
        await ack()

    async def _view(self, body: Body, ack: AsyncAck) -> None:
        form = self._read(payloads.submission, body)
        if form is None:
            await ack()
            return
        listener = self._to.views.get(form.view.callback)
        if listener is None:
            log.warning("a form that nothing listens to", callback=form.view.callback)
            await ack()
            return
        answer = await self._answer(form, listener)
        await ack(**answer) if answer else await ack()

    async def _command(self, body: Body, ack: AsyncAck) -> None:
        what = self._read(payloads.command, body)
        answer = await self._answer(what, self._to.command) if what else None
        await ack(**answer) if answer else await ack()

    def _read(self, read: Callable[[Body], Read | None], body: Body) -> Read | None:
        """What the payload says; None, and a line in the log, for one that Slack cannot have made."""
        try:
            return read(body)
        except (ValueError, TypeError, LookupError, AttributeError) as odd:
            kind = getattr(read, "__name__", "")
            log.warning("refused", reason="not_slacks", kind=kind, error=type(odd).__name__)
            self._shell.perform.metrics.refusals.labels("not_slacks").inc()
            return None

    async def _answer(self, gesture: Any, listener: Listen) -> Ack | None:
        """Run the listener. What was done before is done; what is refused is said to the person."""
        metrics = self._shell.perform.metrics
        try:
            with metrics.acks.labels(type(gesture).__name__.lower()).time():
                return await listener(gesture, self._shell)
        except Repeated:
            metrics.repeated.inc()
            return None
        except FlowError as refusal:
            return await self._refuse(gesture, refusal)
        except NotOurs:
            # A value or an id that we never wrote: forged, or from another version.
            log.warning("refused", person=gesture.who.person, reason="not_ours")
            metrics.refusals.labels("not_ours").inc()
            return None

    async def _refuse(self, gesture: Any, refusal: FlowError) -> Ack | None:
        """Say why, to the person alone, where she is looking."""
        self._shell.refused(gesture.who, refusal)
        text = self._shell.office.texts(refusal.key, **refusal.facts)
        match gesture:
            case Press(channel=channel) if channel:
                self._shell.soon(self._shell.whisper(channel, gesture.who.user, text))
            case Press():
                self._shell.soon(self._shell.notice(gesture.trigger, text, over=gesture.in_modal))
            case Submission():
                return {"response_action": "update", "view": self._shell.notice_view(text)}
            case Command(channel=""):  # a shortcut: there is nowhere to answer but in a modal
                self._shell.soon(self._shell.notice(gesture.trigger, text, over=False))
            case Command():
                return {"response_type": "ephemeral", "text": str(text)}
        return None

    async def _bug(self, error: Exception, body: Body) -> None:
        """Log it once with a number, and say sorry where that is possible. Never ack."""
        number = uuid4().hex[:8]
        self._shell.perform.metrics.bugs.inc()
        log.error("bug", number=number, kind=body.get("type"), exc_info=error)
        if body.get("type") == "block_actions" and (channel := body.get("channel")):
            text = self._shell.office.texts("errors.bug.sorry", number=number)
            self._shell.soon(self._shell.whisper(channel["id"], body["user"]["id"], text))
        is_message = (body.get("event") or {}).get("type") == "message"
        if is_message and (said := self._read(payloads.said, body)):
            self._ask_to_wait(said)

    def _ask_to_wait(self, said: Said) -> None:
        """What she wrote comes again, from Slack or out of history: she is told once not to repeat it."""
        if said.gesture.key in self._waits:
            return
        self._waits.append(said.gesture.key)
        text = self._shell.office.texts("errors.bug.waits")
        self._shell.soon(self._shell.whisper(said.channel, said.who.user, text))
