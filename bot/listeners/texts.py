"""Texts as Slack sends them, made into texts as the person wrote them and a database can hold them."""

import re
from typing import Any

from bot.ids import NotOurs

_LINK = re.compile(r"<((?:https?|mailto|tel):[^|<>]+)(?:\|([^<>]*))?>")
_MENTION = re.compile(r"<([@#!])([^|<>]+)(?:\|([^<>]*))?>")


def text(value: Any) -> str:
    """A text as a database can hold it; "" for nothing. Raises NotOurs for what is no text."""
    if value is None:
        return ""
    if not isinstance(value, str):
        raise NotOurs(value)
    if "\0" not in value and value.isascii():
        return value
    # Half a surrogate pair is what is left of an emoji that somebody cut in two.
    whole = value.replace("\0", "").encode("utf-16", "surrogatepass")
    return whole.decode("utf-16", "replace")


def decode(text: str) -> str:
    """What the person typed: Slack's escapes, links and mentions taken back."""
    text = _LINK.sub(
        lambda found: found[2] or found[1].removeprefix("mailto:").removeprefix("tel:"), text
    )
    text = _MENTION.sub(
        lambda found: f"{'' if found[1] == '!' else found[1]}{found[3] or found[2]}", text
    )
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
