"""Killed at any point, whatever Slack does meanwhile: nothing is lost and nothing happens twice."""

import asyncio
import random
import signal
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.kill.town import PEOPLE, Town, died, end, town
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
        await _heard_before(it)
        talking = []
        for number, point in enumerate(POINTS[what]):
            process = it.start(kill_at=point)
            talking.append(asyncio.create_task(_a_conversation(it, number)))
            assert await died(process) == -signal.SIGKILL, point
        process = it.start()
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
        await it.settled()
        await end(process)
        await it.nothing_lost_or_doubled()


async def test_killed_at_random_while_slack_misbehaves(
    database_url: str, tmp_path: Path, record_testsuite_property: Callable[[str, str], None]
) -> None:
    async with town(database_url, tmp_path) as it:
        await _heard_before(it)
        dice = random.Random(database_url[:6])
        talking = [asyncio.create_task(_keeps_talking(it, person)) for person in PEOPLE]
        kills = 0
        while not all(task.done() for task in talking):
            process = it.start()
            await it.sandbox.faults(**dice.choice(FAULTS))
            if dice.random() < 0.7:  # else it is killed while it starts
                await it.connected()
            await asyncio.sleep(dice.uniform(0.05, 0.8))
            process.kill()
            assert await died(process) == -signal.SIGKILL
            kills += 1
        await asyncio.gather(*talking)
        await it.sandbox.faults(clear=True)
        process = it.start()
        await it.settled(seconds=60)
        await end(process)
        await it.nothing_lost_or_doubled()
        record_testsuite_property(
            f"kills on {database_url.partition(':')[0]}",
            f"{kills} kills, {it.effects.total()} effects, {it.answers.total()} messages",
        )


FAULTS: list[dict] = [
    {"deliver_twice": 5},
    {"lose_response": {"method": "chat.postMessage", "count": 1}},
    {"lose_response": {"method": "files.completeUploadExternal", "count": 1}},
    {"delay_response": {"method": "chat.postMessage", "seconds": 1, "before": True, "count": 1}},
    {"status": {"method": "*", "code": 500, "count": 2}},
    {"status": {"method": "*", "code": 429, "retry_after": 1, "count": 1}},
    {"ignore_acks": 2},
    {"drop_socket": "abrupt"},
    {"reorder": 3},
    {"away": 0.8},
]


async def _heard_before(it: Town) -> None:
    """Everybody has talked to the bot before, so that it knows where to look."""
    process = it.start()
    await it.connected()
    for person in PEOPLE:
        await it.says(person, f"hej från {person}")
    await it.settled()
    await end(process)


async def _a_conversation(it: Town, number: int = 0) -> None:
    await asyncio.gather(
        *(it.says("U0ANNA", f"anna {number}.{n}") for n in range(4)),
        it.says("U0OMAR", f"fil {number}"),
        it.says("U0OMAR", f"jobb {number}"),
        it.says("U0TOVE", f"knapp {number}"),
    )
    await it.presses("U0TOVE", f"knapp {number}")


async def _keeps_talking(it: Town, person: str) -> None:
    for number in range(8):
        kind = ("text", "knapp", "jobb", "fil")[number % 4]
        name = f"{kind} {person} {number}"
        await it.says(person, name)
        if kind == "knapp":
            await it.presses(person, name)
        await asyncio.sleep(0.3)
