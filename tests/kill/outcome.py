"""What came of a story: in the database, in Slack and in the post; to be compared with a calm day's.

Times, ids that only count, and sums of files that hold a time are left out: everything else is the same
however often the bot was killed.
"""

import asyncio
import json
import re
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Table, func, select

from bot.perform import Perform
from bot.rebuilding import rebuilt
from bot.verifying import walked
from sandbox.site import Site
from storage import tables
from storage.chain import Broken
from tests.bot.mailbox import Mailbox
from tests.kill.real_bot import ERRORS
from tests.people import BOT, said

_TABLES: tuple[Table, ...] = (
    tables.answers, tables.appendices, tables.case_parties, tables.cases, tables.decisions,
    tables.dispatches, tables.documents, tables.draft_members, tables.drafts, tables.events,
    tables.due_reports, tables.ledger, tables.ledger_sums, tables.papers, tables.proposals,
    tables.reminders, tables.report_submissions, tables.submissions, tables.texts,
)  # fmt: skip
TOLD = "mottagare har"  # fått det: to the secretary, with which letters may stand twice
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
# Events name a text by its number, which counts also what was rolled back: it is compared by its words.
_WORDS = {"reason", "points", "reservations", "not_participating", "disqualified", "proposals"}
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
    doubled_notes: int = 0  # of those, about no single decision
    doubtful_letters: int = 0  # decisions, counted by their dispatches
    doubtful_notes: int = 0  # the others, by the tries of their rows
    given_up: list[str] = field(default_factory=list)
    broken: list[str] = field(default_factory=list)  # chains, and read models that differ


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
    found.doubled_notes = sum(n - 1 for one, n in mails.items() if one.startswith("<letter."))
    once = {str(letter["Message-ID"]): (to, letter) for to, letter in box.taken}
    found.letters = Counter(
        f"{to}: {plain(str(letter['Subject']))}" for to, letter in once.values()
    )
    doubtful = select(func.sum(tables.dispatches.c.doubtful))
    found.doubtful_letters = int(await perform.read(lambda db: db.scalar(doubtful)) or 0)
    again = select(func.sum(tables.outbox.c.attempts - 1)).where(tables.outbox.c.kind == "mail")
    found.doubtful_notes = int(await perform.read(lambda db: db.scalar(again)) or 0)
    failed = select(tables.outbox.c.kind, tables.outbox.c.error).where(
        tables.outbox.c.state == "failed"
    )
    found.given_up = [
        f"{r.kind}: {r.error}" for r in await perform.read(lambda db: db.execute(failed).all())
    ]
    found.broken = [str(one) async for one in walked(perform) if isinstance(one, Broken)]
    found.broken += [str(one) async for one in rebuilt(perform)]
    return found


def differences(calm: Outcome, stormy: Outcome) -> dict[str, list[str]]:
    """What is missing and what is too much, by kind; nothing when the two came to the same.

    A letter may have come twice when its dispatch counts that; the secretary is then told so, and that
    message is another than the calm day's.
    """
    found = {
        "rows missing": calm.rows - stormy.rows,
        "rows too many": stormy.rows - calm.rows,
        "messages missing": calm.messages - stormy.messages,
        "messages too many": stormy.messages - calm.messages,
        "letters missing": calm.letters - stormy.letters,
        "letters too many": stormy.letters - calm.letters,
    }
    if stormy.doubtful_letters:
        for kind in ("messages missing", "messages too many"):
            found[kind] = Counter({text: n for text, n in found[kind].items() if TOLD not in text})
    wrong = {kind: sorted(more.elements()) for kind, more in found.items() if more}
    if stormy.doubled_messages:
        wrong["messages doubled"] = [str(stormy.doubled_messages)]
    decisions = stormy.doubled_letters - stormy.doubled_notes
    if decisions > stormy.doubtful_letters or stormy.doubled_notes > stormy.doubtful_notes:
        wrong["letters doubled and not counted"] = [f"{decisions} and {stormy.doubled_notes}"]
    if stormy.given_up or stormy.broken:
        wrong["given up or broken"] = [*stormy.given_up, *stormy.broken]
    return wrong


async def standstill(perform: Perform, site: Site, folder: Path) -> str:
    """How things stand when something never came: what is owed, what Slack gave up, the last errors."""
    owed = select(*(c for c in tables.outbox.c if c.name != "payload"))
    rows = await perform.read(
        lambda db: db.execute(owed.where(tables.outbox.c.finished_at.is_(None))).all()
    )
    lost = [one.report() for one in site.courier.log if one.given_up][-5:]
    errors = await asyncio.to_thread(_lines, folder / ERRORS)
    return "\n".join(
        [
            f"{site.courier.sockets.count} sockets, {len(rows)} rows owed, {len(errors)} errors",
            *(f"owed: {dict(row._mapping)}" for row in rows[:10]),
            *(f"given up: {str(one)[:300]}" for one in lost),
            *errors[-5:],
        ]
    )


def _lines(file: Path) -> list[str]:
    return file.read_text().splitlines() if file.exists() else []


def plain(text: str) -> str:
    return " ".join(_TIME.sub("(tid)", _SUM.sub("(summa)", text)).split())


def _rows(db: Connection) -> Counter[str]:
    rows: Counter[str] = Counter()
    words = {row.id: row.body for row in db.execute(select(tables.texts))}
    for table in _TABLES:
        kept = [c for c in table.columns if c.name not in _COUNTS and not _is_time(c)]
        for row in db.execute(select(*kept)):
            values = {c.name: value for c, value in zip(kept, row, strict=True)}
            if table is tables.events:
                values["body"] = json.loads(values["body"])
            still = json.dumps(_still(values, words), sort_keys=True, default=str)
            rows[f"{table.name}: {plain(still)}"] += 1
    return rows


def _is_time(column: Any) -> bool:
    return isinstance(column.type, tables.Moment)


def _still(value: Any, words: dict[int, str]) -> Any:
    """Without what tells when, and with the words that a text's number stands for."""
    if isinstance(value, dict):
        return {
            k: words[v] if k in _WORDS and isinstance(v, int) else _still(v, words)
            for k, v in value.items()
            if k != "at" and not k.endswith("_at")
        }
    return [_still(v, words) for v in value] if isinstance(value, list | tuple) else value
