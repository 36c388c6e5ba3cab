"""One playing of the story by the real bot, as processes that are killed and started again."""

import asyncio
import os
import random
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from pydantic import SecretStr

from bot import clock
from bot.database import database
from bot.office import Office
from bot.settings import Settings
from flows.events import Stage
from sandbox.client import Sandbox
from sandbox.server import serve
from sandbox.site import Site
from sandbox.workspace import load
from tests.bot import town as quiet_town
from tests.bot.handed_in import costing
from tests.bot.mailbox import SENDER, Mailbox, mailbox
from tests.flows.filled import ANNA
from tests.kill.balancer import balancer
from tests.kill.lives import Life, Lives, stormed
from tests.kill.outcome import Outcome, outcome, standstill
from tests.kill.patient import Count, PatientTown, moves
from tests.kill.real_bot import begin
from tests.stories import life

Play = Callable[[PatientTown], Awaitable[None]]
AFTER_THE_LAST_S = 4  # a lease, and a margin: what comes once more comes by then


@dataclass
class Played:
    """What a round came to."""

    outcome: Outcome
    lives: Lives
    count: Count


@dataclass
class _Round:
    here: PatientTown
    site: Site
    box: Mailbox
    folder: Path


async def played(
    url: str,
    folder: Path,
    play: Play,
    *,
    replicas: int,
    dice: random.Random | None,
    longest: float = 3,
    mode: str = "socket",
) -> Played:
    """Play a round: calm without dice. In `mode` "http" a balancer stands before the processes. Raises AssertionError, with how things stood, for what never came."""
    async with _a_round(url, folder, mode) as it, _reached(it, mode, replicas) as ports:

        def begin_at(place: int) -> Life:
            settings = it.here.settings.model_copy(update={"http_port": ports[place]})
            return begin(settings, folder)

        lives = Lives(begin_at, replicas)
        try:
            await lives.start()
            await stormed(lives, play(it.here), dice, longest=longest)
            await it.here.quiet()
            await asyncio.sleep(AFTER_THE_LAST_S)
            await it.here.quiet()
            await lives.stop()
        except AssertionError as wrong:
            stands = await standstill(it.here.perform, it.site, folder)
            raise AssertionError(f"{wrong}\n{stands}") from wrong
        finally:
            lives.end()
        found = await outcome(it.here.perform, it.site, it.box)
        return Played(found, lives, it.here.count)


@asynccontextmanager
async def _reached(it: _Round, mode: str, replicas: int) -> AsyncIterator[list[int]]:
    """How Slack finds the processes: they come to it, or each is at a port behind the balancer."""
    # Not those that the system gives to whoever opens a connection while a process is dead.
    first = 20_000 + os.getpid() % 5_000
    ports = [first + place for place in range(replicas)]
    if mode == "socket":
        yield ports
        return
    async with balancer(ports) as address:
        await it.here.sandbox.do("request_url", url=address)
        yield ports


@asynccontextmanager
async def _a_round(url: str, folder: Path, mode: str) -> AsyncIterator[_Round]:
    hands = folder / "clock"
    moves(hands, life.BEGINS)
    office = await _two_before_klg(url, folder)
    async with (
        mailbox() as box,
        serve(load(), time_scale=0.004) as site,
        Sandbox.connect(site.url) as sandbox,
        database(url, now=clock.now) as perform,
    ):
        site.share_delay = 0.05
        site.clock.ack_timeout = 1.0
        settings = Settings(
            _env_file=None,
            slack_bot_token="xoxb-sandbox",
            slack_app_token="xapp-sandbox",
            slack_signing_secret="sandbox-secret",
            slack_mode=mode,
            slack_api_url=f"{site.url}/api/",
            database_url=url,
            files_url=(folder / "files").as_uri(),
            smtp_url=SecretStr(f"smtp://127.0.0.1:{box.port}"),
            mail_from=SENDER,
            test_clock=hands,
        )
        here = PatientTown(sandbox, settings, office.programme, office, perform, Count(), box)
        yield _Round(here, site, box, folder)


async def _two_before_klg(url: str, folder: Path) -> Office:
    """For the chief executive and for kommunstyrelsen to decide: handed in, their documents made."""
    async with quiet_town.town(url, folder, real=clock.now) as before:
        before.now = datetime.fromisoformat(life.BEGINS) - timedelta(hours=4)
        measures = ((life.PLACES, life.ASKED_A, ANNA), (life.FIELD, life.ASKED_B, life.OMAR))
        for title, asked, owner in measures:
            given = costing(before.office.programme, asked) | life.SAID | {"title": title}
            draft = await before.draft(given, owner=owner, stage=Stage.APPLICATION)
            await before.submit(draft, person=owner)
            await before.work()
        return before.office
