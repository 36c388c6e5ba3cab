"""Signed requests to the app's own address, for apps that run without Socket Mode."""

import hashlib
import hmac
import json
import time
from dataclasses import dataclass
from urllib.parse import urlencode

import aiohttp

from sandbox.world import JSON


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back: `failed` is Slack's retry reason, `""` when the app answered 200."""

    failed: str
    body: JSON | str | None = None


def signature(secret: str, *, timestamp: str, body: bytes) -> str:
    """Sign as Slack does: `v0=` + HMAC-SHA256 of `v0:<timestamp>:<body>`."""
    base = b"v0:" + timestamp.encode() + b":" + body
    return "v0=" + hmac.new(secret.encode(), base, hashlib.sha256).hexdigest()


def _encoded(kind: str, payload: JSON) -> tuple[bytes, str]:
    if kind == "events_api":
        return json.dumps(payload).encode(), "application/json"
    fields = payload if kind == "slash_commands" else {"payload": json.dumps(payload)}
    return urlencode(fields).encode(), "application/x-www-form-urlencoded"


async def post_signed(
    session: aiohttp.ClientSession,
    url: str,
    *,
    kind: str,
    payload: JSON,
    secret: str,
    timeout: float,  # noqa: ASYNC109 - the 3 s are part of the protocol
    retry: tuple[int, str] | None = None,
) -> Answer:
    """Post one payload and read the answer. Never raises for what the network does."""
    body, content_type = _encoded(kind, payload)
    timestamp = str(int(time.time()))
    headers = {
        "Content-Type": content_type,
        "X-Slack-Request-Timestamp": timestamp,
        "X-Slack-Signature": signature(secret, timestamp=timestamp, body=body),
        "User-Agent": "Slackbot 1.0 (+https://api.slack.com/robots)",
    }
    if retry is not None:
        headers |= {"X-Slack-Retry-Num": str(retry[0]), "X-Slack-Retry-Reason": retry[1]}
    try:
        limit = aiohttp.ClientTimeout(total=timeout)
        async with session.post(url, data=body, headers=headers, timeout=limit) as response:
            text = await response.text()
            if response.status != 200:  # noqa: PLR2004 - HTTP's own number
                stop = response.headers.get("X-Slack-No-Retry") == "1"
                return Answer("no_retry" if stop else "http_error")
            return Answer("", _body(text, response.content_type))
    except TimeoutError:
        return Answer("http_timeout")
    except aiohttp.ClientError:
        return Answer("connection_failed")


def _body(text: str, content_type: str) -> JSON | str | None:
    if not text:
        return None
    if content_type == "application/json":
        parsed: JSON | str = json.loads(text)
        return parsed
    return text
