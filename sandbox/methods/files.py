"""files.*: the three-step upload, looking up and deleting.

completeUploadExternal answers before the file is seen anywhere; the message comes a little later.
"""

import asyncio
from dataclasses import replace

from sandbox import posting, shapes
from sandbox.blocks import complete
from sandbox.errors import Refused
from sandbox.methods.call import Call
from sandbox.surfaces import check_blocks
from sandbox.world import JSON, File, Message

_MOST_CHANNELS = 100
_MOST_ALT = 1000


def get_upload_url(call: Call) -> JSON:
    length = call.text("length")
    if not call.text("filename") or not length.isdigit() or int(length) == 0:
        raise Refused("missing_argument")
    if len(call.text("alt_txt")) > _MOST_ALT:
        raise Refused("alt_txt_too_large")
    ids = call.world.ids
    file = File(
        id=ids.new("F"),
        name=call.text("filename"),
        title=call.text("filename"),
        user=call.world.app.user,
        size=int(length),
        created=ids.moment() // 1_000_000,
        alt=call.text("alt_txt"),
    )
    call.world.put_file(file)
    return {"file_id": file.id, "upload_url": f"{call.origin}/upload/v1/{file.id}"}


def complete_upload(call: Call) -> JSON:
    wanted = call.json("files", error="invalid_arguments")
    if not isinstance(wanted, list) or not wanted:
        raise Refused("invalid_arguments", messages=["[ERROR] missing required field: files"])
    targets = _targets(call)
    files = [_titled(call, one) for one in wanted]
    blocks = call.json("blocks", error="invalid_blocks") or []
    check_blocks(blocks, surface="message")
    text = call.text("initial_comment")
    draft = Message(
        channel="",
        ts="",
        user=call.world.app.user,
        text=text,
        blocks=() if text else complete(blocks, ids=call.world.ids),
        by_app=True,
        files=tuple(file.id for file in files),
        thread_ts=call.text("thread_ts") or None,
    )
    for target in targets:
        call.site.courier.later(_share(call, replace(draft, channel=target)))
    return {"files": [shapes.file(call.world, file, origin=call.origin) for file in files]}


def _targets(call: Call) -> list[str]:
    asked = [call.text("channel_id")] if call.text("channel_id") else call.listed("channels")
    if len(asked) > _MOST_CHANNELS:
        raise Refused("channels_limit_exceeded")
    found = []
    for one in asked:
        aimed = replace(call, args={**call.args, "channel": one})
        found.append(aimed.writable().id)
    return found


def _titled(call: Call, wish: JSON) -> File:
    file = call.world.files.get(str(wish.get("id")))
    if file is None or not file.ready or file.deleted or file.shares:
        raise Refused("file_not_found")
    if file.user != call.world.app.user:
        raise Refused("access_denied")
    file = replace(file, title=str(wish.get("title") or file.title))
    call.world.put_file(file)
    return file


async def _share(call: Call, draft: Message) -> None:
    await asyncio.sleep(call.site.share_delay)
    world = call.world
    message = replace(draft, ts=world.ids.ts())
    left = [key for key in message.files if not world.files[key].deleted]
    if not left:
        return
    for key in left:
        file = world.files[key]
        world.put_file(replace(file, shares=(*file.shares, (message.channel, message.ts))))
    posting.post(call.site, replace(message, files=tuple(left)))


def info(call: Call) -> JSON:
    file = _visible(call)
    if file.deleted:
        raise Refused("file_deleted")
    return {
        "file": shapes.file(call.world, file, origin=call.origin),
        "comments": [],
        "response_metadata": {"next_cursor": ""},
    }


def _visible(call: Call) -> File:
    file = call.world.files.get(call.need("file"))
    if file is None or not may_see(call, file):
        raise Refused("file_not_found")
    return file


def may_see(call: Call, file: File) -> bool:
    """Say whether the app sees a file: its own, shared where it is, or put into its form."""
    me = call.world.app.user
    places = [call.world.channels[channel] for channel, _ in file.shares]
    return file.user == me or not places or any(me in place.members for place in places)


def delete(call: Call) -> JSON:
    file = _visible(call)
    if file.deleted:
        raise Refused("file_deleted")
    if file.user != call.world.app.user:
        raise Refused("cant_delete_file")
    call.world.put_file(replace(file, deleted=True))
    return {}
