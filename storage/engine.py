"""Opens the database: SQLite for one process, PostgreSQL for several.

SQLite never loses an acknowledged commit (WAL, synchronous=FULL) and takes its write lock when a
transaction begins: the driver's own way, taking it at the first write, loses concurrent updates.
"""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import orjson
from sqlalchemy import Engine, create_engine, event, make_url

if TYPE_CHECKING:
    from sqlalchemy.ext.asyncio import AsyncEngine

LOCK_WAIT_MS = 2000  # Slack shows an error after 3 s; nothing may be committed after that


def is_sqlite(url: str) -> bool:
    return make_url(url).get_backend_name() == "sqlite"


def open_writer(url: str) -> Engine:
    """The engine of SQLite's one writer, whose thread says BEGIN IMMEDIATE and COMMIT itself."""
    path = make_url(url).database
    if not path or path == ":memory:":
        raise ValueError("a SQLite database is a file: a database in memory forgets")
    Path(path).parent.mkdir(parents=True, exist_ok=True)
    return _sqlite(
        url,
        f"PRAGMA busy_timeout={LOCK_WAIT_MS}",
        "PRAGMA journal_mode=WAL",
        "PRAGMA synchronous=FULL",
        "PRAGMA foreign_keys=ON",
    )


def open_reader(url: str) -> Engine:
    """Sees what was committed, never waits for the writer, cannot write."""
    return _sqlite(url, f"PRAGMA busy_timeout={LOCK_WAIT_MS}", "PRAGMA query_only=ON")


def open_postgres(url: str, *, connections: int) -> "AsyncEngine":
    """REPEATABLE READ: of two that change one row, the second fails and is run again."""
    from sqlalchemy.ext.asyncio import create_async_engine  # SQLite starts faster without it

    return create_async_engine(
        make_url(url).set(drivername="postgresql+asyncpg"),
        isolation_level="REPEATABLE READ",
        pool_size=connections,
        max_overflow=0,
        json_serializer=_dumps,
        json_deserializer=orjson.loads,
        hide_parameters=True,  # what people typed must not reach a log through an error
        connect_args={"server_settings": {"lock_timeout": str(LOCK_WAIT_MS)}},
    )


def _sqlite(url: str, *pragmas: str) -> Engine:
    engine = create_engine(
        make_url(url).set(drivername="sqlite+pysqlite"),
        json_serializer=_dumps,
        json_deserializer=orjson.loads,
        hide_parameters=True,  # what people typed must not reach a log through an error
    )

    def prepare(connection: Any, _record: object) -> None:
        connection.isolation_level = None  # the driver begins nothing behind our back
        for pragma in pragmas:
            connection.execute(pragma)

    event.listen(engine, "connect", prepare)
    return engine


def _dumps(value: object) -> str:
    return orjson.dumps(value).decode()
