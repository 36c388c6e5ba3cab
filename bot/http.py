"""The door in HTTP mode: what Slack has not signed, just now and in a reasonable size, never gets in.

Nothing of a request is parsed, and of one without the right headers nothing is even read, before that.
"""

import asyncio

import structlog
from aiohttp import web
from slack_bolt.adapter.aiohttp import to_aiohttp_response, to_bolt_request
from slack_bolt.app.async_app import AsyncApp
from slack_sdk.signature import SignatureVerifier

from bot.metrics import Metrics

PATH = "/slack/events"
LARGEST = 1_000_000  # bytes; Slack's largest is a form of some 250,000
READ_WITHIN_S = 5  # Slack itself gives up after 3
log = structlog.get_logger(__name__)


def site(app: AsyncApp, secret: str, metrics: Metrics) -> web.Application:
    """Bolt at /slack/events, behind the door. `secret` is the app's signing secret."""
    verifier = SignatureVerifier(secret)

    def refused(reason: str, status: int) -> web.Response:
        log.warning("refused", reason=reason)
        metrics.refusals.labels(reason).inc()
        return web.Response(status=status)

    async def take(request: web.Request) -> web.Response:
        at = request.headers.get("X-Slack-Request-Timestamp", "")
        signature = request.headers.get("X-Slack-Signature", "")
        if not (at.isascii() and at.isdecimal() and len(at) <= 12 and signature):  # noqa: PLR2004  digits
            return refused("not_signed", 401)
        if (request.content_length or 0) > LARGEST:
            return refused("too_large", 413)
        try:
            async with asyncio.timeout(READ_WITHIN_S):
                body = await request.read()
        except web.HTTPRequestEntityTooLarge:
            return refused("too_large", 413)
        except TimeoutError:
            return refused("too_slow", 408)
        if not _is_slacks(verifier, body, at, signature):
            return refused("not_signed", 401)
        try:
            asked = await to_bolt_request(request)
            if not isinstance(asked.body, dict):
                return refused("not_slacks", 400)
        except (ValueError, TypeError, AttributeError, LookupError, RecursionError):
            return refused(
                "not_slacks", 400
            )  # signed all the same: our secret, or a proxy that cuts
        return await to_aiohttp_response(await app.async_dispatch(asked))

    application = web.Application(client_max_size=LARGEST)
    application.router.add_post(PATH, take)
    return application


def _is_slacks(verifier: SignatureVerifier, body: bytes, at: str, signature: str) -> bool:
    """Signed with our secret, and at most five minutes old."""
    try:
        return verifier.is_valid(body, at, signature)
    except (ValueError, TypeError):  # bytes that are no text; a signature that is no ASCII
        return False
