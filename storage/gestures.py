"""What people did, once each: the key is stored in the same transaction as its effects."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import Connection, select
from sqlalchemy.dialects import postgresql, sqlite

from storage.tables import gestures

_ADD = {
    "sqlite": sqlite.insert(gestures).on_conflict_do_nothing(),
    "postgresql": postgresql.insert(gestures).on_conflict_do_nothing(),
}


class Repeated(Exception):  # noqa: N818  it is no error: somebody did the same thing twice
    """This gesture is already stored, with its effects; nothing was done again."""


def add(db: Connection, key: str, *, person: str, at: datetime) -> None:
    """Raises Repeated when the key is known."""
    row = {"key": key, "person": person, "at": at}
    if db.execute(_ADD[db.dialect.name], row).rowcount == 0:
        raise Repeated(key)


def known(db: Connection, keys: Iterable[str]) -> set[str]:
    """Those of the keys that are stored."""
    return set(db.scalars(select(gestures.c.key).where(gestures.c.key.in_(list(keys)))))
