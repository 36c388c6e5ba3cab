"""Whom the bot knows: those who turn to it and those whom the programme names, and nobody else."""

from pathlib import Path
from typing import Any

import pytest
from slack_sdk.errors import SlackApiError

from bot.acts import who
from bot.listeners import commands
from bot.listeners.known import know
from bot.listeners.shell import Shell
from tests.bot.town import KARIN, TEAM, town


class Slack:
    """Answers `users.info` with what is queued: a user, or an error's name."""

    def __init__(self, *answers: Any) -> None:
        self.answers = list(answers)

    async def users_info(self, *, user: str) -> Any:
        answer = self.answers.pop(0)
        if isinstance(answer, str):
            raise SlackApiError(answer, {"error": answer})
        return {"user": {"id": user, "team_id": TEAM, **answer}}


def shell(here: Any, slack: Any) -> Shell:
    return Shell(here.perform, here.office, slack, None, None)  # type: ignore[arg-type]


NEW = f"{TEAM}:U0NYANN"


async def test_somebody_whom_slack_was_too_busy_to_name_is_asked_about_again(
    sqlite_url: str, tmp_path: Path
):
    async with town(sqlite_url, tmp_path) as here:
        knows = shell(here, Slack("ratelimited", {"profile": {"email": "ny@example.se"}}))

        await know(knows, NEW)
        assert not await here.perform.read(lambda db: who.is_known(db, person=NEW))

        await know(knows, NEW)
        assert await here.perform.read(lambda db: who.is_known(db, person=NEW))


@pytest.mark.parametrize(("named", "stored"), [(None, False), ("Karin Holm", True)])
async def test_of_all_who_change_their_profile_only_those_we_have_to_do_with_are_stored(
    sqlite_url: str, tmp_path: Path, named: str | None, stored: bool
):
    async with town(sqlite_url, tmp_path) as here:
        emails = {person.name: person.email for person in here.office.programme.people}
        email = emails[named] if named else "nagon.annan@example.se"
        user = {"id": "U0NYANN", "team_id": TEAM, "profile": {"email": email}}

        await commands.person_changed(user, shell(here, Slack()))

        assert await here.perform.read(lambda db: who.is_known(db, person=NEW)) is stored


async def test_a_known_person_who_leaves_is_noticed(sqlite_url: str, tmp_path: Path):
    async with town(sqlite_url, tmp_path) as here:
        user = {"id": KARIN.partition(":")[2], "team_id": TEAM, "deleted": True, "profile": {}}

        await commands.person_changed(user, shell(here, Slack()))

        account = await here.perform.read(lambda db: who.seen_at(db, KARIN))
        panel = await here.perform.read(lambda db: who.panel(db, here.office))
    assert account is not None
    assert panel.member(KARIN) is None
    assert "Karin Holm" not in panel.absent  # she is gone, not somebody a majority waits for
