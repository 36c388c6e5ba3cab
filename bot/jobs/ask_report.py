"""Asks for one follow-up report: each is a transaction of its own, however many fall on the same day."""

from functools import partial
from typing import Any

from bot.acts import reporting
from bot.jobs.tools import Tools
from bot.perform import Act

NAME = reporting.JOB


async def ask(arguments: dict[str, Any], tools: Tools) -> Act[None]:
    """`case` and `key`, as acts/reporting.ask_due owes it."""
    return partial(
        reporting.ask, office=tools.office, case_id=arguments["case"], key=arguments["key"]
    )
