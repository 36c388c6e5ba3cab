"""The real bot, killed at random from KLG's vote until a decision is sent, comes to what a calm one does."""

import random
from collections.abc import Callable
from pathlib import Path

from tests.databases import sqlite_file
from tests.kill.outcome import differences
from tests.kill.story import decided, played


async def test_killed_at_random_until_a_decision_is_sent(
    tmp_path: Path, record_testsuite_property: Callable[[str, str], None]
) -> None:
    (tmp_path / "calm").mkdir()
    (tmp_path / "stormy").mkdir()
    calm = await played(
        sqlite_file(tmp_path / "calm"), tmp_path / "calm", replicas=1, dice=None, play=decided
    )
    stormy = await played(
        sqlite_file(tmp_path / "stormy"),
        tmp_path / "stormy",
        replicas=1,
        dice=random.Random(7),
        play=decided,
    )

    assert calm.outcome.letters.total() == 9
    assert stormy.kills > 0
    different = differences(calm.outcome, stormy.outcome)
    if stormy.outcome.doubtful_letters:  # the secretary is told of those that may stand twice
        different = {k: v for k, v in different.items() if not k.startswith("messages")}
    assert different == {}
    assert (stormy.outcome.doubled_messages, stormy.outcome.given_up) == (0, [])
    assert stormy.outcome.doubled_letters <= stormy.outcome.doubtful_letters
    assert stormy.drained < 10
    record_testsuite_property("story", f"{stormy.kills} kills")
