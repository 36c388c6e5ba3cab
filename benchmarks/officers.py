"""Officers in the middle of an application, as rows; and what each of them does next, as payloads.

A typed officer has five questions of text before her, a pressing officer two of yes and no: what the
outbox posts to one conversation without pacing it. Nobody answers twice in a row.
"""

import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Literal

import orjson
from sqlalchemy import Connection, Table, insert

from bot.ids import ANSWER, About
from storage import tables
from storage.engine import open_writer
from storage.migrations import upgrade

TEAM = "T0BENCH"
How = Literal["text", "press"]
BLOCK = "answer"
_LONG = (
    "Vi vill att fältgruppen arbetar alla kvällar under sommaren kring centrumstråken och "
    "ungdomsgårdarna. Gruppen möter unga där de är, känner skolornas personal och kan ringa "
    "föräldrar samma kväll. Erfarenheten från två tidigare somrar är god & väl dokumenterad."
)
_ANSWERED: dict[str, Any] = {
    "secrecy": "nothing_secret", "administrations": ["socialforvaltningen"],
    "title": "Fältgrupp i centrum", "contact": "Anna Ek, 070-174 06 05", "what": _LONG,
    "reinforces": _LONG, "goal": _LONG, "scope": "cross_sector", "added_value": _LONG,
    "motivation": _LONG,
}  # fmt: skip
_TYPED = {
    "title": "Fältgrupp i centrum", "contact": "Anna Ek, 070-174 06 05", "what": _LONG,
    "reinforces": _LONG, "goal": _LONG,
}  # fmt: skip
_PRESSED = ("direction_linked", "new_activity")
STEPS: dict[How, int] = {"text": len(_TYPED), "press": len(_PRESSED)}


@dataclass(frozen=True, slots=True)
class Officer:
    """Somebody with a draft and a direct message of her own."""

    draft: int
    how: How

    @property
    def user(self) -> str:
        return f"U{self.draft:07d}"

    @property
    def channel(self) -> str:
        return f"D{self.draft:07d}"

    def gesture(self, step: int, *, ts: str, actions_url: str) -> bytes:
        """The envelope of the step's answer, without its id: typed or pressed."""
        if self.how == "text":
            return orjson.dumps(self._typed(said(step), ts))
        return orjson.dumps(self._pressed(_PRESSED[step], ts, actions_url))

    def _typed(self, text: str, ts: str) -> dict[str, Any]:
        event = {
            "user": self.user, "type": "message", "ts": ts, "client_msg_id": ts, "team": TEAM,
            "text": text.replace("&", "&amp;"), "channel": self.channel, "event_ts": ts,
            "channel_type": "im",
            "blocks": [{"type": "rich_text", "block_id": "b1", "elements": [
                {"type": "rich_text_section", "elements": [{"type": "text", "text": text}]}]}],
        }  # fmt: skip
        authorization = {"enterprise_id": None, "team_id": TEAM, "user_id": "U0BOT", "is_bot": True}
        return {
            "token": "t", "team_id": TEAM, "api_app_id": "A0LOTS", "event": event,
            "type": "event_callback", "event_id": f"Ev{ts}", "event_time": int(ts[:10]),
            "authorizations": [authorization], "is_ext_shared_channel": False,
            "event_context": "4-bench",
        }  # fmt: skip

    def _pressed(self, key: str, ts: str, actions_url: str) -> dict[str, Any]:
        value = str(About(self.draft, key, 0, "no"))
        button = {
            "type": "button", "block_id": BLOCK, "action_id": f"{ANSWER}:no", "value": value,
            "text": {"type": "plain_text", "text": "Nej", "emoji": False},
        }  # fmt: skip
        section = {"type": "section", "text": {"type": "mrkdwn", "text": _LONG}}
        message = {
            "user": "U0BOT", "type": "message", "ts": ts, "bot_id": "B0BOT", "app_id": "A0LOTS",
            "text": _LONG, "team": TEAM,
            "blocks": [section, section, section, {"type": "actions", "elements": [button]}],
        }  # fmt: skip
        user = {"id": self.user, "username": self.user, "name": self.user, "team_id": TEAM}
        return {
            "type": "block_actions", "user": user, "api_app_id": "A0LOTS", "token": "t",
            "container": {"type": "message", "message_ts": ts, "channel_id": self.channel},
            "trigger_id": f"{ts}.{self.draft}", "team": {"id": TEAM, "domain": "bench"},
            "enterprise": None, "is_enterprise_install": False,
            "channel": {"id": self.channel, "name": "directmessage"}, "message": message,
            "state": {"values": {}}, "response_url": actions_url + str(self.draft),
            "actions": [button | {"action_ts": ts}],
        }  # fmt: skip


