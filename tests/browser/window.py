"""A person at her window in Chromium: she finds what she needs by what it says, and waits until it is there."""

import asyncio
from base64 import b64encode
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from playwright.async_api import Locator, Page, expect

PHONE: dict[str, Any] = {"viewport": {"width": 390, "height": 844}, "has_touch": True}
DARK: dict[str, Any] = {"color_scheme": "dark"}


@dataclass(frozen=True)
class Window:
    """One page of the local Slack, open as one person. `pictures` is where they go; None takes none."""

    page: Page
    pictures: Path | None

    @property
    def log(self) -> Locator:
        return self.page.locator("#log")

    @property
    def thread(self) -> Locator:
        return self.page.locator("#thread-log")

    @property
    def form(self) -> Locator:
        return self.page.get_by_role("dialog")

    # In the conversation.

    async def says(self, text: str) -> None:
        field = self.page.get_by_role("textbox", name="Skriv till")
        await field.fill(text)
        await field.press("Enter")

    async def sees(self, text: str) -> Locator:
        """Wait for the newest message that says it."""
        message = self.log.get_by_role("article").filter(has_text=text).last
        await expect(message).to_be_visible()
        return message

    async def is_asked(self, question: str) -> None:
        """Wait until the question is the newest thing said, so that it is this one she answers."""
        await expect(self.log.get_by_role("article").last).to_contain_text(question)

    async def answers(self, question: str, text: str) -> None:
        await self.is_asked(question)
        await self.says(text)

    async def chooses(self, question: str, button: str) -> None:
        await self.is_asked(question)
        await self.presses(button)

    async def presses(self, label: str) -> None:
        """Press the newest button that says exactly this."""
        await self.log.get_by_role("button", name=label, exact=True).last.click()

    async def ticks(self, *options: str) -> None:
        """Choose in the newest list of several, and send it."""
        await _tick(self.log.locator(".multi").last, options)
        await self.presses("Svara")

    async def picks(self, date: str) -> None:
        """Choose a date in the newest date picker of the conversation."""
        await self.log.get_by_label("Datum").last.fill(date)

    async def drops(self, name: str, content: bytes) -> None:
        """Attach a file and send it."""
        file = {"name": name, "mimeType": "application/pdf", "buffer": content}
        await self.page.get_by_label("Bifoga filer").set_input_files(file)
        await self.page.get_by_role("button", name="Skicka", exact=True).click()

    # In a modal.

    async def fills(self, values: dict[str, str], *, button: str = "Spara") -> None:
        """Fill in the modal by its labels, send it, and see it go."""
        await self.writes(values)
        await self.sends(button)

    async def writes(self, values: dict[str, str]) -> None:
        for label, value in values.items():
            field = self.form.get_by_label(label).first
            if await field.get_attribute("role") == "radiogroup":
                await field.get_by_label(value, exact=True).check()
            elif await field.evaluate("field => field.tagName") == "SELECT":
                await field.select_option(label=value)
            else:
                await field.fill(value)

    async def ticks_in_form(self, *options: str) -> None:
        await _tick(self.form.locator(".multi"), options)

    async def sends(self, button: str) -> None:
        await self.form.get_by_role("button", name=button, exact=True).click()
        await expect(self.form).to_have_count(0)

    async def leaves(self) -> None:
        """Close it: a window that nobody looks at is drawn anew at every event all the same."""
        await self.page.context.close()

    # For docs/pictures.

    async def picture(
        self, name: str, *, width: int = 0, height: int = 0, settle: float = 0
    ) -> None:
        """Keep what the window looks like, when pictures are asked for; `settle`: seconds to wait."""
        if self.pictures is None:
            return
        if width:
            await self.page.set_viewport_size({"width": width, "height": height})
        await self.page.mouse.move(0, 0)  # nothing is hovered over
        await asyncio.sleep(settle or 0.3)
        await self.page.screenshot(path=self.pictures / f"{name}.png")


async def _tick(chooser: Locator, options: tuple[str, ...]) -> None:
    await chooser.locator("summary").click()
    for option in options:
        await chooser.get_by_label(option, exact=True).check()
    await chooser.locator("summary").click()


async def side_by_side(name: str, *windows: Window) -> None:
    """One picture of several windows, as they stand beside each other on a screen."""
    pictures = windows[0].pictures
    if pictures is None:
        return
    for window in windows:
        await window.page.mouse.move(0, 0)
    shots = [b64encode(await window.page.screenshot()).decode() for window in windows]
    drawn = "".join(f'<img src="data:image/png;base64,{shot}" width="700">' for shot in shots)
    page = await windows[0].page.context.new_page()
    await page.set_viewport_size({"width": 700 * len(windows) + 16, "height": 475})
    await page.set_content(f'<body style="margin:0;display:flex;gap:16px;background:#888">{drawn}')
    await page.screenshot(path=pictures / f"{name}.png")
    await page.close()
