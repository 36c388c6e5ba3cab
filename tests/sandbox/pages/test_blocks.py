"""Block Kit as HTML: each block and element with its stable marks, and everything escaped."""

import pytest

from sandbox.pages.names import Names
from sandbox.pages.render import environment
from sandbox.pages.seen import with_state

NAMES = Names(
    users={"U0ANNA": "Anna Ek", "U0GONE": "Bo Borta"},
    channels={"C0KLG": "klg-trygghet"},
    gone=frozenset({"U0GONE"}),
)
EVIL = "</textarea></option><script>alert('hej')</script>\" onfocus=\"x"


def text(words: str, kind: str = "plain_text") -> dict:
    return {"type": kind, "text": words}


def option(words: str, value: str) -> dict:
    return {"text": text(words), "value": value}


def drawn(*blocks: dict) -> str:
    source = '{% from "blocks.html" import blocks with context %}{{ blocks(all, "s") }}'
    return environment().from_string(source).render(all=blocks, names=NAMES)


def in_input(**element: object) -> dict:
    return {"type": "input", "block_id": "b", "label": text("Fråga"), "element": {"action_id": "a", **element}}  # fmt: skip


def test_a_button_carries_what_a_browser_test_looks_for():
    button = {"type": "button", "action_id": "go", "value": "12", "style": "primary", "text": text("Tillstyrk")}  # fmt: skip
    html = drawn({"type": "actions", "block_id": "vote", "elements": [button]})
    assert 'class="button primary" data-block-id="vote" data-action-id="go"' in html
    assert 'data-value="12">Tillstyrk</button>' in html


def test_a_confirmation_waits_beside_its_button_as_a_dialog():
    confirm = {"title": text("Säker?"), "text": text("*Ja*", "mrkdwn"), "confirm": text("Ja"), "deny": text("Nej")}  # fmt: skip
    button = {"type": "button", "action_id": "go", "text": text("Avstyrk"), "confirm": confirm}
    html = drawn({"type": "actions", "block_id": "vote", "elements": [button]})
    assert '<dialog class="confirm" aria-label="Säker?">' in html
    assert "<b>Ja</b>" in html


def test_a_table_aligns_its_columns_and_heads_them():
    rows = [[{"type": "raw_text", "text": word} for word in row] for row in (["År", "Kronor"], ["2027", "1 200"])]  # fmt: skip
    html = drawn({"type": "table", "block_id": "t", "rows": rows, "column_settings": [{}, {"align": "right"}]})  # fmt: skip
    assert '<th scope="col" class="right">Kronor</th>' in html
    assert '<td class="right">1 200</td>' in html
    assert '<td class="left">2027</td>' in html


def test_every_input_has_its_label_its_hint_and_a_place_for_errors():
    html = drawn(in_input(type="plain_text_input", max_length=500) | {"hint": text("Kort"), "optional": True})  # fmt: skip
    assert '<label for="s-b-a">Fråga <small>(valfritt)</small></label>' in html
    assert 'id="s-b-a"' in html
    assert 'maxlength="500"' in html
    assert '<p class="hint">Kort</p>' in html
    assert '<p class="error" role="alert" hidden></p>' in html


def test_an_input_waits_for_the_submit_unless_it_dispatches():
    assert "data-quiet" in drawn(in_input(type="plain_text_input"))
    assert "data-quiet" not in drawn(in_input(type="plain_text_input") | {"dispatch_action": True})


