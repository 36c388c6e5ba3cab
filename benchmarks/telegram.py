"""Telegram at next to no cost: the Bot API as far as a bot that polls for updates and sends messages.

As with Slack's stub nothing is measured or refused here. Telegram has no ack to wait for: an update
counts as read when the next ones are asked for, before anything has been done with it.
"""

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from itertools import count
from typing import Any
from urllib.parse import parse_qs

import orjson

from benchmarks.officers import How, said
from benchmarks.wire import Reply, listening

TOKEN = "42:bench"
_BOT = {"id": 42, "is_bot": True, "first_name": "bench", "username": "bench_bot"}
_MOST = 100  # updates in one answer, as Telegram has it


@dataclass(frozen=True, slots=True)
class Chat:
    """Somebody in the middle of a form."""

    number: int
    how: How = "text"

    @property
    def channel(self) -> str:
        return str(self.number)


class Telegram:
    """What the app did: `posted(chat)` is called for each message."""

    acks = False

    def __init__(self) -> None:
        self.posted: Callable[[str], None] = lambda _: None
        self.acked: Callable[[str], None] = lambda _: None
        self.connections = 0
        self.connected = asyncio.Event()
        self.address = ""
        self._numbers = count(1)
        self._updates: list[dict[str, Any]] = []
        self._asking: Reply | None = None
        self._late: asyncio.TimerHandle | None = None

    def settings(self) -> dict[str, str]:
        """What an app is told of it."""
        return {"TELEGRAM_API_URL": self.address, "TELEGRAM_TOKEN": TOKEN}

    async def deliver(self, chat: Chat, step: int, _envelope: str) -> None:
        """What the person answers at this step, in the next answer to whoever polls."""
        number, person = next(self._numbers), {"id": chat.number, "first_name": "Anna"}
        message = {
            "message_id": number, "date": int(time.time()), "text": said(step),
            "from": person | {"is_bot": False}, "chat": person | {"type": "private"},
        }  # fmt: skip
        self._updates.append({"update_id": number, "message": message})
        asyncio.get_running_loop().call_soon(self._hand_over)

    def answer(self, method: str, body: bytes, reply: Reply) -> None:
        match method:
            case "getUpdates":
                self._polled(parse_qs(body.decode()), reply)
            case "sendMessage":
                chat = parse_qs(body.decode())["chat_id"][0]
                self.posted(chat)
                reply(_ok(self._message(int(chat))))
            case "getMe":
                reply(_ok(_BOT))
            case _:
                reply(_ok(True))

    def connection_made(self) -> None:
        self.connections += 1

    def _polled(self, asked: dict[str, list[str]], reply: Reply) -> None:
        """Answer when there is something, or when the asking has lasted as long as it said."""
        self._asking = reply
        if self._late is not None:
            self._late.cancel()
        patience = float(asked.get("timeout", ["0"])[0])
        self._late = asyncio.get_running_loop().call_later(patience, self._hand_over, True)
        self.connected.set()
        self._hand_over()

    def _hand_over(self, late: bool = False) -> None:  # noqa: FBT001, FBT002  of a timer
        if self._asking is None or not (self._updates or late):
            return
        reply, self._asking = self._asking, None
        now, self._updates = self._updates[:_MOST], self._updates[_MOST:]
        reply(_ok(now))

    def _message(self, chat: int) -> dict[str, Any]:
        where = {"id": chat, "type": "private", "first_name": "Anna"}
        return {"message_id": next(self._numbers), "date": int(time.time()), "chat": where}


@asynccontextmanager
async def serve() -> AsyncIterator[Telegram]:
    """The stub on a port of this machine, until the block ends."""
    stub = Telegram()
    async with listening(stub.answer, stub.connection_made) as address:
        stub.address = address
        yield stub


def _ok(result: object) -> bytes:
    return orjson.dumps({"ok": True, "result": result})
