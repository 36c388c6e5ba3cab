"""Killed at any point around an e-mail: everybody gets the decision, and a double is counted."""

import multiprocessing
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from multiprocessing.process import BaseProcess
from pathlib import Path
from signal import SIGKILL

from sqlalchemy import Connection

from bot.perform import Perform
from flows.decided import Dispatched
from sandbox.server import serve
from sandbox.workspace import load
from storage import cases, dispatches
from storage.dispatches import Dispatch, State
from tests.bot.dispatched import begun
from tests.bot.mailbox import mailbox
from tests.bot.town import town
from tests.kill.lives import died, end
from tests.kill.mailing_bot import Config, run
from tests.waiting import until

_processes = multiprocessing.get_context("forkserver")
POINTS = [
    ("paper decided", 1),
    ("paper decided", 2),
    ("package decided", 1),
    ("under way", 1),
    ("sent", 2),
    ("mail decided", 1),
    ("dispatched decided", 2),
    ("sent", 1),
]


@contextmanager
def process(config: Config) -> Iterator[BaseProcess]:
    one = _processes.Process(target=run, args=(config,))
    one.start()
    try:
        yield one
    finally:
        if one.is_alive():
            one.kill()
        one.join()
        one.close()


async def test_killed_at_every_point_around_the_send(database_url: str, tmp_path: Path) -> None:
    async with town(database_url, tmp_path) as here, mailbox() as box, serve(load()) as slack:
        here.now = datetime(2026, 1, 2, 8, 0, tzinfo=UTC)  # what is owed is due
        case_id = await begun(here)
        config = Config(
            database=database_url,
            files=(tmp_path / "files").as_uri(),
            slack=slack.url,
            mail=box.server,
        )
        for point in POINTS:
            with process(replace(config, kill_at=point)) as one:
                assert await died(one, seconds=40) == -SIGKILL, point
        with process(config) as last:

            async def all_sent() -> bool:
                rows = await _rows(here.perform, case_id)
                logged = [e for e in await here.events(case_id) if isinstance(e, Dispatched)]
                return all(row.state is State.SENT for row in rows) and len(logged) == 8

            await until(all_sent, seconds=40)
            await end(last)

        rows = await _rows(here.perform, case_id)
        sent = Counter(str(message["Message-ID"]) for _, message in box.taken)
        assert len(sent) == 8
        assert set(sent) == {f"<{row.message_id}@exempelkommunen.se>" for row in rows}
        doubled = sum(sent.values()) - 8
        assert doubled >= 1
        assert doubled <= sum(row.doubtful for row in rows)
        logged = [e.recipient for e in await here.events(case_id) if isinstance(e, Dispatched)]
        assert sorted(logged) == sorted(row.recipient for row in rows)


async def _rows(perform: Perform, case_id: str) -> tuple[Dispatch, ...]:
    def read(db: Connection) -> tuple[Dispatch, ...]:
        decision = cases.load(db, case_id).decision
        assert decision is not None
        return dispatches.of(db, case_id, decision.number)

    return await perform.read(read)
