"""The moments at which timers have acted, once each."""

from datetime import datetime

from sqlalchemy import Connection, bindparam, func, select
from sqlalchemy.dialects import postgresql, sqlite

from storage.tables import fired

_ADD = {
    "sqlite": sqlite.insert(fired).on_conflict_do_nothing(),
    "postgresql": postgresql.insert(fired).on_conflict_do_nothing(),
}
_LAST = select(func.max(fired.c.fire_at)).where(fired.c.name == bindparam("b_name"))


def add(db: Connection, name: str, fire_at: datetime, *, at: datetime) -> bool:
    """False when the moment is taken already: somebody else has acted on it."""
    row = {"name": name, "fire_at": fire_at, "at": at}
    return db.execute(_ADD[db.dialect.name], row).rowcount == 1


def last(db: Connection, name: str) -> datetime | None:
    """The latest moment of the timer; None when it has never been looked at."""
    latest: datetime | None = db.scalar(_LAST, {"b_name": name})
    return latest
