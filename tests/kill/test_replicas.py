"""Three processes at one PostgreSQL, killed at random, come to what a single calm one comes to."""

import asyncio
import random
from collections.abc import Callable
from pathlib import Path

from tests.databases import TEMPLATE, fresh_postgres
from tests.kill.replicas import run


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
