"""Buttons, selects, boxes and dates in Chromium: what a person chooses reaches the app."""

import asyncio

import pytest
from playwright.async_api import expect

from tests.sandbox.pages.drawn import actions, log, section, words

pytestmark = pytest.mark.browser


async def test_every_kind_of_choice_reaches_the_app(open_as, slack, answering, button, until):
    option = {"text": words("Ja tack"), "value": "yes"}
    elements = [
        button("go"),
        {"type": "static_select", "action_id": "one", "options": [option]},
        {"type": "multi_users_select", "action_id": "people", "placeholder": words("Bjud in")},
        {"type": "datepicker", "action_id": "day"},
        {"type": "checkboxes", "action_id": "boxes", "options": [option]},
        {"type": "radio_buttons", "action_id": "radio", "options": [option]},
        {"type": "overflow", "action_id": "menu", "options": [option]},
    ]
    await slack.chat_postMessage(channel="U0ANNA", text="x", blocks=[actions(*elements)])
    anna = await open_as("U0ANNA")
    await anna.locator('[data-action-id="one"]').select_option("Ja tack")
    await anna.locator('[data-action-id="day"]').fill("2027-01-31")
    await expect(anna.get_by_text("söndag 31 januari 2027")).to_be_visible()
    await anna.locator('[data-action-id="boxes"] input').check()
    await anna.locator('[data-action-id="radio"] input').check()
    await anna.locator('[data-action-id="people"] summary').click()
    await anna.get_by_label("Sök bland alternativen").fill("eva")
    await expect(anna.get_by_role("checkbox", name="Eva Lund")).to_be_in_viewport()
    await anna.get_by_role("checkbox", name="Eva Lund").check()
    await anna.get_by_label("Fler val").click()
    await anna.get_by_role("menuitem", name="Ja tack").click()
    await anna.get_by_role("button", name="Gå").click()
    await until(lambda: len([b for b in answering if b["type"] == "block_actions"]) == 7)
    presses = {b["actions"][0]["action_id"]: b for b in answering if b["type"] == "block_actions"}
    assert presses["menu"]["actions"][0]["selected_option"]["value"] == "yes"
    values = presses["go"]["state"]["values"]["act"]
    assert values["one"]["selected_option"]["value"] == "yes"
    assert values["day"]["selected_date"] == "2027-01-31"
    assert values["people"]["selected_users"] == ["U0EVA"]
    assert [one["value"] for one in values["boxes"]["selected_options"]] == ["yes"]
    assert values["radio"]["selected_option"]["value"] == "yes"


async def test_a_date_that_is_typed_is_sent_once_when_it_is_whole(open_as, slack, answering, until):
    picker = {"type": "datepicker", "action_id": "day", "initial_date": "2027-01-15"}
    await slack.chat_postMessage(channel="U0ANNA", text="x", blocks=[actions(picker)])
    anna = await open_as("U0ANNA")
    await anna.locator("input[type=date]").focus()
    for key in ("ArrowUp", "ArrowRight", "ArrowUp", "ArrowUp"):  # each makes it another date
        await anna.keyboard.press(key)
    typed = await anna.locator("input[type=date]").input_value()
    await anna.keyboard.press("Enter")
    await anna.keyboard.press("Tab")
    await until(lambda: [body for body in answering if body["type"] == "block_actions"])
    sent = [body["actions"][0] for body in answering if body["type"] == "block_actions"]
    assert [action["selected_date"] for action in sent] == [typed]
    assert typed != "2027-01-15"


async def test_what_was_chosen_is_still_chosen_after_a_reload(open_as, slack, answering, until):
    options = [{"text": words(name), "value": name} for name in ("Ja", "Nej")]
    select = {"type": "static_select", "action_id": "one", "options": options}
    await slack.chat_postMessage(channel="U0ANNA", text="x", blocks=[actions(select)])
    anna = await open_as("U0ANNA")
    await anna.locator("select").select_option("Nej")
    await until(lambda: [body for body in answering if body["type"] == "block_actions"])
    await anna.reload()
    await expect(anna.locator("select")).to_have_value("Nej")


