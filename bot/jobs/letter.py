"""Sends an e-mail about no single decision (bot/acts/letters.py says which).

A try that ends without a word may have sent it: the row is then begun again, with the same Message-ID, and
its tries count how often.
"""

from dataclasses import replace
from datetime import datetime
from typing import Any

from bot.acts import letters as acts
from bot.jobs.tools import Tools
from bot.letters import Attachment, Letter
from bot.office import Office
from bot.perform import Act
from flows.programme import Role

NAME = acts.JOB


async def send(arguments: dict[str, Any], tools: Tools) -> Act[None]:
    """`letter` and `attempts`, as acts/letters owes them. Without a server the secretaries are told."""
    office, letter = tools.office, arguments["letter"]
    if tools.mail is None:
        why = office.texts.plain("digest.files.no_server")
        return lambda tx: acts.not_sent(tx, office, arguments, why=why)
    attached = [
        Attachment(name=file["name"], content=await tools.files.get(file["sha256"]))
        for file in letter["files"]
    ]
    secretary, *_ = [*office.programme.with_role(Role.SECRETARY), None]
    written = Letter(
        message_id=letter["id"],
        name=letter["name"],
        email=letter["email"],
        subject=letter["subject"],
        body=letter["body"],
        at=datetime.fromisoformat(letter["at"]),
        reply_to=secretary.email if secretary else "",
    )
    outcome = await tools.mail.send(replace(written, attachments=attached))
    return lambda tx: acts.settle(tx, office, arguments, outcome)


def failed(office: Office, arguments: dict[str, Any]) -> Act[None]:
    """Every try ended in a bug of ours, which the log shows."""
    return lambda tx: acts.not_sent(tx, office, arguments, why="failed")
