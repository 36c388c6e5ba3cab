"""Wording: facts and a key become a Swedish sentence, as templates/messages says it.

`texts("assessment.card.title", case=…)` renders the jinja string at `assessment/card.toml`, key
`title`. Values are escaped for Slack's mrkdwn, so what a person typed can never be a link or a mention.
"""

import re
import tomllib
from collections.abc import Callable, Mapping
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from pathlib import Path
from zoneinfo import ZoneInfo

from babel.dates import format_date
from jinja2 import StrictUndefined, Template
from jinja2.sandbox import SandboxedEnvironment
from markupsafe import Markup

from flows.answered import begin
from flows.programme import USUAL_NAMES, Names

TEMPLATES = Path(__file__).resolve().parent.parent / "templates"
STOCKHOLM = ZoneInfo("Europe/Stockholm")
NBSP = "\u00a0"
_SPACES = re.compile(rf"[^\S{NBSP}]+")  # any but the one that holds an amount together
_ESCAPES = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;"})


def escape(text: str) -> str:
    """Slack's three escapes; everything else is shown as typed."""
    return text.translate(_ESCAPES)


def kr(amount: Decimal) -> str:
    """`2 500 000 kr`; öre only when there are any."""
    whole = amount == amount.to_integral_value()
    digits = f"{amount:,.0f}" if whole else f"{amount:,.2f}"
    return digits.replace(",", NBSP).replace(".", ",").replace("-", "−") + f"{NBSP}kr"


def datum(day: date) -> str:
    """`22 november 2026`; a moment is shown as its day in Sweden."""
    local = day.astimezone(STOCKHOLM).date() if isinstance(day, datetime) else day
    return str(format_date(local, "d MMMM y", locale="sv_SE"))


def tid(moment: datetime) -> str:
    """`22 november 2026 kl. 14.05`, Swedish time."""
    return f"{datum(moment)} kl.{NBSP}{moment.astimezone(STOCKHOLM):%H.%M}"


def shorten(text: str, length: int = 150) -> str:
    """One line of at most `length` characters: lines are told apart, and no amount is broken."""
    line = " · ".join(
        " ".join(_SPACES.split(part)) for part in map(str.strip, text.splitlines()) if part
    )
    return line if len(line) <= length else line[: length - 1].rstrip() + "…"


class Texts:
    """The wording of every message. Templates are compiled the first time they are used.

    `names` is what the municipality calls its bodies and its money: every text may say `called.group`.
    """

    def __init__(
        self, folder: Path = TEMPLATES / "messages", *, names: Names = USUAL_NAMES
    ) -> None:
        self._sources = _load(folder)
        self._mrkdwn = _Compiled(self._sources, finalize=_safe, names=names)
        self._plain = _Compiled(self._sources, finalize=None, names=names)
        self._fixed: dict[tuple[object, ...], Markup] = {}

    def __call__(self, key: str, **facts: object) -> Markup:
        """Render `key` for mrkdwn. A missing key or fact raises: it is a bug, never shown half.

        What is returned is already escaped, and may be a fact of another text.
        """
        return Markup(self._mrkdwn.render(key, facts))  # noqa: S704  values were escaped

    def fixed(self, key: str, **facts: str | int | tuple[str, ...]) -> Markup:
        """The same, rendered once and kept: only for facts that are our own words, never a person's.

        What a question says of itself is half of what an answer would render anew.
        """
        known = (key, *facts.values())
        found = self._fixed.get(known)
        if found is None:
            found = self._fixed[known] = self(key, **facts)
        return found

    def plain(self, key: str, **facts: object) -> str:
        """Render `key` for a `plain_text` object, where nothing is markup."""
        return self._plain.render(key, facts)

    def __contains__(self, key: str) -> bool:
        return key in self._sources

    @property
    def keys(self) -> frozenset[str]:
        return frozenset(self._sources)


class _Compiled:
    """The templates of one kind of output, compiled when first used."""

    def __init__(
        self,
        sources: Mapping[str, str],
        *,
        finalize: Callable[[object], object] | None,
        names: Names,
    ) -> None:
        self._sources = sources
        self._environment = SandboxedEnvironment(
            undefined=StrictUndefined, finalize=finalize, trim_blocks=True, lstrip_blocks=True
        )
        self._environment.filters |= _FILTERS
        self._environment.globals.clear()  # a text fills in facts, and what bodies are called
        # Jinja's own annotation lists its built-in globals alone.
        self._environment.globals["called"] = names  # ty: ignore[invalid-assignment]
        self._globals = {"called": names}
        self._finalize = finalize or str
        self._blanks: dict[str, _Blanks] = {}
        self._templates: dict[str, Template] = {}

    def render(self, key: str, facts: Mapping[str, object]) -> str:
        source = self._sources[key]
        if "{" not in source:
            return source  # most labels and buttons: there is nothing to fill in
        filled = self._filled(key, source, facts)
        if filled is not None:
            return filled
        found = self._templates.get(key)
        if found is None:
            found = self._templates[key] = self._environment.from_string(source)
        # As Template.render does, but for copying the globals together with the facts each time.
        context = found.new_context({**self._globals, **facts}, shared=True)
        return "".join(found.root_render_func(context))

    def _filled(self, key: str, source: str, facts: Mapping[str, object]) -> str | None:
        """A text that only names facts, filled in without jinja, which takes ten times as long."""
        blanks = self._blanks.get(key)
        if blanks is None:
            blanks = self._blanks[key] = _blanks(source)
        if not blanks or any(name not in facts for _, name, _ in blanks[:-1]):
            return None  # jinja says best what is missing
        said: list[str] = []
        for words, name, shown in blanks[:-1]:
            value = facts[name]
            said += words, str(self._finalize(shown(value) if shown else value))
        said.append(blanks[-1][0])
        return "".join(said)


# The words before each fact, its name and how it is shown; last the words after them all.
_Blanks = tuple[tuple[str, str, Callable[..., str] | None], ...]
_BLANK = re.compile(r"\{\{ (\w+)(?: \| (\w+))? \}\}")


def _blanks(source: str) -> _Blanks:
    """Where a text is filled in; () when it asks more of jinja than that."""
    *pieces, last = _BLANK.split(source)
    words, names, shown = pieces[::3], pieces[1::3], pieces[2::3]
    if "{" in "".join([*words, last]) or not {*filter(None, shown)} <= _FILTERS.keys():
        return ()
    how = [_FILTERS[one] if one else None for one in shown]
    return (*zip(words, names, how, strict=True), (last, "", None))


_FILTERS: dict[str, Callable[..., str]] = {
    "kr": kr,
    "datum": datum,
    "tid": tid,
    "kort": shorten,
    "stor": begin,
}


def _safe(value: object) -> object:
    if isinstance(value, str) and not isinstance(value, Markup):
        return escape(value)
    return value


@cache
def _load(folder: Path) -> Mapping[str, str]:
    sources: dict[str, str] = {}
    for path in sorted(folder.glob("*/*.toml")):
        with path.open("rb") as file:
            sources |= _flat(f"{path.parent.name}.{path.stem}", tomllib.load(file))
    return sources


def _flat(prefix: str, table: Mapping[str, object]) -> dict[str, str]:
    found: dict[str, str] = {}
    for name, value in table.items():
        key = f"{prefix}.{name}"
        if isinstance(value, dict):
            found |= _flat(key, value)
        else:
            found[key] = str(value).strip("\n")
    return found
