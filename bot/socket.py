"""Socket Mode: Bolt answers each payload, and its answer is the ack; no answer, and Slack tries again.

The SDK's client reconnects by itself. It forgets three things: to ask for a new ticket when the old one
no longer works, to give up a connection where Slack never says hello, and to wait for those who are
still working when it is closed. A connection that no longer answers pings is found by aiohttp.
"""

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from typing import Any

import aiohttp
import structlog
from slack_bolt.adapter.socket_mode.async_internals import (
    run_async_bolt_app,
    send_async_response,
)
from slack_bolt.app.async_app import AsyncApp
from slack_sdk.socket_mode.aiohttp import SocketModeClient
from slack_sdk.socket_mode.async_client import AsyncBaseSocketModeClient
from slack_sdk.socket_mode.request import SocketModeRequest
from slack_sdk.socket_mode.response import SocketModeResponse

from bot.slack import NotReached, Refused, Slack, TryLater, Unknown

log = structlog.get_logger(__name__)

_LOOK_EVERY_S = 1.0
_NEW_TICKET_AFTER_S = 15.0
_LOST_AFTER_S = 90.0
_CONNECT_WITHIN_S = 30.0
_STOP_WITHIN_S = 3.0  # by then Slack has given up waiting for an ack
# The work of a payload that does not need Bolt, which says whether to ack it; None for any other.
Straight = Callable[[dict[str, Any]], Coroutine[Any, Any, bool] | None]


class Socket:
    """One connection to Slack. `reconnected` is called after each interruption."""

    def __init__(
        self,
        app: AsyncApp,
        slack: Slack,
        app_token: str,
        *,
        reconnected: Callable[[], None],
        straight: Straight,
        ping_every_s: float,
    ) -> None:
        self._app = app
        self._straight = straight
        self._slack = slack
        self._app_token = app_token
        self._reconnected = reconnected
        self._client = SocketModeClient(
            app_token=app_token,
            web_client=app.client,
            proxy=app.client.proxy,
            ping_interval=ping_every_s,
        )
        self._hello_within_s = 2 * ping_every_s
        self._client.proxy = app.client.proxy  # or the client takes the environment's all the same
        # The client's own way to a ticket fails with a bug of its own on an answer that is no JSON.
        self._client.issue_new_wss_url = self._ticket  # type: ignore[method-assign]
        self._client.socket_mode_request_listeners.append(self._receive)
        self._client.message_listeners.append(self._hear)
        self._greeted: aiohttp.ClientWebSocketResponse | None = None
        self._working: set[asyncio.Task[Any]] = set()
        self._stopping = False

    async def connect(self) -> None:
        """Raises Refused when the app token is not valid; waits for a Slack that is away."""
        while True:
            try:
                self._client.wss_uri = await self._ticket()
                # The client would try one ticket for ever.
                async with asyncio.timeout(_CONNECT_WITHIN_S):
                    await self._client.connect()  # type: ignore[no-untyped-call]
                break
            except (TryLater, NotReached, Unknown, TimeoutError) as away:
                log.warning("Slack is away; tried again", why=str(away) or type(away).__name__)
                await asyncio.sleep(_LOOK_EVERY_S)

    async def is_connected(self) -> bool:
        return bool(await self._client.is_connected())

    async def watch(self) -> None:
        """Reconnect at once when the connection is gone or silent; the client looks every ten seconds.

        Returns when Slack has been out of reach for so long that a new process should try.
        """
        fine_at = newest_at = asyncio.get_running_loop().time()
        newest = self._client.current_session
        reconnecting: asyncio.Task[None] | None = None
        try:
            while True:
                await asyncio.sleep(_LOOK_EVERY_S)
                now = asyncio.get_running_loop().time()
                connected, session = await self.is_connected(), self._client.current_session
                if session is not newest:
                    newest, newest_at = session, now
                if connected and session is self._greeted:
                    fine_at = now
                    continue
                if now - fine_at > _LOST_AFTER_S:
                    log.critical("Slack is out of reach", seconds=_LOST_AFTER_S)
                    return
                if connected and now - newest_at <= self._hello_within_s:
                    continue
                if connected and session is not None:
                    log.warning("Slack says no hello on this connection; another is opened")
                    await session.close()
                if now - fine_at > _NEW_TICKET_AFTER_S:
                    self._client.wss_uri = None
                if reconnecting is None or reconnecting.done():
                    reconnecting = asyncio.create_task(self._reconnect())
        finally:
            if reconnecting is not None:
                reconnecting.cancel()
                await asyncio.wait([reconnecting])

    async def _reconnect(self) -> None:
        try:
            await self._client.connect_to_new_endpoint()
        except TryLater as wait:
            log.warning("not reconnected; tried again", why=f"asked to wait {wait.after} s")
            await asyncio.sleep(wait.after)
        except (Refused, NotReached, Unknown, aiohttp.ClientError, TimeoutError) as away:
            log.warning("not reconnected; tried again", why=str(away) or type(away).__name__)

    async def _ticket(self) -> str:
        return await self._slack.ticket(self._app_token)

    async def close(self) -> None:
        """Take nothing more, wait for those who are working (they still ack), then close."""
        self._stopping = True
        if self._working:
            await asyncio.wait(self._working, timeout=_STOP_WITHIN_S)
        client = self._client
        tasks = [client.message_processor, client.current_session_monitor, client.message_receiver]
        await client.close()  # type: ignore[no-untyped-call]
        await asyncio.gather(*(task for task in tasks if task is not None), return_exceptions=True)

    async def _receive(self, client: AsyncBaseSocketModeClient, request: SocketModeRequest) -> None:
        if self._stopping:
            return
        task = asyncio.current_task()
        assert task is not None  # the client runs its listeners in tasks
        self._working.add(task)
        try:
            work = self._straight(request.payload)
            if work is not None:
                if await work:
                    done = SocketModeResponse(envelope_id=request.envelope_id)
                    await client.send_socket_mode_response(done)
                return
            started = time.perf_counter()
            response = await run_async_bolt_app(self._app, request)
            await send_async_response(client, request, response, started)
        finally:
            self._working.discard(task)

    async def _hear(
        self, _client: AsyncBaseSocketModeClient, message: dict[str, Any], _raw: str | None
    ) -> None:
        if message.get("type") != "hello":
            return
        if self._greeted is not None:
            self._reconnected()
        self._greeted = self._client.current_session


@asynccontextmanager
async def connected(
    app: AsyncApp,
    slack: Slack,
    app_token: str,
    *,
    reconnected: Callable[[], None],
    straight: Straight = lambda _payload: None,
    ping_every_s: float = 10,
) -> AsyncIterator[Socket]:
    """Connected to Slack for as long as this lasts. A silent connection is left after two pings."""
    socket = Socket(
        app,
        slack,
        app_token,
        reconnected=reconnected,
        straight=straight,
        ping_every_s=ping_every_s,
    )
    try:
        await socket.connect()
        yield socket
    finally:
        await socket.close()
