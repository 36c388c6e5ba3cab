"""Slack's mrkdwn as HTML.

Everything that is not markup is escaped; the only tags that can come out are the ones written here.
Texts arrive with & < > as entities, so a literal `<` always begins one of Slack's own forms.
"""

import re
from datetime import UTC, datetime
from html import unescape
from typing import Any

from markupsafe import Markup, escape

from sandbox.pages.names import EMOJI, Names, worded_date

SAFE_LINK = re.compile(r"(?:https?://|mailto:|tel:|/)", re.IGNORECASE)
STYLED = {
    "b": Markup("<b>{}</b>"),
    "i": Markup("<i>{}</i>"),
    "s": Markup("<s>{}</s>"),
    "u": Markup("<u>{}</u>"),
    "code": Markup("<code>{}</code>"),
}
_INSIDE = r"(?:<[^<>\n]*>|[^\n<{mark}])+?"


def _around(name: str, mark: str) -> str:
    inside = _INSIDE.format(mark=re.escape(mark))
    escaped = re.escape(mark)
    return (
        rf"(?<![\w{escaped}]){escaped}(?P<{name}>(?!\s){inside}(?<!\s)){escaped}(?![\w{escaped}])"
    )


_INLINE = re.compile(
    "|".join(
        [
            r"`(?P<code>[^`\n]+)`",
            r"<(?P<angle>[^<>\n]+)>",
            _around("b", "*"),
            _around("i", "_"),
            _around("s", "~"),
            r":(?P<emoji>[a-z0-9_+-]+):",
        ]
    )
)
_FENCE = re.compile(r"```\n?(.*?)\n?```\n?", re.DOTALL)
_QUOTE = re.compile(r"(?:&gt;|>) ?")
_QUOTE_REST = re.compile(r"(?:&gt;|>){3} ?")


def mrkdwn(text: str, names: Names, *, today: datetime | None = None) -> Markup:
    """Render one mrkdwn text; `today` is what *idag* means in `<!date…>` forms."""
    today = today or datetime.now(UTC)
    parts: list[Markup] = []
    at = 0
    for fence in _FENCE.finditer(text):
        parts.append(_lines(text[at : fence.start()].removesuffix("\n"), names, today))
        parts.append(Markup("<pre>{}</pre>").format(_code(fence[1], names, today)))
        at = fence.end()
    parts.append(_lines(text[at:], names, today))
    return Markup().join(parts)


def plain(text: str) -> Markup:
    """Render plain_text: line breaks and emoji names are the only things that mean something."""
    parts = re.split(r":([a-z0-9_+-]+):", text)
    return Markup().join(
        escape(EMOJI.get(part, f":{part}:") if number % 2 else part)
        for number, part in enumerate(parts)
    )


def broken(text: str) -> Markup:
    """Escape a text and keep its line breaks."""
    return Markup("<br>").join(escape(line) for line in text.split("\n"))


def text_object(text: dict[str, Any] | str | None, names: Names) -> Markup:
    """Render a composition text object; a bare string is taken as plain_text."""
    if not text:
        return Markup()
    if isinstance(text, str):
        return plain(text)
    if text.get("type") == "mrkdwn":
        return mrkdwn(str(text.get("text", "")), names)
    return plain(str(text.get("text", "")))


def link(url: str, label: str) -> Markup:
    """Make a link; a scheme that a browser could run (javascript:, data:) is shown as text."""
    if not SAFE_LINK.match(url):
        return escape(label)
    return Markup('<a href="{}" target="_blank" rel="noopener noreferrer">{}</a>').format(
        url, label
    )


def mention(label: str) -> Markup:
    return Markup('<span class="mention">{}</span>').format(label)


def emoji(name: str) -> Markup:
    shown = EMOJI.get(name)
    if not shown:
        return escape(f":{name}:")
    return Markup('<span role="img" aria-label="{}">{}</span>').format(name, shown)


def _lines(text: str, names: Names, today: datetime) -> Markup:
    parts: list[Markup] = []
    quoted: list[Markup] = []
    lines = text.split("\n")
    for number, line in enumerate(lines):
        if rest := _QUOTE_REST.match(line):
            remaining = "\n".join([line[rest.end() :], *lines[number + 1 :]])
            quoted.append(_inline(remaining, names, today))
            break
        if mark := _QUOTE.match(line):
            quoted.append(_inline(line[mark.end() :], names, today))
            continue
        if quoted:
            parts.append(_quote(quoted))
            quoted = []
        elif number:
            parts.append(Markup("<br>"))
        parts.append(_inline(line, names, today))
    if quoted:
        parts.append(_quote(quoted))
    return Markup().join(parts)


def _quote(lines: list[Markup]) -> Markup:
    return Markup("<blockquote>{}</blockquote>").format(Markup("<br>").join(lines))


def _inline(text: str, names: Names, today: datetime) -> Markup:
    parts: list[Markup] = []
    at = 0
    for found in _INLINE.finditer(text):
        parts.append(_words(text[at : found.start()]))
        kind = found.lastgroup or ""
        inside = found[kind]
        if kind == "code":
            parts.append(STYLED[kind].format(_code(inside, names, today)))
        elif kind == "angle":
            parts.append(_angle(inside, names, today))
        elif kind == "emoji":
            parts.append(emoji(inside))
        else:
            parts.append(STYLED[kind].format(_inline(inside, names, today)))
        at = found.end()
    parts.append(_words(text[at:]))
    return Markup().join(parts)


def _words(text: str) -> Markup:
    return broken(unescape(text))


def _code(text: str, names: Names, today: datetime) -> Markup:
    """Inside code only Slack's <…> forms mean something."""
    parts = re.split(r"<([^<>\n]+)>", text)
    return Markup().join(
        _angle(part, names, today) if number % 2 else escape(unescape(part))
        for number, part in enumerate(parts)
    )


def _angle(inside: str, names: Names, today: datetime) -> Markup:
    """Render `<@U…>`, `<#C…>`, `<!…>` and `<url|label>`."""
    target, _, label = inside.partition("|")
    target, label = unescape(target), unescape(label)
    if target.startswith("@"):
        return mention("@" + (label or names.user(target[1:])))
    if target.startswith("#"):
        return mention("#" + (label or names.channel(target[1:])))
    if target.startswith("!date^"):
        return _date(target, label, today)
    if target.startswith("!"):
        return mention(label or "@" + target[1:].split("^", maxsplit=1)[0])
    return link(target, label or target.removeprefix("mailto:").removeprefix("tel:"))


def _date(target: str, fallback: str, today: datetime) -> Markup:
    url: list[str] = []
    try:
        _, seconds, pattern, *url = target.split("^")
        words = worded_date(float(seconds), pattern, today=today)
    except (ValueError, OverflowError, OSError):
        words = fallback
    shown = link(url[0], words) if url else escape(words)
    return Markup('<time title="{}">{}</time>').format(fallback, shown)
