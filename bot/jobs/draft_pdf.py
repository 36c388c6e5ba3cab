"""Makes a draft's full text as a PDF, marked as a draft, for one of those who write it."""

import asyncio
from typing import Any

from bot.acts import documents as acts
from bot.acts.documents import Stored
from bot.documents.make import make
from bot.jobs.tools import Tools
from bot.office import Office
from bot.perform import Act, Transaction
from flows.errors import NotAllowed

NAME = acts.DRAFT_JOB


async def make_draft(arguments: dict[str, Any], tools: Tools) -> Act[None] | None:
    """`draft` and `person`, as acts/documents.order_draft owes it; nothing if the draft is gone."""
    draft_id, person = arguments["draft"], arguments["person"]
    try:
        facts = await tools.perform.read(
            lambda db: acts.draft_facts(db, tools.office, draft_id, person=person)
        )
    except NotAllowed:
        return None
    made = await asyncio.to_thread(make, "application", facts)
    file = Stored(format="pdf", sha256=await tools.files.put(made.pdf), size=len(made.pdf))

    def upload(tx: Transaction) -> None:
        acts.upload_draft(tx, tools.office, facts, file=file, person=person)

    return upload


def failed(office: Office, arguments: dict[str, Any]) -> Act[None]:
    return lambda tx: acts.draft_failed(tx, office, person=arguments["person"])
