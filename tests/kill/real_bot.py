"""The bot as `lots run` runs it, as a process of its own, with waits scaled down; to be killed."""

import asyncio
import logging
import multiprocessing
import signal
from multiprocessing.process import BaseProcess

import structlog
import uvloop

from bot.app import run
from bot.programme import load
from bot.rules import Rules
from bot.settings import EXAMPLE_PROGRAMME, Settings

RULES = Rules(
    timeout_s=1.5,
    slack_delay_s=1.0,
    grace_s=0.5,
    poll_s=0.1,
    post_every_s=0,
    update_every_s=0,
    share_patience_s=2,
    job_lease_s=1.5,
    job_retry_s=0.1,
    stop_within_s=5,
    timers_poll_s=0.3,
)
_processes = multiprocessing.get_context("forkserver")
_processes.set_forkserver_preload(["tests.kill.real_bot"])


def begin(settings: Settings) -> BaseProcess:
    """Start one; the caller ends it, by SIGKILL or by SIGTERM."""
    process = _processes.Process(target=_main, args=(settings,))
    process.start()
    return process


def _main(settings: Settings) -> None:
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    logging.disable(logging.CRITICAL)
    programme, _ = load(EXAMPLE_PROGRAMME)

    async def until_stopped() -> None:
        stop = asyncio.Event()
        asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
        await run(settings, programme, stop=stop, rules=RULES)

    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(until_stopped())
