"""Turns what is owed into outbox rows: which lane it goes in, and whether it is sent at once."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection

from bot.owed import Job, Mail, Note, Owed, Post, Publish, Update, Upload
from storage import conversations, outbox
from storage.outbox import Claim, Claimed, Kind

# Folding an answered question is never urgent; two changes in quick succession become one.
UPDATE_DELAY = timedelta(milliseconds=700)
MAIL = "mail"  # the job that sends a letter


@dataclass(frozen=True, kw_only=True, slots=True)
class _Row:
    kind: Kind
    lane: str | None
    payload: dict[str, Any]
    refers_to: int | None = None
    after: timedelta = timedelta(0)


def store(
    db: Connection, what: Owed, *, at: datetime, claim: Claim | None
) -> tuple[int, str | None, Claimed | None]:
    """Store the row; returns its id, its lane, and the row itself when it is already ours to send.

    It is claimed in this transaction when nothing stands before it, so that an answered question
    costs one transaction.
    """
    row = _row(db, what)
    first = isinstance(what, Update) and what.first
    if row.kind in {"update", "publish"} and row.lane is not None and not first:
        waiting = outbox.replace(db, lane=row.lane, payload=row.payload)
        if waiting is not None:
            return waiting, row.lane, None
    new, claimed = outbox.add(
        db,
        kind=row.kind,
        lane=row.lane,
        refers_to=row.refers_to,
        payload=row.payload,
        at=at,
        due_at=at + row.after,
        claim=claim if _can_go_at_once(db, row) else None,
    )
    return new, row.lane, claimed


def _row(db: Connection, what: Owed) -> _Row:
    match what:
        case Post():
            payload = {"text": what.text, "blocks": what.blocks}
            lane = _conversation(db, what.to)
            return _Row(kind="post", lane=lane, payload=payload, refers_to=what.thread)
        case Upload():
            files = {"text": what.text, "files": what.files}
            lane = _conversation(db, what.to)
            return _Row(kind="upload", lane=lane, payload=files, refers_to=what.thread)
        case Update():
            return _Row(
                kind="update",
                lane=f"update:{what.target}",
                payload={"text": what.text, "blocks": what.blocks},
                refers_to=what.target,
                after=UPDATE_DELAY,
            )
        case Publish():
            return _Row(kind="publish", lane=f"home:{what.user}", payload={"view": what.view})
        case Job():
            work = {"name": what.name, "arguments": what.arguments}
            return _Row(kind="job", lane=None, payload=work)
        case Mail():
            letter = {"name": MAIL, "arguments": {"dispatch": what.dispatch}}
            after = timedelta(seconds=what.after_s)
            return _Row(kind="mail", lane=None, payload=letter, after=after)
        case Note():
            note = {"name": what.name, "arguments": what.arguments}
            after = timedelta(seconds=what.after_s)
            return _Row(kind="mail", lane=None, payload=note, after=after)


def _conversation(db: Connection, to: str) -> str:
    return (conversations.channel(db, to) or to) if to[0] in "UW" else to


def _can_go_at_once(db: Connection, row: _Row) -> bool:
    """Not a person whose channel is unknown, a reply to what is not there, or what can wait."""
    match row:
        case _Row(kind="publish"):
            return True
        case _Row(kind="post" | "upload", lane=str(lane), refers_to=parent):
            known = lane[0] not in "UW"
            return known and (parent is None or outbox.delivery(db, parent).ts is not None)
        case _:
            return False
