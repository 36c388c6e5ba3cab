"""Makes a document other than the application: PDF, Word, and its facts as JSON.

What is stored is never made anew. A crash before the commit makes the same bytes from the same facts.
"""

import asyncio
from datetime import date
from typing import Any

from bot.acts import papers as acts
from bot.acts import papers_stored
from bot.acts.documents import Stored
from bot.acts.paper_facts import registry
from bot.acts.paper_facts.matter import Order
from bot.documents.facts_json import canonical
from bot.documents.make import make
from bot.jobs.tools import Tools
from bot.office import Office
from bot.perform import Act, Transaction
from storage import papers

NAME = acts.JOB


async def make_paper(arguments: dict[str, Any], tools: Tools) -> Act[None] | None:
    """`name`, `key`, `case` and `day`, as acts/papers.order owes it; nothing when it is stored."""
    name, case_id = arguments["name"], arguments["case"]
    order = Order(arguments["key"], case_id, date.fromisoformat(arguments["day"]))
    if await tools.perform.read(lambda db: papers.of(db, name, order.key)):
        return None
    facts = await tools.perform.read(lambda db: registry.FACTS[name](db, tools.office, order))
    made = await asyncio.to_thread(make, name, facts)
    contents = {
        "pdf": made.pdf,
        "docx": made.docx,
        "json": canonical(name, order.key, facts),
    }
    files = [
        Stored(format=ending, sha256=await tools.files.put(content), size=len(content))
        for ending, content in contents.items()
    ]

    def store(tx: Transaction) -> None:
        papers_stored.store(
            tx, tools.office, name, order.key, case_id=case_id, files=files, facts=facts
        )

    return store


def failed(office: Office, arguments: dict[str, Any]) -> Act[None]:
    """Say who waits in vain, when every try has failed."""
    return lambda tx: papers_stored.failed(tx, office, arguments["name"], arguments["key"])
