"""Files into a conversation, as one message. Slack shares them some time after it has said ok.

The files' ids are committed before the bytes go: what is uncertain is looked for by them, and a
share that did not come is deleted before everything is begun anew.
"""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any, Protocol

from bot.owed import FileToSend
from bot.sending import Later, Outcome, Sent
from bot.slack import Refused, Slack
from storage.outbox import Claimed

_FIRST_LOOK_S = 0.1
_LOOK_EVERY_S = 3.0
_LONGEST_ALT = 1000
_GONE = {"file_not_found", "file_deleted"}

Keep = Callable[[list[str] | None], Awaitable[bool]]


class Files(Protocol):
    """The file store; see bot/files.py."""

    async def get(self, sha256: str) -> bytes: ...


async def upload(
    slack: Slack,
    row: Claimed,
    *,
    channel: str,
    thread: str | None,
    files: Files,
    keep: Keep,
    patience_s: float,
) -> Outcome:
    """`keep` commits the ids of the files in Slack; it answers False when the row is not ours."""
    if row.file_ids:
        # An earlier attempt may have shared them.
        ts = await _shared(slack, row.file_ids[0], channel=channel, patience_s=patience_s)
        if ts is not None:
            return Sent(channel, ts)
        for file_id in row.file_ids:
            await _delete(slack, file_id)
    contents = [await files.get(file["sha256"]) for file in row.payload["files"]]
    places = [
        await slack.query("files.getUploadURLExternal", **_described(file, len(content)))
        for file, content in zip(row.payload["files"], contents, strict=True)
    ]
    file_ids = [str(place["file_id"]) for place in places]
    if not await keep(file_ids):
        return Later(0, "taken over")
    for place, content in zip(places, contents, strict=True):
        await slack.upload(place["upload_url"], content)
    await slack.call("files.completeUploadExternal", _message(row, file_ids, channel, thread))
    ts = await _shared(slack, file_ids[0], channel=channel, patience_s=patience_s)
    if ts is not None:
        return Sent(channel, ts)
    for file_id in file_ids:
        await _delete(slack, file_id)
    await keep(None)
    return Later(1, "not shared")


def _described(file: FileToSend, length: int) -> dict[str, str | int]:
    alt = file.get("alt", "")
    described: dict[str, str | int] = {"filename": file["name"], "length": length}
    return described | ({"alt_txt": alt[:_LONGEST_ALT]} if alt else {})


def _message(row: Claimed, file_ids: list[str], channel: str, thread: str | None) -> dict[str, Any]:
    titles = [file["title"] for file in row.payload["files"]]
    body: dict[str, Any] = {
        "files": [
            {"id": file_id, "title": title} for file_id, title in zip(file_ids, titles, strict=True)
        ],
        "channel_id": channel,
    }
    if row.payload["text"]:
        body["initial_comment"] = row.payload["text"]
    if thread is not None:
        body["thread_ts"] = thread
    return body


async def _shared(slack: Slack, file_id: str, *, channel: str, patience_s: float) -> str | None:
    """The message that shares the file, waited for; None when it does not come or never will."""
    waited, pause = 0.0, _FIRST_LOOK_S
    while True:
        try:
            answer = await slack.query("files.info", file=file_id)
        except Refused as no:
            if no.error in _GONE:
                return None
            raise
        ts = _share(answer["file"], channel)
        if ts is not None or waited >= patience_s:
            return ts
        await asyncio.sleep(pause)
        waited += pause
        pause = min(2 * pause, _LOOK_EVERY_S)


def _share(file: dict[str, Any], channel: str) -> str | None:
    for places in (file.get("shares") or {}).values():
        for share in places.get(channel, []):
            return str(share["ts"])
    return None


async def _delete(slack: Slack, file_id: str) -> None:
    try:
        await slack.call("files.delete", {"file": file_id})
    except Refused as no:
        if no.error not in _GONE:
            raise
