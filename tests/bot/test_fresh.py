"""Before an opinion is taken Slack is asked who is pressing, and whether the channel is still KLG's own."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from bot.acts import who as people
from bot.listeners import fresh
from bot.listeners.payloads import Who
from bot.listeners.shell import Shell
from bot.slack import open_slack
from flows.errors import NotAllowed
from tests.bot.town import LARS, TEAM, Town, town

US = Who(TEAM, "U0LARS")


@dataclass
class AnsweringSlack:
    """Answers each method with what the test says, and remembers what it was asked."""

    answers: dict[str, Any]
    asked: list[str] = field(default_factory=list)

    async def answer(self, request: web.Request) -> web.Response:
        self.asked.append(request.match_info["method"])
        found = self.answers[request.match_info["method"]]
        return web.Response(status=500) if found is None else web.json_response(found)


def lars(**changed: Any) -> dict[str, Any]:
    user = {
        "id": "U0LARS",
        "team_id": TEAM,
        "profile": {"email": "lars.berg@exempelkommunen.se", "real_name": "Lars Berg"},
        "deleted": False,
    }
    return {"ok": True, "user": user | changed}


def channel(**changed: Any) -> dict[str, Any]:
    return {"ok": True, "channel": {"id": "C0KLG", "is_ext_shared": False} | changed}


@pytest.fixture
async def here(sqlite_url: str, tmp_path: Path) -> AsyncIterator[Town]:
    async with town(sqlite_url, tmp_path) as made:
        yield made


async def check(here: Town, slack: AnsweringSlack, who: Who = US) -> None:
    """Let somebody press, on a Slack that answers this."""
    app = web.Application()
    app.router.add_route("*", "/api/{method}", slack.answer)
    async with TestServer(app) as server:
        url = str(server.make_url("/api/"))
        async with open_slack("xoxb-x", url=url) as opened:
            shell = Shell(here.perform, here.office, opened.client, None, None)  # type: ignore[arg-type]
            await fresh.check(shell, who)


async def may_no_longer(here: Town) -> bool:
    def query(db: Any) -> bool:
        return people.has_role(db, here.office, LARS, people.Role.KLG)

    return not await here.perform.read(query)


async def remembered_now(here: Town) -> None:
    remember = partial(people.remember, office=here.office, user=lars()["user"])
    await here.act(remember)
    here.now -= people.timedelta(minutes=1)  # the next act is at the same moment


async def test_who_was_asked_about_a_moment_ago_is_not_asked_about_again(here: Town):
    await remembered_now(here)
    slack = AnsweringSlack({})
    await check(here, slack)

    assert slack.asked == []


async def test_what_slack_says_now_counts(here: Town):
    slack = AnsweringSlack({"conversations.info": channel(), "users.info": lars(deleted=True)})
    await check(here, slack)

    assert sorted(slack.asked) == ["conversations.info", "users.info"]
    assert await may_no_longer(here)


@pytest.mark.requirement("R000-4")
@pytest.mark.parametrize("shared", ["is_ext_shared", "is_pending_ext_shared"])
async def test_in_a_channel_shared_with_others_nobody_assesses(here: Town, shared: str):
    slack = AnsweringSlack({"conversations.info": channel(**{shared: True}), "users.info": lars()})
    for _ in range(2):  # also when she presses again at once
        with pytest.raises(NotAllowed, match="shared_channel"):
            await check(here, slack)


@pytest.mark.parametrize(
    "answer",
    [None, {"ok": False, "error": "user_not_found"}, {"ok": False, "error": "ratelimited"}],
)
async def test_when_slack_does_not_say_nothing_is_done(here: Town, answer: Any):
    slack = AnsweringSlack({"conversations.info": channel(), "users.info": answer})

    with pytest.raises(NotAllowed, match="unchecked"):
        await check(here, slack)


async def test_somebody_of_another_workspace_is_not_asked_about(here: Town):
    slack = AnsweringSlack({})
    await check(here, slack, Who("T0OTHER", "U0LARS"))  # the act refuses her

    assert slack.asked == []
