"""The whole story while the bot is killed at random: from the first word to a decision that is sent.

python -m tests.kill.story --kills 200 --database sqlite
python -m tests.kill.story --kills 200 --database postgres --replicas 3

Each round plays it once on a new database, with the real bot as processes of their own, and compares the
database, Slack and the post with a calm round's.
"""

import argparse
import asyncio
import random
import signal
import sys
import time
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import AbstractContextManager, asynccontextmanager, contextmanager, nullcontext
from dataclasses import dataclass, field
from datetime import timedelta
from multiprocessing.process import BaseProcess
from pathlib import Path
from tempfile import TemporaryDirectory

from pydantic import SecretStr

from bot import clock
from bot.database import database
from bot.programme import load as load_programme
from bot.settings import EXAMPLE_PROGRAMME, Settings
from flows.events import Stage
from sandbox.client import Sandbox
from sandbox.server import serve
from sandbox.site import Site
from sandbox.workspace import load
from tests.bot import town as quiet_town
from tests.bot.decided import KJELL
from tests.bot.handed_in import costing
from tests.bot.mailbox import SENDER, Mailbox, mailbox
from tests.databases import TEMPLATE, fresh_postgres, sqlite_file, started_postgres
from tests.kill.outcome import Outcome, differences, outcome
from tests.kill.patient import Count, Patient, PatientTown
from tests.kill.real_bot import begin
from tests.kill.town import died
from tests.people import KLG
from tests.stories import test_whole_story as whole
from tests.stories.test_chief_executive import ASKED

URL = Callable[[Path], AbstractContextManager[str]]


@dataclass
class Round:
    """One playing of the story. `replicas` processes at a time, killed and started again."""

    here: PatientTown
    site: Site
    box: Mailbox
    replicas: int
    kills: int = 0
    running: dict[int, BaseProcess] = field(default_factory=dict)

    def start(self, place: int) -> None:
        self.running[place] = begin(self.here.settings)

    async def kill(self, place: int) -> None:
        process = self.running[place]
        process.kill()
        assert await died(process) == -signal.SIGKILL
        process.close()
        self.kills += 1

    async def storm(self, place: int, dice: random.Random, *, longest: float) -> None:
        """Kill and start again until cancelled; sometimes while it starts."""
        while True:
            if dice.random() < 0.8:
                await asyncio.sleep(0.3)  # the dead one's socket is gone by then
                await self.site.courier.sockets.ready(10)
            await asyncio.sleep(dice.uniform(0.02, longest) * self.replicas)
            if dice.random() < 0.15:  # nobody promises to get on when no process ever lives
                await asyncio.sleep(2 * longest)
            await self.kill(place)
            self.start(place)

    async def stop(self) -> list[float]:
        """SIGTERM to all; returns how long each took."""
        began, took = time.monotonic(), []
        for process in self.running.values():
            process.terminate()
        for process in self.running.values():
            assert await died(process, seconds=15) == 0
            took.append(time.monotonic() - began)
            process.close()
        return took


@asynccontextmanager
async def a_round(url: str, folder: Path, *, replicas: int) -> AsyncIterator[Round]:
    async with mailbox() as box, serve(load(), time_scale=0.004) as site:
        site.share_delay = 0.05
        site.clock.ack_timeout = 1.0
        settings = Settings(
            _env_file=None,
            slack_bot_token="xoxb-sandbox",
            slack_app_token="xapp-sandbox",
            slack_api_url=f"{site.url}/api/",
            database_url=url,
            files_url=(folder / "files").as_uri(),
            smtp_url=SecretStr(f"smtp://127.0.0.1:{box.port}"),
            mail_from=SENDER,
        )
        await _a_case_before_klg(url, folder)
        async with (
            Sandbox.connect(site.url) as sandbox,
            database(url, now=clock.now) as perform,
        ):
            programme, _ = load_programme(EXAMPLE_PROGRAMME)
            here = PatientTown(sandbox, settings, programme, perform, Count())
            it = Round(here, site, box, replicas)
            for place in range(replicas):
                it.start(place)
            try:
                yield it
            finally:
                for process in it.running.values():
                    if not process._closed:
                        process.kill()
                        process.join()


async def _a_case_before_klg(url: str, folder: Path) -> None:
    """For the chief executive to decide: handed in an hour ago, its documents made."""
    async with quiet_town.town(url, folder) as before:
        before.now = clock.now() - timedelta(hours=1)
        given = costing(before.office.programme, ASKED)
        await before.submit(await before.draft(given, stage=Stage.APPLICATION))
        await before.work()


async def story(here: PatientTown) -> None:
    """A decision that is sent, and an application from its first word until KLG tillstyrker."""
    await decided(here)
    await applied(here)


