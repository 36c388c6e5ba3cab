"""chat.*: post, update, delete and post ephemerally, with Slack's own conditions.

Text above about 4,000 characters is posted in several messages, as measured by others; updating
refuses it.
"""

import time
from typing import Any

from sandbox import posting, shapes
from sandbox.blocks import complete
from sandbox.errors import Refused
from sandbox.methods.call import Call
from sandbox.surfaces import check_blocks
from sandbox.world import JSON, Channel, Message

_SPLIT_ABOVE = 4040
_PIECE = 4000
_MOST_TEXT = 40_000
_UPDATE_TEXT = 4000
_MARKDOWN_TEXT = 12_000
_ATTACHMENTS = 100
_METADATA_BYTES = 16_000


def post_message(call: Call) -> JSON:
    channel = call.writable()
    content = _content(call)
    thread_ts = _thread(call, channel)
    _pace(call, channel)
    pieces = [content]
    if not content["blocks"] and len(content["text"]) > _SPLIT_ABOVE:
        text = content["text"][:_MOST_TEXT]
        pieces = [
            {**content, "text": text[start : start + _PIECE]}
            for start in range(0, len(text), _PIECE)
        ]
    posted = [
        posting.post(
            call.site,
            Message(
                channel=channel.id,
                ts=call.world.ids.ts(),
                user=call.world.app.user,
                by_app=True,
                thread_ts=thread_ts,
                broadcast=thread_ts is not None and call.flag("reply_broadcast"),
                **piece,
            ),
        )
        for piece in pieces
    ]
    return {"channel": channel.id, "ts": posted[0].ts, "message": _shown(call, posted[0])}


def update(call: Call) -> JSON:
    channel = call.channel()
    message = call.message(channel)
    if channel.archived:
        raise Refused("is_inactive")
    if not message.by_app:
        raise Refused("cant_update_message")
    content = _content(call)
    if len(content["text"]) > _UPDATE_TEXT:
        raise Refused("msg_too_long")
    if "metadata" not in call.args:
        content["metadata"] = message.metadata
    after = posting.edit(call.site, message, **content)
    return {
        "channel": channel.id,
        "ts": after.ts,
        "text": after.text,
        "message": _shown(call, after),
    }


def delete(call: Call) -> JSON:
    channel = call.channel()
    message = call.message(channel)
    if not message.by_app:
        raise Refused("cant_delete_message")
    posting.delete(call.site, message)
    return {"channel": channel.id, "ts": message.ts}


def post_ephemeral(call: Call) -> JSON:
    channel = call.writable()
    person = call.need("user")
    if person not in channel.members:
        raise Refused("user_not_in_channel")
    content = _content(call)
    content["metadata"] = None
    message = posting.post(
        call.site,
        Message(
            channel=channel.id,
            ts=call.world.ids.ts(),
            user=call.world.app.user,
            by_app=True,
            thread_ts=_thread(call, channel),
            ephemeral_to=person,
            **content,
        ),
    )
    return {"message_ts": message.ts}


def get_permalink(call: Call) -> JSON:
    channel = call.channel()
    message = call.message(channel, "message_ts")
    link = f"{call.origin}/archives/{channel.id}/p{message.ts.replace('.', '')}"
    if message.is_reply:
        link += f"?thread_ts={message.thread_ts}&cid={channel.id}"
    return {"channel": channel.id, "permalink": link}


def _content(call: Call) -> dict[str, Any]:
    """Read text, blocks, attachments and metadata; refuse what Slack refuses."""
    blocks = call.json("blocks", error="invalid_blocks_format")
    attachments = call.json("attachments", error="invalid_attachments") or []
    markdown, text = call.text("markdown_text"), call.text("text")
    if markdown and (text or blocks):
        raise Refused("markdown_text_conflict")
    if len(markdown) > _MARKDOWN_TEXT:
        raise Refused("msg_too_long")
    if blocks is not None and not isinstance(blocks, list):
        raise Refused("invalid_blocks_format")
    if not (text or markdown or blocks or attachments):
        raise Refused("no_text")
    if len(attachments) > _ATTACHMENTS:
        raise Refused("too_many_attachments")
    check_blocks(blocks or [], surface="message")
    return {
        "text": (text or markdown)[:_MOST_TEXT],
        "blocks": complete(blocks or [], ids=call.world.ids),
        "attachments": tuple(attachments),
        "metadata": _metadata(call),
    }


def _metadata(call: Call) -> JSON | None:
    metadata = call.json("metadata", error="invalid_metadata_format")
    if not metadata:
        return None
    if (
        not isinstance(metadata, dict)
        or not isinstance(metadata.get("event_type"), str)
        or not isinstance(metadata.get("event_payload"), dict)
    ):
        raise Refused("invalid_metadata_format")
    if len(str(metadata["event_payload"])) > _METADATA_BYTES:
        raise Refused("metadata_too_large")
    return {"event_type": metadata["event_type"], "event_payload": metadata["event_payload"]}


def _thread(call: Call, channel: Channel) -> str | None:
    """Give the root's ts. A reply to a reply lands in the root's thread, as in Slack."""
    asked = call.text("thread_ts")
    if not asked:
        return None
    root = call.world.message(channel.id, asked)
    if root is None or root.ephemeral_to is not None:
        raise Refused("cannot_reply_to_message")
    return root.thread_ts or root.ts


def _pace(call: Call, channel: Channel) -> None:
    """Refuse what is faster than the pace that was asked for; off unless it was."""
    seconds, burst = call.site.faults.pace_seconds, call.site.faults.pace_burst
    if seconds <= 0:
        return
    now = time.monotonic()
    since = now - seconds * burst
    recent = [at for at in call.site.paced.get(channel.id, []) if at > since]
    if len(recent) >= burst:
        raise Refused("ratelimited", retry_after=max(1, round(recent[0] - since)))
    call.site.paced[channel.id] = [*recent, now]


def _shown(call: Call, message: Message) -> JSON:
    return shapes.message(call.world, message, origin=call.origin, with_metadata=True)
