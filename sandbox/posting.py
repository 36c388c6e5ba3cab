"""Putting a message into a channel, changing it, taking it away; the app hears of each as events."""

import uuid
from dataclasses import replace
from typing import Any

from sandbox import shapes
from sandbox.payloads import emit
from sandbox.site import Site
from sandbox.world import JSON, Channel, Message

_TYPES = {"im": "im", "private": "group", "public": "channel"}
_EVENTS = {"im": "message.im", "private": "message.groups", "public": "message.channels"}


def post(site: Site, message: Message) -> Message:
    """Post a message. The app's own come back to it as events, too; ephemerals never do."""
    site.world.put_message(message)
    if message.ephemeral_to is None:
        inner = _inner(site, message)
        if message.files:
            inner["subtype"] = "file_share"
        _tell(site, message, inner)
        _tell_mention(site, message, inner)
    return message


def edit(site: Site, message: Message, *, by_person: bool = False, **changes: Any) -> Message:
    """Replace parts of a message. An app's edits show no "edited"; nobody is notified."""
    if by_person:
        changes["edited"] = site.world.ids.ts()
    after = site.world.put_message(replace(message, **changes))
    if after.ephemeral_to is None:
        _tell_hidden(
            site,
            after,
            {
                "subtype": "message_changed",
                "message": shapes.message(site.world, after, origin=site.origin),
                "previous_message": shapes.message(site.world, message, origin=site.origin),
            },
        )
    return after


def delete(site: Site, message: Message) -> None:
    before = shapes.message(site.world, message, origin=site.origin)
    site.world.remove_message(message.channel, message.ts)
    if message.ephemeral_to is None:
        _tell_hidden(
            site,
            message,
            {
                "subtype": "message_deleted",
                "deleted_ts": message.ts,
                "previous_message": before,
            },
        )


def client_msg_id() -> str:
    return str(uuid.uuid4())


def _inner(site: Site, message: Message) -> JSON:
    inner = shapes.message(site.world, message, origin=site.origin, with_metadata=True)
    channel = site.world.channels[message.channel]
    return inner | {
        "channel": channel.id,
        "channel_type": _TYPES[channel.kind],
        "event_ts": message.ts,
    }


def _tell(site: Site, message: Message, inner: JSON) -> None:
    channel = site.world.channels[message.channel]
    if site.world.app.user in channel.members:
        emit(site, _EVENTS[channel.kind], inner)


def _tell_hidden(site: Site, message: Message, facts: JSON) -> None:
    channel = site.world.channels[message.channel]
    now = site.world.ids.ts()
    inner: JSON = {
        "type": "message",
        "hidden": True,
        "channel": channel.id,
        "channel_type": _TYPES[channel.kind],
        "ts": now,
        "event_ts": now,
        **facts,
    }
    _tell(site, message, inner)


def _tell_mention(site: Site, message: Message, inner: JSON) -> None:
    channel: Channel = site.world.channels[message.channel]
    app = site.world.app
    heard = channel.kind != "im" and app.user in channel.members and not message.by_app
    if heard and f"<@{app.user}>" in message.text:
        mention = {key: value for key, value in inner.items() if key != "channel_type"}
        emit(site, "app_mention", mention | {"type": "app_mention"})
