"""Which direct message reaches which person, and which of them are in use."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from sqlalchemy import Connection, bindparam, delete, insert, select, update

from storage.prepared import Prepared
from storage.tables import conversations, outbox

_CHANNEL = select(conversations.c.channel).where(conversations.c.user == bindparam("b_user"))
_SEEN = Prepared(
    update(conversations)
    .where(conversations.c.channel == bindparam("b_channel"))
    .values(active_at=bindparam("b_at"))
)
_ACTIVE_AT = select(conversations.c.active_at).where(
    conversations.c.channel == bindparam("b_channel")
)
# A conversation's clock need not be exact: catch-up looks at those of the last days.
_COARSE = timedelta(minutes=10)


def channel(db: Connection, user: str) -> str | None:
    """The "D…" of a "U…", when known."""
    return db.scalar(_CHANNEL, {"b_user": user})


def known(db: Connection, channels: Iterable[str]) -> set[str]:
    """Those of the channels that are stored."""
    rows = select(conversations.c.channel).where(conversations.c.channel.in_(list(channels)))
    return set(db.scalars(rows))


def seen(
    db: Connection, channel: str, *, user: str, at: datetime, last: datetime | None = None
) -> None:
    """The person wrote or opened something here; catch-up will look here after an interruption.

    `last` is when the channel was active before, where that has been read already.
    """
    last = last or db.scalar(_ACTIVE_AT, {"b_channel": channel})
    if last is None:
        add(db, channel, user=user, at=at)
    elif at - last > _COARSE:
        _SEEN.run(db, {"b_channel": channel, "b_at": at})


def add(db: Connection, channel: str, *, user: str, at: datetime) -> None:
    """Store the person's channel; what was queued for the person goes there, in its order."""
    if db.scalar(_ACTIVE_AT, {"b_channel": channel}) is None:
        db.execute(delete(conversations).where(conversations.c.user == user))
        db.execute(insert(conversations), {"channel": channel, "user": user, "active_at": at})
    db.execute(
        update(outbox)
        .where(outbox.c.lane == user, outbox.c.finished_at.is_(None))
        .values(lane=channel)
    )


def active(db: Connection, *, since: datetime, limit: int) -> list[str]:
    """Channels in use since then, the latest used first."""
    rows = (
        select(conversations.c.channel)
        .where(conversations.c.active_at >= since)
        .order_by(conversations.c.active_at.desc())
        .limit(limit)
    )
    return list(db.scalars(rows))
