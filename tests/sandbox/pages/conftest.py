"""Windows in Chromium, an app that acknowledges everything, and a modal opened by a press."""

import re
import shutil

import pytest
from playwright.async_api import async_playwright, expect

from tests.sandbox.pages.drawn import actions

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
QUIETLY = [
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
]
PATIENCE = 30_000  # milliseconds; a slow machine is no failure
expect.set_options(timeout=PATIENCE)


@pytest.fixture
async def open_as(site):
    """Open a window of its own as a person; a page error fails the test."""
    if CHROMIUM is None:
        pytest.skip("there is no Chromium on this machine")
    faults = []
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=QUIETLY)

        async def open_window(person: str, rest: str = "", **options: object):
            context = await browser.new_context(locale="sv-SE", **options)
            window = await context.new_page()
            window.set_default_timeout(PATIENCE)
            window.on("pageerror", lambda fault: faults.append(fault))  # noqa: PLW0108 - playwright marks what it is given
            await window.goto(f"{site.url}/as/{person}/{rest}")
            return window

        yield open_window
        await browser.close()
    assert faults == []


@pytest.fixture
def answering(app, connected):
    """Let the app note what it gets and acknowledge it."""
    got = []

    async def note(ack, body):
        await ack()
        got.append(body)

    app.event("message")(note)
    app.event("app_home_opened")(note)
    app.action(re.compile("^(?!silent)"))(note)
    return got


@pytest.fixture
async def form(app, connected, slack, button, open_as):
    """Open a modal as Karin by pressing a button with the keyboard."""

    async def opened(view: dict):
        @app.action("open")
        async def show(ack, body, client):
            await ack()
            await client.views_open(trigger_id=body["trigger_id"], view=view)

        blocks = [actions(button("open", text="Öppna"))]
        await slack.chat_postMessage(channel="C0KLG", text="x", blocks=blocks)
        karin = await open_as("U0KARIN", "C0KLG")
        await karin.get_by_role("button", name="Öppna").focus()
        await karin.keyboard.press("Enter")
        await karin.get_by_role("dialog", name="Form").wait_for()
        return karin

    return opened
