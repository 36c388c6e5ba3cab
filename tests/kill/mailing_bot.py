"""The part of the bot that sends decisions, as a process of its own, to be killed around the send."""

import asyncio
import logging
import signal
from dataclasses import dataclass
from typing import Any

import structlog

from bot import clock
from bot.database import database
from bot.delivering import delivering
from bot.files import FileStore
from bot.jobs import JOBS, when_failed
from bot.jobs.tools import Tools
from bot.letters import Letter
from bot.mail import Outcome, Server
from bot.office import Office
from bot.perform import Act, Transaction
from bot.render import Texts
from bot.slack import open_slack
from tests.flows.filled import example
from tests.kill.counting_bot import RULES, Death


@dataclass(frozen=True, kw_only=True)
class Config:
    """`kill_at`: the point where the process ends, and after how many times."""

    database: str
    files: str
    slack: str
    mail: Server
    kill_at: tuple[str, int] | None = None


@dataclass(frozen=True)
class Dying:
    """A mail server that is reached, but perhaps not come back from."""

    server: Server
    death: Death

    async def send(self, letter: Letter) -> Outcome:
        self.death.at("under way")
        outcome = await self.server.send(letter)
        self.death.at("sent")
        return outcome


def run(config: Config) -> None:
    """The process."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
    asyncio.run(_main(config))


async def _main(config: Config) -> None:
    stop = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
    death = Death(config.kill_at)
    files = FileStore(config.files)
    office = Office(example(), Texts(), "T0SANDBOX", "U0BOT", "C0KLG")
    async with (
        database(config.database, now=clock.now) as perform,
        open_slack("xoxb-sandbox", url=f"{config.slack}/api/", timeout_s=RULES.timeout_s) as slack,
    ):
        mail: Any = Dying(config.mail, death)
        async with delivering(
            perform,
            slack,
            files=files,
            now=clock.now,
            jobs={name: _dying(name, job, death) for name, job in JOBS.items()},
            when_failed=when_failed(office),
            tools=Tools(perform=perform, office=office, files=files, slack=slack, mail=mail),
            rules=RULES,
        ):
            await stop.wait()


def _dying(name: str, job: Any, death: Death) -> Any:
    """Ends inside the act, before it is committed; or just after the job has been done."""

    async def run_it(arguments: dict[str, Any], tools: Tools) -> Act[Any] | None:
        act = await job(arguments, tools)

        def wrapped(tx: Transaction) -> None:
            if act is not None:
                act(tx)
            death.at(f"{name} decided")

        return wrapped

    return run_it