def said(step: int) -> str:
    """What is typed at this step; the same again for whoever has more questions."""
    return list(_TYPED.values())[step % len(_TYPED)]


def gesture(how: How, step: int) -> str:
    """What is typed at this step, or which question is answered with no."""
    return said(step) if how == "text" else _PRESSED[step]


def seed(path: Path, *, typed: int, pressing: int, idle: int) -> list[Officer]:
    """Make the database: the officers who will answer, and `idle` open drafts of others."""
    url = f"sqlite:///{path}"
    upgrade(url)
    everybody = [
        Officer(number, "text" if number <= typed else "press")
        for number in range(1, typed + pressing + idle + 1)
    ]
    engine = open_writer(url)
    with engine.begin() as db:
        db.exec_driver_sql("BEGIN IMMEDIATE")
        for start in range(0, len(everybody), 1000):
            _insert(db, everybody[start : start + 1000])
    with engine.connect() as db:
        db.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    engine.dispose()
    return everybody[: typed + pressing]


def _insert(db: Connection, officers: list[Officer]) -> None:
    at = datetime.now(UTC) - timedelta(days=20)  # longer ago than catch-up looks
    rows: dict[str, list[dict[str, Any]]] = {}
    for officer in officers:
        for table, row in _rows(officer, at):
            rows.setdefault(table, []).append(row)
    for name, many in rows.items():
        table: Table = tables.metadata.tables[name]
        db.execute(insert(table), many)


def _rows(officer: Officer, at: datetime) -> Iterator[tuple[str, dict[str, Any]]]:
    person, number = f"{TEAM}:{officer.user}", officer.draft
    answered = list(_ANSWERED.items())[: 2 if officer.how == "text" else None]
    yield "people", {
        "id": person, "email": "", "name": officer.user, "deleted": False, "restricted": False,
        "seen_at": at,
    }  # fmt: skip
    yield "conversations", {"channel": officer.channel, "user": officer.user, "active_at": at}
    yield "drafts", {
        "id": number, "state": "open", "stage": "proposal", "form_version": 1, "added_at": at,
        "changed_at": at,
    }  # fmt: skip
    yield "draft_members", {
        "draft_id": number, "person": person, "role": "owner", "added_at": at
    }  # fmt: skip
    yield "outbox", {
        "id": number, "kind": "post", "lane": officer.channel, "state": "sent", "attempts": 1,
        "due_at": at, "finished_at": at, "channel": officer.channel,
        "ts": f"{at.timestamp():.6f}",
    }  # fmt: skip
    yield "positions", {
        "person": person, "draft_id": number, "saw": 0, "post": number,
        "asked": "title" if officer.how == "text" else _PRESSED[0],
    }  # fmt: skip
    for key, value in answered:
        yield "answers", {
            "draft_id": number, "key": key, "value": value, "by": person, "at": at, "basis": "",
            "number": 1,
        }  # fmt: skip


def gestures_stored(path: Path) -> int:
    """How many gestures the database has: each was one answer here."""
    with sqlite3.connect(path) as db:
        return int(db.execute("SELECT count(*) FROM gestures").fetchone()[0])
