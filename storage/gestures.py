"""What people did, once each: the key is stored in the same transaction as its effects."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, select
from sqlalchemy.dialects import postgresql, sqlite

from storage.prepared import Prepared
from storage.tables import gestures

_ROW: dict[str, Any] = {name: bindparam(f"b_{name}") for name in ("key", "person", "at")}
_ADD = {
    "sqlite": Prepared(sqlite.insert(gestures).values(_ROW).on_conflict_do_nothing()),
    "postgresql": Prepared(postgresql.insert(gestures).values(_ROW).on_conflict_do_nothing()),
}


class Repeated(Exception):  # noqa: N818  it is no error: somebody did the same thing twice
    """This gesture is already stored, with its effects; nothing was done again."""


def add(db: Connection, key: str, *, person: str, at: datetime) -> None:
    """Raises Repeated when the key is known."""
    row = {"b_key": key, "b_person": person, "b_at": at}
    if _ADD[db.dialect.name].run(db, row) == 0:
        raise Repeated(key)


def known(db: Connection, keys: Iterable[str]) -> set[str]:
    """Those of the keys that are stored."""
    return set(db.scalars(select(gestures.c.key).where(gestures.c.key.in_(list(keys)))))
