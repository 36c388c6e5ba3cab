"""A name that is made to do harm, on every surface: it mentions nobody, links nowhere, changes no shape."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from bot.timers import TIMERS
from sandbox.surfaces import find_problems, view_problems
from tests.bot.test_permissions import Form, made_in, press, views
from tests.bot.wires import Line, line
from tests.fuzzing import FUZZ

# Names made to do harm, and what stands in its place where Slack reads it.
HOSTILE = {
    "mentions and links": (
        "=1+1 <!channel> <!here> <@U0EVIL> <https://evil.example|hit> @channel *a* _b_ `c` & x",
        "&lt;!channel&gt;",
    ),
    "more of them": (
        "<!subteam^S0EVIL|a> <#C0EVIL> <mailto:a@evil.example|b> <!date^1^{date}^https://evil.example|c>",
        "&lt;!subteam^S0EVIL|a&gt;",
    ),
    "escaped already": (
        "&lt;!channel&gt; &amp;lt;!here&amp;gt; https://evil.example/x",
        "&amp;lt;!channel",
    ),
    "what cannot be seen": (
        "a\u202eb\u2066c\u200b\u200d\ufeff\u00ad\x07\x1b[31md\u2028<!chan\u200bnel><!channel>\u0338",
        "&lt;!channel&gt;",
    ),
    "one word": ("<@U0EVIL>" + "Å" * 110, "&lt;@U0EVIL&gt;"),
    "other languages": (
        '{{ 7 * 7 }} {% include "x" %} ${x} %s </p><script>alert(1)</script> #read("/etc/passwd") <!here>',
        "&lt;!here&gt;",
    ),
}
NEVER = ("<!", "<@U0EVIL", "<#C0EVIL", "<https://evil", "<mailto:a@evil")
HOMES = ("U0ANNA", "U0SARA", "U0KARIN", "U0DIR", "U0INV", "U0PETRA", "U0REG")


def markup(found: Any) -> Iterator[str]:
    """Every text that Slack reads as mrkdwn: it mentions and links."""
    match found:
        case {"type": "mrkdwn", "text": str(text)}:
            yield text
        case dict():
            for value in found.values():
                yield from markup(value)
        case list():
            for value in found:
                yield from markup(value)


@pytest.mark.fuzz
@pytest.mark.parametrize("kind", [*HOSTILE] if FUZZ else [*HOSTILE][:1])
async def test_a_hostile_name_does_nothing_on_any_surface(
    sqlite_url: str, tmp_path: Path, kind: str
):
    name, harmless = HOSTILE[kind]
    async with line(sqlite_url, tmp_path) as wires:
        everything = await made_in(wires, tmp_path, name)
        shown: list[Any] = []
        for one in everything.all:
            if not isinstance(one, Form) or not one.reads:
                shown += await press(wires, one, one.by)
        for word in ("mina", "sök evil", "ärende 2026-0001", "digest", "rapport", "budget", name):
            for person in ("T0SANDBOX:U0ANNA", "T0SANDBOX:U0SARA"):
                answers = await wires.send("command", wires.command(person, word))
                shown += answers
                check_top(answers)
        for user in HOMES:
            shown.append(await wires.town.home(f"T0SANDBOX:{user}"))
        await every_timer(wires)
        await wires.town.work(homes=True)
        for kind_ in ("post", "update", "publish", "upload"):
            for row in await wires.town.owed(kind_):
                assert not [bad for bad in NEVER if bad in row.get("text", "")], row
                shown.append(row.get("blocks") or row.get("view"))
                if row.get("blocks"):
                    assert not find_problems(row["blocks"], surface="message", root="blocks")
        texts = [text for one in shown for text in markup(one)]
        assert any(harmless in text for text in texts)
        assert not [text for text in texts for bad in NEVER if bad in text]
        for view in views(shown):
            assert not view_problems(view, surface="modal"), json.dumps(view)[:500]
        homes = [row["view"] for row in await wires.town.owed("publish")]
        assert len(homes) >= len(HOMES)
        for view in homes:
            assert not view_problems(view, surface="home"), json.dumps(view)[:500]


async def every_timer(wires: Line) -> None:
    """Reminders, digests and reports as a month's first morning makes them."""
    for timer in TIMERS:
        await wires.town.act(lambda tx, timer=timer: timer.act(tx, wires.town.office, tx.now))


def check_top(answers: list[Any]) -> None:
    for answer in answers:
        said = answer.get("text", "") if isinstance(answer, dict) else ""
        assert not [bad for bad in NEVER if bad in said], answer
