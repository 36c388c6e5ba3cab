"""Three processes at one PostgreSQL, killed at random, come to what a single calm one comes to."""

import asyncio
import random
import time
from collections.abc import Callable
from pathlib import Path

from tests.databases import TEMPLATE, fresh_postgres
from tests.kill.counting_bot import RULES
from tests.kill.lives import end
from tests.kill.replicas import run
from tests.kill.town import town
from tests.waiting import until

SLOW_MACHINE_S = 15


def test_three_that_are_killed_at_random_come_to_what_a_calm_one_does(
    postgres: str, tmp_path: Path, record_testsuite_property: Callable[[str, str], None]
) -> None:
    with fresh_postgres(postgres, template=TEMPLATE) as url:
        calm = asyncio.run(run(url, tmp_path / "calm", gestures=60, replicas=1, dice=None))
    with fresh_postgres(postgres, template=TEMPLATE) as url:
        dice = random.Random(4)
        stormy = asyncio.run(run(url, tmp_path / "stormy", gestures=60, replicas=3, dice=dice))

    assert stormy.lives.kills > 0
    assert (stormy.effects, stormy.messages) == (calm.effects, calm.messages)
    assert stormy.texts == calm.texts
    record_testsuite_property("replicas", f"{stormy.lives.said()} among 60 gestures")


async def test_what_a_dead_one_was_sending_another_sends_when_the_lease_is_out(
    postgres_url: str, tmp_path: Path
) -> None:
    async with town(postgres_url, tmp_path) as it:
        dying, other = it.start(kill_at=("before chat.postMessage", 4)), it.start()

        async def both_listen() -> bool:
            return it.site.courier.sockets.count == 2

        await until(both_listen, seconds=60)
        number = 0
        while dying.is_alive():
            await it.says("U0ANNA", f"rad {number}")
            number += 1
            await asyncio.sleep(0.3)
        died = time.monotonic()
        await it.settled(seconds=60)

        assert time.monotonic() - died < RULES.lease.total_seconds() + SLOW_MACHINE_S
        await end(other)
        await it.nothing_lost_or_doubled()
