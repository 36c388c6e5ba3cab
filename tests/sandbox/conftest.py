"""A running sandbox per test, Slack's own client against it, and its control API."""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable

import pytest
from slack_bolt.adapter.socket_mode.async_handler import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from sandbox.client import Sandbox
from sandbox.server import serve
from sandbox.workspace import load

# What an app can ask for beside what ours does.
SCOPES = ("app_mentions:read", "team:read", "usergroups:read")
EVENTS = ("app_mention", "subteam_members_changed")


@pytest.fixture
async def site():
    workspace = load()
    app = workspace.app
    asks_more = workspace.with_app(scopes=(*app.scopes, *SCOPES), events=(*app.events, *EVENTS))
    async with serve(asks_more) as site:
        site.share_delay = 0.05
        yield site


@pytest.fixture
async def sandbox(site):
    async with Sandbox.connect(site.url) as sandbox:
        yield sandbox


@pytest.fixture
def slack(site) -> AsyncWebClient:
    """Slack's client as a bot has it, without retries of its own."""
    return AsyncWebClient(token="xoxb-sandbox", base_url=f"{site.url}/api/", retry_handlers=[])


@pytest.fixture
def app(slack) -> AsyncApp:
    return AsyncApp(client=slack, process_before_response=True)


@pytest.fixture
async def connected(app, site):
    """Connect the app by Socket Mode; listeners are added to `app` before or after."""
    handler = AsyncSocketModeHandler(app, "xapp-sandbox", ping_interval=1)
    await handler.connect_async()
    await site.courier.sockets.ready(2)
    yield handler
    await handler.close_async()


@pytest.fixture
def refused() -> Callable[[Awaitable[object]], Awaitable[dict]]:
    async def answer(call: Awaitable[object]) -> dict:
        """Slack's answer to a call that it refuses."""
        with pytest.raises(SlackApiError) as refusal:
            await call
        return refusal.value.response.data

    return answer


@pytest.fixture
def until():
    async def wait(condition: Callable[[], object], *, seconds: float = 3.0):
        """What `condition` gives, as soon as that is something."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                while not (found := condition()):  # noqa: ASYNC110 - any condition will do
                    await asyncio.sleep(0.01)
                return found
        raise AssertionError("it never came true")

    return wait


@pytest.fixture
def button():
    def make(action_id: str = "go", value: str = "1", text: str = "Gå") -> dict:
        label = {"type": "plain_text", "text": text}
        return {"type": "button", "action_id": action_id, "value": value, "text": label}

    return make


@pytest.fixture
def modal():
    def make(*blocks: dict, **more: object) -> dict:
        given = list(blocks) or [
            {
                "type": "input",
                "block_id": "reason",
                "label": {"type": "plain_text", "text": "Skäl"},
                "element": {"type": "plain_text_input", "action_id": "text", "max_length": 20},
            }
        ]
        return {
            "type": "modal",
            "callback_id": "form",
            "title": {"type": "plain_text", "text": "Form"},
            "submit": {"type": "plain_text", "text": "Skicka"},
            "blocks": given,
            **more,
        }

    return make
