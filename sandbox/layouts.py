"""Block Kit's blocks and views, on top of the elements of `limits`."""

from collections.abc import Iterator
from typing import Any

from sandbox.limits import ELEMENTS, RICH_TEXT, plain, text
from sandbox.schema import (
    Check,
    Problem,
    anything,
    array,
    boolean,
    both,
    by_type,
    number,
    one_of,
    record,
    string,
)

_ID = string(255, 1)
_PICKERS = {"datepicker", "timepicker", "overflow", "button", "checkboxes", "radio_buttons"}
_SELECTS = {name for name in ELEMENTS if name.endswith("_select")}
_TEXTS = {"plain_text_input", "email_text_input", "url_text_input", "number_input"}
ACCESSORIES = _PICKERS | _SELECTS | {"image"}
ACTIONS = _PICKERS | _SELECTS | {"datetimepicker", "rich_text_input"}
INPUTS = (
    _SELECTS
    | _TEXTS
    | {"datepicker", "timepicker", "datetimepicker", "checkboxes", "radio_buttons"}
    | {"rich_text_input", "file_input"}
)


def _elements(names: set[str]) -> Check:
    return by_type({name: ELEMENTS[name] for name in sorted(names)})


def _block(need: dict[str, Check], may: dict[str, Check] | None = None) -> Check:
    return record({"type": anything, **need}, {"block_id": _ID, **(may or {})})


def _has_words(value: Any, at: str) -> Iterator[Problem]:
    if "text" not in value and "fields" not in value:
        yield Problem("missing required field: text", at)


def _cell_size(value: Any, at: str) -> Iterator[Problem]:
    total = sum(_length(cell) for row in value["rows"] for cell in row)
    if total > 10_000:  # noqa: PLR2004 - Slack's limit for all cells of a table
        yield Problem("table cells must be less than 10001 characters in total", f"{at}/rows")


def _length(value: Any) -> int:
    if isinstance(value, dict):
        own = value.get("text")
        rest = [part for name, part in value.items() if name != "text"]
        return (len(own) if isinstance(own, str) else 0) + sum(_length(part) for part in rest)
    if isinstance(value, list):
        return sum(_length(part) for part in value)
    return 0


_CELL = by_type(
    {
        "raw_text": record({"type": anything, "text": string(None, 1)}),
        "raw_number": record({"type": anything, "value": anything}, {"text": string(None, 1)}),
        "rich_text": RICH_TEXT,
    }
)


def _column(value: Any, at: str) -> Iterator[Problem]:
    if value is not None:
        may = {"align": one_of("left", "center", "right"), "is_wrapped": boolean}
        yield from record({}, may)(value, at)


BLOCKS: dict[str, Check] = {
    "section": both(
        _block(
            {},
            {
                "text": text(3000),
                "fields": array(text(2000), least=1, most=10),
                "accessory": _elements(ACCESSORIES),
                "expand": boolean,
            },
        ),
        _has_words,
    ),
    "header": _block({"text": plain(150)}, {"level": number(1, 4)}),
    "divider": _block({}),
    "image": _block(
        {"alt_text": string(2000, 1)},
        {"image_url": string(3000, 1), "slack_file": anything, "title": plain(2000)},
    ),
    "context": _block(
        {
            "elements": array(
                by_type(
                    {
                        "image": ELEMENTS["image"],
                        "plain_text": plain(3000),
                        "mrkdwn": text(3000),
                    }
                ),
                least=1,
                most=10,
            )
        }
    ),
    "context_actions": _block(
        {"elements": array(_elements({"feedback_buttons", "icon_button"}), least=1, most=5)}
    ),
    "actions": _block({"elements": array(_elements(ACTIONS), least=1, most=25)}),
    "input": _block(
        {"label": plain(2000), "element": _elements(INPUTS)},
        {"hint": plain(2000), "optional": boolean, "dispatch_action": boolean},
    ),
    "rich_text": RICH_TEXT,
    "markdown": _block({"text": string(12_000, 1)}),
    "table": both(
        _block(
            {"rows": array(array(_CELL, least=1, most=20), least=1, most=100)},
            {"column_settings": array(_column, most=20)},
        ),
        _cell_size,
    ),
}

_VIEW = {
    "callback_id": string(255),
    "private_metadata": string(3000),
    "external_id": string(255),
}


def blocks(most: int) -> Check:
    return array(by_type(BLOCKS), most=most)


VIEWS: dict[str, Check] = {
    "modal": record(
        {"type": anything, "title": plain(24), "blocks": blocks(100)},
        {
            **_VIEW,
            "submit": plain(24),
            "close": plain(24),
            "clear_on_close": boolean,
            "notify_on_close": boolean,
            "submit_disabled": boolean,
        },
    ),
    "home": record({"type": anything, "blocks": blocks(100)}, _VIEW),
}
