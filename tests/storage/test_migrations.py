"""A database that was brought up to date is the one that storage/tables describes."""

import asyncio
import re

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection, text

from storage.engine import open_postgres, open_writer
from storage.migrations import is_current, upgrade
from storage.tables import metadata
from tests.databases import fresh_postgres

_WRITE = 'run: python -m storage.migrations.write "what changes"'
_MADE = "SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL AND name != 'alembic_version'"


def _difference(db: Connection) -> list[object]:
    assert is_current(db)
    return list(compare_metadata(MigrationContext.configure(db), metadata))


def _made(db: Connection) -> dict[str, set[str]]:
    """Each object's parts, in whatever order and however spaced they were written."""
    return {row.name: _parts(row.sql) for row in db.execute(text(_MADE))}


def _parts(sql: str) -> set[str]:
    head, _, rest = sql.partition("(")
    body, _, tail = rest.rpartition(")")
    return {_plain(part) for part in (head, *re.split(r",(?![^()]*\))", body), tail)}


def _plain(part: str) -> str:
    return " ".join(part.replace('"', "").split())


def test_sqlite_is_migrated_to_exactly_the_tables(tmp_path) -> None:
    migrated, made = f"sqlite:///{tmp_path}/a.db", f"sqlite:///{tmp_path}/b.db"
    upgrade(migrated)
    engines = [open_writer(migrated), open_writer(made)]
    metadata.create_all(engines[1])
    with engines[0].connect() as one, engines[1].connect() as other:
        assert _difference(one) == [], _WRITE
        assert _made(one) == _made(other), _WRITE
        assert not is_current(other)
    for engine in engines:
        engine.dispose()


def test_postgres_is_migrated_to_the_tables(postgres: str) -> None:
    async def difference(url: str) -> list[object]:
        engine = open_postgres(url, connections=1)
        async with engine.connect() as db:
            found = await db.run_sync(_difference)
        await engine.dispose()
        return found

    with fresh_postgres(postgres, template="template1") as url:
        upgrade(url)
        assert asyncio.run(difference(url)) == [], _WRITE


def test_upgrading_again_changes_nothing(tmp_path) -> None:
    url = f"sqlite:///{tmp_path}/lots.db"
    upgrade(url)
    upgrade(url)
    engine = open_writer(url)
    with engine.connect() as db:
        assert _difference(db) == []
    engine.dispose()


def test_a_step_that_fails_changes_nothing(tmp_path) -> None:
    url = f"sqlite:///{tmp_path}/lots.db"
    engine = open_writer(url)
    with engine.begin() as db:
        db.exec_driver_sql("CREATE TABLE texts (in_the_way INTEGER)")
    with pytest.raises(Exception, match="already exists"):
        upgrade(url)
    with engine.connect() as db:
        assert [row.name for row in db.execute(text(_MADE))] == ["texts"]
    engine.dispose()
