"""Block Kit's limits: exactly at the limit is accepted, one more is refused with its pointer."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sandbox.errors import Refused
from sandbox.limits import ELEMENTS
from sandbox.surfaces import check_blocks, check_view


def plain(count):
    return {"type": "plain_text", "text": "x" * count}


def mrkdwn(count):
    return {"type": "mrkdwn", "text": "x" * count}


def option(text=1, value=1, **more):
    return {"text": plain(text), "value": "v" * value, **more}


def button(**more):
    return {"type": "button", "text": plain(1), **more}


def actions(*elements):
    return {"type": "actions", "elements": list(elements)}


def select(count=1, **more):
    options = [{"text": plain(1), "value": str(number)} for number in range(count)]
    return {"type": "static_select", "options": options, **more}


def boxes(count):
    options = [{"text": plain(1), "value": str(number)} for number in range(count)]
    return {"type": "checkboxes", "options": options}


def field(element, **more):
    return {"type": "input", "label": plain(1), "element": element, **more}


def table(rows, columns=1, size=1):
    row = [{"type": "raw_text", "text": "x" * size}] * columns
    return {"type": "table", "rows": [row] * rows}


# What grows by one, the limit, and where Slack points when it is passed.
AT_LIMIT = [
    (lambda n: {"type": "section", "text": mrkdwn(n)}, 3000, "/blocks/0/text/text"),
    (lambda n: {"type": "section", "fields": [mrkdwn(1)] * n}, 10, "/blocks/0/fields"),
    (lambda n: {"type": "section", "fields": [mrkdwn(n)]}, 2000, "/blocks/0/fields/0/text"),
    (lambda n: {"type": "header", "text": plain(n)}, 150, "/blocks/0/text/text"),
    (lambda n: {"type": "context", "elements": [mrkdwn(1)] * n}, 10, "/blocks/0/elements"),
    (lambda n: actions(*(button(action_id=str(i)) for i in range(n))), 25, "/blocks/0/elements"),
    (lambda n: actions(button(text=plain(n))), 75, "/blocks/0/elements/0/text/text"),
    (lambda n: actions(button(value="v" * n)), 2000, "/blocks/0/elements/0/value"),
    (lambda n: actions(button(action_id="a" * n)), 255, "/blocks/0/elements/0/action_id"),
    (lambda n: actions(button(url="u" * n)), 3000, "/blocks/0/elements/0/url"),
    (
        lambda n: actions(button(accessibility_label="a" * n)),
        75,
        "/blocks/0/elements/0/accessibility_label",
    ),
    (lambda n: {"type": "divider", "block_id": "b" * n}, 255, "/blocks/0/block_id"),
    (lambda n: actions(select(n)), 100, "/blocks/0/elements/0/options"),
    (lambda n: actions(select(placeholder=plain(n))), 150, "/blocks/0/elements/0/placeholder/text"),
    (
        lambda n: actions({"type": "static_select", "options": [option(n)]}),
        75,
        "/blocks/0/elements/0/options/0/text/text",
    ),
    (
        lambda n: actions({"type": "static_select", "options": [option(1, n)]}),
        150,
        "/blocks/0/elements/0/options/0/value",
    ),
    (lambda n: actions(boxes(n)), 10, "/blocks/0/elements/0/options"),
    (
        lambda n: actions({"type": "overflow", "options": [option()] * n}),
        5,
        "/blocks/0/elements/0/options",
    ),
    (lambda n: field(select(), label=plain(n)), 2000, "/blocks/0/label/text"),
    (lambda n: field(select(), hint=plain(n)), 2000, "/blocks/0/hint/text"),
    (
        lambda n: field({"type": "plain_text_input", "max_length": n}),
        3000,
        "/blocks/0/element/max_length",
    ),
    (
        lambda n: actions(
            button(
                confirm={"title": plain(n), "text": plain(1), "confirm": plain(1), "deny": plain(1)}
            )
        ),
        100,
        "/blocks/0/elements/0/confirm/title/text",
    ),
    (table, 100, "/blocks/0/rows"),
    (lambda n: table(1, n), 20, "/blocks/0/rows/0"),
    (lambda n: {"type": "markdown", "text": "x" * n}, 12_000, "/blocks/0/text"),
    (
        lambda n: {"type": "image", "alt_text": "x" * n, "image_url": "https://x"},
        2000,
        "/blocks/0/alt_text",
    ),
]


@pytest.mark.parametrize(("make", "limit", "pointer"), AT_LIMIT)
def test_at_the_limit_is_accepted_and_one_more_is_not(make, limit, pointer):
    check_blocks([make(limit)], surface="message")
    with pytest.raises(Refused) as refusal:
        check_blocks([make(limit + 1)], surface="message")
    assert refusal.value.code == "invalid_blocks"
    assert any(f"[json-pointer:{pointer}]" in text for text in refusal.value.extra["errors"])


def test_the_refusal_is_worded_as_slack_words_it():
    with pytest.raises(Refused) as refusal:
        check_blocks([{"type": "section", "text": mrkdwn(3001)}], surface="message")
    wrong = "must be less than 3001 characters [json-pointer:/blocks/0/text/text]"
    assert refusal.value.extra["errors"] == [wrong]
    assert refusal.value.extra["response_metadata"]["messages"] == [
        "[ERROR] failed to match all allowed schemas [json-pointer:/blocks/0/text]",
        f"[ERROR] {wrong}",
    ]


def test_fifty_blocks_fit_a_message_and_a_hundred_a_view():
    divider = {"type": "divider"}
    check_blocks([divider] * 50, surface="message")
    check_view({"type": "home", "blocks": [divider] * 100}, surface="home")
    with pytest.raises(Refused, match="invalid_blocks"):
        check_blocks([divider] * 51, surface="message")
    with pytest.raises(Refused, match="invalid_arguments"):
        check_view({"type": "home", "blocks": [divider] * 101}, surface="home")


@pytest.mark.parametrize(
    "block",
    [
        {"type": "section"},
        {"type": "section", "text": mrkdwn(0)},
        {"type": "header", "text": mrkdwn(5)},
        {"type": "heading", "text": plain(1)},
        {"type": "actions", "elements": []},
        {"type": "divider", "colour": "red"},
        actions(button(style="loud")),
        actions({"type": "static_select"}),
        actions({"type": "plain_text_input"}),
        actions(button(action_id="a"), button(action_id="a")),
        table(1, 1, 0),
        table(10, 10, 101),
        "divider",
    ],
)
def test_what_does_not_fit_the_schema_is_refused(block):
    with pytest.raises(Refused, match="invalid_blocks"):
        check_blocks([block], surface="message")


def test_block_ids_are_unique_in_a_message():
    twice = [{"type": "divider", "block_id": "b"}] * 2
    with pytest.raises(Refused, match="invalid_blocks"):
        check_blocks(twice, surface="message")


def test_one_table_per_message():
    with pytest.raises(Refused, match="invalid_attachments"):
        check_blocks([table(1), table(1)], surface="message")


def test_the_words_of_a_message_have_a_limit_together():
    check_blocks([{"type": "section", "text": mrkdwn(3000)}] * 4, surface="message")
    with pytest.raises(Refused, match="msg_blocks_too_long"):
        check_blocks([{"type": "section", "text": mrkdwn(3000)}] * 5, surface="message")


NOT_ALLOWED = [
    ("message", field({"type": "number_input", "is_decimal_allowed": False})),
    ("message", field({"type": "file_input"})),
    ("message", field({"type": "email_text_input"})),
    ("message", field({"type": "rich_text_input"})),
    ("modal", table(1)),
    ("modal", {"type": "markdown", "text": "x"}),
    ("home", table(1)),
    ("home", {"type": "markdown", "text": "x"}),
    ("home", field({"type": "number_input", "is_decimal_allowed": False})),
    ("home", actions({"type": "datetimepicker"})),
]


@pytest.mark.parametrize(("surface", "block"), NOT_ALLOWED)
def test_a_surface_refuses_what_it_cannot_show(surface, block):
    with pytest.raises(Refused) as refusal:
        check(surface, block)
    assert "unsupported type" in str(refusal.value.extra)


def check(surface, block):
    if surface == "message":
        check_blocks([block], surface=surface)
    else:
        check_view(view(surface, block), surface=surface)


def view(surface, *blocks):
    made = {"type": surface, "blocks": list(blocks)}
    if surface == "modal":
        made |= {"title": plain(1), "submit": plain(1)}
    return made


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        ({"title": plain(25)}, "/view/title/text"),
        ({"submit": plain(25)}, "/view/submit/text"),
        ({"close": plain(25)}, "/view/close/text"),
        ({"private_metadata": "x" * 3001}, "/view/private_metadata"),
        ({"callback_id": "x" * 256}, "/view/callback_id"),
        ({"colour": "red"}, "/view"),
        ({"type": "home"}, "/view/type"),
    ],
)
def test_a_view_that_does_not_fit_is_refused(change, pointer):
    check_view(view("modal", {"type": "divider"}), surface="modal")
    with pytest.raises(Refused) as refusal:
        check_view({**view("modal", {"type": "divider"}), **change}, surface="modal")
    assert refusal.value.code == "invalid_arguments"
    messages = refusal.value.extra["response_metadata"]["messages"]
    assert any(f"[json-pointer:{pointer}]" in text for text in messages)


def test_a_modal_with_inputs_needs_a_submit_button():
    bare = view("modal", field(select()))
    del bare["submit"]
    with pytest.raises(Refused, match="invalid_arguments"):
        check_view(bare, surface="modal")


def test_a_view_above_250_kilobytes_is_too_large():
    many = [{"type": "section", "text": mrkdwn(3000)}] * 100
    with pytest.raises(Refused, match="view_too_large"):
        check_view({"type": "home", "blocks": many}, surface="home")


JSONS = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["type", "text", "elements", "rows"]), inner, max_size=4)
    ),
    max_leaves=12,
)


@given(
    st.lists(JSONS | st.fixed_dictionaries({"type": st.sampled_from(sorted(ELEMENTS))}), max_size=4)
)
def test_any_json_is_either_accepted_or_refused_and_never_breaks_the_check(blocks):
    code = None
    try:
        check_blocks(blocks, surface="message")
    except Refused as refusal:
        code = refusal.code
    assert code in {None, "invalid_blocks", "invalid_attachments", "msg_blocks_too_long"}
