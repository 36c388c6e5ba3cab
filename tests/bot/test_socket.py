"""The socket takes nothing more when it closes, lets the working finish, and outlives Slack's pauses."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest
from aiohttp import web
from slack_bolt.app.async_app import AsyncApp
from yarl import URL

from bot.slack import Refused, Slack, Unknown, is_slacks, open_slack
from bot.socket import connected
from sandbox.client import Sandbox
from sandbox.server import serve
from sandbox.site import Site
from sandbox.workspace import load
from tests.waiting import until

ANNA = "U0ANNA"


@pytest.fixture
async def site() -> AsyncIterator[Site]:
    async with serve(load(), time_scale=0.01) as site:
        yield site


@pytest.fixture
async def slack(site: Site) -> AsyncIterator[Slack]:
    async with open_slack("xoxb-sandbox", url=f"{site.url}/api/", timeout_s=2) as slack:
        yield slack


@pytest.fixture
async def sandbox(site: Site) -> AsyncIterator[Sandbox]:
    async with Sandbox.connect(site.url) as sandbox:
        yield sandbox


class Hears:
    """An app that is slow, and remembers what it has heard and finished."""

    def __init__(self, slack: Slack) -> None:
        self.app = AsyncApp(client=slack.client, process_before_response=True)
        self.app.event("message")(self._listen)
        self.begun: list[str] = []
        self.done: list[str] = []
        self.go_on = asyncio.Event()
        self.go_on.set()

    async def _listen(self, event: dict[str, Any]) -> None:
        self.begun.append(event["text"])
        await self.go_on.wait()
        self.done.append(event["text"])

    async def heard(self, *texts: str) -> None:
        async def all_of_them() -> bool:
            return set(texts) <= set(self.begun)

        await until(all_of_them)


async def test_what_is_begun_is_finished_and_acked_when_it_closes(
    slack: Slack, sandbox: Sandbox
) -> None:
    hears = Hears(slack)
    hears.go_on.clear()
    async with connected(hears.app, slack, "xapp-sandbox", reconnected=_nothing) as socket:
        for number in range(20):
            await sandbox.say(ANNA, str(number))
        await hears.heard(*map(str, range(20)))
        closing = asyncio.create_task(socket.close())
        await asyncio.sleep(0.05)
        hears.go_on.set()
        await closing
    assert len(hears.done) == 20
    messages = [row for row in await sandbox.deliveries() if row["type"] == "message"]
    assert [row["acked"] for row in messages] == [True] * 20


async def test_what_comes_while_it_closes_is_not_begun(slack: Slack, sandbox: Sandbox) -> None:
    hears = Hears(slack)
    hears.go_on.clear()
    async with connected(hears.app, slack, "xapp-sandbox", reconnected=_nothing) as socket:
        await sandbox.say(ANNA, "före")
        await hears.heard("före")
        closing = asyncio.create_task(socket.close())
        await asyncio.sleep(0.05)
        await sandbox.say(ANNA, "efter")
        await asyncio.sleep(0.1)
        hears.go_on.set()
        await closing
    assert hears.begun == ["före"]


async def test_nothing_is_left_running_when_it_is_closed(slack: Slack) -> None:
    before = asyncio.all_tasks()
    async with connected(Hears(slack).app, slack, "xapp-sandbox", reconnected=_nothing):
        pass
    await asyncio.sleep(0)
    ours = [t for t in asyncio.all_tasks() - before if "aiohttp/web_protocol" not in repr(t)]
    assert ours == []


@pytest.mark.parametrize("way", ["refresh_requested", "abrupt"])
async def test_it_reconnects_and_says_so(
    slack: Slack, sandbox: Sandbox, site: Site, way: str
) -> None:
    hears = Hears(slack)
    again: list[int] = []
    async with connected(
        hears.app, slack, "xapp-sandbox", reconnected=lambda: again.append(1)
    ) as it:
        watching = asyncio.create_task(it.watch())
        await sandbox.say(ANNA, "före")
        await hears.heard("före")
        await sandbox.faults(drop_socket=way)

        async def reconnected() -> bool:
            return bool(again)

        await until(reconnected)
        await sandbox.say(ANNA, "efter")
        await hears.heard("efter")
        watching.cancel()
        await asyncio.wait([watching])


@pytest.mark.parametrize(
    "fault", [{"drop_socket": "silent"}, {"drop_socket": "abrupt", "no_hello": 1}]
)
async def test_a_connection_that_has_silently_died_is_left_for_another(
    slack: Slack, sandbox: Sandbox, fault: dict[str, Any]
) -> None:
    hears = Hears(slack)
    again: list[int] = []
    async with connected(
        hears.app,
        slack,
        "xapp-sandbox",
        reconnected=lambda: again.append(1),
        ping_every_s=0.5,
    ) as it:
        watching = asyncio.create_task(it.watch())
        await sandbox.say(ANNA, "före")
        await hears.heard("före")
        await sandbox.faults(**fault)

        async def reconnected() -> bool:
            return bool(again)

        await until(reconnected)
        await sandbox.say(ANNA, "efter")
        await hears.heard("efter")
        watching.cancel()
        await asyncio.wait([watching])


async def test_a_slack_that_is_away_at_the_start_is_waited_for(
    slack: Slack, sandbox: Sandbox
) -> None:
    await sandbox.faults(away=1.2)
    hears = Hears(slack)
    async with connected(hears.app, slack, "xapp-sandbox", reconnected=_nothing) as socket:
        assert await socket.is_connected()
        await sandbox.say(ANNA, "hej")
        await hears.heard("hej")


async def test_a_wrong_app_token_stops_the_start(slack: Slack) -> None:
    with pytest.raises(Refused, match="invalid_auth"):
        async with connected(Hears(slack).app, slack, "xapp-wrong", reconnected=_nothing):
            pass


# --- the calls themselves ------------------------------------------------------------------------


async def test_a_file_is_downloaded_with_our_token(slack: Slack, sandbox: Sandbox) -> None:
    url = await _shared(sandbox)
    assert await slack.download(url, limit=100) == b"innehall"
    with pytest.raises(Refused, match="too_large"):
        await slack.download(url, limit=5)


@pytest.mark.parametrize(
    "url",
    ["https://evil.example/f", "https://slack.com.evil.example/f", "https://evilslack.com/f",
     "https://files.slack.com@evil.example/f", "http://files.slack.com/f", "file:///etc/passwd",
     "https://files.slack.com:8443/f", "https://169.254.169.254/latest", "//evil.example/f", "",
     "https://[::1/f", "https://evil.example\\@files.slack.com/f"],
)  # fmt: skip
async def test_the_token_goes_nowhere_but_to_slack(url: str) -> None:
    assert not is_slacks(url, "https://slack.com/api/") or URL(url).host == "files.slack.com"
    async with open_slack("xoxb-ours") as ours:
        with pytest.raises(Refused, match="download_elsewhere"):
            await ours.download(url.replace("\\@files.slack.com", ""), limit=100)


def test_slack_keeps_files_at_hosts_of_its_own() -> None:
    for url in (
        "https://files.slack.com/f",
        "https://slack.com/f",
        "https://a.enterprise.slack.com/f",
    ):
        assert is_slacks(url, "https://slack.com/api/")


async def test_the_token_follows_no_redirect(site: Site, sandbox: Sandbox) -> None:
    asked: list[str] = []

    async def elsewhere(request: web.Request) -> web.Response:
        asked.append(request.path)
        raise web.HTTPFound(f"{site.url}/files-pri/there")

    app = web.Application()
    app.router.add_get("/file", elsewhere)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    try:
        async with open_slack("xoxb-ours", url=f"{url}/api/") as ours:
            with pytest.raises(Refused, match="download_refused"):
                await ours.download(f"{url}/file", limit=100)
    finally:
        await runner.cleanup()
    assert asked == ["/file"]


async def test_a_login_page_is_no_file(site: Site, sandbox: Sandbox) -> None:
    url = await _shared(sandbox)
    async with open_slack("xoxb-wrong", url=f"{site.url}/api/") as stranger:
        with pytest.raises(Refused, match="download"):
            await stranger.download(url, limit=100)


async def test_one_connection_serves_many_calls(slack: Slack, site: Site) -> None:
    for _ in range(10):
        await slack.identity()
    connector = slack.session.connector
    assert connector is not None
    assert sum(len(kept) for kept in connector._conns.values()) == 1  # type: ignore[attr-defined]


async def test_an_error_of_slacks_own_leaves_doubt(slack: Slack, sandbox: Sandbox) -> None:
    for error in ("internal_error", "fatal_error", "service_unavailable"):
        await sandbox.faults(error={"method": "auth.test", "error": error, "count": 1})
        with pytest.raises(Unknown, match=error):
            await slack.identity()


async def _shared(sandbox: Sandbox) -> str:
    await sandbox.upload(ANNA, {"bilaga.txt": b"innehall"})
    (message,) = await sandbox.messages(ANNA)
    return str(message["files"][0]["url_private"])


def _nothing() -> None:
    pass
