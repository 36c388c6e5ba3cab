"""Brings a database up to date, step by step, on SQLite and PostgreSQL alike."""

import asyncio
from functools import partial
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

from storage.engine import LOCK_WAIT_MS, is_sqlite, open_postgres, open_writer

_FOLDER = Path(__file__).parent
_LOCK = 0x7472_7967_6768  # PostgreSQL's advisory lock for it: any number, always the same
_WAIT_S = 120  # for the process that is at it


def upgrade(url: str, *, to: str = "head") -> None:
    """All or nothing; two that do it at once do it after one another. Not from an event loop.

    A database that is up to date is left as it is, and so is one that a newer version has brought further.
    """
    if is_sqlite(url):
        engine = open_writer(url)
        try:
            with engine.connect() as db:
                # A table that others refer to is made anew. Takes effect only outside a transaction.
                db.exec_driver_sql("PRAGMA foreign_keys=OFF")
                db.commit()
                db.exec_driver_sql("BEGIN IMMEDIATE")
                upgrade_within(db, to=to)
                if broken := db.exec_driver_sql("PRAGMA foreign_key_check").all():
                    raise ValueError(f"a step has broken what refers to another row: {broken[:3]}")
                db.commit()
        finally:
            engine.dispose()
    else:
        asyncio.run(_upgrade_postgres(url, to))


def upgrade_within(db: Connection, *, to: str = "head") -> None:
    """In a transaction that the caller began."""
    config = _config()
    if _is_newer(db, ScriptDirectory.from_config(config)):
        return  # steps only add: this version goes on beside the one that took them
    config.attributes["connection"] = db
    command.upgrade(config, to)


def is_current(db: Connection) -> bool:
    """Whether the schema is the one that this version of the bot works with."""
    head = ScriptDirectory.from_config(_config()).get_current_head()
    return MigrationContext.configure(db).get_current_revision() == head


def _is_newer(db: Connection, steps: ScriptDirectory) -> bool:
    current = MigrationContext.configure(db).get_current_revision()
    return current not in {None, *(step.revision for step in steps.walk_revisions())}


async def _upgrade_postgres(url: str, to: str) -> None:
    engine = open_postgres(url, connections=1)
    try:
        # Whoever comes second must see what the first has done while it waited.
        async with engine.execution_options(isolation_level="READ COMMITTED").begin() as db:
            await db.exec_driver_sql(f"SET LOCAL lock_timeout = '{_WAIT_S}s'")
            await db.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_LOCK})")
            await db.exec_driver_sql(f"SET LOCAL lock_timeout = {LOCK_WAIT_MS}")
            await db.run_sync(partial(upgrade_within, to=to))
    finally:
        await engine.dispose()


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(_FOLDER).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    return config
