"""Windows in Chromium: who one is, what is unread, on a phone, and with the sandbox away."""

import re

import pytest
from playwright.async_api import Error, expect

from tests.sandbox.pages.drawn import actions, log, section

pytestmark = pytest.mark.browser


async def test_unread_is_marked_until_it_has_been_seen(open_as, slack):
    await slack.chat_postMessage(channel="C0KLG", text="Läs mig")
    karin = await open_as("U0KARIN")
    room = karin.locator('[data-room="C0KLG"]')
    await expect(room.get_by_label("1 olästa")).to_be_visible()
    await expect(karin).to_have_title(re.compile(r"^\(1\)"))
    await room.click()
    await expect(karin.locator('[data-room="C0KLG"] .unread')).to_be_hidden()


async def test_one_becomes_somebody_else_by_keyboard_alone(open_as):
    anna = await open_as("U0ANNA")
    await anna.get_by_label("Du är Anna Ek. Byt person").press("Enter")
    await anna.get_by_role("link", name="Eva Lund").press("Enter")
    await expect(anna.get_by_label("Du är Eva Lund. Byt person")).to_be_visible()


async def test_it_is_readable_on_a_phone(open_as, slack, button):
    rows = [[{"type": "raw_text", "text": "1 234 567 kr"}] * 6] * 3
    table = {"type": "table", "rows": rows}
    await slack.chat_postMessage(channel="C0KLG", text="x", blocks=[section("ord " * 80), table, actions(button())])  # fmt: skip
    phone = await open_as("U0NILS", "C0KLG", viewport={"width": 390, "height": 844})
    await expect(phone.get_by_role("button", name="Gå")).to_be_visible()
    assert await phone.evaluate("document.documentElement.scrollWidth") == 390
    assert await log(phone).evaluate("one => one.scrollWidth <= one.clientWidth")
    menu = phone.get_by_role("button", name="Visa kanaler")
    await menu.click()
    await phone.get_by_role("link", name="Trygghetslots").click()
    await expect(phone.get_by_role("heading", name="Trygghetslots")).to_be_visible()


async def test_an_open_page_survives_that_the_sandbox_is_away_for_a_while(open_as, slack):
    anna = await open_as("U0ANNA")
    await anna.context.set_offline(True)
    with pytest.raises(Error):
        await anna.evaluate("fetch('/')")
    await slack.chat_postMessage(channel="U0ANNA", text="medan du var borta")
    await anna.context.set_offline(False)
    await expect(log(anna).get_by_text("medan du var borta")).to_be_visible(timeout=10_000)
