"""Several processes at one PostgreSQL, each killed at random: what they come to, and in what order.

python -m tests.kill.replicas --gestures 1000      three processes, against a single calm one

Each person says the next thing when the one before is stored, without waiting for its answer: whichever
process has which, the answers stand in that order.
"""

import argparse
import asyncio
import random
import signal
import sys
import time
from collections import Counter
from dataclasses import dataclass, field
from multiprocessing.process import BaseProcess
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.databases import TEMPLATE, fresh_postgres, started_postgres
from tests.kill.at_random import heard_before
from tests.kill.town import PEOPLE, Town, died, end, town
from tests.waiting import until

KINDS = ("text", "knapp", "text", "jobb", "fil")


@dataclass
class Seen:
    """What a run came to: in the database, and in each conversation in order. `drains`: seconds."""

    effects: Counter[str]
    messages: Counter[str]
    texts: dict[str, list[str]]
    kills: int = 0
    drains: list[float] = field(default_factory=list)


async def run(
    url: str, folder: Path, *, gestures: int, replicas: int, dice: random.Random | None
) -> Seen:
    """Talk until so many gestures are done; calm without dice. Raises AssertionError for what is wrong."""
    async with town(url, folder) as it:
        await heard_before(it)
        talking = [
            asyncio.create_task(_talk(it, person, gestures // len(PEOPLE))) for person in PEOPLE
        ]
        processes = [it.start() for _ in range(replicas)]
        await it.connected()
        kills = 0
        while dice and not all(task.done() for task in talking):
            await asyncio.sleep(dice.uniform(0.2, 2.0))
            if dice.random() < 0.15:  # nobody promises to get on when no process ever lives
                await asyncio.sleep(4)
            place = dice.randrange(replicas)
            processes[place].kill()
            assert await died(processes[place]) == -signal.SIGKILL
            kills += 1
            processes[place] = it.start()
        await asyncio.gather(*talking)
        await it.settled(seconds=60)
        drains = [await _drained(process) for process in processes]
        await it.nothing_lost_or_doubled()
        texts = {person: await _texts(it, person) for person in PEOPLE}
        return Seen(await it.stored(), await it.seen(), texts, kills, drains)


async def _talk(it: Town, person: str, gestures: int) -> None:
    done, number = 0, 0
    while done < gestures:
        name = f"{KINDS[number % len(KINDS)]} {person} {number}"
        await it.says(person, name)

        async def stored(name: str = name) -> bool:
            return name in await it.stored()

        await until(stored, seconds=60)
        if name.startswith("knapp"):
            await it.presses(person, name)
            done += 1
        done, number = done + 1, number + 1


async def _texts(it: Town, person: str) -> list[str]:
    """The answers to plain texts, as they stand in her conversation."""
    said = [m["text"] for m in await it.sandbox.messages(person) if m["user"] == "U0BOT"]
    return [text for text in said if text.startswith("svar på text")]


async def _drained(process: BaseProcess) -> float:
    began = time.monotonic()
    await end(process)
    return time.monotonic() - began


def _campaign(*, gestures: int, replicas: int, seed: int) -> None:
    with started_postgres() as address:

        def one(dice: random.Random | None, processes: int) -> Seen:
            with TemporaryDirectory() as folder, fresh_postgres(address, template=TEMPLATE) as url:
                return asyncio.run(
                    run(url, Path(folder), gestures=gestures, replicas=processes, dice=dice)
                )

        calm, stormy = one(None, 1), one(random.Random(seed), replicas)
        assert stormy.effects == calm.effects
        assert stormy.messages == calm.messages
        assert stormy.texts == calm.texts
        sys.stdout.write(
            f"{replicas} processes, {gestures} gestures, {stormy.kills} kills: {stormy.effects.total()}"
            f" effects and {stormy.messages.total()} messages as in the calm run, in the same order;"
            f" SIGTERM drained in at most {max(stormy.drains):.1f} s\n"
        )


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--gestures", type=int, default=1000)
    parser.add_argument("--replicas", type=int, default=3)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    _campaign(gestures=asked.gestures, replicas=asked.replicas, seed=asked.seed)
