"""The bot as `lots run` runs it, as a process of its own, with waits scaled down; to be killed."""

import asyncio
import logging
import signal
from functools import partial
from itertools import count
from pathlib import Path
from typing import Any

import structlog
import uvloop

from bot.app import run
from bot.programme import load
from bot.rules import Rules
from bot.settings import EXAMPLE_PROGRAMME, Settings
from tests.kill.lives import Life, processes

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
    catch_up_every_s=2,
    catch_up_retry_s=0.2,
    read_every_s=0.01,
)
ERRORS = "errors.txt"
_numbers = count(1)


def begin(settings: Settings, folder: Path, *, rules: Rules = RULES) -> Life:
    """Start one; the caller ends it. It is ready when it has logged that it listens."""
    ready = folder / f"ready-{next(_numbers)}"
    process = processes.Process(target=_main, args=(settings, ready, rules))
    process.start()

    async def is_ready() -> bool:
        return ready.exists()

    return Life(process, is_ready)


def _main(settings: Settings, ready: Path, rules: Rules) -> None:
    structlog.configure(
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        processors=[partial(_read_log, ready)],
    )
    logging.disable(logging.CRITICAL)
    programme, _ = load(EXAMPLE_PROGRAMME)

    async def until_stopped() -> None:
        stop = asyncio.Event()
        asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
        await run(settings, programme, stop=stop, rules=rules)

    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(until_stopped())


def _read_log(ready: Path, _logger: Any, level: str, event: dict[str, Any]) -> str:
    """Nothing is printed: that it listens is a file, and an error a line in one."""
    if event["event"] == "listening":
        ready.touch()
    if level in {"error", "critical"}:
        with ready.with_name(ERRORS).open("a") as errors:
            errors.write(f"{event}\n")
    raise structlog.DropEvent
