"""The Socket Mode side: open connections, envelopes out, acknowledgements in.

Each envelope goes to exactly one of the app's connections, in turn. A connection that has been told
to disconnect gets nothing new, but what it still acknowledges counts.
"""

import asyncio
import contextlib
import time
from typing import Any

from aiohttp import WSMsgType, web

from sandbox.faults import Faults
from sandbox.world import JSON

MAX_CONNECTIONS = 10
_GRACE = 1.0  # seconds between "disconnect" and the closing; Slack gives about ten
_HOST = "applink-sandbox"


class Sockets:
    """All connections of the app."""

    def __init__(self, faults: Faults) -> None:
        self._faults = faults
        self._open: list[tuple[web.WebSocketResponse, web.Request]] = []
        self._waiting: dict[str, asyncio.Future[JSON]] = {}
        self._joined = asyncio.Event()
        self._leaving: set[asyncio.Task[None]] = set()
        self._silent: set[web.WebSocketResponse] = set()
        self._turn = 0

    @property
    def count(self) -> int:
        return len(self._open)

    async def serve(self, request: web.Request, *, app_id: str) -> web.WebSocketResponse:
        """Hold one connection from hello to its end."""
        socket = web.WebSocketResponse(autoping=False)
        await socket.prepare(request)
        if len(self._open) >= MAX_CONNECTIONS:
            await socket.send_json(_disconnect("too_many_websockets"))
            await socket.close()
            return socket
        entry = (socket, request)
        self._open.append(entry)
        try:
            if self._faults.take("no_hello"):
                self._silent.add(socket)
            else:
                await socket.send_json(_hello(app_id, self.count))
            self._joined.set()
            async for frame in socket:
                if frame.type is WSMsgType.PING and socket not in self._silent:
                    await socket.pong(frame.data)
                if frame.type is WSMsgType.TEXT and socket not in self._silent:
                    self._acknowledge(frame.json())
        finally:
            self._silent.discard(socket)
            self._drop(entry)
        return socket

    def _acknowledge(self, frame: JSON) -> None:
        waiting = self._waiting.pop(frame.get("envelope_id", ""), None)
        if waiting is not None and not waiting.done():
            waiting.set_result(frame)

    def _drop(self, entry: tuple[web.WebSocketResponse, web.Request]) -> None:
        if entry in self._open:
            self._open.remove(entry)
        if not self._open:
            self._joined.clear()

    async def ready(self, patience: float) -> bool:
        """Wait a while for a connection."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(patience):
                await self._joined.wait()
        return bool(self._open)

    async def exchange(self, envelope: JSON, *, timeout: float) -> JSON | None:  # noqa: ASYNC109
        """Send an envelope to one connection and wait for its acknowledgement; None if none."""
        if not self._open or self._faults.is_away:
            return None
        self._turn += 1
        socket, _ = self._open[self._turn % len(self._open)]
        answer: asyncio.Future[JSON] = asyncio.get_running_loop().create_future()
        self._waiting[envelope["envelope_id"]] = answer
        try:
            async with asyncio.timeout(timeout):
                if socket not in self._silent:
                    await socket.send_json(envelope)
                return await answer
        except (TimeoutError, ConnectionError):
            return None
        finally:
            self._waiting.pop(envelope["envelope_id"], None)

    async def disconnect(self, reason: str) -> int:
        """Ask every connection to leave, or cut them off (`abrupt`). Returns how many.

        `silent`: they stay open, and nothing is read or answered there any more, as when a router on
        the way has forgotten them. The sandbox goes on as if they heard it.
        """
        if reason == "silent":
            self._silent |= {socket for socket, _ in self._open}
            return len(self._open)
        leaving, self._open = self._open, []
        self._joined.clear()
        for socket, request in leaving:
            if reason == "abrupt":
                if request.transport is not None:
                    request.transport.abort()
                continue
            with contextlib.suppress(ConnectionError):
                await socket.send_json(_disconnect(reason))
            task = asyncio.create_task(_leave(socket))
            self._leaving.add(task)
            task.add_done_callback(self._leaving.discard)
        return len(leaving)

    async def close(self) -> None:
        """Close every connection, those that have been asked to leave too."""
        for task in self._leaving:
            task.cancel()
        await asyncio.gather(*self._leaving, return_exceptions=True)
        for socket, _ in list(self._open):
            await socket.close(code=1001)


async def _leave(socket: web.WebSocketResponse) -> None:
    try:
        await asyncio.sleep(_GRACE)
    finally:
        await socket.close(code=1001)


def _hello(app_id: str, connections: int) -> JSON:
    return {
        "type": "hello",
        "num_connections": connections,
        "connection_info": {"app_id": app_id},
        "debug_info": _debug() | {"build_number": 1, "approximate_connection_time": 18060},
    }


def _disconnect(reason: str) -> JSON:
    return {"type": "disconnect", "reason": reason, "debug_info": {"host": _HOST}}


def _debug() -> dict[str, Any]:
    return {"host": _HOST, "started": time.strftime("%Y-%m-%d %H:%M:%S.000")}
