"""Killed at any point, whatever Slack does meanwhile: nothing is lost and nothing happens twice."""

import asyncio
import random
import signal
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.kill.at_random import heard_before, killed_at_random
from tests.kill.lives import died, end
from tests.kill.town import Town, town
from tests.waiting import until

# Between any two of: received, committed, acked, sent, recorded.
POINTS = {
    "messages": [
        ("before conversations.history", 1),
        ("received", 2),
        ("decided", 2),
        ("committed", 2),
        ("before chat.postMessage", 3),
        ("after chat.postMessage", 3),
    ],
    "presses": [("press received", 1), ("press decided", 1), ("press committed", 1)],
    "files": [
        ("before files.getUploadURLExternal", 1),
        ("after files.getUploadURLExternal", 1),
        ("before files.completeUploadExternal", 1),
        ("after files.completeUploadExternal", 1),
        ("after files.info", 1),
    ],
    "jobs": [("job done", 1), ("job decided", 1)],
}


@pytest.mark.parametrize("what", POINTS)
async def test_killed_at_every_point(database_url: str, tmp_path: Path, what: str) -> None:
    async with town(database_url, tmp_path) as it:
        await heard_before(it)
        talking = []
        for number, point in enumerate(POINTS[what]):
            process = it.start(kill_at=point)
            talking.append(asyncio.create_task(_a_conversation(it, number)))
            assert await died(process) == -signal.SIGKILL, point
        process = it.start()
        await it.connected()
        await asyncio.gather(*talking)
        await it.settled()
        await end(process)
        await it.nothing_lost_or_doubled()


async def test_every_event_twice(database_url: str, tmp_path: Path) -> None:
    async with town(database_url, tmp_path) as it:
        await it.sandbox.faults(deliver_twice=1000)
        process = it.start()
        await it.connected()
        await _a_conversation(it)
        await it.settled()
        await end(process)
        await it.nothing_lost_or_doubled()


async def test_every_answer_lost_after_the_post(database_url: str, tmp_path: Path) -> None:
    async with town(database_url, tmp_path) as it:
        await it.sandbox.faults(lose_response={"method": "chat.postMessage", "count": 3})
        process = it.start()
        await it.connected()
        await _a_conversation(it)
        await it.settled()
        await end(process)
        await it.nothing_lost_or_doubled()


async def test_away_for_longer_than_slack_redelivers(database_url: str, tmp_path: Path) -> None:
    async with town(database_url, tmp_path) as it:
        process = it.start()
        await it.connected()
        await it.says("U0ANNA", "ett")
        await it.settled()
        await end(process)
        for number in range(5):
            await it.says("U0ANNA", f"medan ingen lyssnade {number}")
        await it.says("U0TOVE", "för första gången")

        async def given_up() -> int:
            rows = await it.sandbox.deliveries()
            return sum(row["given_up"] for row in rows if row["type"] == "message")

        async def all_given_up() -> bool:
            return await given_up() == 6

        await until(all_given_up, seconds=20)
        process = it.start()
        await it.connected()
        await it.settled()
        await end(process)
        await it.nothing_lost_or_doubled()


async def test_killed_at_random_while_slack_misbehaves(
    database_url: str, tmp_path: Path, record_testsuite_property: Callable[[str, str], None]
) -> None:
    async with town(database_url, tmp_path) as it:
        await heard_before(it)
        kills = (await killed_at_random(it, random.Random(database_url[:6]))).kills
        await it.nothing_lost_or_doubled()
        record_testsuite_property(
            f"kills on {database_url.partition(':')[0]}",
            f"{kills} kills, {it.effects.total()} effects, {it.answers.total()} messages",
        )


async def _a_conversation(it: Town, number: int = 0) -> None:
    await asyncio.gather(
        *(it.says("U0ANNA", f"anna {number}.{n}") for n in range(4)),
        it.says("U0OMAR", f"fil {number}"),
        it.says("U0OMAR", f"jobb {number}"),
        it.says("U0TOVE", f"knapp {number}"),
    )
    await it.presses("U0TOVE", f"knapp {number}")
