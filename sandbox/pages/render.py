"""The jinja environment of the browser interface: Block Kit and pages as HTML, everything escaped.

Templates get plain dicts in Slack's own shapes, and `names`, `people` and `channels` for what ids are called.
"""

import json
from datetime import UTC, date, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, pass_context
from jinja2.runtime import Context
from markupsafe import Markup, escape

from sandbox.pages import names as wording
from sandbox.pages.mrkdwn import SAFE_LINK, mrkdwn, plain, text_object
from sandbox.pages.names import Names
from sandbox.pages.rich_text import rich_text

Element = dict[str, Any]
Option = dict[str, Any]

_FOLDER = Path(__file__).parent / "templates"


@lru_cache(maxsize=1)
def environment() -> Environment:
    made = Environment(
        loader=FileSystemLoader(_FOLDER),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    made.filters |= {
        "text": _text,
        "mrkdwn": _mrkdwn,
        "plain": plain,
        "rich_text": _rich_text,
        "cell": _cell,
        "drawn": _drawn_again,
        "choices": _choices,
        "initial_values": initial_values,
        "initial_text": initial_text,
        "image_source": image_source,
        "safe_url": lambda url: url if SAFE_LINK.match(url) else "#",
        "initials": wording.initials,
        "size": wording.size,
        "clock": wording.clock,
        "moment": wording.moment,
    }
    return made


def page(template: str, /, **facts: Any) -> str:
    """Render one template; `facts` must hold `names`, and `people` and `channels` where selects offer them."""
    return environment().get_template(template).render(**facts)


def _names(context: Context) -> Names:
    found: Names = context["names"]
    return found


@pass_context
def _text(context: Context, text: dict[str, Any] | str | None) -> Markup:
    return text_object(text, _names(context))


@pass_context
def _mrkdwn(context: Context, text: str) -> Markup:
    return mrkdwn(text, _names(context))


@pass_context
def _rich_text(context: Context, block: dict[str, Any]) -> Markup:
    return rich_text(block, _names(context))


@pass_context
def _cell(context: Context, cell: dict[str, Any]) -> Markup:
    if cell.get("type") == "rich_text":
        return rich_text(cell, _names(context))
    return escape(cell.get("text", cell.get("value", "")))


@pass_context
def _drawn_again(context: Context, blocks: list[dict[str, Any]], scope: str) -> Markup:
    """Draw a message's blocks, or take them as they were drawn for another page."""
    today = datetime.now(UTC).astimezone(wording.STOCKHOLM).date()
    return _drawn(json.dumps(blocks), scope, _names(context), today)


@lru_cache(maxsize=1000)
def _drawn(blocks: str, scope: str, names: Names, _today: date) -> Markup:
    """Blocks as JSON, so that what is equal is found again; the day words dates like *idag*."""
    template = environment().get_template("drawn.html")
    return Markup(template.render(blocks=json.loads(blocks), scope=scope, names=names))  # noqa: S704 - what the template escaped


@pass_context
def _choices(context: Context, element: Element) -> list[Option]:
    """List what a select offers beside its option groups: its options, or the workspace's people or channels."""
    names = _names(context)
    kind = element["type"].removeprefix("multi_")
    if kind == "users_select":
        offered = {key: name for key, name in names.users.items() if key not in names.gone}
    elif kind in ("channels_select", "conversations_select"):
        offered = dict(names.channels)
    else:
        return list(element.get("options") or [])
    return [{"value": key, "text": name} for key, name in offered.items()]


def initial_values(element: Element) -> list[str]:
    """List the values that are chosen from the start, of options, people or channels."""
    chosen = [element["initial_option"]] if element.get("initial_option") else []
    chosen += element.get("initial_options") or []
    values = [str(option.get("value")) for option in chosen]
    for kind in ("user", "channel", "conversation"):
        values += [element[f"initial_{kind}"]] if element.get(f"initial_{kind}") else []
        values += element.get(f"initial_{kind}s") or []
    return values


def initial_text(element: Element) -> str:
    """Tell what a typed field holds from the start, as its HTML input spells it."""
    if element.get("initial_date_time"):
        return f"{wording.moment(element['initial_date_time']):%Y-%m-%dT%H:%M}"
    for key in ("initial_value", "initial_date", "initial_time"):
        if isinstance(element.get(key), str | int | float):
            return str(element[key])
    return ""


def image_source(image: Element) -> str:
    """Give an image's address on this server, or "" for one that would have to be fetched from the net."""
    if file := (image.get("slack_file") or {}).get("id"):
        return f"files/{file}/"
    url = str(image.get("image_url") or "")
    return url if url.startswith("/") else ""
