"""Buttons, selects, boxes and dates in Chromium: what a person chooses reaches the app."""

import asyncio

import pytest
from playwright.async_api import expect

from tests.sandbox.pages.drawn import actions, words

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
    await anna.locator('[data-action-id="boxes"] input').check()
    await anna.locator('[data-action-id="radio"] input').check()
    await anna.locator('[data-action-id="people"] summary').click()
    await anna.get_by_label("Sök bland alternativen").fill("eva")
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
