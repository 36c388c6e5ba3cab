"""Makes a weekly or monthly digest: one reading of the database, the picture and the spreadsheet, the post.

The picture's figures and the text's are the same reading. Drawing happens beside the event loop.
"""

import asyncio
from datetime import date, datetime
from functools import partial
from typing import Any

from bot import charts
from bot.acts import digest as acts
from bot.acts import digest_facts
from bot.blocks import digest_files
from bot.jobs.tools import Tools
from bot.office import Office
from bot.owed import FileToSend
from bot.perform import Act
from flows.digest import Period
from flows.ledger import Account
from flows.practice import DigestKind

NAME = acts.JOB


async def make(arguments: dict[str, Any], tools: Tools) -> Act[None]:
    """`kind`, `since`, `until` and `day`, as acts/digest owes it."""
    office = tools.office
    period = Period(
        since=datetime.fromisoformat(arguments["since"]),
        until=datetime.fromisoformat(arguments["until"]),
    )
    today = date.fromisoformat(arguments["day"])
    if DigestKind(arguments["kind"]) is DigestKind.MONTHLY:
        return await _monthly(tools, period, today)
    facts = await tools.perform.read(
        lambda db: digest_facts.weekly(db, office, period, today=today)
    )
    if facts.nothing_happened:
        return lambda tx: acts.say_weekly(tx, office, facts, [], said="")
    files = await _chart(tools, facts.accounts, today)
    if facts.status.groups:
        files.append(await _sheet(tools, today))
    said = _said(office, files)
    return lambda tx: acts.say_weekly(tx, office, facts, files, said=said)


async def _monthly(tools: Tools, period: Period, today: date) -> Act[None]:
    office = tools.office
    facts = await tools.perform.read(
        lambda db: digest_facts.monthly(db, office, period, today=today)
    )
    files = await _chart(tools, facts.accounts, today)
    said = _said(office, files)
    return lambda tx: acts.say_monthly(tx, office, facts, files, said=said)


def failed(office: Office, arguments: dict[str, Any]) -> Act[None]:
    """Say that nothing came, when every try has failed."""
    return lambda tx: acts.failed(tx, office, DigestKind(arguments["kind"]))


async def _chart(tools: Tools, accounts: tuple[Account, ...], today: date) -> list[FileToSend]:
    """The money as a picture; none when there is no money to show."""
    if not accounts:
        return []
    office = tools.office
    title, groups = digest_files.bars(office, accounts)
    content = await asyncio.to_thread(charts.bars, title, groups)
    name = office.texts.plain("digest.files.chart", day=today.isoformat())
    return [
        FileToSend(
            sha256=await tools.files.put(content),
            name=f"{name}.png",
            title=name,
            alt=digest_files.alt(office, groups),
        )
    ]


async def _sheet(tools: Tools, today: date) -> FileToSend:
    """Every open case, as far as a spreadsheet holds them."""
    office = tools.office
    cases = await tools.perform.read(lambda db: digest_facts.open_cases(db, office, today=today))
    name = office.texts.plain("digest.files.sheet", day=today.isoformat())
    table = partial(digest_files.open_cases, office, cases, name=name)

    def write() -> bytes:
        from bot.spreadsheet.export import workbook  # openpyxl, 0.1 s: not at every start

        return workbook([table()])

    content = await asyncio.to_thread(write)
    return FileToSend(sha256=await tools.files.put(content), name=f"{name}.xlsx", title=name)


def _said(office: Office, files: list[FileToSend]) -> str:
    if len(files) > 1:
        return office.texts.plain("digest.files.said")
    sheet = any(one["name"].endswith(".xlsx") for one in files)
    key = "digest.files.said_sheet" if sheet else "digest.files.said_chart"
    return office.texts.plain(key)
