"""A fresh database per test: a SQLite file, and a database in a PostgreSQL started for the tests.

Both are copies of an empty one with our schema. PostgreSQL is started once in each process that runs
tests, when a test first asks for it.
"""

import asyncio
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from itertools import count
from pathlib import Path

import pytest
from sqlalchemy.ext.asyncio import create_async_engine

from storage.engine import open_writer
from storage.tables import metadata
from tests.room import room
from tests.server import NoPostgres, admin, running_postgres

TEMPLATE = "lots_template"
_numbers = count(1)


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """The address of a server that has our schema in a template."""
    try:
        with started_postgres() as address:
            yield address
    except NoPostgres as reason:
        pytest.skip(f"PostgreSQL is not tested, it does not start here: {reason}")


@contextmanager
def started_postgres() -> Iterator[str]:
    """A server of our own, with our schema in TEMPLATE. Raises NoPostgres. Not from an event loop."""
    with running_postgres() as address:
        asyncio.run(admin(address, f"CREATE DATABASE {TEMPLATE}"))
        asyncio.run(_create_tables(_in(address, TEMPLATE)))
        yield address


@pytest.fixture
def sqlite_url(tmp_path: Path) -> str:
    return sqlite_file(tmp_path)


def sqlite_file(folder: Path) -> str:
    """A database of our schema in the folder."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "lots.db").write_bytes(_empty_sqlite())
    return f"sqlite:///{folder}/lots.db"


@cache
def _empty_sqlite() -> bytes:
    """A file with our schema: to copy it is cheaper than to make every table anew for each test."""
    with tempfile.TemporaryDirectory(dir=room()) as folder:
        file = Path(folder, "empty.db")
        engine = open_writer(f"sqlite:///{file}")
        metadata.create_all(engine)
        engine.dispose()
        return file.read_bytes()


@pytest.fixture
def postgres_url(postgres: str) -> Iterator[str]:
    with fresh_postgres(postgres, template=TEMPLATE) as url:
        yield url


@contextmanager
def fresh_postgres(postgres: str, *, template: str) -> Iterator[str]:
    """A database of the test's own. Not from an event loop."""
    name = f"lots_{os.getpid()}_{next(_numbers)}"
    # Copied as files: to write each page to the log takes three times as long.
    made = f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY FILE_COPY"
    asyncio.run(admin(postgres, made))
    try:
        yield _in(postgres, name)
    finally:
        asyncio.run(admin(postgres, f"DROP DATABASE {name} WITH (FORCE)"))


@pytest.fixture(params=["sqlite", "postgres"])
def database_url(request: pytest.FixtureRequest) -> str:
    """Each test that asks for it runs on both."""
    url: str = request.getfixturevalue(f"{request.param}_url")
    return url


def _in(address: str, database: str) -> str:
    return address.replace("/postgres?", f"/{database}?")


async def _create_tables(url: str) -> None:
    engine = create_async_engine(url.replace("postgresql:", "postgresql+asyncpg:"))
    async with engine.begin() as db:
        await db.run_sync(metadata.create_all)
    await engine.dispose()
