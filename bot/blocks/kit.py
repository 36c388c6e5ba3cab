"""Block Kit in small pieces, and the limits that texts are cut to (slack.md §3)."""

from typing import Any

Block = dict[str, Any]
SECTION, HEADER, BUTTON, OPTION, CONTEXT = 3000, 150, 75, 75, 2000
TEXT = 3000
MOST_IN_ACTIONS, MOST_IN_VIEW = 25, 100


def cut(text: str, limit: int) -> str:
    return text if len(text) <= limit else text[: limit - 1].rstrip() + "…"


def mrkdwn(text: str, *, limit: int = SECTION) -> Block:
    return {"type": "mrkdwn", "text": cut(text, limit)}


def plain(text: str, *, limit: int) -> Block:
    return {"type": "plain_text", "text": cut(text, limit), "emoji": False}


def section(text: str, *, accessory: Block | None = None, block_id: str = "") -> Block:
    block: Block = {"type": "section", "text": mrkdwn(text)}
    if accessory is not None:
        block["accessory"] = accessory
    return _named(block, block_id)


def header(text: str) -> Block:
    return {"type": "header", "text": plain(text, limit=HEADER)}


def context(*texts: str) -> Block:
    return {"type": "context", "elements": [mrkdwn(text, limit=CONTEXT) for text in texts]}


def divider() -> Block:
    return {"type": "divider"}


def actions(elements: list[Block], *, block_id: str = "") -> Block:
    """At most 25; a button that did not fit would be one that nobody finds."""
    if len(elements) > MOST_IN_ACTIONS:
        raise ValueError(f"{len(elements)} elements in a row of actions")
    return _named({"type": "actions", "elements": elements}, block_id)


def button(
    text: str, action: str, value: object = "", *, style: str = "", confirm: Block | None = None
) -> Block:
    """A button; `style` is "primary" or "danger"."""
    block: Block = {
        "type": "button",
        "text": plain(text, limit=BUTTON),
        "action_id": action,
    }
    if carried := str(value):
        block["value"] = carried
    if style:
        block["style"] = style
    if confirm is not None:
        block["confirm"] = confirm
    return block


def confirmation(title: str, text: str, *, yes: str, no: str) -> Block:
    return {
        "title": plain(title, limit=100),
        "text": plain(text, limit=300),
        "confirm": plain(yes, limit=30),
        "deny": plain(no, limit=30),
    }


def option(text: str, value: str) -> Block:
    return {"text": plain(text, limit=OPTION), "value": value}


def select(
    action: str, options: list[Block], *, placeholder: str, initial: Block | None = None
) -> Block:
    block: Block = {
        "type": "static_select",
        "action_id": action,
        "placeholder": plain(placeholder, limit=150),
        "options": options,
    }
    return block | ({"initial_option": initial} if initial else {})


def field(
    block_id: str, label: str, element: Block, *, hint: str = "", optional: bool = False
) -> Block:
    """An input of a modal."""
    block: Block = {
        "type": "input",
        "block_id": block_id,
        "label": plain(label, limit=2000),
        "element": element,
        "optional": optional,
    }
    return block | ({"hint": plain(hint, limit=2000)} if hint else {})


def text_input(
    action: str, *, initial: str = "", lines: bool = False, longest: int = 3000
) -> Block:
    block: Block = {
        "type": "plain_text_input",
        "action_id": action,
        "multiline": lines,
        "max_length": longest,
    }
    return block | ({"initial_value": initial} if initial else {})


def modal(
    callback: str, title: str, blocks: list[Block], *, metadata: object, submit: str, close: str
) -> Block:
    if len(blocks) > MOST_IN_VIEW:
        raise ValueError(f"{len(blocks)} blocks in a modal")
    view: Block = {
        "type": "modal",
        "callback_id": callback,
        "title": plain(title, limit=24),
        "close": plain(close, limit=24),
        "private_metadata": str(metadata),
        "blocks": blocks,
    }
    return view | ({"submit": plain(submit, limit=24)} if submit else {})


def notice(title: str, text: str, *, close: str) -> Block:
    """A modal that only says something."""
    return {
        "type": "modal",
        "callback_id": "notice",
        "title": plain(title, limit=24),
        "close": plain(close, limit=24),
        "blocks": [section(text)],
    }


def _named(block: Block, block_id: str) -> Block:
    return block | ({"block_id": block_id[:255]} if block_id else {})
