"""HTTP mode's door: only what Slack signed just now gets in, and nothing is done for anything else."""

import hmac
import json
import time
from collections.abc import AsyncIterator
from pathlib import Path
from urllib.parse import urlencode

import aiohttp
import pytest
from structlog.testing import capture_logs

from bot.http import LARGEST
from tests.people import Town, town
from tests.waiting import until

SECRET = "sandbox-secret"
FORM = "application/x-www-form-urlencoded"
JSON = "application/json"


@pytest.fixture
async def here(sqlite_url: str, tmp_path: Path) -> AsyncIterator[Town]:
    async with town(sqlite_url, tmp_path, mode="http") as made:
        yield made


def command(trigger: str = "T1", text: str = "ny", **more: str) -> bytes:
    said = {
        "command": "/trygghet",
        "text": text,
        "team_id": "T0SANDBOX",
        "user_id": "U0ANNA",
        "channel_id": "C0ALLMANT",
        "trigger_id": trigger,
    }
    return urlencode(said | more).encode()


def signed(body: bytes, *, at: float | None = None, secret: str = SECRET) -> dict[str, str]:
    stamp = str(int(time.time() if at is None else at))
    found = hmac.new(secret.encode(), b"v0:" + stamp.encode() + b":" + body, "sha256").hexdigest()
    return {
        "X-Slack-Request-Timestamp": stamp,
        "X-Slack-Signature": f"v0={found}",
        "Content-Type": FORM,
    }


async def post(here: Town, body: bytes, headers: dict[str, str]) -> int:
    url = f"http://127.0.0.1:{here.settings.http_port}/slack/events"
    async with (
        aiohttp.ClientSession() as session,
        session.post(url, data=body, headers=headers) as answer,
    ):
        assert SECRET not in await answer.text()
        return answer.status


async def drafts(here: Town) -> int:
    """How many applications Anna has been asked to begin."""
    await here.quiet()
    return await _asked(here)


async def begun_once(here: Town) -> None:
    """She has been asked, and not again."""
    await until(lambda: _asked(here))
    assert await drafts(here) == 1


async def _asked(here: Town) -> int:
    return sum("sekret" in text.lower() for text in await here.anna.told())


async def test_what_slack_signed_is_let_in_and_the_same_again_does_nothing_more(here: Town):
    body = command()
    headers = signed(body)

    assert await post(here, body, headers) == 200
    await begun_once(here)
    assert await post(here, body, headers) == 200  # caught on its way, and sent again at once
    await begun_once(here)


async def test_what_is_not_signed_now_and_by_slack_is_refused(here: Town):
    body = command("T2")
    now = time.time()
    good = signed(body)
    other = good | {"X-Slack-Signature": signed(command("T3"))["X-Slack-Signature"]}
    attempts = {
        "nothing": {},
        "no time": {"X-Slack-Signature": good["X-Slack-Signature"]},
        "no signature": {"X-Slack-Request-Timestamp": good["X-Slack-Request-Timestamp"]},
        "empty signature": good | {"X-Slack-Signature": ""},
        "half a signature": good | {"X-Slack-Signature": good["X-Slack-Signature"][:20]},
        "no ASCII": good | {"X-Slack-Signature": "v0=å"},
        "another body's": other,
        "another secret's": signed(body, secret="another"),
        "six minutes old": signed(body, at=now - 360),
        "six minutes ahead": signed(body, at=now + 360),
        "time as a word": good | {"X-Slack-Request-Timestamp": "now"},
        "time as a fraction": good | {"X-Slack-Request-Timestamp": f"{now}"},
        "time of Arabic digits": good | {"X-Slack-Request-Timestamp": "١٧٩٥"},
        "an endless time": good | {"X-Slack-Request-Timestamp": "9" * 4000},
    }
    for name, headers in attempts.items():
        assert await post(here, body, headers | {"Content-Type": FORM}) == 401, name
    assert await post(here, command("T4", ssl_check="1"), {"Content-Type": FORM}) == 401
    assert await post(here, body + b"\xff", good) == 401
    assert await drafts(here) == 0


async def test_a_huge_request_is_refused_even_when_it_is_signed(here: Town):
    body = command("T5", padding="x" * LARGEST)
    url = f"http://127.0.0.1:{here.settings.http_port}/slack/events"

    assert await post(here, body, signed(body)) == 413

    async def drop_by_drop() -> AsyncIterator[bytes]:
        for at in range(0, len(body), 50_000):  # says nothing of its length beforehand
            yield body[at : at + 50_000]

    async with (
        aiohttp.ClientSession() as session,
        session.post(url, data=drop_by_drop(), headers=signed(body)) as answer,
    ):
        assert answer.status == 413
    assert await drafts(here) == 0


NO_PAYLOADS = {
    "cut off": (b'{"type": "event_callback", "event": {"type": "mess', JSON),
    "a list": (b"[]", JSON),
    "a word": (b"null", JSON),
    "a number without end": (b"9" * 5_000, JSON),
    "nested without end": (b'{"a":' * 100_000, JSON),
    "no text": (b"\xff\xfe", JSON),
    "another alphabet": (b"{}", f"{JSON}; charset=utf-9"),
    "a form with half a payload": (b"payload=%7B", FORM),
    "a form with a list": (b"payload=%5B%5D", FORM),
    "a form with a word": (b"payload=null", FORM),
}


async def test_what_is_signed_but_no_payload_is_refused_calmly_and_logged(here: Town):
    for name, (body, kind) in NO_PAYLOADS.items():
        with capture_logs() as log:
            assert await post(here, body, signed(body) | {"Content-Type": kind}) in {400, 401}, name
        assert not [line for line in log if line["log_level"] == "error"], (name, log)
        (line,) = [line for line in log if line["event"] == "refused"]  # a busy machine says more
        assert line["log_level"] == "warning", name
        assert line["reason"] in {"not_slacks", "not_signed"}, name
    assert await post(here, command("T6"), signed(command("T6"))) == 200
    await begun_once(here)


async def test_a_payload_that_says_nothing_is_answered_and_nothing_is_done(here: Town):
    for body, kind in [
        (b"", FORM),
        (b"{}", JSON),
        (b"payload=%7B%7D", FORM),
        (json.dumps({"type": "event_callback"}).encode(), JSON),
        (json.dumps({"type": "event_callback", "event": None, "team": 1}).encode(), JSON),
        (json.dumps({"type": ["x"], "team_id": {}, "user": "U0ANNA"}).encode(), JSON),
    ]:
        with capture_logs() as log:
            status = await post(here, body, signed(body) | {"Content-Type": kind})
        assert status in {200, 400, 404}, (body, status)
        assert not [line for line in log if line["log_level"] == "error"], (body, log)
    assert await drafts(here) == 0


async def test_nothing_else_is_served(here: Town):
    url = f"http://127.0.0.1:{here.settings.http_port}"
    async with aiohttp.ClientSession() as session:
        for method, path in [("GET", "/slack/events"), ("GET", "/"), ("POST", "/slack/install")]:
            async with session.request(method, url + path) as answer:
                assert answer.status in {404, 405}
