"""Several processes at one PostgreSQL, each killed at random: what they come to, and in what order.

Each person says the next thing when the one before is stored, without waiting for its answer: whichever
process has which, the answers stand in that order.
"""

import asyncio
import random
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.kill.at_random import heard_before
from tests.kill.lives import Lives, stormed
from tests.kill.new_databases import URL
from tests.kill.town import PATIENCE, PEOPLE, Town, town
from tests.waiting import until

KINDS = ("text", "knapp", "text", "jobb", "fil")


@dataclass
class Seen:
    """What a run came to: in the database, and in each conversation in order."""

    effects: Counter[str]
    messages: Counter[str]
    texts: dict[str, list[str]]
    lives: Lives


async def run(
    url: str, folder: Path, *, gestures: int, replicas: int, dice: random.Random | None
) -> Seen:
    """Talk until so many gestures are done; calm without dice. Raises AssertionError for what is wrong."""
    async with town(url, folder) as it:
        await heard_before(it)
        lives = Lives(it.begin, replicas)
        try:
            await lives.start()
            each = -(-gestures // len(PEOPLE))
            talking = asyncio.gather(*(_talk(it, person, each) for person in PEOPLE))
            await stormed(lives, talking, dice, longest=3)
            await it.settled(seconds=PATIENCE)
            await lives.stop()
        finally:
            lives.end()
        await it.nothing_lost_or_doubled()
        texts = {person: await _texts(it, person) for person in PEOPLE}
        return Seen(await it.stored(), await it.seen(), texts, lives)


async def _talk(it: Town, person: str, gestures: int) -> None:
    done, number = 0, 0
    while done < gestures:
        name = f"{KINDS[number % len(KINDS)]} {person} {number}"
        await it.says(person, name)

        async def stored(name: str = name) -> bool:
            return await it.has(name)

        await until(stored, seconds=PATIENCE)
        if name.startswith("knapp"):
            await it.presses(person, name)
            done += 1
        done, number = done + 1, number + 1


async def _texts(it: Town, person: str) -> list[str]:
    """The answers to plain texts, as they stand in her conversation."""
    said = [m["text"] for m in await it.sandbox.messages(person) if m["user"] == "U0BOT"]
    return [text for text in said if text.startswith("svar på text")]


def campaign(url: URL, *, gestures: int, replicas: int, seed: int) -> Iterator[str]:
    """A calm run and one that is killed; says what each came to. Raises for what is not the same."""

    def one(dice: random.Random | None, processes: int) -> Seen:
        with TemporaryDirectory() as folder, url(Path(folder)) as where:
            return asyncio.run(
                run(where, Path(folder), gestures=gestures, replicas=processes, dice=dice)
            )

    began = time.monotonic()
    calm = one(None, 1)
    yield (
        f"calm, one process: {calm.effects.total()} effects, {calm.messages.total()} messages, "
        f"{time.monotonic() - began:.0f} s"
    )
    stormy = one(random.Random(seed), replicas)
    assert stormy.effects == calm.effects
    assert stormy.messages == calm.messages
    assert stormy.texts == calm.texts, "the answers stand in another order"
    yield (
        f"seed {seed}, {replicas} processes, {gestures} gestures, {stormy.lives.said()}:"
        f" {stormy.effects.total()} effects and {stormy.messages.total()} messages as in the calm"
        " run, in the same order"
    )
