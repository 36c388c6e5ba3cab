"""One process that serves Slack until it is told to stop."""

import asyncio
import gc
import os
import signal
import sys
from concurrent.futures import ThreadPoolExecutor
from threading import get_native_id

import uvloop

from bot.app import run
from bot.settings import Settings
from flows.programme import Programme

_GIVES_WAY = 10  # of 19: where the processor is wanted, a ninth of what an answer gets
_LOOKED_THROUGH_EVERY = 50_000  # objects made and kept


def serve(settings: Settings, programme: Programme) -> None:
    """Returns after Ctrl-C or SIGTERM, or when Slack has been out of reach for too long."""

    async def until_stopped() -> None:
        # Documents, spreadsheets and files: nobody looks at the screen for them.
        behind = ThreadPoolExecutor(thread_name_prefix="behind", initializer=_give_way)
        asyncio.get_running_loop().set_default_executor(behind)
        await run(settings, programme, stop=stop_on_signal())

    # All that is here now stays. To look it through for what can be thrown away takes 0.1 s, in which
    # nobody gets an answer.
    gc.freeze()
    gc.set_threshold(_LOOKED_THROUGH_EVERY)
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(until_stopped())


def stop_on_signal() -> asyncio.Event:
    """Return what Ctrl-C and SIGTERM set; a second Ctrl-C changes nothing."""
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    return stop


def _give_way() -> None:
    """This thread works when nobody waits for an answer. Only Linux has it by thread."""
    if sys.platform == "linux":
        os.setpriority(os.PRIO_PROCESS, get_native_id(), _GIVES_WAY)
