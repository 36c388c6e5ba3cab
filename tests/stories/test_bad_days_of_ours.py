"""Bad days of our own: the database, the disk, and what somebody changes in Slack. Nothing is lost."""

import asyncio
import resource
import sqlite3
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import aiohttp
import pytest
from sqlalchemy import select
from structlog.testing import capture_logs

from bot import clock
from bot.database import database
from bot.owed import Post
from bot.undelivered import listed, send_again
from flows.events import Stage
from storage.tables import outbox
from tests.databases import TEMPLATE, admin, fresh_postgres, sqlite_file
from tests.drafts import stored, write_draft
from tests.kill.real_bot import begin
from tests.people import BOT, KLG, Town, at_work, town
from tests.people import _free_port as free_port
from tests.stories.test_bad_days import ASKED_SCOPE, GOAL, anna_writes, said_once
from tests.stories.test_chief_executive import a_case_before_klg
from tests.stories.test_conversation import ASKS_GOAL
from tests.stories.test_whole_story import blank_pdf
from tests.waiting import until


async def test_a_database_that_another_program_holds_for_a_while_loses_nothing(
    sqlite_url: str, tmp_path: Path
) -> None:
    async with anna_writes(sqlite_url, tmp_path) as (here, draft):
        with capture_logs() as log:
            other = sqlite3.connect(sqlite_url.removeprefix("sqlite:///"), isolation_level=None)
            other.execute("BEGIN IMMEDIATE")
            await here.sandbox.say("U0ANNA", GOAL)
            await asyncio.sleep(3)
            assert "goal" not in stored(sqlite_url, draft)
            other.execute("ROLLBACK")
            other.close()

            await here.anna.sees(ASKED_SCOPE, seconds=20)
            assert stored(sqlite_url, draft)["goal"] == GOAL
            await said_once(here.anna)
            assert "database is locked" in str(log)


def test_a_postgres_that_is_away_for_a_while_loses_nothing(postgres: str, tmp_path: Path) -> None:
    async def day(url: str) -> None:
        name = urlsplit(url).path.strip("/")
        async with town(url, tmp_path, asleep=True) as asleep:
            settings = asleep.settings.model_copy(update={"health_port": free_port()})
            here = replace(asleep, settings=settings)
            await here.sandbox.clock(scale=0.01)
            async with at_work(here):
                await here.anna.says("ny")
                with capture_logs() as log:
                    await admin(postgres, f"ALTER DATABASE {name} ALLOW_CONNECTIONS false")
                    await admin(
                        postgres,
                        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                        f" WHERE datname = '{name}'",
                    )
                    control = [c for c in await here.anna.controls() if "Nej" in c["label"]][-1]
                    assert not (await here.press("U0ANNA", control))[
                        "acked"
                    ]  # Slack says so to her
                    await asyncio.sleep(2)
                    assert await ready(here) == (503, "not ready: database\n")
                    await admin(postgres, f"ALTER DATABASE {name} ALLOW_CONNECTIONS true")

                    async def acked() -> bool:
                        return bool((await here.press("U0ANNA", control))["acked"])

                    await until(acked, seconds=20)
                    await here.anna.sees("Vilken eller vilka förvaltningar", seconds=20)
                    assert await ready(here) == (200, "ready\n")
                    await said_once(here.anna)
                    assert "bug" in [line["event"] for line in log]

    with fresh_postgres(postgres, template=TEMPLATE) as url:
        asyncio.run(day(url))


async def test_a_full_disk_loses_nothing_and_the_bot_goes_on_when_there_is_room(
    tmp_path: Path,
) -> None:
    """The process may write no byte more: neither the database nor the file store."""
    url = sqlite_file(tmp_path)
    async with town(url, tmp_path, asleep=True) as here:
        await here.sandbox.clock(scale=0.01)
        draft = write_draft(url, here.programme, ASKS_GOAL, stage=Stage.PROPOSAL)
        bot = begin(here.settings)
        try:
            await here.sandbox.say("U0ANNA", "fortsätt")
            await here.anna.sees("Vad är målet", seconds=30)
            await here.quiet()
            pid = bot.pid
            assert pid is not None
            resource.prlimit(pid, resource.RLIMIT_FSIZE, (0, resource.RLIM_INFINITY))
            await here.sandbox.say("U0ANNA", GOAL)
            await here.sandbox.upload("U0ANNA", {"plan.pdf": blank_pdf()})
            await asyncio.sleep(1.5)
            assert "goal" not in stored(url, draft)
            assert bot.is_alive()

            no_limit = (resource.RLIM_INFINITY, resource.RLIM_INFINITY)
            resource.prlimit(pid, resource.RLIMIT_FSIZE, no_limit)
            await until(
                lambda: given_up(here), seconds=20
            )  # only then does the bot have to look itself
            await here.sandbox.faults(
                drop_socket="abrupt"
            )  # after an interruption it reads what it missed
            await here.anna.sees(ASKED_SCOPE, seconds=30)
            await here.anna.sees("plan.pdf är nu en bilaga", seconds=30)
            assert stored(url, draft)["goal"] == GOAL
            await said_once(here.anna)
        finally:
            bot.terminate()
            bot.join(20)


async def given_up(here: Town) -> bool:
    rows = [row for row in await here.sandbox.deliveries() if row["type"] == "message"]
    return all(row["acked"] or row["given_up"] for row in rows)


