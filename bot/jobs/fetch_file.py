"""Fetches a file that a person dropped: checked by content, then an appendix or the calculation."""

import asyncio
from pathlib import PurePath
from typing import Any

import puremagic

from bot.acts import appendices, workbook, writing
from bot.jobs.searched import has_identity_number, is_unsafe
from bot.jobs.tools import Tools
from bot.office import Office
from bot.perform import Act
from bot.slack import Refused
from flows import application, capital
from flows.errors import FlowError
from flows.intake import receivers

NAME = appendices.FETCH
# Files without a signature of their own: text that reads as text.
_TEXTS = frozenset({"txt", "csv"})
# What the content of some types is also known as.
_SAME = {"jpg": "jpeg", "tif": "tiff", "docx": "zip", "xlsx": "zip", "pptx": "zip", "odt": "zip"}


async def fetch(arguments: dict[str, Any], tools: Tools) -> Act[object]:
    """`draft`, `person`, `file` (Slack's id), `name`, and the question that stood open."""
    office, person = tools.office, arguments["person"]
    limit = office.programme.files.max_bytes
    try:
        info = await tools.slack.query("files.info", file=arguments["file"])
        found = info["file"]
        url = found.get("url_private_download") or found["url_private"]
        content = await tools.slack.download(url, limit=limit)
    except Refused as no:
        name = arguments["name"]
        if no.error == "too_large":
            text = appendices.too_large(office, name, limit + 1)
            return lambda tx: writing.tell(tx, person, text)
        return failed(office, arguments)
    return await _judged(arguments, tools, content)


def failed(office: Office, arguments: dict[str, Any]) -> Act[object]:
    """Ask for the file again, when Slack says no or no try has got it."""
    text = office.texts("intake.said.appendix_unreachable", name=arguments["name"])
    return lambda tx: writing.tell(tx, arguments["person"], text)


async def _judged(arguments: dict[str, Any], tools: Tools, content: bytes) -> Act[object]:
    office, person, name = tools.office, arguments["person"], arguments["name"]
    ending = PurePath(name).suffix.lower().removeprefix(".")
    if ending == "xlsx" and await asyncio.to_thread(_is_ours, content):
        return await _calculation(arguments, tools, content)
    if ending not in office.programme.files.types or not looks_like(content, ending):
        text = appendices.wrong_type(office, name)
        return lambda tx: writing.tell(tx, person, text)
    if await asyncio.to_thread(is_unsafe, content, ending):
        text = office.texts("intake.said.appendix_unsafe", name=name)
        return lambda tx: writing.tell(tx, person, text)
    if await asyncio.to_thread(has_identity_number, content, ending):
        text = office.texts("intake.said.appendix_identity_inside", name=name)
        return lambda tx: writing.tell(tx, person, text)
    sha256 = await tools.files.put(content)
    return lambda tx: appendices.add(
        tx,
        office,
        person=person,
        draft_id=arguments["draft"],
        asked=arguments["asked"],
        saw=arguments["saw"],
        name=name,
        size=len(content),
        sha256=sha256,
        kind=ending,
    )


def looks_like(content: bytes, ending: str) -> bool:
    """Whether the content is what the file name says it is."""
    if ending in _TEXTS:
        return _is_text(content)
    try:
        found = {match.extension.lstrip(".") for match in puremagic.magic_string(content)}
    except (puremagic.PureError, ValueError):
        return False
    return bool(found & {ending, _SAME.get(ending, ending)})


def _is_text(content: bytes) -> bool:
    if b"\0" in content:
        return False
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        return all(byte >= ord(" ") or byte in b"\t\r\n\f" for byte in content)
    return True


def _is_ours(content: bytes) -> bool:
    from bot.spreadsheet.ours import is_ours  # openpyxl, 0.1 s: not at every start

    return is_ours(content)


async def _calculation(arguments: dict[str, Any], tools: Tools, content: bytes) -> Act[object]:
    """Read the workbook that we handed out: all of it, or every wrong cell named."""
    from bot.spreadsheet.read import Contents, read_workbook, worded

    office, person, draft_id = tools.office, arguments["person"], arguments["draft"]
    try:
        opened = await tools.perform.read(lambda db: writing.load(db, office, draft_id))
    except FlowError as refusal:
        text = office.texts(refusal.key, **refusal.facts)
        return lambda tx: writing.tell(tx, person, text)
    so_far = application.calculation_of(opened.known)
    if so_far is None:
        text = office.texts("intake.said.workbook_no_time_frame")
        return lambda tx: writing.tell(tx, person, text)
    read = await asyncio.to_thread(
        read_workbook,
        content,
        so_far=so_far,
        committees=_names(office, opened.known),
        capital_costs=lambda of: capital.yearly_costs(
            application.capital_costs(office.programme, of)
        ),
        texts=office.texts,
    )
    if isinstance(read, Contents):
        return lambda tx: workbook.take_in(
            tx,
            office,
            person=person,
            draft_id=draft_id,
            read=read.calculation,
            split=read.split,
        )
    lines = [worded(problem, office.texts) for problem in read]
    return lambda tx: workbook.refuse(tx, office, person=person, lines=lines)


def _names(office: Office, known: Any) -> dict[str, str]:
    return {
        key: found.name
        for key in receivers(office.programme, known)
        if (found := office.programme.committee(key))
    }
