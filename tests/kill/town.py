"""People who keep talking to a bot that keeps being killed, and what must be true afterwards."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import count
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any

from sqlalchemy import func, make_url, select, text

from bot import clock
from bot.database import database
from bot.perform import Perform
from sandbox.client import Sandbox
from sandbox.server import serve
from sandbox.site import Site
from sandbox.workspace import load
from storage.engine import is_sqlite
from storage.tables import outbox
from tests.kill.counting_bot import RULES, Config, effects, run, strikes
from tests.kill.lives import Life, processes, slowly_until

PATIENCE = 240.0
BOT = "lots_bot"  # the role whose connections can be cut without cutting ours
_ROLE = f"""DO $$ BEGIN CREATE ROLE {BOT} SUPERUSER LOGIN; EXCEPTION WHEN duplicate_object THEN NULL; END $$"""
_CUT = text(
    "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity"
    f" WHERE usename = '{BOT}' AND datname = current_database()"
)
PEOPLE = ("U0ANNA", "U0OMAR", "U0TOVE")


@dataclass
class Town:
    config: Config
    sandbox: Sandbox
    perform: Perform
    site: Site
    folder: Path
    started: list[BaseProcess] = field(default_factory=list)
    cut_off: int = 0  # connections to the database
    effects: Counter[str] = field(default_factory=Counter)
    answers: Counter[str] = field(default_factory=Counter)
    numbers: Iterator[int] = field(default_factory=count)

    def start(self, *, kill_at: tuple[str, int] | None = None) -> BaseProcess:
        process = processes.Process(target=run, args=(replace(self.config, kill_at=kill_at),))
        process.start()
        self.started.append(process)
        return process

    def begin(self, _place: int) -> Life:
        """One that says when it listens."""
        self.folder.mkdir(exist_ok=True)
        ready = self.folder / f"ready-{next(self.numbers)}"
        process = processes.Process(target=run, args=(replace(self.config, ready=ready),))
        process.start()

        async def is_ready() -> bool:
            return ready.exists()

        return Life(process, is_ready)

    async def cut_off_database(self) -> None:
        """Every connection of the bots' to PostgreSQL, in the middle of whatever it is doing."""
        if not is_sqlite(self.config.database):
            self.cut_off += int(await self.perform.read(lambda db: db.scalar(_CUT)) or 0)

    async def connected(self) -> None:
        """The bot listens, or has not come so far in ten seconds."""
        await self.site.courier.sockets.ready(10)

    async def says(self, person: str, text: str) -> None:
        """Each text is said once in the town, and is to have one effect and one answer."""
        self.effects[text] += 1
        self.answers[f"svar på {text}"] += 1
        if text.startswith("jobb "):
            self.effects[f"gjort {text}"] += 1
        await self.sandbox.say(person, text)

    async def presses(self, person: str, name: str) -> None:
        """Answers the question about `name`, again and again until Slack shows no error."""
        self.effects[f"tryck på {name}"] += 1
        self.answers[f"tack för {name}"] += 1

        async def question() -> dict[str, Any] | None:
            for message in await self.sandbox.messages(person):
                if message["text"] == f"svar på {name}":
                    return message
            return None

        message = await slowly_until(question, seconds=PATIENCE)

        async def acked() -> bool:
            pressed = await self.sandbox.press(
                person, channel=None, ts=message["ts"], action_id="answer"
            )
            return bool(pressed["acked"])

        await slowly_until(acked, seconds=PATIENCE)

    async def seen(self) -> Counter[str]:
        """What the bot has said to everybody."""
        texts: Counter[str] = Counter()
        for person in PEOPLE:
            for message in await self.sandbox.messages(person):
                if message["user"] == "U0BOT":
                    texts[message["text"]] += 1
        return texts

    async def stored(self) -> Counter[str]:
        return Counter(await self.perform.read(lambda db: db.scalars(select(effects.c.what)).all()))

    async def has(self, what: str) -> bool:
        """Whether this text has had its effect."""
        one = select(effects.c.id).where(effects.c.what == what)
        return await self.perform.read(lambda db: db.scalar(one)) is not None

    async def settled(self, *, seconds: float = 30) -> None:
        """Everything was answered, nothing is under way, and nothing more comes."""

        async def all_done() -> bool:
            return await self._unfinished() == 0 and set(self.answers) <= set(await self.seen())

        await slowly_until(all_done, seconds=seconds)
        await asyncio.sleep(RULES.lease.total_seconds() / 2)
        await slowly_until(all_done, seconds=15)

    async def nothing_lost_or_doubled(self) -> None:
        _same("effects", self.effects, await self.stored())
        _same("messages", self.answers, await self.seen())
        await self.struck_once_each_second()

    async def struck_once_each_second(self) -> None:
        """The timer, from its first moment to its last."""
        struck = await self.perform.read(lambda db: db.scalars(select(strikes.c.at)).all())
        moments = sorted(datetime.fromisoformat(at) for at in struck)
        seconds = [(at - moments[0]).total_seconds() for at in moments]
        odd = [at for at, due in zip(seconds, range(len(seconds)), strict=True) if at != due]
        assert not odd, f"the timer struck {len(seconds)} times, the first odd one at {odd[:3]} s"

    async def _unfinished(self) -> int:
        rows = select(func.count()).select_from(outbox).where(outbox.c.finished_at.is_(None))
        return int(await self.perform.read(lambda db: db.scalar(rows)) or 0)


def _same(what: str, expected: Counter[str], found: Counter[str]) -> None:
    lost, doubled = expected - found, found - expected
    assert not lost, f"{what} lost: {lost}"
    assert not doubled, f"{what} doubled: {doubled}"


@asynccontextmanager
async def town(database_url: str, folder: Path) -> AsyncIterator[Town]:
    async with (
        serve(load(), time_scale=0.004) as site,
        Sandbox.connect(site.url) as sandbox,
        database(database_url, now=clock.now) as perform,
    ):
        site.share_delay = 0.05
        site.clock.ack_timeout = 1.0
        await perform.unkeyed(lambda tx: effects.metadata.create_all(tx.db))
        if not is_sqlite(database_url):
            await perform.unkeyed(lambda tx: tx.db.exec_driver_sql(_ROLE))
        bots = make_url(database_url)
        bots = bots if is_sqlite(database_url) else bots.set(username=BOT)
        config = Config(
            database=bots.render_as_string(hide_password=False),
            files=(folder / "files").as_uri(),
            slack=site.url,
        )
        it = Town(config, sandbox, perform, site, folder)
        try:
            yield it
        finally:
            for process in it.started:
                if process.is_alive():
                    process.kill()
                process.join()
                process.close()
