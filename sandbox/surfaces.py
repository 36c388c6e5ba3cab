"""Which blocks a message, a modal and App Home may hold, and what must hold across all blocks.

Refusals are worded as Slack words them: `invalid_blocks` for messages, `invalid_arguments` for
views, each with the problems and their json-pointers.
"""

import json
from collections import Counter
from collections.abc import Iterator
from typing import Any

from sandbox import blocks as kit
from sandbox import layouts
from sandbox.errors import Refused
from sandbox.schema import Problem
from sandbox.world import JSON

MESSAGE_BLOCKS = 50
_VIEW_BYTES = 250_000
_MESSAGE_TEXT = 13_200  # seen to fail above this, over all blocks of a message
_MARKDOWN = 12_000

NOT_IN = {
    "message": {"email_text_input", "url_text_input", "number_input", "file_input"}
    | {"rich_text_input", "alert", "file"},
    "modal": {"table", "markdown", "context_actions", "file"},
    "home": {"table", "markdown", "context_actions", "file", "datetimepicker"}
    | {"email_text_input", "url_text_input", "number_input", "file_input"},
}


def check_blocks(given: list[Any], *, surface: str) -> None:
    """Refuse a message's blocks with every problem they have."""
    problems = find_problems(given, surface=surface, root="/blocks")
    if any(problem.text == "only_one_table_allowed" for problem in problems):
        raise Refused("invalid_attachments", errors=["only_one_table_allowed"])
    if problems:
        raise Refused(
            "invalid_blocks",
            errors=[str(problem) for problem in problems],
            messages=_messages(problems),
        )
    if surface == "message" and _words(given) > _MESSAGE_TEXT:
        raise Refused("msg_blocks_too_long")


def check_view(view: JSON, *, surface: str) -> None:
    """Refuse a view with every problem it has."""
    if len(json.dumps(view, ensure_ascii=False).encode()) > _VIEW_BYTES:
        raise Refused("view_too_large")
    if problems := view_problems(view, surface=surface):
        raise Refused("invalid_arguments", messages=_messages(problems))


def find_problems(given: Any, *, surface: str, root: str) -> list[Problem]:
    """List what is wrong with a message's blocks."""
    found = list(layouts.blocks(MESSAGE_BLOCKS)(given, root))
    return found or list(_across(given, surface, root))


def view_problems(view: Any, *, surface: str) -> list[Problem]:
    """List what is wrong with a view for this surface (`modal` or `home`)."""
    if not isinstance(view, dict) or view.get("type") != surface or surface not in layouts.VIEWS:
        return [Problem(f"must be a {surface} view", "/view/type")]
    found = list(layouts.VIEWS[surface](view, "/view"))
    if found:
        return found
    inputs = any(block["type"] == "input" for block in view["blocks"])
    if surface == "modal" and inputs and "submit" not in view:
        found.append(Problem("missing required field: submit", "/view"))
    return [*found, *_across(view["blocks"], surface, "/view/blocks")]


def _messages(problems: list[Problem]) -> list[str]:
    parents = dict.fromkeys(problem.pointer.rpartition("/")[0] for problem in problems)
    outer = [f"failed to match all allowed schemas [json-pointer:{one}]" for one in parents]
    return [f"[ERROR] {text}" for text in (*outer, *(str(problem) for problem in problems))]


def _across(given: list[JSON], surface: str, root: str) -> Iterator[Problem]:
    yield from _doubled_ids(given, root)
    if sum(len(block["text"]) for block in given if block["type"] == "markdown") > _MARKDOWN:
        yield Problem(f"markdown must be less than {_MARKDOWN + 1} characters in total", root)
    if sum(block["type"] == "table" for block in given) > 1:
        yield Problem("only_one_table_allowed", root)
    if sum(bool(element.get("focus_on_load")) for _, element in kit.elements(given)) > 1:
        yield Problem("only one element may have focus_on_load", root)
    for index, block in enumerate(given):
        at = f"{root}/{index}"
        if block["type"] in NOT_IN[surface]:
            yield Problem(f"unsupported type: {block['type']}", f"{at}/type")
        for number, (_, element) in enumerate(kit.elements([block])):
            if element["type"] in NOT_IN[surface]:
                place = {"input": "element", "section": "accessory"}.get(block["type"])
                inside = place or f"elements/{number}"
                yield Problem(f"unsupported type: {element['type']}", f"{at}/{inside}/type")


def _doubled_ids(given: list[JSON], root: str) -> Iterator[Problem]:
    seen: set[str] = set()
    for index, block in enumerate(given):
        block_id = block.get("block_id")
        if block_id in seen:
            yield Problem(f"block_id {block_id} already exists", f"{root}/{index}/block_id")
        if block_id:
            seen.add(block_id)
        ids = Counter(element.get("action_id") for _, element in kit.elements([block]))
        for action_id, count in ids.items():
            if action_id and count > 1:
                yield Problem(f"action_id {action_id} already exists", f"{root}/{index}/elements")


def _words(value: Any) -> int:
    if isinstance(value, dict):
        return sum(
            len(part) if name == "text" and isinstance(part, str) else _words(part)
            for name, part in value.items()
        )
    return sum(_words(part) for part in value) if isinstance(value, list) else 0