@pytest.mark.parametrize(
    ("element", "shown"),
    [
        ({"type": "plain_text_input", "initial_value": "x"}, 'type="text" value="x"'),
        ({"type": "number_input", "is_decimal_allowed": False, "min_value": "0"}, 'min="0"'),
        ({"type": "datepicker", "initial_date": "2027-01-01"}, 'type="date" value="2027-01-01"'),
        ({"type": "timepicker", "initial_time": "09:00"}, 'type="time" value="09:00"'),
        ({"type": "datetimepicker", "initial_date_time": 1795348800}, 'value="2026-11-22T13:00"'),
        ({"type": "file_input", "filetypes": ["pdf", "xlsx"]}, 'accept=".pdf,.xlsx"'),
        ({"type": "radio_buttons", "options": [option("Ja", "j")], "initial_option": option("Ja", "j")}, 'type="radio" name="s-b-a" value="j" checked'),
        ({"type": "checkboxes", "options": [option("Ja", "j")]}, 'type="checkbox" name="s-b-a" value="j"'),
        ({"type": "static_select", "options": [option("Ja", "j")], "initial_option": option("Ja", "j")}, '<option value="j" selected>Ja</option>'),
        ({"type": "static_select", "option_groups": [{"label": text("G"), "options": [option("Ja", "j")]}]}, '<optgroup label="G"><option value="j">'),
        ({"type": "multi_static_select", "options": [option("Ja", "j")], "max_selected_items": 2}, 'data-max="2"'),
        ({"type": "users_select", "initial_user": "U0ANNA"}, '<option value="U0ANNA" selected>Anna Ek</option>'),
        ({"type": "multi_users_select"}, 'value="U0ANNA"'),
        ({"type": "conversations_select"}, '<option value="C0KLG">klg-trygghet</option>'),
        ({"type": "external_select"}, "Sandlådan visar inte"),
    ],
)  # fmt: skip
def test_every_element_is_drawn_with_what_it_holds(element, shown):
    assert shown in drawn(in_input(**element))


def test_people_who_have_left_cannot_be_chosen():
    assert "Bo Borta" not in drawn(in_input(type="users_select"))


def test_an_overflow_menu_lists_its_options():
    menu = {"type": "overflow", "action_id": "more", "options": [option("Pausa", "p")]}
    html = drawn({"type": "section", "block_id": "s", "text": text("x"), "accessory": menu})
    assert 'aria-label="Fler val"' in html
    assert 'data-value="p">Pausa</button>' in html


def test_a_picture_from_the_net_is_told_and_not_fetched():
    html = drawn({"type": "image", "block_id": "i", "image_url": "https://x.se/a.png", "alt_text": "Karta"})  # fmt: skip
    assert "<img" not in html
    assert 'aria-label="Karta"' in html
    assert 'src="files/F1/"' in drawn({"type": "image", "block_id": "i", "slack_file": {"id": "F1"}, "alt_text": "Karta"})  # fmt: skip


def test_a_block_it_cannot_draw_says_so():
    assert "Sandlådan visar inte block av typen ”carousel”." in drawn({"type": "carousel"})


def test_nothing_an_app_or_a_person_writes_becomes_html():
    evil = text(EVIL)
    choice = {"text": evil, "value": EVIL, "description": evil}
    html = drawn(
        {"type": "header", "block_id": EVIL, "text": evil},
        {"type": "section", "block_id": "s", "text": text(EVIL, "mrkdwn"), "fields": [evil]},
        {"type": "context", "block_id": "c", "elements": [evil, {"type": "image", "image_url": EVIL, "alt_text": EVIL}]},
        {"type": "actions", "block_id": "a", "elements": [{"type": "button", "action_id": EVIL, "value": EVIL, "text": evil, "accessibility_label": EVIL}, {"type": "button", "action_id": "u", "url": "javascript:alert(1)", "text": evil}, {"type": "overflow", "action_id": "o", "options": [choice]}]},
        {"type": "table", "block_id": "t", "rows": [[{"type": "raw_text", "text": EVIL}]], "column_settings": [{"align": EVIL}]},
        in_input(type="plain_text_input", multiline=True, initial_value=EVIL, placeholder=evil),
        in_input(type="plain_text_input", initial_value=EVIL) | {"hint": evil, "label": evil},
        in_input(type="static_select", options=[choice], placeholder=evil),
        in_input(type="multi_static_select", options=[choice], placeholder=evil),
        in_input(type="checkboxes", options=[choice]),
    )  # fmt: skip
    assert "<script" not in html
    assert 'onfocus="' not in html
    assert "javascript:" not in html
    assert html.count("</textarea>") == 1


def test_what_a_person_has_chosen_stands_where_the_initial_values_stood():
    block = in_input(type="static_select", options=[option("Ja", "j"), option("Nej", "n")])
    block["element"]["initial_option"] = option("Ja", "j")
    state = {"b": {"a": {"type": "static_select", "selected_option": option("Nej", "n")}}}
    assert '<option value="n" selected>' in drawn(*with_state([block], state))
    emptied = {"b": {"a": {"type": "static_select", "selected_option": None}}}
    assert "selected>" not in drawn(*with_state([block], emptied))
    assert block["element"]["initial_option"]["value"] == "j"
