"""Makes both originals of a submitted version and stores them; then the case goes on.

A crash after the files are stored makes the same bytes again, which are the same files.
"""

import asyncio
from typing import Any

from bot.acts import documents as acts
from bot.acts.documents import Stored
from bot.documents.make import make
from bot.jobs.tools import Tools
from bot.office import Office
from bot.perform import Act, Transaction

NAME = acts.JOB


async def make_documents(arguments: dict[str, Any], tools: Tools) -> Act[None]:
    """`case`, `version` and `issue`, as acts/documents.order owes it."""
    case_id, version, issue = arguments["case"], arguments["version"], arguments["issue"]
    facts = await tools.perform.read(
        lambda db: acts.facts(db, tools.office, case_id, version=version)
    )
    made = await asyncio.to_thread(make, "application", facts)
    files = [
        Stored(format=name, sha256=await tools.files.put(content), size=len(content))
        for name, content in (("pdf", made.pdf), ("docx", made.docx))
    ]

    def store(tx: Transaction) -> None:
        acts.store(tx, tools.office, case_id, made=facts, issue=issue, files=files)

    return store


def failed(office: Office, arguments: dict[str, Any]) -> Act[None]:
    return lambda tx: acts.failed(tx, office, arguments["case"])
