"""Substitutes, translated: a form opened by a button or the command, sent in, and *Avsluta* in it."""

from collections.abc import Awaitable, Callable
from functools import partial

import aiohttp
import structlog
from slack_sdk.errors import SlackApiError

from bot.acts import refusals, substitutes
from bot.blocks.substitutes import SINCE, UNTIL, WHO
from bot.ids import SUBSTITUTE_END, SUBSTITUTE_NAMED, SUBSTITUTES, number
from bot.listeners.known import know
from bot.listeners.payloads import Command, Press, Submission
from bot.listeners.shell import Ack, Shell
from flows.inputs import WrongInputs

log = structlog.get_logger(__name__)


async def opened(press: Press | Command, shell: Shell) -> None:
    await know(shell, press.who.person)
    ask = partial(substitutes.ask, office=shell.office, by=press.who.person)
    await shell.open(press.trigger, await shell.perform(press.gesture, ask))


async def named(form: Submission, shell: Shell) -> Ack | None:
    """Name her, or show in the form what does not fit."""
    chosen = f"{form.who.team}:{form.written(WHO)}"
    await know(shell, form.who.person, chosen)
    act = partial(
        substitutes.name,
        office=shell.office,
        by=form.who.person,
        substitute=chosen,
        since=form.written(SINCE),
        until=form.written(UNTIL),
    )
    try:
        await shell.perform(form.gesture, act)
    except WrongInputs as wrong:
        shell.refused(form.who, wrong)
        errors = {name: refusals.plain(shell.office, no) for name, no in wrong.by_input.items()}
        return {"response_action": "errors", "errors": errors}
    return None


async def ended(press: Press, shell: Shell) -> None:
    """End it, and show the form as it is then. Raises NotOurs for anything we did not write."""
    which = number(press.value)
    act = partial(substitutes.end, office=shell.office, by=press.who.person, number=which)
    await shell.perform(press.gesture, act)
    view = await shell.perform.unkeyed(
        partial(substitutes.ask, office=shell.office, by=press.who.person)
    )
    if press.view is None:
        return
    try:
        await shell.client.views_update(view_id=press.view.id, view=view)
    except (SlackApiError, aiohttp.ClientError, TimeoutError) as failure:
        log.info("form_not_shown_anew", error=type(failure).__name__)


ACTIONS: dict[str, Callable[[Press, Shell], Awaitable[Ack | None]]] = {
    SUBSTITUTES: opened,
    SUBSTITUTE_END: ended,
}
VIEWS: dict[str, Callable[[Submission, Shell], Awaitable[Ack | None]]] = {SUBSTITUTE_NAMED: named}
