"""Block Kit as the sandbox reads it: completing what an app sent, and what a person has chosen.

A person's choices are kept in the very form in which Slack hands them back (`state.values`), so
that a payload is a copy of what is known.
"""

import copy
from collections.abc import Iterator
from typing import Any

from sandbox.errors import Impossible
from sandbox.ids import Ids
from sandbox.world import JSON

# Element type → (the value field, the element's own initial field, whether it is a list).
VALUE_FIELDS = {
    "static_select": ("selected_option", "initial_option", False),
    "external_select": ("selected_option", "initial_option", False),
    "radio_buttons": ("selected_option", "initial_option", False),
    "multi_static_select": ("selected_options", "initial_options", True),
    "multi_external_select": ("selected_options", "initial_options", True),
    "checkboxes": ("selected_options", "initial_options", True),
    "users_select": ("selected_user", "initial_user", False),
    "channels_select": ("selected_channel", "initial_channel", False),
    "conversations_select": ("selected_conversation", "initial_conversation", False),
    "multi_users_select": ("selected_users", "initial_users", True),
    "multi_channels_select": ("selected_channels", "initial_channels", True),
    "multi_conversations_select": ("selected_conversations", "initial_conversations", True),
    "datepicker": ("selected_date", "initial_date", False),
    "timepicker": ("selected_time", "initial_time", False),
    "datetimepicker": ("selected_date_time", "initial_date_time", False),
    "plain_text_input": ("value", "initial_value", False),
    "email_text_input": ("value", "initial_value", False),
    "url_text_input": ("value", "initial_value", False),
    "number_input": ("value", "initial_value", False),
    "rich_text_input": ("rich_text_value", "initial_value", False),
    "file_input": ("files", "", True),
}
_OPTION_FIELDS = {"selected_option", "selected_options"}


def complete(blocks: list[JSON], *, ids: Ids) -> tuple[JSON, ...]:
    """Copy blocks with the ids and text defaults that Slack adds."""
    done = tuple(copy.deepcopy(blocks))
    for block in done:
        block.setdefault("block_id", ids.new("b")[-6:])
    for _, element in elements(done):
        element.setdefault("action_id", ids.new("a")[-6:])
    _default_texts(done)
    return done


def _default_texts(value: Any) -> None:
    if isinstance(value, dict):
        if value.get("type") == "plain_text" and "text" in value:
            value.setdefault("emoji", True)
        if value.get("type") == "mrkdwn" and "text" in value:
            value.setdefault("verbatim", False)
        for part in value.values():
            _default_texts(part)
    elif isinstance(value, list | tuple):
        for part in value:
            _default_texts(part)


def elements(blocks: Any) -> Iterator[tuple[JSON, JSON]]:
    """Go through every interactive element with its block."""
    for block in blocks:
        kind = block.get("type")
        if kind == "section" and isinstance(block.get("accessory"), dict):
            found = [block["accessory"]]
        elif kind in {"actions", "context_actions"}:
            found = block.get("elements", [])
        elif kind == "input":
            found = [block["element"]]
        else:
            found = []
        yield from ((block, one) for one in found if one.get("type") != "image")


def options(element: JSON) -> list[JSON]:
    """List an element's options, groups opened."""
    groups = element.get("option_groups") or []
    grouped = [option for group in groups for option in group["options"]]
    return [*element.get("options", []), *grouped]


def initial(element: JSON) -> JSON | None:
    """Say what a stateful element holds before anybody touched it; None for buttons and menus."""
    if element["type"] not in VALUE_FIELDS:
        return None
    name, initial_name, many = VALUE_FIELDS[element["type"]]
    value = element.get(initial_name)
    if value is None:
        value = [] if many else None
    return {"type": element["type"], name: copy.deepcopy(value)}


def state(blocks: Any, kept: JSON | None = None) -> JSON:
    """Give `state.values`: every stateful element, with what was kept or its initial value."""
    values: JSON = {}
    for block, element in elements(blocks):
        value = initial(element)
        if value is None:
            continue
        old = (kept or {}).get(block["block_id"], {}).get(element["action_id"])
        if old is not None and old["type"] == element["type"]:
            value = old
        values.setdefault(block["block_id"], {})[element["action_id"]] = value
    return values


def chosen(element: JSON, value: Any) -> JSON:
    """Give the value object of an element when a person chooses `value`.

    An option is named by its value (or given whole, for external selects); several as a list;
    `None` or `""` empties. Impossible when there is no such option.
    """
    name, _, many = VALUE_FIELDS[element["type"]]
    if many:
        given = value if isinstance(value, list) else [] if value in (None, "") else [value]
        result: Any = [_option(element, one) if name in _OPTION_FIELDS else one for one in given]
    elif value is None or value == "":
        result = None
    elif name in _OPTION_FIELDS:
        result = _option(element, value)
    elif name == "selected_date_time":
        result = int(value)
    else:
        result = value if isinstance(value, dict) else str(value)
    return {"type": element["type"], name: result}


def _option(element: JSON, value: Any) -> JSON:
    if isinstance(value, dict):
        return value
    for option in options(element):
        if option.get("value") == str(value):
            return option
    raise Impossible(f"{element['action_id']} has no option {value!r}")


def filled(blocks: Any, kept: JSON, values: JSON) -> JSON:
    """Give `state.values` after a person has filled in `values` (block_id → action_id → value)."""
    result = state(blocks, kept)
    known = {
        (block["block_id"], element["action_id"]): element for block, element in elements(blocks)
    }
    for block_id, actions in values.items():
        for action_id, value in actions.items():
            element = known.get((block_id, action_id))
            if element is None or element["type"] not in VALUE_FIELDS:
                raise Impossible(f"there is no input {block_id}/{action_id}")
            result[block_id][action_id] = chosen(element, value)
    return result


def find(blocks: Any, *, action_id: str, block_id: str | None, value: Any) -> tuple[JSON, JSON]:
    """Single out an element. Impossible when there is none, or several that fit."""
    fit = [
        (block, element)
        for block, element in elements(blocks)
        if element["action_id"] == action_id
        and block_id in (None, block["block_id"])
        and (element["type"] != "button" or value is None or element.get("value") == value)
    ]
    if not fit:
        raise Impossible(f"there is no {action_id} to press")
    if len(fit) > 1:
        raise Impossible(f"several {action_id}: say block_id or value")
    return fit[0]
