"""Slack's rich_text blocks (sections, lists, quotes, code) as HTML, nothing of it unescaped."""

from datetime import UTC, datetime
from typing import Any

from markupsafe import Markup, escape

from sandbox.pages.mrkdwn import STYLED, broken, emoji, link, mention
from sandbox.pages.names import Names, worded_date

_STYLES = {"bold": "b", "italic": "i", "strike": "s", "code": "code", "underline": "u"}
_LISTS = {
    "ordered": Markup('<ol data-indent="{}">{}</ol>'),
    "bullet": Markup('<ul data-indent="{}">{}</ul>'),
}


def rich_text(block: dict[str, Any], names: Names) -> Markup:
    """Render a rich_text block (or a rich_text cell of a table)."""
    return Markup().join(_part(part, names) for part in block.get("elements", []))


def _part(part: dict[str, Any], names: Names) -> Markup:
    kind = part.get("type")
    if kind == "rich_text_list":
        shape = _LISTS.get(str(part.get("style")), _LISTS["bullet"])
        items = Markup().join(
            Markup("<li>{}</li>").format(_part(item, names)) for item in part.get("elements", [])
        )
        return shape.format(int(part.get("indent", 0)), items)
    inside = Markup().join(_element(one, names) for one in part.get("elements", []))
    if kind == "rich_text_quote":
        return Markup("<blockquote>{}</blockquote>").format(inside)
    if kind == "rich_text_preformatted":
        return Markup("<pre>{}</pre>").format(inside)
    return Markup("<span>{}</span>").format(inside)


def _element(element: dict[str, Any], names: Names) -> Markup:
    shown = _bare(element, names)
    for style, wanted in element.get("style", {}).items():
        if wanted and style in _STYLES:
            shown = STYLED[_STYLES[style]].format(shown)
    return shown


def _bare(element: dict[str, Any], names: Names) -> Markup:
    text = str(element.get("text", ""))
    match element.get("type"):
        case "link":
            url = str(element.get("url", ""))
            return link(url, text or url)
        case "user":
            return mention("@" + names.user(str(element.get("user_id", ""))))
        case "channel":
            return mention("#" + names.channel(str(element.get("channel_id", ""))))
        case "broadcast":
            return mention("@" + str(element.get("range", "")))
        case "emoji":
            return emoji(str(element.get("name", "")))
        case "date":
            return escape(
                worded_date(
                    float(element.get("timestamp", 0)),
                    str(element.get("format", "{date}")),
                    today=datetime.now(UTC),
                )
            )
        case _:
            return broken(text)
