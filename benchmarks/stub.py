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
from typing import Any
from urllib.parse import parse_qs

import orjson
from aiohttp import WSMsgType, web

from benchmarks.officers import TEAM, Officer
from benchmarks.wire import Reply, listening

BOT, KLG = "U0BOT", "C0KLG"
_IDENTITY = {
    "team": "Bench", "team_id": TEAM, "user": "lots", "user_id": BOT, "bot_id": "B0BOT",
    "url": "https://bench.slack.com/",
}  # fmt: skip


class Stub:
    """What the app did: `posted(channel)` is called for each message, `acked(envelope)` for each ack."""

    acks = True

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
        self._shared: dict[str, str] = {}  # the channel of each file

    def ts(self) -> str:
        """Slack's timestamp: never the same twice, later each time."""
        number = next(self._last)
        return f"{number // 1_000_000}.{number % 1_000_000:06d}"

    def settings(self) -> dict[str, str]:
        """What an app is told of it."""
        return {
            "SLACK_BOT_TOKEN": "xoxb-bench",
            "SLACK_APP_TOKEN": "xapp-bench",
            "SLACK_API_URL": self.api_url,
        }

    async def deliver(self, officer: Officer, step: int, envelope: str) -> None:
        """What the officer does at this step, through the socket."""
        assert self._socket is not None
        kind = b"events_api" if officer.how == "text" else b"interactive"
        payload = officer.gesture(
            step, ts=self.ts(), actions_url=self.api_url.replace("/api/", "/actions/")
        )
        sent = b'{"envelope_id":"%s","type":"%s","accepts_response_payload":false,"payload":%s}' % (
            envelope.encode(),
            kind,
            payload,
        )
        await self._socket.send_str(sent.decode())

    def answer(self, method: str, body: bytes, reply: Reply) -> None:
        self.calls[method] += 1
        reply(orjson.dumps({"ok": True} | self._answer(method, body)))

    def connection_made(self) -> None:
        self.connections += 1

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
            case "conversations.open":
                return {"channel": {"id": f"D{orjson.loads(body)['users'][1:]}"}}
            case method if method.startswith("files."):
                return self._file(method, body)
            case _:
                return {}

    def _file(self, method: str, body: bytes) -> dict[str, Any]:
        """A file is shared as soon as it is there."""
        match method:
            case "files.getUploadURLExternal":
                return {"upload_url": f"{self.api_url}upload", "file_id": f"F{next(self._last)}"}
            case "files.completeUploadExternal":
                done = orjson.loads(body)
                self._shared |= {file["id"]: done["channel_id"] for file in done["files"]}
                return {"files": done["files"]}
            case _:
                channel = self._shared[parse_qs(body.decode())["file"][0]]
                return {"file": {"shares": {"private": {channel: [{"ts": self.ts()}]}}}}

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


@asynccontextmanager
async def serve() -> AsyncIterator[Stub]:
    """The stub on two ports of this machine, until the block ends."""
    stub = Stub()
    site = web.Application()
    site.router.add_get("/link", stub.serve_socket)
    runner = web.AppRunner(site, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    stub.socket_url = f"ws://127.0.0.1:{runner.addresses[0][1]}/link?ticket=bench"
    try:
        async with listening(stub.answer, stub.connection_made) as address:
            stub.api_url = f"{address}/api/"
            yield stub
    finally:
        await runner.cleanup()


def _user(user: str, email: str) -> dict[str, Any]:
    profile = {"email": email, "real_name": user}
    return {"id": user, "team_id": TEAM, "deleted": False, "profile": profile}


def _nobody(_: str) -> None:
    """Nothing is measured now."""
