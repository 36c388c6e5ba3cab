"""Sends one recipient's e-mail: written, said to be under way, handed over, put on record.

Killed between the two last, it is sent again with the same Message-ID, and counted as doubtful.
"""

from typing import Any

from bot.acts import dispatch_letters
from bot.jobs.tools import Tools
from bot.letters import Attachment
from bot.office import Office
from bot.owing import MAIL
from bot.perform import Act
from storage import dispatches

NAME, LOG = MAIL, dispatch_letters.LOG_JOB


async def send(arguments: dict[str, Any], tools: Tools) -> Act[None] | None:
    """`dispatch` is the row's id. Without a server it becomes a task."""
    dispatch_id, office = arguments["dispatch"], tools.office
    if tools.mail is None:
        return lambda tx: dispatch_letters.not_configured(tx, office, dispatch_id)
    draft = await tools.perform.read(lambda db: dispatch_letters.write(db, office, dispatch_id))
    if draft is None:
        return None
    attached = [
        Attachment(name=f["name"], content=await tools.files.get(f["sha256"])) for f in draft.files
    ]
    at = await tools.perform.unkeyed(
        lambda tx: tx.now if dispatches.attempt(tx.db, dispatch_id) else None
    )
    if at is None:
        return None
    outcome = await tools.mail.send(draft.letter(attached, at=at))
    return lambda tx: dispatch_letters.settle(tx, office, dispatch_id, outcome)


def failed(office: Office, arguments: dict[str, Any]) -> Act[None]:
    return lambda tx: dispatch_letters.failed(tx, office, arguments["dispatch"])


async def log(arguments: dict[str, Any], tools: Tools) -> Act[None]:
    """Put it in the case's log, in a job of its own."""
    return lambda tx: dispatch_letters.log(tx, tools.office, arguments["dispatch"])
