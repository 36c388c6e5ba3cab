"""Block Kit's fields and limits as one table, element by element and block by block.

What is not here Slack knows and the sandbox does not; it answers `unsupported type` to it.
"""

from collections.abc import Iterator, Mapping
from typing import Any

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
_TYPE = {"type": anything}
_URL = string(3000, 1)


def plain(most: int) -> Check:
    return by_type({"plain_text": record({**_TYPE, "text": string(most, 1)}, {"emoji": boolean})})


def text(most: int) -> Check:
    """Accept plain text or mrkdwn."""
    return by_type(
        {
            "plain_text": record({**_TYPE, "text": string(most, 1)}, {"emoji": boolean}),
            "mrkdwn": record({**_TYPE, "text": string(most, 1)}, {"verbatim": boolean}),
        }
    )


CONFIRM = record(
    {"title": plain(100), "text": text(300), "confirm": plain(30), "deny": plain(30)},
    {"style": one_of("primary", "danger")},
)


def _option(label: Check, *, url: bool = False) -> Check:
    may: dict[str, Check] = {"description": text(75)}
    if url:
        may["url"] = _URL
    return record({"text": label, "value": string(150, 1)}, may)


_SELECT_OPTION = _option(plain(75))
_BOX_OPTION = _option(text(75))
_GROUP = record({"label": plain(75), "options": array(_SELECT_OPTION, least=1, most=100)})
_DISPATCH = record(
    {}, {"trigger_actions_on": array(one_of("on_enter_pressed", "on_character_entered"), least=1)}
)
_FILTER = record(
    {},
    {
        "include": array(one_of("im", "mpim", "private", "public"), least=1),
        "exclude_external_shared_channels": boolean,
        "exclude_bot_users": boolean,
    },
)


def _element(
    may: Mapping[str, Check] | None = None, need: Mapping[str, Check] | None = None
) -> Check:
    common = {"action_id": _ID, "confirm": CONFIRM, "focus_on_load": boolean}
    return record({**_TYPE, **(need or {})}, {**common, **(may or {})})


def _select(may: Mapping[str, Check], need: Mapping[str, Check] | None = None) -> Check:
    return _element({"placeholder": plain(150), **may}, need)


def _static(initial: Mapping[str, Check]) -> Check:
    may = {
        "options": array(_SELECT_OPTION, least=1, most=100),
        "option_groups": array(_GROUP, least=1, most=100),
        **initial,
    }

    def has_options(value: Any, at: str) -> Iterator[Problem]:
        if ("options" in value) == ("option_groups" in value):
            yield Problem("must provide exactly one of options and option_groups", at)

    return both(_select(may), has_options)


def _input(**may: Check) -> Check:
    return _element({"placeholder": plain(150), "dispatch_action_config": _DISPATCH, **may})


_MANY = {"max_selected_items": number(1)}
_SOME = {"initial_options": array(_SELECT_OPTION, least=1, most=100), **_MANY}
_BOXES = array(_BOX_OPTION, least=1, most=10)
_LENGTHS = {"min_length": number(0, 3000), "max_length": number(1, 3000)}
_IMAGE_SOURCE = {"image_url": _URL, "slack_file": anything}

_RICH_PART = record(
    _TYPE,
    {
        "text": string(None, 1),
        "style": anything,
        "url": _URL,
        "unsafe": boolean,
        "user_id": _ID,
        "channel_id": _ID,
        "usergroup_id": _ID,
        "team_id": _ID,
        "name": string(None, 1),
        "skin_tone": number(),
        "unicode": string(),
        "range": one_of("here", "channel", "everyone"),
        "timestamp": number(),
        "format": string(None, 1),
        "fallback": string(),
        "value": string(),
    },
)
_RICH_SECTION = record({**_TYPE, "elements": array(_RICH_PART)})
_RICH_LINES = record({**_TYPE, "elements": array(_RICH_PART)}, {"border": number(0, 1)})
_RICH_LIST = record(
    {
        **_TYPE,
        "style": one_of("bullet", "ordered"),
        "elements": array(by_type({"rich_text_section": _RICH_SECTION})),
    },
    {"indent": number(0, 8), "offset": number(0), "border": number(0, 1)},
)
_RICH = by_type(
    {
        "rich_text_section": _RICH_SECTION,
        "rich_text_list": _RICH_LIST,
        "rich_text_quote": _RICH_LINES,
        "rich_text_preformatted": _RICH_LINES,
    }
)
RICH_TEXT = record({**_TYPE, "elements": array(_RICH)}, {"block_id": _ID})

ELEMENTS: dict[str, Check] = {
    "button": _element(
        {
            "value": string(2000),
            "url": _URL,
            "style": one_of("primary", "danger"),
            "accessibility_label": string(75),
        },
        {"text": plain(75)},
    ),
    "static_select": _static({"initial_option": _SELECT_OPTION}),
    "multi_static_select": _static(_SOME),
    "external_select": _select({"initial_option": _SELECT_OPTION, "min_query_length": number(0)}),
    "multi_external_select": _select({**_SOME, "min_query_length": number(0)}),
    "users_select": _select({"initial_user": _ID}),
    "multi_users_select": _select({"initial_users": array(_ID), **_MANY}),
    "channels_select": _select({"initial_channel": _ID, "response_url_enabled": boolean}),
    "multi_channels_select": _select({"initial_channels": array(_ID), **_MANY}),
    "conversations_select": _select(
        {
            "initial_conversation": _ID,
            "default_to_current_conversation": boolean,
            "response_url_enabled": boolean,
            "filter": _FILTER,
        }
    ),
    "multi_conversations_select": _select(
        {
            "initial_conversations": array(_ID),
            "default_to_current_conversation": boolean,
            "filter": _FILTER,
            **_MANY,
        }
    ),
    "overflow": _element(need={"options": array(_option(plain(75), url=True), least=1, most=5)}),
    "checkboxes": _element(
        {"initial_options": array(_BOX_OPTION, least=1, most=10)}, {"options": _BOXES}
    ),
    "radio_buttons": _element({"initial_option": _BOX_OPTION}, {"options": _BOXES}),
    "datepicker": _select({"initial_date": string(10, 10)}),
    "timepicker": _select({"initial_time": string(5, 5), "timezone": string()}),
    "datetimepicker": _element({"initial_date_time": number()}),
    "plain_text_input": _input(initial_value=string(3000), multiline=boolean, **_LENGTHS),
    "email_text_input": _input(initial_value=string(3000)),
    "url_text_input": _input(initial_value=string(3000)),
    "number_input": _element(
        {
            "placeholder": plain(150),
            "dispatch_action_config": _DISPATCH,
            "initial_value": string(),
            "min_value": string(),
            "max_value": string(),
        },
        {"is_decimal_allowed": boolean},
    ),
    "rich_text_input": _input(initial_value=RICH_TEXT),
    "file_input": _element(
        {"filetypes": array(string(None, 1), least=1), "max_files": number(1, 10)}
    ),
    "feedback_buttons": _element(need={"positive_button": anything, "negative_button": anything}),
    "icon_button": _element(
        {"value": string(2000), "accessibility_label": string(75), "visible_to_user_ids": anything},
        {"icon": one_of("trash"), "text": plain(75)},
    ),
    "image": record({**_TYPE, "alt_text": string(2000)}, _IMAGE_SOURCE),
}
