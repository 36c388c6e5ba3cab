"""People who talk while their bot is killed at random, Slack misbehaves and PostgreSQL hangs up: nothing
lost, nothing doubled.
"""

import asyncio
import random
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.kill.lives import Lives, end, stormed
from tests.kill.new_databases import URL
from tests.kill.town import PATIENCE, PEOPLE, Town, town

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
_HUNG_UP_ON = 0.3


async def killed_at_random(
    it: Town, dice: random.Random, *, lines: int = 8, replicas: int = 1
) -> Lives:
    """Everybody says so many lines; returns what was killed meanwhile."""
    lives = Lives(it.begin, replicas)
    await lives.start()
    misbehaving = asyncio.create_task(_misbehave(it, dice))
    try:
        talking = asyncio.gather(*(_keeps_talking(it, person, lines) for person in PEOPLE))
        await stormed(lives, talking, dice, longest=0.8)
        misbehaving.cancel()
        await it.sandbox.faults(clear=True)
        await it.settled(seconds=PATIENCE)
        await lives.stop()
    finally:
        misbehaving.cancel()
        lives.end()
    return lives


async def heard_before(it: Town) -> None:
    """Everybody has talked to the bot before, so that it knows since when to look."""
    process = it.start()
    await it.connected()
    for person in PEOPLE:
        await it.says(person, f"hej från {person}")
    await it.settled()
    await end(process)


async def _misbehave(it: Town, dice: random.Random) -> None:
    while True:
        await it.sandbox.faults(**dice.choice(FAULTS))
        if dice.random() < _HUNG_UP_ON:
            await it.cut_off_database()
        await asyncio.sleep(dice.uniform(0.2, 2))


async def _keeps_talking(it: Town, person: str, lines: int) -> None:
    for number in range(lines):
        kind = ("text", "knapp", "jobb", "fil")[number % 4]
        name = f"{kind} {person} {number}"
        await it.says(person, name)
        if kind == "knapp":
            await it.presses(person, name)
        await asyncio.sleep(0.3)


def campaign(url: URL, *, kills: int, replicas: int, seed: int, lines: int = 60) -> Iterator[str]:
    """Rounds of new databases until so many kills; says what each came to. Raises for what is wrong."""
    total: Counter[str] = Counter()
    while total["kills"] < kills:
        with TemporaryDirectory() as folder, url(Path(folder)) as where:
            total.update(asyncio.run(_round(where, Path(folder), seed, lines, replicas)))
        yield f"seed {seed}: " + ", ".join(f"{number} {what}" for what, number in total.items())
        seed += 1


async def _round(url: str, folder: Path, seed: int, lines: int, replicas: int) -> dict[str, int]:
    async with town(url, folder) as it:
        await heard_before(it)
        lives = await killed_at_random(it, random.Random(seed), lines=lines, replicas=replicas)
        await it.nothing_lost_or_doubled()
        return {
            "kills": lives.kills,
            "in the start": lives.unborn,
            "asked to stop": len(lives.drains_s),
            "connections to the database cut": it.cut_off,
            "effects": it.effects.total(),
            "messages": it.answers.total(),
            "lost": 0,
            "doubled": 0,
        }
