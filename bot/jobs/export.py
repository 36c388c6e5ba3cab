"""Makes the export: reads page by page, writes the files beside the event loop, hands them out."""

import asyncio
from collections.abc import Callable, Sequence
from typing import Any

from sqlalchemy import Connection

from bot.acts import export as acts
from bot.jobs.tools import Tools
from bot.office import Office
from bot.owed import FileToSend
from bot.perform import Act, Perform
from storage import register

NAME = acts.JOB
Rows = list[Any]


async def make(arguments: dict[str, Any], tools: Tools) -> Act[None]:
    """`person`, who asked."""
    from bot.spreadsheet.export import (  # openpyxl, 0.1 s: not at every start
        Table,
        as_csv,
        workbook,
    )

    office, person = tools.office, arguments["person"]
    cases = await _all(tools.perform, register.of_cases, lambda row: row.id, "")
    ledger = await _all(tools.perform, register.of_ledger, lambda row: row.id, 0)
    reports = await _all(
        tools.perform, register.of_reports, lambda row: (row.case_id, row.key), ("", "")
    )

    def write() -> list[tuple[str, bytes]]:
        tables = [
            Table(
                name=office.texts.plain(f"home.export.{name}"),
                headings=acts.headings(office, name),
                rows=[*shown(office, rows)],
            )
            for name, shown, rows in (
                ("register", acts.register, cases),
                ("ledger", acts.ledger, ledger),
                ("reports", acts.reports, reports),
            )
        ]
        # A slash would end the file's name.
        named = office.texts.plain("home.export.file").replace("/", "-")
        whole = (f"{named}.xlsx", workbook(tables))
        return [whole, *((f"{table.name}.csv", as_csv(table)) for table in tables)]

    made = await asyncio.to_thread(write)
    files: Sequence[FileToSend] = [
        FileToSend(sha256=await tools.files.put(content), name=name, title=name)
        for name, content in made
    ]
    return lambda tx: acts.hand_out(tx, office, person=person, files=files)


async def _all(
    perform: Perform, page: Callable[..., Sequence[Any]], key: Callable[[Any], Any], first: Any
) -> Rows:
    rows: Rows = []
    after = first

    def read(db: Connection) -> Sequence[Any]:
        return page(db, after=after)

    while found := await perform.read(read):
        rows += found
        after = key(found[-1])
    return rows


def failed(office: Office, arguments: dict[str, Any]) -> Act[None]:
    """Say that there is no export, when every try has failed."""
    return lambda tx: acts.failed(tx, office, person=arguments["person"])
