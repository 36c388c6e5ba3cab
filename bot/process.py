"""One process that serves Slack until it is told to stop."""

import asyncio
import gc
import signal

import uvloop

from bot.app import run
from bot.settings import Settings
from flows.programme import Programme


def serve(settings: Settings, programme: Programme) -> None:
    """Returns after Ctrl-C or SIGTERM, or when Slack has been out of reach for too long."""

    async def until_stopped() -> None:
        await run(settings, programme, stop=stop_on_signal())

    # All that is here now stays. To look it through for what can be thrown away takes 0.1 s, in which
    # nobody gets an answer.
    gc.freeze()
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(until_stopped())


def stop_on_signal() -> asyncio.Event:
    """Return what Ctrl-C and SIGTERM set; a second Ctrl-C changes nothing."""
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    return stop
