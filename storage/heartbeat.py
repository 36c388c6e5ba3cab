"""When the bot was last known to hear Slack: catch-up reads what came since."""

from datetime import datetime

from sqlalchemy import Connection, bindparam, insert, select, update

from storage.tables import heartbeat

_NAME = "heard"
_AT = select(heartbeat.c.at).where(heartbeat.c.name == _NAME)
_BEAT = (
    update(heartbeat)
    .where(heartbeat.c.name == _NAME, heartbeat.c.at < bindparam("b_at", type_=heartbeat.c.at.type))
    .values(at=bindparam("b_at"))
)


def last(db: Connection) -> datetime | None:
    """None when the bot has never run on this database."""
    return db.scalar(_AT)


def beat(db: Connection, *, at: datetime) -> None:
    """Everything that people did before `at` has been received."""
    if db.execute(_BEAT, {"b_at": at}).rowcount == 0 and last(db) is None:
        db.execute(insert(heartbeat), {"name": _NAME, "at": at})
