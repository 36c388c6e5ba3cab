"""Socket Mode: Bolt answers each payload, and its answer is the ack; no answer, and Slack tries again.

The SDK's client reconnects by itself. It forgets two things: to ask for a new ticket when the old one
no longer works, and to wait for those who are still working when it is closed.
"""

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import aiohttp
import structlog
from slack_bolt.adapter.socket_mode.async_internals import (
    run_async_bolt_app,
    send_async_response,
)
from slack_bolt.app.async_app import AsyncApp
from slack_sdk.errors import SlackApiError
from slack_sdk.socket_mode.aiohttp import SocketModeClient
from slack_sdk.socket_mode.async_client import AsyncBaseSocketModeClient
from slack_sdk.socket_mode.request import SocketModeRequest

from bot.slack import NotReached, Slack, TryLater, Unknown

log = structlog.get_logger(__name__)

_LOOK_EVERY_S = 1.0
_NEW_TICKET_AFTER_S = 15.0
_LOST_AFTER_S = 90.0
_STOP_WITHIN_S = 20.0
_PING_EVERY_S = 10.0


class Socket:
    """One connection to Slack. `reconnected` is called after each interruption."""

    def __init__(
        self, app: AsyncApp, slack: Slack, app_token: str, *, reconnected: Callable[[], None]
    ) -> None:
        self._app = app
        self._slack = slack
        self._app_token = app_token
        self._reconnected = reconnected
        self._client = SocketModeClient(
            app_token=app_token,
            web_client=app.client,
            proxy=app.client.proxy,
            ping_interval=_PING_EVERY_S,
        )
        self._client.proxy = app.client.proxy  # or the client takes the environment's all the same
        self._client.socket_mode_request_listeners.append(self._receive)
        self._client.message_listeners.append(self._hear)
        self._heard_hello = False
        self._working: set[asyncio.Task[Any]] = set()
        self._stopping = False

    async def connect(self) -> None:
        """Raises Refused when the app token is not valid; waits for a Slack that is away."""
        while True:
            try:
                self._client.wss_uri = await self._slack.ticket(self._app_token)
                break
            except (TryLater, NotReached, Unknown) as away:
                log.warning("Slack is away; tried again", why=str(away))
                await asyncio.sleep(_LOOK_EVERY_S)
        await self._client.connect()  # type: ignore[no-untyped-call]

    async def is_connected(self) -> bool:
        return bool(await self._client.is_connected())

    async def watch(self) -> None:
        """Reconnect at once when the connection is gone; the client looks only every ten seconds.

        Returns when Slack has been out of reach for so long that a new process should try.
        """
        away_since: float | None = None
        reconnecting: asyncio.Task[None] | None = None
        try:
            while True:
                await asyncio.sleep(_LOOK_EVERY_S)
                if await self.is_connected():
                    away_since = None
                    continue
                now = asyncio.get_running_loop().time()
                away_since = now if away_since is None else away_since
                if now - away_since > _LOST_AFTER_S:
                    log.critical("Slack is out of reach", seconds=_LOST_AFTER_S)
                    return
                if now - away_since > _NEW_TICKET_AFTER_S:
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
        except (SlackApiError, aiohttp.ClientError, TimeoutError) as away:
            log.warning("not reconnected; tried again", why=type(away).__name__)

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
        if self._heard_hello:
            self._reconnected()
        self._heard_hello = True


@asynccontextmanager
async def connected(
    app: AsyncApp, slack: Slack, app_token: str, *, reconnected: Callable[[], None]
) -> AsyncIterator[Socket]:
    """Connected to Slack for as long as this lasts."""
    socket = Socket(app, slack, app_token, reconnected=reconnected)
    try:
        await socket.connect()
        yield socket
    finally:
        await socket.close()
