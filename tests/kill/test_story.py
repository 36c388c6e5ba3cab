"""The real bot, killed at random from KLG's vote until a decision is sent, comes to what a calm one does."""

import random
from collections.abc import Callable
from pathlib import Path

from tests.databases import sqlite_file
from tests.kill.outcome import differences
from tests.kill.rounds import Played, played
from tests.kill.story import decided


async def test_killed_at_random_until_a_decision_is_sent(
    tmp_path: Path, record_testsuite_property: Callable[[str, str], None]
) -> None:
    calm = await _played(_in(tmp_path / "calm"), None)
    stormy = await _played(_in(tmp_path / "stormy"), random.Random(7))

    assert calm.outcome.letters.total() == 9
    assert stormy.lives.kills > 0
    assert differences(calm.outcome, stormy.outcome) == {}
    record_testsuite_property("story", f"{stormy.lives.kills} kills")


def _in(folder: Path) -> Path:
    folder.mkdir()
    return folder


async def _played(folder: Path, dice: random.Random | None) -> Played:
    return await played(sqlite_file(folder), folder, decided, replicas=1, dice=dice)
