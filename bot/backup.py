"""One zip with every row and every file, taken while the bot runs, and a bot made anew from it.

The rows are those of one moment. Files are named by their contents and only ever added, so that those
which the rows name are there, whatever has been added since.
"""

import asyncio
import json
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import TypeVar
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile

from sqlalchemy import Connection

from bot.files import FileStore
from storage import backup
from storage.engine import is_sqlite, open_postgres, open_reader, open_writer

T = TypeVar("T")
_ABOUT, _TABLES, _FILES = "backup.json", "tables", "files"
_FORMAT = 1


class NoBackup(Exception):  # noqa: N818  it is the file that is wrong
    """The file is no backup of this bot, or a damaged one."""


def take(url: str, files: FileStore, to: Path, *, at: datetime) -> dict[str, int]:
    """Write the backup to a file that does not exist yet; returns how many rows, and files, it holds.

    Raises FileExistsError. An unfinished file never has the backup's name.
    """
    if to.exists():
        raise FileExistsError(to)
    unfinished = to.with_name(f".{to.name}.unfinished")
    try:
        counted = _within(url, lambda db: _write(db, unfinished, at=at), write=False)
        with ZipFile(unfinished, "a", ZIP_STORED) as zipped:
            counted[_FILES] = asyncio.run(_add_files(zipped, files))
        unfinished.rename(to)
    finally:
        with suppress(FileNotFoundError):
            unfinished.unlink()
    return counted


def restore(url: str, files: FileStore, source: Path) -> dict[str, int]:
    """Fill an empty database, whose tables are made, and the file store; returns what `take` did.

    Raises NoBackup for a file that is not one, backup.NotEmpty when there are rows already. All of
    the rows or none.
    """
    try:
        with ZipFile(source) as zipped:
            about = json.loads(zipped.read(_ABOUT))
            if about["format"] != _FORMAT or zipped.testzip() is not None:
                raise NoBackup(source)
            count = asyncio.run(_restore_files(zipped, files))
            counted = _within(url, lambda db: _load(db, zipped, about), write=True)
    except (OSError, ValueError, KeyError) as damaged:
        raise NoBackup(source) from damaged
    return counted | {_FILES: count}


def _write(db: Connection, path: Path, *, at: datetime) -> dict[str, int]:
    counted = {}
    with ZipFile(path, "w", ZIP_DEFLATED) as zipped:
        for table in backup.TABLES:
            counted[table.name] = 0
            with zipped.open(f"{_TABLES}/{table.name}.jsonl", "w", force_zip64=True) as lines:
                for line in backup.lines(db, table):
                    lines.write(line + b"\n")
                    counted[table.name] += 1
        about = {
            "format": _FORMAT,
            "at": at.isoformat(),
            "rows": counted,
            "highest": backup.highest(db),
        }
        zipped.writestr(_ABOUT, json.dumps(about))
    return counted


def _load(db: Connection, zipped: ZipFile, about: dict[str, dict[str, int]]) -> dict[str, int]:
    backup.require_empty(db)
    counted = {}
    for table in backup.TABLES:
        name = f"{_TABLES}/{table.name}.jsonl"
        if name not in zipped.namelist():
            continue  # a table of a later version
        with zipped.open(name) as lines:
            counted[table.name] = backup.load(db, table, lines)
    if counted != {name: about["rows"][name] for name in counted}:
        raise NoBackup(zipped.filename)
    backup.number_on(db, about["highest"])
    return counted


async def _add_files(zipped: ZipFile, files: FileStore) -> int:
    names = files.names()
    for name in names:
        zipped.writestr(f"{_FILES}/{name}", await files.get(name))
    return len(names)


async def _restore_files(zipped: ZipFile, files: FileStore) -> int:
    count = 0
    for entry in zipped.namelist():
        folder, _, name = entry.partition("/")
        if folder != _FILES:
            continue
        if await files.put(zipped.read(entry)) != name:
            raise NoBackup(zipped.filename)
        count += 1
    return count


def _within(url: str, work: Callable[[Connection], T], *, write: bool) -> T:
    """Do it in one transaction, which sees one moment."""
    if not is_sqlite(url):
        return asyncio.run(_within_postgres(url, work))
    engine = open_writer(url) if write else open_reader(url)
    try:
        with engine.connect() as db:
            db.exec_driver_sql("BEGIN IMMEDIATE" if write else "BEGIN")
            try:
                done = work(db)
            except BaseException:
                db.exec_driver_sql("ROLLBACK")
                raise
            db.exec_driver_sql("COMMIT")
            return done
    finally:
        engine.dispose()


async def _within_postgres(url: str, work: Callable[[Connection], T]) -> T:
    engine = open_postgres(url, connections=1)
    try:
        async with engine.begin() as db:
            return await db.run_sync(work)
    finally:
        await engine.dispose()
