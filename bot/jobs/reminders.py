"""Reminds of what waits, a page at a time (bot/acts/reminders.py)."""

from functools import partial
from typing import Any

from bot.acts import reminders as acts
from bot.jobs.tools import Tools
from bot.perform import Act

NAME = acts.JOB


async def remind(arguments: dict[str, Any], tools: Tools) -> Act[None]:
    return partial(
        acts.page, office=tools.office, source=arguments["source"], after=arguments["after"]
    )
