"""What came of a story: in the database, in Slack and in the post; to be compared with a calm day's.

Times, ids that only count, and sums of files that hold a time are left out: everything else is the same
however often the bot was killed.
"""

import json
import re
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, Table, func, select

from bot.perform import Perform
from sandbox.site import Site
from storage import tables
from tests.bot.mailbox import Mailbox
from tests.people import BOT, said

_TABLES: tuple[Table, ...] = (
    tables.answers, tables.appendices, tables.case_parties, tables.cases, tables.decisions,
    tables.dispatches, tables.documents, tables.draft_members, tables.drafts, tables.events,
    tables.ledger, tables.ledger_sums, tables.papers, tables.proposals, tables.submissions, tables.texts,
)  # fmt: skip
# Jobs that run at the same time end in any order, and after as many tries as it takes.
_COUNTS = {
    "length",
    "attempts",
    "id",
    "post",
    "draft_id",
    "hash",
    "doubtful",
    "size",
    "message_id",
}
_SUM = re.compile(r"\b[0-9a-f]{64}\b|\b(?=[0-9a-f]*\d)[0-9a-f]{8}\b")
_TIME = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d[0-9:.+Z]*|\b\d\d[.:]\d\d\b|<!date\^[^>]*>")


@dataclass
class Outcome:
    """`rows` by table, `messages` by conversation and text, `letters` by recipient and subject."""

    rows: Counter[str] = field(default_factory=Counter)
    messages: Counter[str] = field(default_factory=Counter)
    letters: Counter[str] = field(default_factory=Counter)
    doubled_messages: int = 0
    doubled_letters: int = 0
    doubtful_letters: int = 0
    given_up: list[str] = field(default_factory=list)


async def outcome(perform: Perform, site: Site, box: Mailbox) -> Outcome:
    found = Outcome()
    found.rows = await perform.read(_rows)
    ids: Counter[int] = Counter()
    every = (m for line in site.world.timelines.values() for m in line.messages.values())
    for message in every:
        if message.user != BOT or message.ephemeral_to is not None:
            continue
        text = said({"text": message.text, "blocks": message.blocks})
        members = site.world.channels[message.channel].members - {BOT}
        where = next(iter(members)) if len(members) == 1 else message.channel
        names = sorted(site.world.files[key].name for key in message.files)
        words = sorted(plain(text).split())  # whoever was first stands first in a list
        found.messages[f"{where}: {plain(text)[:60]} … {' '.join([*words, *names])}"] += 1
        if sent := (message.metadata or {}).get("event_payload", {}).get("id"):
            ids[sent] += 1
    found.doubled_messages = sum(ids.values()) - len(ids)
    mails = Counter(str(letter["Message-ID"]) for _, letter in box.taken)
    found.doubled_letters = sum(mails.values()) - len(mails)
    once = {str(letter["Message-ID"]): (to, letter) for to, letter in box.taken}
    found.letters = Counter(
        f"{to}: {plain(str(letter['Subject']))}" for to, letter in once.values()
    )
    doubtful = select(func.sum(tables.dispatches.c.doubtful))
    found.doubtful_letters = int(await perform.read(lambda db: db.scalar(doubtful)) or 0)
    failed = select(tables.outbox.c.kind, tables.outbox.c.error).where(
        tables.outbox.c.state == "failed"
    )
    found.given_up = [
        f"{r.kind}: {r.error}" for r in await perform.read(lambda db: db.execute(failed).all())
    ]
    return found


def differences(calm: Outcome, stormy: Outcome) -> dict[str, list[str]]:
    """What is missing and what is too much, by kind; nothing when the two came to the same."""
    found = {
        "rows missing": calm.rows - stormy.rows,
        "rows too many": stormy.rows - calm.rows,
        "messages missing": calm.messages - stormy.messages,
        "messages too many": stormy.messages - calm.messages,
        "letters missing": calm.letters - stormy.letters,
        "letters too many": stormy.letters - calm.letters,
    }
    return {kind: sorted(more.elements()) for kind, more in found.items() if more}


def plain(text: str) -> str:
    return " ".join(_TIME.sub("(tid)", _SUM.sub("(summa)", text)).split())


def _rows(db: Connection) -> Counter[str]:
    rows: Counter[str] = Counter()
    for table in _TABLES:
        kept = [c for c in table.columns if c.name not in _COUNTS and not _is_time(c)]
        for row in db.execute(select(*kept)):
            values = {c.name: value for c, value in zip(kept, row, strict=True)}
            if table is tables.events:
                values["body"] = json.loads(values["body"])
            rows[
                f"{table.name}: {plain(json.dumps(_still(values), sort_keys=True, default=str))}"
            ] += 1
    return rows


def _is_time(column: Any) -> bool:
    return isinstance(column.type, tables.Moment)


def _still(value: Any) -> Any:
    """Without what tells when."""
    if isinstance(value, dict):
        return {k: _still(v) for k, v in value.items() if k != "at" and not k.endswith("_at")}
    return [_still(v) for v in value] if isinstance(value, list | tuple) else value
