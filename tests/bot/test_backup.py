"""A backup taken while the bot works holds one moment, and a bot restored from it has everything."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
from sqlalchemy import Connection, delete, select

from bot import backup
from bot.database import database
from bot.files import FileStore
from storage import texts
from storage.backup import TABLES, NotEmpty
from storage.migrations import upgrade
from storage.tables import texts as stored
from tests.bot.decided import granted, pots
from tests.bot.town import NOON, town
from tests.databases import fresh_postgres


def everything(db: Connection) -> dict[str, list[Any]]:
    return {
        table.name: [tuple(r) for r in db.execute(select(table).order_by(*table.primary_key))]
        for table in TABLES
    }


def rows_of(url: str) -> dict[str, list[Any]]:
    async def read() -> dict[str, list[Any]]:
        async with database(url, now=lambda: NOON) as perform:
            return await perform.read(everything)

    return asyncio.run(read())


def lived_in(url: str, folder: Path) -> None:
    """A database with a case that was decided, and a free text that was removed again."""

    async def live() -> None:
        async with town(url, folder) as here:
            await pots(here)
            await granted(here)
            number = await here.act(lambda tx: texts.add(tx.db, "2026-0001", "Borta"))
            await here.act(lambda tx: tx.db.execute(delete(stored).where(stored.c.id == number)))

    asyncio.run(live())


async def next_number(url: str) -> int:
    async with database(url, now=lambda: NOON) as perform:
        return await perform.unkeyed(lambda tx: texts.add(tx.db, "2026-0001", "Ny"))


@contextmanager
def another(kind: str, folder: Path, postgres: str) -> Iterator[str]:
    if kind == "sqlite":
        yield f"sqlite:///{folder}/other.db"
    else:
        with fresh_postgres(postgres, template="template1") as url:
            yield url


@pytest.mark.parametrize("kind", ["sqlite", "postgres"])
def test_everything_comes_back_on_either_database(
    database_url: str, tmp_path: Path, postgres: str, kind: str
) -> None:
    lived_in(database_url, tmp_path)
    files, other = FileStore((tmp_path / "files").as_uri()), tmp_path / "other"
    restored = FileStore(other.as_uri())

    backup.take(database_url, files, tmp_path / "backup.zip", at=NOON)
    with another(kind, tmp_path, postgres) as url:
        upgrade(url)
        backup.restore(url, restored, tmp_path / "backup.zip")

        assert rows_of(url) == rows_of(database_url)
        assert restored.names() == files.names() != []

        given = max([row[0] for row in rows_of(database_url)["texts"]], default=0)
        assert asyncio.run(next_number(url)) > given + 1, "a number that was given is given again"
        with pytest.raises(NotEmpty):
            backup.restore(url, restored, tmp_path / "backup.zip")


def test_a_damaged_backup_restores_nothing(sqlite_url: str, tmp_path: Path) -> None:
    lived_in(sqlite_url, tmp_path)
    whole = tmp_path / "backup.zip"
    backup.take(sqlite_url, FileStore((tmp_path / "files").as_uri()), whole, at=NOON)
    cut = tmp_path / "cut.zip"
    with ZipFile(whole) as source, ZipFile(cut, "w") as target:
        for name in source.namelist():
            content = source.read(name)
            target.writestr(name, content[:-50] if name.endswith("events.jsonl") else content)
    url = f"sqlite:///{tmp_path}/other.db"
    upgrade(url)

    for damaged in (cut, tmp_path / "none.zip"):
        with pytest.raises(backup.NoBackup):
            backup.restore(url, FileStore((tmp_path / "other").as_uri()), damaged)

    assert rows_of(url)["cases"] == []


def test_a_backup_is_never_written_over(sqlite_url: str, tmp_path: Path) -> None:
    there = tmp_path / "backup.zip"
    there.write_bytes(b"precious")

    with pytest.raises(FileExistsError):
        backup.take(sqlite_url, FileStore((tmp_path / "files").as_uri()), there, at=NOON)

    assert there.read_bytes() == b"precious"