async def ready(here: Town) -> tuple[int, str]:
    url = f"http://127.0.0.1:{here.settings.health_port}/readyz"
    async with aiohttp.ClientSession(trust_env=False) as http, http.get(url) as answer:
        return answer.status, await answer.text()


# --- what somebody does in Slack's settings --------------------------------------------------------


async def test_a_revoked_token_is_critical_in_the_log_and_what_is_owed_waits(
    sqlite_url: str, tmp_path: Path
) -> None:
    async with anna_writes(sqlite_url, tmp_path) as (here, draft):
        with capture_logs() as log:
            await here.sandbox.do("revoke", token="xoxb-sandbox")
            await here.sandbox.say("U0ANNA", GOAL)
            await until(lambda: stands(log, "Slack shuts the bot out; check SLACK_BOT_TOKEN"))
            await until(lambda: stands(log, "Slack has taken back our access"))
            assert {line["log_level"] for line in log} == {"critical"}
        assert stored(sqlite_url, draft)["goal"] == GOAL
    waits = await outbox_rows(sqlite_url)
    assert [(state, error) for state, error in waits if error] == [("waiting", "token_revoked")]


REFUSED = {
    "removed from the channel": (
        ("membership", {"person": BOT, "member": False}),
        "channel_not_found",
    ),
    "the channel archived": (("archive", {"archived": True}), "is_archived"),
}


@pytest.mark.parametrize("day", REFUSED)
async def test_a_channel_that_is_closed_to_the_bot_is_listed_and_told_when_it_is_opened(
    sqlite_url: str, tmp_path: Path, day: str
) -> None:
    (name, how), error = REFUSED[day]
    await a_case_before_klg(sqlite_url, tmp_path)
    async with town(sqlite_url, tmp_path, asleep=True) as here, at_work(here):
        await here.karin.sees("Väntar på KLG", channel=KLG)
        with capture_logs() as log:
            await here.sandbox.do(name, channel=KLG, **how)
            await here.omar.says("ny")  # others go on as before
            await here.omar.sees("sekretess", seconds=15)
            here_is = await write_post(sqlite_url, KLG, "Till KLG.")
            await until(lambda: stands(log, "given up: Slack refuses it"))
            (line,) = [one for one in log if one["event"] == "given up: Slack refuses it"]
            assert (line["error"], bool(line["advice"])) == (error, True)
        (row,) = await listed(sqlite_url)
        assert (row.id, row.error) == (here_is, error)
        opened = {"member": True} if name == "membership" else {"archived": False}
        await here.sandbox.do(name, channel=KLG, **(how | opened))
        assert await send_again(sqlite_url, here_is)
        await here.karin.sees("Till KLG.", channel=KLG, seconds=15)


async def test_a_message_that_is_too_long_is_listed_and_holds_nobody_up(
    sqlite_url: str, tmp_path: Path
) -> None:
    async with anna_writes(sqlite_url, tmp_path) as (here, draft):
        wrong = {"method": "chat.postMessage", "error": "msg_too_long", "count": 1}
        await here.sandbox.faults(error=wrong)
        await here.anna.says(GOAL)
        (row,) = await until(lambda: listed(sqlite_url))
        assert row.error == "msg_too_long"
        assert stored(sqlite_url, draft)["goal"] == GOAL
        await here.anna.says("visa")  # her answer is there; so is the way on
        await here.anna.says("fortsätt")
        await here.anna.sees(ASKED_SCOPE)


async def test_the_draft_of_an_officer_whose_account_is_closed_in_the_middle_stays(
    sqlite_url: str, tmp_path: Path
) -> None:
    async with anna_writes(sqlite_url, tmp_path) as (here, draft):
        await here.anna.says(GOAL)
        await here.sandbox.do("person", person="U0ANNA", deleted=True)
        await here.quiet()
        assert stored(sqlite_url, draft)["goal"] == GOAL
        assert not await listed(sqlite_url)


async def test_a_draft_begun_under_an_older_form_goes_on_under_the_new(
    sqlite_url: str, tmp_path: Path
) -> None:
    async with town(sqlite_url, tmp_path, asleep=True) as here:
        draft = write_draft(sqlite_url, here.programme, ASKS_GOAL, stage=Stage.PROPOSAL)
        with sqlite3.connect(sqlite_url.removeprefix("sqlite:///")) as db:
            db.execute(
                "UPDATE drafts SET form_version = 0"
            )  # it did not ask one, and asked another
            db.execute("UPDATE answers SET key = 'asked_before' WHERE key = 'reinforces'")
        async with at_work(here):
            await here.anna.says("fortsätt")
            await here.anna.sees("Vad förstärker det som ni redan gör?")
            await here.anna.says("Fältgruppen arbetar vardagar.")
            await here.anna.sees("Vad är målet")
        answers = stored(sqlite_url, draft)
        assert answers["reinforces"] == "Fältgruppen arbetar vardagar."
        assert answers["what"] == ASKS_GOAL["what"]


async def stands(log: list[Any], event: str) -> bool:
    return any(line["event"] == event for line in log)


async def outbox_rows(url: str) -> list[tuple[str, str | None]]:
    query = select(outbox.c.state, outbox.c.error)
    async with database(url, now=clock.now) as perform:
        return [(r.state, r.error) for r in await perform.read(lambda db: db.execute(query).all())]


async def write_post(url: str, channel: str, text: str) -> int:
    """A message owed, beside the bot."""
    async with database(url, now=clock.now) as perform:
        return await perform.unkeyed(lambda tx: tx.owe(Post(to=channel, text=text)))