async def test_a_press_that_is_not_answered_is_marked_at_the_button(open_as, slack, connected, site, button):  # fmt: skip
    site.clock.ack_timeout = 0.3
    await slack.chat_postMessage(channel="U0ANNA", text="x", blocks=[actions(button("silent"))])
    anna = await open_as("U0ANNA")
    await anna.get_by_role("button", name="Gå").click()
    await expect(anna.get_by_role("alert")).to_contain_text("svarade inte")


async def test_a_confirmation_comes_before_the_press(open_as, slack, answering, button, until):
    ask = {"title": words("Säker?"), "text": words("Det går inte att ångra."), "confirm": words("Ja"), "deny": words("Nej")}  # fmt: skip
    await slack.chat_postMessage(channel="U0ANNA", text="x", blocks=[actions(button("go") | {"confirm": ask})])  # fmt: skip
    anna = await open_as("U0ANNA")
    for answer in ("Nej", "Ja"):
        await anna.get_by_role("button", name="Gå").click()
        await anna.get_by_role("dialog", name="Säker?").get_by_role("button", name=answer).click()
    await until(lambda: [body for body in answering if body["type"] == "block_actions"])
    await asyncio.sleep(0.1)
    assert len([body for body in answering if body["type"] == "block_actions"]) == 1


def asked(block_id: str, title: str) -> list[dict]:
    field = {"type": "plain_text_input", "action_id": "words"}
    label = {"type": "plain_text", "text": "Svar"}
    return [
        section(title),
        {"type": "input", "block_id": block_id, "label": label, "element": field},
    ]


async def test_what_is_typed_in_a_message_stays_while_it_is_the_same_question(open_as, slack):
    posted = await slack.chat_postMessage(channel="U0ANNA", text="x", blocks=asked("q1", "Ett"))
    change = {"channel": posted["channel"], "ts": posted["ts"], "text": "x"}
    anna = await open_as("U0ANNA")
    field = anna.get_by_label("Svar", exact=True)
    await field.fill("halvskri")
    await slack.chat_update(**change, blocks=asked("q1", "Ett, förtydligat"))
    await expect(log(anna).get_by_text("Ett, förtydligat")).to_be_visible()
    await expect(field).to_have_value("halvskri")
    await expect(field).to_be_focused()
    await slack.chat_update(**change, blocks=asked("q2", "Två"))
    await expect(log(anna).get_by_text("Två")).to_be_visible()
    await expect(field).to_have_value("")


async def test_a_button_carries_what_stands_in_the_inputs_beside_it(
    open_as, slack, answering, button, until
):
    blocks = [*asked("q1", "Ett"), actions(button("go"))]
    await slack.chat_postMessage(channel="U0ANNA", text="x", blocks=blocks)
    anna = await open_as("U0ANNA")
    await anna.get_by_label("Svar", exact=True).fill("mitt svar")
    await anna.get_by_role("button", name="Gå").click()
    press = await until(lambda: next((b for b in answering if b["type"] == "block_actions"), None))
    assert press["state"]["values"]["q1"]["words"]["value"] == "mitt svar"


async def test_the_keyboard_stays_at_a_button_that_is_still_there(
    app, connected, open_as, slack, button
):
    @app.action("go")
    async def count(ack, body, client):
        await ack()
        where = {"channel": body["channel"]["id"], "ts": body["message"]["ts"]}
        blocks = [section("Röster: 1"), actions(button("go"))]
        await client.chat_update(**where, text="x", blocks=blocks)

    blocks = [section("Röster: 0"), actions(button("go"))]
    await slack.chat_postMessage(channel="C0KLG", text="x", blocks=blocks)
    karin = await open_as("U0KARIN", "C0KLG")
    await karin.get_by_role("button", name="Gå").press("Enter")
    await expect(log(karin).get_by_text("Röster: 1")).to_be_visible()
    await expect(karin.get_by_role("button", name="Gå")).to_be_focused()
