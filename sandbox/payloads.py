"""Slack's payloads to the app: event wrappers and what every interaction carries."""

import time

from sandbox import shapes
from sandbox.site import Site
from sandbox.world import JSON, Channel, Message, View

_NOT_IN_USE = "sandbox-verification-token"  # Slack still sends it; nothing may rely on it


def event(site: Site, inner: JSON) -> JSON:
    """Wrap an event as the Events API does."""
    world = site.world
    return {
        "token": _NOT_IN_USE,
        "team_id": world.team.id,
        "context_team_id": world.team.id,
        "context_enterprise_id": None,
        "api_app_id": world.app.id,
        "event": inner,
        "type": "event_callback",
        "event_id": world.ids.new("Ev"),
        "event_time": int(time.time()),
        "authorizations": [
            {
                "enterprise_id": None,
                "team_id": world.team.id,
                "user_id": world.app.user,
                "is_bot": True,
                "is_enterprise_install": False,
            }
        ],
        "is_ext_shared_channel": False,
        "event_context": world.ids.new("4-"),
    }


def emit(site: Site, name: str, inner: JSON) -> None:
    """Send an event to the app, if its manifest subscribes to `name`."""
    if name in site.world.app.events:
        site.courier.send("events_api", event(site, inner))


def actor(site: Site, person: str) -> JSON:
    """Say who acts, as interactions do."""
    one = site.world.people[person]
    handle = one.email.partition("@")[0]
    return {"id": person, "username": handle, "name": handle, "team_id": one.team}


def interaction(site: Site, kind: str, *, person: str, view_id: str | None = None) -> JSON:
    """Give what all interactions begin with, and a fresh trigger."""
    world = site.world
    return {
        "type": kind,
        "user": actor(site, person),
        "team": {"id": world.team.id, "domain": world.team.domain},
        "enterprise": None,
        "is_enterprise_install": False,
        "api_app_id": world.app.id,
        "token": _NOT_IN_USE,
        "trigger_id": site.permits.new_trigger(
            world.ids, team=world.team.id, person=person, view_id=view_id
        ),
    }


def in_message(site: Site, message: Message, *, person: str) -> JSON:
    """Add where a press happened when it was in a message."""
    world = site.world
    channel = world.channels[message.channel]
    container: JSON = {
        "type": "message",
        "message_ts": message.ts,
        "channel_id": channel.id,
        "is_ephemeral": message.ephemeral_to is not None,
    }
    if message.thread_ts:
        container["thread_ts"] = message.thread_ts
    result: JSON = {
        "container": container,
        "channel": {"id": channel.id, "name": payload_name(channel)},
        "state": {"values": message.state.get(person, {})},
        "response_url": response_url(site, person=person, channel=channel.id, message=message),
    }
    if message.ephemeral_to is None:
        result["message"] = shapes.message(world, message, origin=site.origin, with_metadata=True)
    return result


def in_view(site: Site, view: View) -> JSON:
    """Add where a press happened when it was in a modal or in App Home."""
    return {
        "container": {"type": "view", "view_id": view.id},
        "view": shapes.view(site.world, view),
        "state": {"values": view.state},
    }


def payload_name(channel: Channel) -> str:
    """Give the channel name as payloads have it: never to be used as an id."""
    names = {"im": "directmessage", "private": "privategroup"}
    return names.get(channel.kind, channel.name)


def response_url(site: Site, *, person: str, channel: str, message: Message | None = None) -> str:
    key = site.permits.new_hook(
        site.world.ids,
        person=person,
        channel=channel,
        message_ts=message.ts if message else None,
        thread_ts=message.thread_ts if message else None,
    )
    return f"{site.origin}/actions/{site.world.team.id}/{key}"
