"""What one person sees of the world, as plain dicts for the templates.

Only reads: what a person does goes through the control API, and what changes comes back in the change feed.
"""

from collections.abc import Iterator
from copy import deepcopy
from datetime import UTC, datetime, timedelta
from pathlib import PurePath
from typing import Any
from zlib import crc32

from sandbox.pages.names import Names, day, moment
from sandbox.records import JSON, Channel, File, Message, Person, View
from sandbox.world import Timeline, World

GROUP_WITHIN = timedelta(minutes=5)
UNREAD_SHOWN = 10


def names(world: World) -> Names:
    return Names(
        users={person.id: person.name for person in world.people.values()},
        channels={
            channel.id: channel.name for channel in world.channels.values() if channel.kind != "im"
        },
        gone=frozenset(person.id for person in world.people.values() if person.deleted),
    )


def everybody(world: World) -> list[JSON]:
    """List the people one can be, with what may be unread in their conversations."""
    return [
        {**_card(person), "times": _times(rooms(world, person.id))}
        for person in world.people.values()
        if not person.is_bot
    ]


def rooms(world: World, person: str) -> list[JSON]:
    """List a person's conversations: the direct message with the app first, then channels by name."""
    joined = [
        channel
        for channel in world.channels.values()
        if channel.kind != "im" and person in channel.members and not channel.archived
    ]
    joined.sort(key=lambda channel: channel.name)
    direct = world.channels.get(f"D{person[1:]}")
    return [room(world, channel, person) for channel in [*([direct] if direct else []), *joined]]


def _times(rooms: list[JSON]) -> str:
    """Spell `channel:ts,ts channel:ts` for the unread mark beside a person's name."""
    return " ".join(f"{room['id']}:{','.join(room['times'])}" for room in rooms)


def room(world: World, channel: Channel, person: str) -> JSON:
    """Word one conversation; `times` are the newest messages in it that others have written."""
    timeline = world.timeline(channel.id)
    newest = [ts for ts in timeline.roots[-UNREAD_SHOWN:] if timeline.messages[ts].user != person]
    title = world.app.name if channel.kind == "im" else channel.name
    return {
        "id": channel.id,
        "kind": channel.kind,
        "name": title,
        "title": title,
        "topic": channel.topic,
        "times": newest,
        "members": sorted(
            world.people[member].name for member in channel.members if member in world.people
        ),
    }


def log(world: World, channel: str, person: str, *, count: int) -> list[JSON]:
    """List the newest `count` messages of a conversation, and this person's ephemeral ones."""
    timeline = world.timeline(channel)
    newest = timeline.roots[-count:]
    since = newest[0] if len(timeline.roots) > count else ""
    mine = [one.ts for one in _ephemerals(timeline, person) if not one.is_reply and one.ts > since]
    found = [timeline.messages[ts] for ts in sorted([*newest, *mine])]
    return list(_worded(world, found, person))


def _ephemerals(timeline: Timeline, person: str) -> list[Message]:
    shown = [timeline.messages[ts] for ts in timeline.ephemerals]
    return [message for message in shown if message.ephemeral_to == person]


def thread(world: World, channel: str, person: str, ts: str) -> JSON | None:
    """Show a thread with its first message, or None when there is no such message."""
    parent = world.message(channel, ts)
    if parent is None:
        return None
    timeline = world.timeline(channel)
    mine = [one.ts for one in _ephemerals(timeline, person) if one.is_reply and one.thread_ts == ts]
    replies = sorted([*world.replies(channel, ts), *mine])
    found = [parent, *(timeline.messages[one] for one in replies)]
    return {"ts": ts, "messages": list(_worded(world, found, person))}


def views(world: World, person: str) -> list[JSON]:
    return [_view(view) for view in world.stack(person)]


def home(world: World, person: str) -> JSON | None:
    published = world.homes.get(person)
    return _view(published) if published else None


def _view(view: View) -> JSON:
    return {
        **view.content,
        "id": view.id,
        "hash": view.hash,
        "blocks": with_state(view.content["blocks"], view.state),
    }


def _worded(world: World, messages: list[Message], person: str) -> Iterator[JSON]:
    before: Message | None = None
    today = datetime.now(UTC)
    for message in messages:
        new_day = not before or moment(before.ts).date() != moment(message.ts).date()
        worded = _message(world, message, person)
        worded["day"] = day(message.ts, today=today) if new_day else ""
        worded["grouped"] = (
            before is not None
            and not new_day
            and (before.user, before.ephemeral_to) == (message.user, message.ephemeral_to)
            and moment(message.ts) - moment(before.ts) < GROUP_WITHIN
        )
        before = message
        yield worded


def _message(world: World, message: Message, person: str) -> JSON:
    author = world.people.get(message.user)
    replies = world.replies(message.channel, message.ts)
    return {
        "ts": message.ts,
        "thread_ts": message.thread_ts,
        "channel": message.channel,
        "user": message.user,
        "author": world.app.name if message.by_app else (author.name if author else message.user),
        "hue": hue(message.user),
        "is_app": message.by_app,
        "when": f"{moment(message.ts):%Y-%m-%d %H:%M:%S}",
        "text": message.text,
        "blocks": with_state(list(message.blocks), message.state.get(person, {})),
        "files": [_file(world.files[one]) for one in message.files if one in world.files],
        "replies": len(replies),
        "last_reply": replies[-1] if replies else None,
        "ephemeral": message.ephemeral_to is not None,
        "edited": message.edited,
    }


def _file(file: File) -> JSON:
    return {
        "id": file.id,
        "deleted": file.deleted,
        "name": file.name,
        "title": file.title or file.name,
        "size": file.size,
        "extension": (ending := PurePath(file.name).suffix.removeprefix(".").upper())[:5] or "FIL",
        "is_picture": ending in {"PNG", "JPG"} and file.ready,
        "alt": file.alt or file.title or file.name,
    }


def _card(person: Person) -> JSON:
    return {
        "id": person.id,
        "name": person.name,
        "title": person.title,
        "deleted": person.deleted,
        "hue": hue(person.id),
    }


def card(world: World, person: str) -> JSON:
    return _card(world.people[person])


def hue(user: str) -> int:
    """Give everybody one of eight colours, the same in every window."""
    return crc32(user.encode()) % 8


def with_state(blocks: list[JSON], state: JSON) -> list[JSON]:
    """Put what the person has chosen so far where the initial values stand, as Slack's client keeps it."""
    if not state:
        return blocks
    filled = deepcopy(blocks)
    for block in filled:
        chosen = state.get(str(block.get("block_id")), {})
        for element in _elements(block):
            value: dict[str, Any] = chosen.get(element.get("action_id")) or {}
            for key, one in value.items():
                if key.startswith("selected_") or key == "value":
                    element["initial_" + key.removeprefix("selected_")] = one
    return filled


def _elements(block: JSON) -> list[JSON]:
    one = [block[key] for key in ("element", "accessory") if isinstance(block.get(key), dict)]
    return one + (block.get("elements") or [] if block.get("type") == "actions" else [])
