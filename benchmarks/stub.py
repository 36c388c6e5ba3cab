"""A Slack that costs next to nothing: the Web API as a bare protocol, and one socket for Socket Mode.

It knows no rules (the sandbox does). It answers ok, tells where a message was posted and when, and
counts connections, so that what is measured is the app and not its Slack.
"""

import asyncio
import time
from collections import Counter
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from itertools import count
from typing import Any, cast
from urllib.parse import parse_qs

import orjson
from aiohttp import WSMsgType, web

TEAM, BOT, KLG = "T0BENCH", "U0BOT", "C0KLG"
_HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/json; charset=utf-8\r\nContent-Length: %d\r\n\r\n"
_IDENTITY = {
    "team": "Bench", "team_id": TEAM, "user": "lots", "user_id": BOT, "bot_id": "B0BOT",
    "url": "https://bench.slack.com/",
}  # fmt: skip


class Stub:
    """What the app did: `posted(channel)` is called for each message, `acked(envelope)` for each ack."""

    def __init__(self) -> None:
        self.posted: Callable[[str], None] = _nobody
        self.acked: Callable[[str], None] = _nobody
        self.calls: Counter[str] = Counter()
        self.connections = 0
        self.api_url = ""
        self.socket_url = ""
        self.connected = asyncio.Event()
        self._socket: web.WebSocketResponse | None = None
        self._last = count(int(time.time() * 1_000_000))

    def ts(self) -> str:
        """Slack's timestamp: never the same twice, later each time."""
        number = next(self._last)
        return f"{number // 1_000_000}.{number % 1_000_000:06d}"

    async def send(self, envelope: bytes) -> None:
        assert self._socket is not None
        await self._socket.send_str(envelope.decode())

    def answer(self, method: str, body: bytes) -> bytes:
        self.calls[method] += 1
        return orjson.dumps({"ok": True} | self._answer(method, body))

    def _answer(self, method: str, body: bytes) -> dict[str, Any]:
        match method:
            case "chat.postMessage":
                channel = orjson.loads(body)["channel"]
                self.posted(channel)
                return {"channel": channel, "ts": self.ts(), "message": {"type": "message"}}
            case "auth.test":
                return _IDENTITY
            case "apps.connections.open":
                return {"url": self.socket_url}
            case "users.lookupByEmail":
                email = parse_qs(body.decode())["email"][0]
                return {"user": _user(f"U0{email.partition('@')[0].upper()}", email)}
            case "users.info":
                return {"user": _user(parse_qs(body.decode())["user"][0], "")}
            case "conversations.list":
                return {"channels": [{"id": KLG, "name": "klg-trygghet", "is_member": True}]}
            case "conversations.history":
                return {"messages": [], "has_more": False}
            case _:
                return {}

    async def serve_socket(self, request: web.Request) -> web.WebSocketResponse:
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        await socket.send_str('{"type":"hello","num_connections":1}')
        self._socket = socket
        self.connected.set()
        async for message in socket:
            if message.type is WSMsgType.TEXT:
                self.acked(orjson.loads(message.data)["envelope_id"])
        self.connected.clear()
        return socket


class _WebApi(asyncio.Protocol):
    """HTTP/1.1 as far as aiohttp's client speaks it: a head, a content length, keep-alive."""

    def __init__(self, stub: Stub) -> None:
        self._stub = stub
        self._received = b""
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)  # uvloop's is no subclass
        self._stub.connections += 1

    def data_received(self, data: bytes) -> None:
        self._received += data
        while (end := self._received.find(b"\r\n\r\n")) >= 0:
            head = self._received[:end]
            _, _, after = head.lower().partition(b"content-length:")
            length = int(after.split(b"\r\n", 1)[0] or 0)
            if len(self._received) < end + 4 + length:
                return
            body = self._received[end + 4 : end + 4 + length]
            self._received = self._received[end + 4 + length :]
            method = head.split(b" ", 2)[1].rpartition(b"/")[2].decode()
            answer = self._stub.answer(method, body)
            assert self._transport is not None
            self._transport.write(_HEAD % len(answer) + answer)


@asynccontextmanager
async def serve() -> AsyncIterator[Stub]:
    """The stub on two ports of this machine, until the block ends."""
    stub = Stub()
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: _WebApi(stub), "127.0.0.1", 0)
    site = web.Application()
    site.router.add_get("/link", stub.serve_socket)
    runner = web.AppRunner(site, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    stub.api_url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/api/"
    stub.socket_url = f"ws://127.0.0.1:{runner.addresses[0][1]}/link?ticket=bench"
    try:
        yield stub
    finally:
        server.close()
        await runner.cleanup()


def _user(user: str, email: str) -> dict[str, Any]:
    profile = {"email": email, "real_name": user}
    return {"id": user, "team_id": TEAM, "deleted": False, "profile": profile}


def _nobody(_: str) -> None:
    """Nothing is measured now."""
