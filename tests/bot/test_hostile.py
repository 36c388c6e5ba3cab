"""A name that is made to do harm, on every surface: it mentions nobody, links nowhere, changes no shape."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from sandbox.surfaces import find_problems, view_problems
from tests.bot.test_permissions import Form, made_in, press, views
from tests.bot.wires import line

HOSTILE = "=1+1 <!channel> <!here> <@U0EVIL> <https://evil.example|hit> @channel *a* _b_ `c` & x"
NEVER = ("<!channel>", "<!here>", "<@U0EVIL>", "<https://evil")


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


async def test_a_hostile_name_does_nothing_on_any_surface(sqlite_url: str, tmp_path: Path):
    async with line(sqlite_url, tmp_path) as wires:
        everything = await made_in(wires, tmp_path, HOSTILE)
        shown: list[Any] = []
        for one in everything.all:
            if not isinstance(one, Form) or not one.reads:
                shown += await press(wires, one, one.by)
        for word in ("mina", "sök evil", "ärende 2026-0001", "digest", "rapport", "budget"):
            for person in ("T0SANDBOX:U0ANNA", "T0SANDBOX:U0SARA"):
                answers = await wires.send("command", wires.command(person, word))
                shown += answers
                check_top(answers)
        await wires.town.work()
        for kind in ("post", "update", "publish", "upload"):
            for row in await wires.town.owed(kind):
                assert not [bad for bad in NEVER if bad in row.get("text", "")], row
                shown.append(row.get("blocks") or row.get("view"))
                if row.get("blocks"):
                    assert not find_problems(row["blocks"], surface="message", root="blocks")
        texts = [text for one in shown for text in markup(one)]
        assert any("&lt;!channel&gt;" in text for text in texts)
        assert not [text for text in texts for bad in NEVER if bad in text]
        for view in views(shown):
            assert not view_problems(view, surface="modal"), json.dumps(view)[:500]


def check_top(answers: list[Any]) -> None:
    for answer in answers:
        said = answer.get("text", "") if isinstance(answer, dict) else ""
        assert not [bad for bad in NEVER if bad in said], answer
