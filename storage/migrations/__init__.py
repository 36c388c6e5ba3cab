"""Brings a database up to date, step by step, on SQLite and PostgreSQL alike."""

import asyncio
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

from storage.engine import is_sqlite, open_postgres, open_writer

_FOLDER = Path(__file__).parent


def upgrade(url: str) -> None:
    """All or nothing. A database that is up to date is left as it is. Not from an event loop."""
    if is_sqlite(url):
        engine = open_writer(url)
        try:
            with engine.begin() as db:
                db.exec_driver_sql("BEGIN IMMEDIATE")
                upgrade_within(db)
        finally:
            engine.dispose()
    else:
        asyncio.run(_upgrade_postgres(url))


def upgrade_within(db: Connection) -> None:
    """In a transaction that the caller began."""
    config = _config()
    config.attributes["connection"] = db
    command.upgrade(config, "head")


def is_current(db: Connection) -> bool:
    """Whether the schema is the one that this version of the bot works with."""
    head = ScriptDirectory.from_config(_config()).get_current_head()
    return MigrationContext.configure(db).get_current_revision() == head


async def _upgrade_postgres(url: str) -> None:
    engine = open_postgres(url, connections=1)
    try:
        async with engine.begin() as db:
            await db.run_sync(upgrade_within)
    finally:
        await engine.dispose()


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(_FOLDER).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    return config
