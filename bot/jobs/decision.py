"""Shows a case that waits for the chief executive anew when another has changed what is left; a job each."""

from typing import Any

from bot.acts import chief_executive
from bot.jobs.tools import Tools
from bot.perform import Act

NAME = chief_executive.JOB


async def show(arguments: dict[str, Any], tools: Tools) -> Act[None]:
    case_id, years = arguments["case"], arguments["years"]
    return lambda tx: chief_executive.show_again(tx, tools.office, case_id, years=years)
