"""A bot that is killed at random while people talk and Slack misbehaves. Also a campaign of its own:

python -m tests.kill.at_random --kills 500 --seed 1      on a SQLite file
"""

import argparse
import asyncio
import random
import signal
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from storage.engine import open_writer
from storage.tables import metadata
from tests.kill.town import PEOPLE, Town, died, end, town

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


async def killed_at_random(it: Town, dice: random.Random) -> int:
    """Returns how often it was killed before everybody had said everything."""
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
    await it.connected()
    await it.settled(seconds=60)
    await end(process)
    return kills


async def heard_before(it: Town) -> None:
    """Everybody has talked to the bot before, so that it knows since when to look."""
    process = it.start()
    await it.connected()
    for person in PEOPLE:
        await it.says(person, f"hej från {person}")
    await it.settled()
    await end(process)


async def _keeps_talking(it: Town, person: str) -> None:
    for number in range(8):
        kind = ("text", "knapp", "jobb", "fil")[number % 4]
        name = f"{kind} {person} {number}"
        await it.says(person, name)
        if kind == "knapp":
            await it.presses(person, name)
        await asyncio.sleep(0.3)


async def _campaign(*, kills: int, seed: int) -> None:
    done = effects = messages = 0
    while done < kills:
        with TemporaryDirectory() as folder:
            url = f"sqlite:///{folder}/lots.db"
            engine = open_writer(url)
            metadata.create_all(engine)
            engine.dispose()
            async with town(url, Path(folder)) as it:
                await heard_before(it)
                done += await killed_at_random(it, random.Random(seed))
                await it.nothing_lost_or_doubled()
                effects += it.effects.total()
                messages += it.answers.total()
        seed += 1
        sys.stdout.write(f"{done} kills, {effects} effects, {messages} messages: nothing wrong\n")
        sys.stdout.flush()


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--kills", type=int, default=100)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    asyncio.run(_campaign(kills=asked.kills, seed=asked.seed))
