"""A person writes, edits, deletes, and drops files."""

import base64
import binascii
import re
from dataclasses import replace
from typing import Any

from sandbox import posting, shapes
from sandbox.errors import Impossible
from sandbox.gestures.sight import channel_for, message_for
from sandbox.site import Site
from sandbox.world import JSON, File, Message

_MAX_TEXT = 12_000  # what Slack's client lets a person send at once


def typed(site: Site, text: str) -> str:
    """Write what a person typed as Slack stores it: & < > escaped, `@Name` as a mention."""
    safe = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    if "@" not in safe:
        return safe
    for person in sorted(site.world.people.values(), key=lambda one: -len(one.name)):
        pattern = rf"(?<!\w)@{re.escape(person.name)}(?!\w)"
        safe = re.sub(pattern, f"<@{person.id}>", safe, flags=re.IGNORECASE)
    return safe


def rich_text(site: Site, text: str) -> tuple[JSON, ...]:
    """Give the rich text block that Slack's client sends beside the text."""
    elements: list[JSON] = []
    for part in re.split(r"(<@\w+>)", text):
        if mention := re.fullmatch(r"<@(\w+)>", part):
            elements.append({"type": "user", "user_id": mention[1]})
        elif part:
            plain = part.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
            elements.append({"type": "text", "text": plain})
    section = {"type": "rich_text_section", "elements": elements}
    return ({"type": "rich_text", "block_id": site.world.ids.new("b")[-6:], "elements": [section]},)


def say(
    site: Site,
    *,
    person: str,
    text: str,
    channel: str | None = None,
    thread_ts: str | None = None,
    blocks: list[JSON] | None = None,
    raw: bool = False,
) -> JSON:
    """Write a message. `raw` takes the text as Slack stores it (links, escapes) instead of typed.

    Returns `{ts, channel}`.
    """
    message = _written(site, person, channel, text=text, thread_ts=thread_ts, raw=raw)
    if not text.strip() and not blocks:
        raise Impossible("there is nothing to send")
    if blocks:
        message = replace(message, blocks=tuple(blocks))
    posting.post(site, message)
    return {"ts": message.ts, "channel": message.channel}


def _written(
    site: Site, person: str, channel: str | None, *, text: str, thread_ts: str | None, raw: bool
) -> Message:
    where = channel_for(site, person, channel)
    if where.archived:
        raise Impossible(f"{where.name} is archived")
    if where.kind == "im" and not site.world.app.messages_tab:
        raise Impossible("sending messages to this app has been turned off")
    if len(text) > _MAX_TEXT:
        raise Impossible(f"a message holds at most {_MAX_TEXT} characters")
    stored = text if raw else typed(site, text)
    return Message(
        channel=where.id,
        ts=site.world.ids.ts(),
        user=person,
        text=stored,
        blocks=rich_text(site, stored) if text else (),
        thread_ts=_root(site, where.id, thread_ts),
        client_msg_id=posting.client_msg_id(),
    )


def _root(site: Site, channel: str, ts: str | None) -> str | None:
    """Give the thread's root: an answer to an answer lands in the same thread."""
    if ts is None:
        return None
    found = site.world.message(channel, ts)
    if found is None or found.ephemeral_to is not None:
        raise Impossible(f"there is no thread {ts}")
    return found.thread_ts or found.ts


def edit(site: Site, *, person: str, ts: str, text: str, channel: str | None = None) -> JSON:
    """Edit one's own message."""
    message = _own(site, person, channel, ts)
    stored = typed(site, text)
    posting.edit(site, message, by_person=True, text=stored, blocks=rich_text(site, stored))
    return {"ts": ts, "channel": message.channel}


def delete(site: Site, *, person: str, ts: str, channel: str | None = None) -> JSON:
    """Delete one's own message."""
    message = _own(site, person, channel, ts)
    posting.delete(site, message)
    return {"ts": ts, "channel": message.channel}


def _own(site: Site, person: str, channel: str | None, ts: str) -> Message:
    message = message_for(site, person, channel, ts)
    if message.user != person:
        raise Impossible(f"{ts} was not written by {person}")
    return message


def upload(
    site: Site,
    *,
    person: str,
    files: list[JSON],
    channel: str | None = None,
    text: str = "",
    thread_ts: str | None = None,
) -> JSON:
    """Share files (`{name, content_base64}`, or `content` as bytes) with an optional text.

    Returns `{ts, channel, files: [id]}`.
    """
    if not files:
        raise Impossible("there is no file")
    message = _written(site, person, channel, text=text, thread_ts=thread_ts, raw=False)
    ids = [store(site, person=person, **one) for one in files]
    for key in ids:
        file = site.world.files[key]
        site.world.put_file(replace(file, shares=((message.channel, message.ts),)))
    posting.post(site, replace(message, files=tuple(ids)))
    return {"ts": message.ts, "channel": message.channel, "files": ids}


def store(
    site: Site,
    *,
    person: str,
    name: str,
    content_base64: str | None = None,
    content: bytes | None = None,
    **_: Any,
) -> str:
    """Keep a file that is not shared yet. Returns its id."""
    if content is None:
        try:
            content = base64.b64decode(content_base64 or "", validate=True)
        except binascii.Error as error:
            raise Impossible(f"{name}: not base64") from error
    ids = site.world.ids
    file = File(
        id=ids.new("F"),
        name=name,
        title=name,
        user=person,
        size=len(content),
        created=ids.moment() // 1_000_000,
        ready=True,
    )
    site.world.put_file(file, content)
    return file.id


def shown(site: Site, message: Message) -> JSON:
    """Give a message as the control API shows it."""
    replies = site.world.replies(message.channel, message.ts)
    return {
        "ts": message.ts,
        "user": message.user,
        "text": message.text,
        "blocks": list(message.blocks),
        "files": [
            shapes.file(site.world, site.world.files[key], origin=site.origin)
            for key in message.files
        ],
        "thread_ts": message.thread_ts,
        "reply_count": len(replies),
        "ephemeral": message.ephemeral_to is not None,
        "edited": message.edited is not None,
        "metadata": message.metadata,
        "reactions": {name: list(users) for name, users in message.reactions.items()},
        "pinned": message.pinned,
    }
