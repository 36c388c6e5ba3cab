"""A new database for each round of a campaign."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from pathlib import Path

from tests.databases import TEMPLATE, fresh_postgres, sqlite_file, started_postgres

URL = Callable[[Path], AbstractContextManager[str]]


@contextmanager
def databases(kind: str) -> Iterator[URL]:
    """A way to new databases of the kind, sqlite or postgres."""
    if kind == "sqlite":
        yield lambda folder: nullcontext(sqlite_file(folder))
        return
    with started_postgres() as address:
        yield lambda _folder: fresh_postgres(address, template=TEMPLATE)