async def decided(here: PatientTown) -> None:
    """KLG votes, the chief executive decides, and nine get it by e-mail."""
    kjell = Patient(here, KJELL.partition(":")[2])
    await here.karin.sees("Väntar på KLG", channel=KLG)
    for member in (here.karin, here.lars, here.nils):
        await member.presses("Tillstyrk", channel=KLG)
    await kjell.sees("Väntar på ditt beslut")
    await kjell.presses("Bifall")
    await kjell.fills({"reason": "Insatsen stärker tryggheten."})
    await kjell.sees("D 2026-0001")
    await here.sara.sees("mottagare har fått det")
    await here.quiet()


async def applied(here: PatientTown) -> None:
    """The whole form by two people, KLG's two assessments, the chair and a completion."""
    await whole.writes_point_1(here.anna)
    await whole.klg_is_in_line(here)
    await whole.writes_point_2_and_invites_eva(here)
    await whole.eva_fills_in_point_3(here.eva)
    await whole.writes_the_rest(here, _FORM)
    await whole.the_chair_confirms(here.birgitta, case_id="2026-0002")
    await whole.klg_asks_for_completion(here)
    await whole.anna_completes(here.anna)
    await here.karin.sees("ändrat Analys av den egna ramen", channel=KLG)
    for member in (here.karin, here.lars):
        await member.presses("Tillstyrk", channel=KLG)
    await here.anna.sees("KLG Trygghet och säkerhet har tillstyrkt ansökan")
    await here.quiet()


_FORM = whole.blank_pdf()


@dataclass
class Played:
    """What a round came to."""

    outcome: Outcome
    kills: int
    said: int
    tries: int
    errors: int
    drained: float


async def played(
    url: str,
    folder: Path,
    *,
    replicas: int,
    dice: random.Random | None,
    longest: float = 3,
    play: Callable[[PatientTown], Awaitable[None]] = story,
) -> Played:
    """Play a round: calm without dice."""
    async with a_round(url, folder, replicas=replicas) as it:
        await it.site.courier.sockets.ready(20)
        storms = [
            asyncio.create_task(it.storm(place, dice, longest=longest))
            for place in range(replicas)
            if dice
        ]
        try:
            playing = asyncio.create_task(play(it.here))
            await asyncio.wait([playing, *storms], return_when=asyncio.FIRST_COMPLETED)
            for storm in storms:
                if storm.done():
                    playing.cancel()
                    await storm
            await playing
        finally:
            for storm in storms:
                storm.cancel()
            await asyncio.gather(*storms, return_exceptions=True)
        await it.here.quiet()
        await asyncio.sleep(2)
        await it.here.quiet()
        found = await outcome(it.here.perform, it.site, it.box)
        drained = max(await it.stop())
        count = it.here.count
        return Played(found, it.kills, count.said, count.tries, count.errors, drained)


def campaign(url: URL, *, kills: int, replicas: int, seed: int, longest: float) -> None:
    total: Counter[str] = Counter()
    with TemporaryDirectory() as folder, url(Path(folder)) as where:
        calm = asyncio.run(played(where, Path(folder), replicas=replicas, dice=None))
    _say(
        f"calm: {len(calm.outcome.rows)} rows, {calm.outcome.messages.total()} messages, {calm.outcome.letters.total()} letters, drained in {calm.drained:.1f} s"
    )
    while total["kills"] < kills:
        began = time.monotonic()
        with TemporaryDirectory() as folder, url(Path(folder)) as where:
            one = asyncio.run(
                played(
                    where,
                    Path(folder),
                    replicas=replicas,
                    dice=random.Random(seed),
                    longest=longest,
                )
            )
        total.update(
            {
                "rounds": 1, "kills": one.kills, "messages said": one.said, "presses and forms": one.tries,
                "errors shown": one.errors, "sent": one.outcome.messages.total(), "letters": one.outcome.letters.total(),
                "doubled messages": one.outcome.doubled_messages, "doubled letters": one.outcome.doubled_letters,
                "letters in doubt": one.outcome.doubtful_letters, "given up": len(one.outcome.given_up),
            }
        )  # fmt: skip
        for kind, texts in differences(calm.outcome, one.outcome).items():
            total[kind] += len(texts)
            for text in texts:
                _say(f"  {kind}: {text[:400]}")
        _say(
            f"seed {seed}, {time.monotonic() - began:.0f} s, drained in {one.drained:.1f} s: "
            + ", ".join(f"{n} {w}" for w, n in total.items())
        )
        seed += 1


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


@contextmanager
def databases(kind: str) -> Iterator[URL]:
    """A way to new databases of the kind, sqlite or postgres."""
    if kind == "sqlite":
        yield lambda folder: nullcontext(sqlite_file(folder))
        return
    with started_postgres() as address:
        yield lambda _folder: fresh_postgres(address, template=TEMPLATE)


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--kills", type=int, default=100)
    parser.add_argument("--database", choices=["sqlite", "postgres"], default="sqlite")
    parser.add_argument("--replicas", type=int, default=1)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--longest", type=float, default=3, help="seconds that one lives, at most")
    asked = parser.parse_args()
    with databases(asked.database) as url:
        campaign(
            url, kills=asked.kills, replicas=asked.replicas, seed=asked.seed, longest=asked.longest
        )
