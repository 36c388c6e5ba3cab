"""Calls to Slack's Web API over one shared connection pool, and what their failures mean.

A call that failed was either refused, not begun, or may have been done all the same: the outbox
must know which. Nothing here is repeated; only the outbox does that.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import aiohttp
import orjson
from slack_sdk.web.async_client import AsyncWebClient
from yarl import URL

TOO_MANY_REQUESTS = 429
_NOT_BEGUN = (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError)
_FOR_FILES = aiohttp.ClientTimeout(total=300, sock_connect=5, sock_read=30)
_LOCAL = {"127.0.0.1", "localhost", "::1"}
# Slack says these of itself; "it's possible some aspect of the operation succeeded" (fatal_error).
_MAYBE_DONE = {"fatal_error", "internal_error", "request_timeout", "service_unavailable"}


class Refused(Exception):  # noqa: N818  these four are answers
    """Slack answered no, and did nothing. `error` is Slack's name for the reason."""

    def __init__(self, error: str, details: list[str] | None = None) -> None:
        super().__init__(error, *(details or []))
        self.error = error


class TryLater(Exception):  # noqa: N818
    """Nothing was done: Slack asks us to wait `after` seconds (429)."""

    def __init__(self, after: float) -> None:
        super().__init__(after)
        self.after = after


class NotReached(Exception):  # noqa: N818
    """No connection could be opened, so nothing was done."""


class Unknown(Exception):  # noqa: N818
    """A timeout, a dropped connection or a 5xx: it may have been done, or be done later."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Identity:
    """Who the bot is in its workspace; `url` is the workspace's own address, with a slash at its end."""

    team: str
    user: str
    bot: str
    url: str = ""


class Slack:
    """`call` for what we do ourselves; `client` for Bolt and what it does for us."""

    def __init__(self, session: aiohttp.ClientSession, client: AsyncWebClient) -> None:
        self.client = client
        self.user = ""  # who we are, once `identity` has been asked
        self._session = session
        self._authorization = {"Authorization": f"Bearer {client.token}"}
        self._json = self._authorization | {"Content-Type": "application/json; charset=utf-8"}

    async def call(self, method: str, body: dict[str, Any]) -> dict[str, Any]:
        """A method that takes a JSON body. Raises Refused, TryLater, NotReached or Unknown."""
        return await self._ask(method, data=orjson.dumps(body), headers=self._json)

    async def query(self, method: str, **arguments: str | int) -> dict[str, Any]:
        """A method that takes a form. Raises as `call` does."""
        return await self._ask(method, data=arguments, headers=self._authorization)

    async def identity(self) -> Identity:
        """Raises as `call` does; Refused when the token is not valid."""
        me = await self.query("auth.test")
        self.user = str(me["user_id"])
        return Identity(
            team=me["team_id"], user=self.user, bot=me.get("bot_id", ""), url=me.get("url", "")
        )

    async def ticket(self, app_token: str) -> str:
        """Where a socket may connect, once. Raises as `call` does."""
        headers = {"Authorization": f"Bearer {app_token}"}
        answer = await self._ask("apps.connections.open", data=None, headers=headers)
        return str(answer["url"])

    async def upload(self, url: str, content: bytes) -> None:
        """Send a file's bytes to the address that files.getUploadURLExternal gave."""
        try:
            async with self._session.post(
                url, data=content, proxy=self._proxy, timeout=_FOR_FILES
            ) as answer:
                if not answer.ok:
                    raise Unknown(f"upload answered {answer.status}")
        except (aiohttp.ClientError, TimeoutError) as failure:
            raise Unknown(str(failure)) from failure

    async def download(self, url: str, *, limit: int) -> bytes:
        """A file that a person shared. Raises Refused("too_large") above `limit` bytes.

        The token goes to Slack's own host alone, and follows no redirect; a login page instead of a
        file is Refused.
        """
        if not is_slacks(url, self.client.base_url):
            raise Refused("download_elsewhere")
        try:
            async with self._session.get(
                url,
                headers=self._authorization,
                allow_redirects=False,
                proxy=self._proxy,
                timeout=_FOR_FILES,
            ) as answer:
                if not answer.ok or answer.status != 200:  # noqa: PLR2004  a redirect is "ok"
                    raise Refused("download_refused", [str(answer.status)])
                if answer.content_type == "text/html":
                    raise Refused("download_is_a_login_page")
                content = bytearray()
                async for chunk in answer.content.iter_chunked(1 << 16):
                    content += chunk
                    if len(content) > limit:
                        raise Refused("too_large")
                return bytes(content)
        except _NOT_BEGUN as failure:
            raise NotReached(str(failure)) from failure
        except (aiohttp.ClientError, TimeoutError) as failure:
            raise Unknown(str(failure)) from failure

    @property
    def session(self) -> aiohttp.ClientSession:
        """The shared session, for addresses that Slack gave us (a press's response_url)."""
        return self._session

    @property
    def _proxy(self) -> str | None:
        return self.client.proxy or None

    async def _ask(self, method: str, *, data: Any, headers: dict[str, str]) -> dict[str, Any]:
        try:
            async with self._session.post(
                self.client.base_url + method, data=data, headers=headers, proxy=self._proxy
            ) as answer:
                if answer.status == TOO_MANY_REQUESTS:
                    raise TryLater(_retry_after(answer))
                if answer.status >= 300:  # noqa: PLR2004  a redirect, a proxy's page, a 5xx
                    raise Unknown(f"{method} answered {answer.status}")
                result: dict[str, Any] = orjson.loads(await answer.read())
        except _NOT_BEGUN as failure:
            raise NotReached(str(failure)) from failure
        except (aiohttp.ClientError, TimeoutError, orjson.JSONDecodeError) as failure:
            raise Unknown(f"{method}: {type(failure).__name__}") from failure
        if result.get("ok"):
            return result
        error = str(result.get("error"))
        if error in {"ratelimited", "rate_limited"}:
            raise TryLater(_retry_after(answer))
        if error in _MAYBE_DONE:
            raise Unknown(f"{method}: {error}")
        raise Refused(error, result.get("response_metadata", {}).get("messages"))


@asynccontextmanager
async def open_slack(
    token: str, *, url: str = "https://slack.com/api/", timeout_s: float = 10
) -> AsyncIterator[Slack]:
    """One session for everything: the SDK otherwise opens a connection per call."""
    connector = aiohttp.TCPConnector(limit=64)
    timeout = aiohttp.ClientTimeout(total=timeout_s, sock_connect=timeout_s / 2)
    async with aiohttp.ClientSession(connector=connector, timeout=timeout) as session:
        client = AsyncWebClient(token=token, base_url=url, session=session, retry_handlers=[])
        if urlsplit(url).hostname in _LOCAL:
            client.proxy = None
        yield Slack(session, client)


def is_slacks(url: str, api: str) -> bool:
    """Whether an address is at the host that has Slack's API, or at one under it (files.slack.com)."""
    try:
        there, home = URL(url), URL(api)
        same = (there.host, there.port) == (home.host, home.port)
    except ValueError:
        return False
    under = (there.host or "").endswith(f".{home.host}") and there.is_default_port()
    return there.scheme == home.scheme and (same or under)


def _retry_after(answer: aiohttp.ClientResponse) -> float:
    try:
        return max(0.1, float(answer.headers.get("Retry-After", "1")))
    except ValueError:
        return 1.0
