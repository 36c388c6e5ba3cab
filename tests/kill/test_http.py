"""Two processes in HTTP mode behind a balancer, killed and asked to stop: as a calm one in Socket Mode."""

import asyncio
import random
from collections.abc import Callable
from pathlib import Path

from tests.databases import TEMPLATE, fresh_postgres
from tests.kill.outcome import differences
from tests.kill.rounds import Played, played
from tests.kill.story import decided


def test_two_behind_a_balancer_come_to_what_a_calm_one_with_a_socket_does(
    postgres: str, tmp_path: Path, record_testsuite_property: Callable[[str, str], None]
) -> None:
    calm = _played(postgres, tmp_path / "calm", replicas=1, mode="socket", dice=None)
    stormy = _played(postgres, tmp_path / "stormy", replicas=2, mode="http", dice=random.Random(5))

    assert stormy.lives.kills > 0
    assert stormy.lives.drains_s
    assert differences(calm.outcome, stormy.outcome) == {}
    record_testsuite_property("http", stormy.lives.said())


def _played(
    postgres: str, folder: Path, *, replicas: int, mode: str, dice: random.Random | None
) -> Played:
    folder.mkdir()
    with fresh_postgres(postgres, template=TEMPLATE) as url:
        return asyncio.run(
            played(url, folder, decided, replicas=replicas, dice=dice, longest=6, mode=mode)
        )
