"""Looks in Slack's history for a message of which we do not know whether it was sent.

It is found by its outbox id in the message's metadata. Looking too early finds nothing of what
lands late: the lease says when one may look.
"""

from collections.abc import AsyncIterator
from datetime import datetime
from typing import Any

import structlog

from bot.perform import Perform
from bot.sending import EVENT_TYPE
from bot.slack import Refused, Slack
from storage import outbox
from storage.outbox import Delivery

log = structlog.get_logger(__name__)

CLOCKS_DIFFER_S = 60
_PAGE = 200
_PAGES = 50


async def find(
    slack: Slack,
    outbox_id: int,
    *,
    channel: str,
    since: datetime,
    thread: str | None = None,
    before: str | None = None,
) -> str | None:
    """The `ts` of the message with this outbox id, posted by us since then; None when not there.

    Raises as Slack.call does, but where we may not read there is nothing to find.
    """
    try:
        async for message in messages(
            slack,
            channel,
            oldest=f"{since.timestamp() - CLOCKS_DIFFER_S:.6f}",
            latest=before,
            thread=thread,
        ):
            if _carries(message, outbox_id, ours=slack.user):
                return str(message["ts"])
    except Refused as no:
        log.error("cannot look for a message", channel=channel, error=no.error)  # noqa: TRY400  Slack said no: the trace is ours
    return None


async def resolve(perform: Perform, slack: Slack, outbox_id: int, *, before_ts: str) -> Delivery:
    """How far a message has come; an uncertain one is looked for at once, before that `ts`."""
    known, doubt = await perform.unkeyed(
        lambda tx: (outbox.delivery(tx.db, outbox_id), outbox.doubt(tx.db, outbox_id))
    )
    if doubt is None:
        return known
    thread = None
    parent = doubt.refers_to
    if parent is not None:
        thread = (await perform.unkeyed(lambda tx: outbox.delivery(tx.db, parent))).ts
    ts = await find(
        slack, outbox_id, channel=doubt.channel, since=doubt.since, thread=thread, before=before_ts
    )
    if ts is None:
        return known
    perform.mark_sent(outbox_id, channel=doubt.channel, ts=ts)
    return Delivery(state="sent", channel=doubt.channel, ts=ts)


async def messages(
    slack: Slack, channel: str, *, oldest: str, latest: str | None = None, thread: str | None = None
) -> AsyncIterator[dict[str, Any]]:
    """A conversation's messages, or a thread's, page by page, as Slack orders them."""
    query: dict[str, str | int] = {
        "channel": channel,
        "oldest": oldest,
        "limit": _PAGE,
        "include_all_metadata": "true",
    }
    if latest is not None:
        query["latest"] = latest
    if thread is not None:
        query["ts"] = thread
    method = "conversations.history" if thread is None else "conversations.replies"
    for _ in range(_PAGES):
        page = await slack.query(method, **query)
        for message in page["messages"]:
            yield message
        cursor = (page.get("response_metadata") or {}).get("next_cursor")
        if not cursor:
            return
        query["cursor"] = cursor
    log.error("history is longer than we read", channel=channel, oldest=oldest)


def _carries(message: dict[str, Any], outbox_id: int, *, ours: str) -> bool:
    metadata = message.get("metadata") or {}
    by_us = "bot_id" in message or (bool(ours) and message.get("user") == ours)
    return (
        by_us
        and metadata.get("event_type") == EVENT_TYPE
        and metadata.get("event_payload", {}).get("id") == outbox_id
    )
