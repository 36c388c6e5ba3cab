"""Makes the spreadsheet of the calculation, with what is filled in so far."""

import asyncio
from typing import Any

from bot.acts import workbook as acts
from bot.acts import writing
from bot.jobs.tools import Tools
from bot.office import Office
from bot.perform import Act
from flows.errors import NotAllowed
from flows.intake import receivers

NAME = acts.MAKE


async def make(arguments: dict[str, Any], tools: Tools) -> Act[None] | None:
    """`draft` and `person`; nothing when the draft is gone."""
    from bot.spreadsheet.write import make_workbook  # openpyxl, 0.1 s: not at every start

    office, draft_id, person = tools.office, arguments["draft"], arguments["person"]
    try:
        opened = await tools.perform.read(lambda db: writing.load(db, office, draft_id))
    except NotAllowed:
        return None
    so_far = acts.contents(opened)
    if so_far is None:
        return None
    names = {
        key: found.name
        for key in receivers(office.programme, opened.known)
        if (found := office.programme.committee(key))
    }
    content = await asyncio.to_thread(
        make_workbook, so_far, opened.known.get("split", ()), committees=names, texts=office.texts
    )
    sha256 = await tools.files.put(content)
    return lambda tx: acts.hand_out(tx, office, person=person, draft_id=draft_id, sha256=sha256)


def failed(office: Office, arguments: dict[str, Any]) -> Act[object]:
    """Say that there is no workbook, when every try has failed."""
    text = office.texts("intake.said.workbook_failed")
    return lambda tx: writing.tell(tx, arguments["person"], text)
