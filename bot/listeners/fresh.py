"""Who is pressing, asked of Slack again when what we know is old: before an opinion is taken.

A member may have left, and the channel may have been shared with somebody else, since the card was
posted. When Slack does not say, nothing is done.
"""

import asyncio
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import Any

import aiohttp
import structlog
from slack_sdk.errors import SlackApiError

from bot.acts import assessment
from bot.acts import who as people
from bot.ids import Value
from bot.listeners.payloads import Press, Who
from bot.listeners.shell import Shell
from flows.errors import FlowError, NotAllowed

FRESH = timedelta(seconds=60)
PATIENCE_S = 1.5  # the press must be answered, and a modal opened, within three seconds
log = structlog.get_logger()


async def perform(
    shell: Shell, press: Press, act: Callable[..., Any], *, refused: Callable[..., Any]
) -> Any:
    """What the act gives. What is refused changes nothing, but `refused` shows an old message as it is now."""
    office, value = shell.office, Value.read(press.value)
    await check(shell, press.who)
    result = await shell.perform(
        press.gesture,
        partial(act, office=office, value=value, by=press.who.person),
        refused=partial(refused, office=office, value=value),
    )
    if isinstance(result, FlowError):
        raise result
    return result


async def check(shell: Shell, who: Who) -> None:
    """Raises NotAllowed when Slack does not answer, or KLG's channel is open to outsiders."""
    if who.team != shell.office.team or await shell.perform.unkeyed(
        partial(people.is_fresh, person=who.person, within=FRESH)
    ):
        return
    try:
        async with asyncio.timeout(PATIENCE_S):
            channel, user = await asyncio.gather(
                shell.client.conversations_info(channel=shell.office.klg_channel),
                shell.client.users_info(user=who.user),
            )
    except (SlackApiError, aiohttp.ClientError, TimeoutError) as failure:
        log.warning("refused", person=who.person, reason="unchecked", error=type(failure).__name__)
        raise NotAllowed("refusals.assessment.unchecked") from failure
    found = channel["channel"]
    if found.get("is_ext_shared") or found.get("is_pending_ext_shared"):
        log.warning("refused", person=who.person, reason="shared_channel")
        raise NotAllowed("refusals.assessment.shared_channel")
    # Only now: whoever pressed in a shared channel is asked about again next time.
    await shell.perform.unkeyed(
        partial(assessment.remember, office=shell.office, user=user["user"])
    )
