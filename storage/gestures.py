"""What people did, once each: the key is stored in the same transaction as its effects."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import Connection, insert, select
from sqlalchemy.exc import IntegrityError

from storage.tables import gestures

_ADD = insert(gestures)


class Repeated(Exception):  # noqa: N818  it is no error: somebody did the same thing twice
    """This gesture is already stored, with its effects; nothing was done again."""


def add(db: Connection, key: str, *, person: str, at: datetime) -> None:
    """Raises Repeated when the key is known."""
    try:
        db.execute(_ADD, {"key": key, "person": person, "at": at})
    except IntegrityError as known:
        raise Repeated(key) from known


def known(db: Connection, keys: Iterable[str]) -> set[str]:
    """Those of the keys that are stored."""
    return set(db.scalars(select(gestures.c.key).where(gestures.c.key.in_(list(keys)))))
