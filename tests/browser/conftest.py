"""Windows in Debian's Chromium; without one the browser's tests are skipped and say so."""

import os
import shutil
from pathlib import Path

import pytest
from playwright.async_api import async_playwright, expect

from tests.browser.window import Window

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
QUIETLY = [
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *(
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        "--lang=sv-SE",
    ),
]
WIDE = {"width": 1120, "height": 760}
PATIENCE = 20_000  # milliseconds; a calm machine needs a few hundred


@pytest.fixture
def pictures() -> Path | None:
    """The folder that `make pictures` asks for, or none."""
    folder = os.environ.get("LOTS_PICTURES")
    return Path(folder) if folder else None


@pytest.fixture
async def open_window(pictures):
    """Open a window of its own at an address; an error in a page fails the test."""
    if CHROMIUM is None:
        pytest.skip("there is no Chromium on this machine")
    faults = []
    expect.set_options(timeout=PATIENCE)
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=QUIETLY)

        async def opened(url: str, **options: object) -> Window:
            context = await browser.new_context(
                **{"locale": "sv-SE", "viewport": WIDE, "reduced_motion": "reduce"} | options
            )
            page = await context.new_page()
            page.set_default_timeout(PATIENCE)
            page.on("pageerror", lambda fault: faults.append(fault))  # noqa: PLW0108 - playwright marks what it is given
            await page.goto(url)
            return Window(page, pictures)

        yield opened
        await browser.close()
    assert faults == []
