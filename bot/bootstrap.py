"""What the bot must know before it can serve: its channel, the people the programme names, the money.

People are looked up by e-mail once at start; those who are not in Slack are named in the log.
"""

import asyncio
import re
from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any, TypeVar

import structlog

from bot.acts import accounts, ledger, routing, who
from bot.office import Office
from bot.perform import Perform
from bot.render import Texts
from bot.slack import Identity, Refused, Slack, TryLater
from flows.programme import Programme

log = structlog.get_logger(__name__)
T = TypeVar("T")
_ID = re.compile(r"[CG][A-Z0-9]{5,}")


class NoChannel(Exception):  # noqa: N818  it is the setting that is wrong
    """The KLG channel of the programme cannot be found, or the bot is not in it."""


async def open_office(
    slack: Slack, perform: Perform, identity: Identity, programme: Programme, texts: Texts
) -> Office:
    """Find the KLG channel and the programme's people, enter its pots, and route what is stranded.

    Raises NoChannel. A Slack that is busy is waited for; its other failures pass.
    """
    office = Office(
        programme=programme,
        texts=texts,
        team=identity.team,
        bot_user=identity.user,
        klg_channel=await _channel(slack, programme.channels.klg),
        address=identity.url,
    )
    people = [person.email for person in programme.people]
    deputies = [deputy.email for deputy in programme.chief_executive_deputies]
    for email in dict.fromkeys([*people, *deputies]):
        await _patiently(partial(_meet, slack, perform, office, email))
    await perform.unkeyed(partial(ledger.set_pots, office=office))
    for case_id in await perform.read(routing.stranded):
        await perform.unkeyed(partial(routing.at_start, office=office, case_id=case_id))
    return office


async def _patiently(ask: Callable[[], Awaitable[T]]) -> T:
    """Ask again when Slack says wait: it answers about fifty questions of a kind a minute."""
    while True:
        try:
            return await ask()
        except TryLater as wait:
            log.info("Slack asks the start to wait", seconds=wait.after)
            await asyncio.sleep(wait.after)


async def _channel(slack: Slack, named: str) -> str:
    """The channel's id, by id or by name. The bot must be a member of it."""
    name, cursor = named.removeprefix("#"), ""
    if _ID.fullmatch(name):
        return await _by_id(slack, name)
    while True:
        page = partial(
            slack.query,
            "conversations.list",
            types="private_channel,public_channel",
            exclude_archived="true",
            limit=200,
            **({"cursor": cursor} if cursor else {}),
        )
        found = await _patiently(page)
        for channel in found["channels"]:
            if channel.get("name") == name and channel.get("is_member", True):
                return str(channel["id"])
        cursor = (found.get("response_metadata") or {}).get("next_cursor") or ""
        if not cursor:
            raise NoChannel(named)


async def _by_id(slack: Slack, channel: str) -> str:
    try:
        found = await slack.query("conversations.info", channel=channel)
    except Refused as no:
        if no.error in {"channel_not_found", "not_in_channel", "is_archived"}:
            raise NoChannel(channel) from no
        raise
    if not found["channel"].get("is_member", True):
        raise NoChannel(channel)
    return channel


async def _meet(slack: Slack, perform: Perform, office: Office, email: str) -> None:
    try:
        found = await slack.query("users.lookupByEmail", email=email)
        users = [dict(found["user"])]
    except Refused as no:
        # A closed account is not found by its address; the one we knew is asked about by its id.
        users = await _known_before(slack, perform, office, email)
        if not users:
            log.warning("somebody in the programme is not in Slack", email=email, error=no.error)
    for user in users:
        await perform.unkeyed(partial(accounts.changed, office=office, user=user))


async def _known_before(
    slack: Slack, perform: Perform, office: Office, email: str
) -> list[dict[str, Any]]:
    known = await perform.read(lambda db: who.accounts(db, office, email))
    users = []
    for person in known:
        try:
            found = await slack.query("users.info", user=person.partition(":")[2])
        except Refused:
            continue
        user = dict(found["user"])
        if user.get("deleted"):
            # Slack may hide a closed account's address; ours is what the programme calls her by.
            user["profile"] = {**user.get("profile", {}), "email": email}
        users.append(user)
    return users
