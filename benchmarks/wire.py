"""HTTP/1.1 at next to no cost, as far as HTTP clients speak it: a head, a content length, keep-alive.

What is answered stands in the stubs of Slack and of Telegram; an answer may also come later.
"""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import cast

Reply = Callable[[bytes], None]
Answer = Callable[[str, bytes, Reply], None]  # the address's last part, the body, and the way back
_HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/json; charset=utf-8\r\nContent-Length: %d\r\n\r\n"


class _Http(asyncio.Protocol):
    def __init__(self, answer: Answer, connected: Callable[[], None]) -> None:
        self._answer = answer
        self._connected = connected
        self._received = b""
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)  # uvloop's is no subclass
        self._connected()

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
            self._answer(method, body, self._reply)

    def _reply(self, content: bytes) -> None:
        if self._transport is not None and not self._transport.is_closing():
            self._transport.write(_HEAD % len(content) + content)


@asynccontextmanager
async def listening(answer: Answer, connected: Callable[[], None]) -> AsyncIterator[str]:
    """The address of a port of this machine that answers; `connected` is called per connection."""
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: _Http(answer, connected), "127.0.0.1", 0)
    try:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    finally:
        server.close()
