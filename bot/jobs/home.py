"""Shows a person's App Home anew after a case has changed; a job each, so that no press waits."""

from typing import Any

from bot.acts import home as acts
from bot.acts import home_page
from bot.jobs.tools import Tools
from bot.perform import Act

NAME = acts.JOB


async def show(arguments: dict[str, Any], tools: Tools) -> Act[None]:
    return lambda tx: home_page.publish(tx, tools.office, person=arguments["person"])
