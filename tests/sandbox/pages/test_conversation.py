"""Conversations in Chromium: what is written, sent, changed and dropped, and what stays put meanwhile."""

import asyncio

import pytest
from playwright.async_api import expect

from tests.sandbox.pages.drawn import composer, log, section

pytestmark = pytest.mark.browser


async def test_what_is_typed_is_sent_by_enter_and_answered_in_both_windows(app, connected, open_as):
    @app.event("message")
    async def echo(event, say):
        if "bot_id" not in event:
            await say(f"Du skrev: {event['text']}")

    anna, again = await open_as("U0ANNA"), await open_as("U0ANNA")
    await composer(anna).fill("rad ett")
    await composer(anna).press("Shift+Enter")
    await composer(anna).type("*två* <b>")
    await composer(anna).press("Enter")
    for window in (anna, again):
        await expect(log(window).get_by_text("Du skrev: rad ett")).to_be_visible()
    await expect(composer(anna)).to_have_value("")
    assert await log(anna).locator("b b, .text > b").count() == 1


async def test_an_update_in_place_moves_neither_words_nor_focus(open_as, slack, answering):
    posted = await slack.chat_postMessage(channel="C0KLG", text="Röster: 1")
    karin = await open_as("U0KARIN", "C0KLG")
    await composer(karin).fill("halvskri")
    await slack.chat_update(channel="C0KLG", ts=posted["ts"], text="Röster: 2")
    message = karin.locator(f'[data-ts="{posted["ts"]}"]')
    await expect(message).to_contain_text("Röster: 2")
    assert await log(karin).locator("article").count() == 1
    await expect(composer(karin)).to_have_value("halvskri")
    await expect(composer(karin)).to_be_focused()


async def test_a_reader_of_old_messages_is_left_where_she_is(open_as, slack):
    for number in range(40):
        await slack.chat_postMessage(channel="U0ANNA", text=f"meddelande {number}")
    anna = await open_as("U0ANNA")
    await log(anna).evaluate("one => one.scrollTop = 100")
    await slack.chat_postMessage(channel="U0ANNA", text="det nyaste")
    await expect(log(anna).get_by_text("det nyaste")).to_have_count(1)
    assert await log(anna).evaluate("one => one.scrollTop") == 100
    await log(anna).evaluate("one => one.scrollTop = one.scrollHeight")
    await slack.chat_postMessage(channel="U0ANNA", text="ännu nyare")
    await expect(log(anna).get_by_text("ännu nyare")).to_be_in_viewport()


async def test_files_are_sent_by_button_and_by_drop(open_as, answering, until):
    anna = await open_as("U0ANNA")
    chosen = {"name": "plan å.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.4"}
    await anna.locator("main .composer input[type=file]").set_input_files(chosen)
    dropped = await anna.evaluate_handle(
        "() => { const held = new DataTransfer(); held.items.add(new File(['x'], 'b.txt')); return held; }"
    )
    await log(anna).dispatch_event("drop", {"dataTransfer": dropped})
    await expect(anna.get_by_label("Filer att skicka")).to_contain_text("b.txt")
    await composer(anna).fill("bilagor")
    await composer(anna).press("Enter")
    await expect(log(anna).get_by_role("link", name="plan å.pdf")).to_have_count(2)
    await until(lambda: [one for one in answering if one.get("event", {}).get("files")])
    event = next(one["event"] for one in answering if one["event"].get("files"))
    assert [file["name"] for file in event["files"]] == ["plan å.pdf", "b.txt"]
    assert event["text"] == "bilagor"


async def test_commands_shortcuts_and_home_are_where_slack_has_them(app, connected, open_as):
    @app.command("/trygghet")
    async def command(ack, command):
        await ack(f"Kommandot fick: {command['text']}")

    @app.shortcut("start_case")
    async def shortcut(ack, body, client):
        await ack()
        await client.chat_postMessage(channel=body["user"]["id"], text="Nu börjar vi.")

    @app.event("app_home_opened")
    async def home(event, client):
        view = {"type": "home", "blocks": [section("Mina ärenden")]}
        await client.views_publish(user_id=event["user"], view=view)

    anna = await open_as("U0ANNA")
    await composer(anna).fill("/trygghet mina")
    await composer(anna).press("Enter")
    await expect(log(anna).get_by_text("Kommandot fick: mina")).to_be_visible()
    await expect(log(anna).get_by_text("Bara du kan se detta")).to_be_visible()
    await composer(anna).fill("/finnsinte")
    await composer(anna).press("Enter")
    await expect(anna.get_by_role("status")).to_have_text("/finnsinte är inte ett giltigt kommando.")  # fmt: skip
    await anna.get_by_label("Genvägar").first.click()
    await anna.get_by_role("menuitem", name="Starta ärende").click()
    await expect(log(anna).get_by_text("Nu börjar vi.")).to_be_visible()
    await anna.get_by_role("link", name="Hem").click()
    await expect(anna.get_by_label("Hem", exact=True).get_by_text("Mina ärenden")).to_be_visible()


async def test_a_thread_opens_beside_and_is_answered(open_as, slack, answering):
    posted = await slack.chat_postMessage(channel="C0KLG", text="Ärende 12")
    await slack.chat_postMessage(channel="C0KLG", thread_ts=posted["ts"], text="Handlingarna")
    karin = await open_as("U0KARIN", "C0KLG")
    await karin.get_by_role("link", name="1 svar").click()
    side = karin.get_by_role("complementary", name="Tråd")
    await expect(side.get_by_text("Handlingarna")).to_be_visible()
    await side.get_by_role("textbox").fill("Tack")
    await side.get_by_role("textbox").press("Enter")
    await expect(side.get_by_text("Tack")).to_be_visible()
    await expect(karin.get_by_role("link", name="2 svar")).to_be_visible()
    await side.get_by_role("link", name="Stäng tråden").click()
    await expect(side).to_have_count(0)


async def test_ones_own_message_can_be_edited_and_taken_away(open_as, sandbox):
    await sandbox.say("U0ANNA", "fell")
    anna = await open_as("U0ANNA")
    message = log(anna).get_by_role("article")
    await message.hover()
    await message.get_by_role("button", name="Redigera").click()
    field = anna.get_by_role("textbox", name="Redigera")
    await field.fill("rätt & riktigt")
    await field.press("Enter")
    await expect(message).to_contain_text("rätt & riktigt")
    await expect(message).to_contain_text("(redigerat)")
    anna.on("dialog", lambda dialog: asyncio.ensure_future(dialog.accept()))
    await message.hover()
    await message.get_by_role("button", name="Ta bort").click()
    await expect(message).to_have_count(0)
