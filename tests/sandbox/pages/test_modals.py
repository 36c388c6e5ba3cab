"""Modals in Chromium: filled in, refused at the field, stacked and closed, by keyboard too."""

import asyncio

import pytest
from playwright.async_api import expect

from tests.sandbox.pages.drawn import words

pytestmark = pytest.mark.browser


async def test_a_modal_shows_errors_at_the_field_and_keeps_what_was_written(app, form, modal):
    @app.view("form")
    async def refuse(ack):
        await ack(response_action="errors", errors={"reason": "För kort."})

    karin = await form(modal())
    dialog, field = karin.get_by_role("dialog"), karin.get_by_label("Skäl")
    await expect(field).to_be_focused()
    await dialog.get_by_role("button", name="Skicka").click()
    await expect(dialog.get_by_role("alert")).to_have_text("Fyll i det här fältet.")
    await field.fill("nej")
    await field.press("Enter")
    await expect(dialog.get_by_role("alert")).to_have_text("För kort.")
    await expect(field).to_have_value("nej")
    await expect(field).to_be_focused()


async def test_modals_lie_upon_each_other_and_the_lower_one_keeps_its_words(app, form, modal):
    @app.view("form")
    async def push(ack):
        await ack(response_action="push", view=modal(title=words("Överst"), callback_id="top"))

    @app.view("top")
    async def done(ack):
        await ack()

    karin = await form(modal())
    await karin.get_by_label("Skäl").fill("mina ord")
    await karin.get_by_role("dialog").get_by_role("button", name="Skicka").click()
    top = karin.get_by_role("dialog", name="Överst")
    await top.wait_for()
    await expect(karin.get_by_role("dialog")).to_have_count(1)
    await karin.keyboard.press("Escape")
    await expect(karin.get_by_role("dialog", name="Form")).to_be_visible()
    await expect(karin.get_by_label("Skäl")).to_have_value("mina ord")
    await karin.keyboard.press("Escape")
    await expect(karin.get_by_role("dialog")).to_have_count(0)


async def test_a_modal_says_when_the_app_does_not_answer(form, modal, site):
    karin = await form(modal())
    site.clock.ack_timeout = 0.3
    await karin.get_by_label("Skäl").fill("hej")
    await karin.get_by_role("dialog").get_by_role("button", name="Skicka").click()
    await expect(karin.get_by_role("dialog").get_by_role("alert")).to_contain_text("svarade inte")
    await expect(karin.get_by_label("Skäl")).to_have_value("hej")


async def test_every_kind_of_input_is_submitted(app, form, modal, until):
    got = []

    @app.view("form")
    async def take(ack, view):
        await ack()
        got.append(view["state"]["values"])

    options = [{"text": words(name), "value": name} for name in ("Ett", "Två")]
    elements = [
        {"type": "plain_text_input", "multiline": True},
        {"type": "number_input", "is_decimal_allowed": True},
        {"type": "datepicker"},
        {"type": "static_select", "options": options},
        {"type": "multi_static_select", "options": options},
        {"type": "checkboxes", "options": options},
        {"type": "radio_buttons", "options": options},
        {"type": "users_select"},
        {"type": "file_input"},
    ]
    blocks = [
        {"type": "input", "block_id": one["type"], "label": words(one["type"]), "element": {"action_id": "a", **one}}
        for one in elements
    ]  # fmt: skip
    karin = await form(modal(*blocks))
    dialog = karin.get_by_role("dialog")

    def at(kind: str, inner: str = ""):
        return dialog.locator(f'[data-action-id][data-block-id="{kind}"] {inner}')

    await at("plain_text_input").fill("rad 1\nrad 2")
    await at("number_input").fill("12.5")
    await at("datepicker").fill("2027-01-31")
    await at("static_select").select_option("Två")
    await at("multi_static_select", "summary").click()
    await at("multi_static_select", "input[value=Ett]").check()
    await karin.keyboard.press("Escape")
    await at("checkboxes", "input[value=Ett]").check()
    await at("radio_buttons", "input[value=Två]").check()
    await at("users_select").select_option("Eva Lund")
    await at("file_input").set_input_files({"name": "k.txt", "mimeType": "text/plain", "buffer": b"hej"})  # fmt: skip
    await dialog.get_by_role("button", name="Skicka").click()
    await expect(dialog).to_have_count(0)
    values = {kind: one["a"] for kind, one in got[0].items()}
    assert values["plain_text_input"]["value"] == "rad 1\nrad 2"
    assert values["number_input"]["value"] == "12.5"
    assert values["datepicker"]["selected_date"] == "2027-01-31"
    assert values["static_select"]["selected_option"]["value"] == "Två"
    assert [one["value"] for one in values["multi_static_select"]["selected_options"]] == ["Ett"]
    assert [one["value"] for one in values["checkboxes"]["selected_options"]] == ["Ett"]
    assert values["radio_buttons"]["selected_option"]["value"] == "Två"
    assert values["users_select"]["selected_user"] == "U0EVA"
    assert [file["name"] for file in values["file_input"]["files"]] == ["k.txt"]


async def test_a_modal_is_gone_at_once_however_slow_the_app_is_to_hear_of_it(
    app, form, modal, until
):
    told = []

    @app.view_closed("form")
    async def slowly(ack, body):
        await asyncio.sleep(0.3)
        await ack()
        told.append(body)

    karin = await form(modal(notify_on_close=True))
    await karin.keyboard.press("Escape")
    await expect(karin.get_by_role("dialog")).to_have_count(0, timeout=250)
    await karin.keyboard.press("Escape")
    await until(lambda: told)
    await asyncio.sleep(0.2)
    assert len(told) == 1
    await expect(karin.locator("#notice")).to_be_hidden()
