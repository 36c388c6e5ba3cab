"""How outbox rows are sent: claimed, renewed, finished. Only the one who holds the lease may say.

A lane has one row in flight, and its rows go in the order of their ids.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, and_, bindparam, exists, null, or_, select, update

from storage.outbox import Claim, Claimed, Kind
from storage.prepared import Prepared
from storage.tables import outbox

Mark = dict[str, Any]

_earlier = outbox.alias("earlier")
_HEADS = (
    select(outbox)
    .where(
        outbox.c.finished_at.is_(None),
        outbox.c.due_at <= bindparam("b_now", type_=outbox.c.due_at.type),
        outbox.c.kind.in_(bindparam("b_kinds", expanding=True)),
        or_(
            outbox.c.state == "waiting",
            outbox.c.lease_until <= bindparam("b_now", type_=outbox.c.due_at.type),
        ),
        ~exists().where(
            _earlier.c.finished_at.is_(None),
            _earlier.c.lane == outbox.c.lane,
            or_(
                _earlier.c.id < outbox.c.id,
                and_(_earlier.c.state == "uncertain", _earlier.c.id != outbox.c.id),
            ),
        ),
    )
    .order_by(outbox.c.due_at, outbox.c.id)  # as the index: what was sent is never read
    .limit(bindparam("b_limit"))
)
_HEADS_LOCKED = _HEADS.with_for_update(of=outbox, skip_locked=True)
_HEADS_OF = _HEADS.where(outbox.c.lane.in_(bindparam("b_lanes", expanding=True))).with_for_update(
    of=outbox, skip_locked=True
)
_CLAIM = (
    update(outbox)
    .where(outbox.c.id == bindparam("b_id"))
    .values(
        state="uncertain",
        attempts=outbox.c.attempts + 1,
        lease_owner=bindparam("b_owner"),
        lease_until=bindparam("b_until"),
        doubt_since=bindparam("b_doubt"),
    )
)


def due(db: Connection, *, kinds: Sequence[Kind], now: datetime) -> bool:
    """Whether there is anything that could be claimed: a cheap look, without a lock."""
    return db.execute(_HEADS, {"b_now": now, "b_kinds": kinds, "b_limit": 1}).first() is not None


def claim_due(
    db: Connection,
    *,
    kinds: Sequence[Kind],
    claim: Claim,
    now: datetime,
    limit: int,
    lanes: Sequence[str] | None = None,
) -> list[Claimed]:
    """The heads of lanes that are due or whose lease has run out, now ours."""
    query = {"b_now": now, "b_kinds": kinds, "b_limit": limit}
    rows = (
        db.execute(_HEADS_LOCKED, query)
        if lanes is None
        else db.execute(_HEADS_OF, query | {"b_lanes": lanes})
    ).all()
    if not rows:
        return []
    until = now + claim.lease
    db.execute(
        _CLAIM,
        [
            {
                "b_id": row.id,
                "b_owner": claim.owner,
                "b_until": until,
                "b_doubt": row.doubt_since or now,
            }
            for row in rows
        ],
    )
    return [
        Claimed(
            id=row.id,
            kind=row.kind,
            lane=row.lane,
            refers_to=row.refers_to,
            payload=row.payload,
            attempts=row.attempts + 1,
            lease_until=until,
            doubt_since=row.doubt_since,
            file_ids=row.file_ids,
        )
        for row in rows
    ]


def clock_set_back(db: Connection, *, now: datetime, since: datetime) -> None:
    """What waits for a time by a clock that was ahead is due now; what is in doubt is looked for since then."""
    waiting = outbox.c.finished_at.is_(None)
    due = update(outbox).where(waiting, outbox.c.state == "waiting", outbox.c.due_at > now)
    db.execute(due.values(due_at=now))
    doubt = update(outbox).where(waiting, outbox.c.doubt_since > now)
    db.execute(doubt.values(doubt_since=since))


_ours = update(outbox).where(
    outbox.c.id == bindparam("b_id"),
    outbox.c.lease_owner == bindparam("b_owner"),
    outbox.c.state == "uncertain",
)
_RENEW = _ours.values(lease_until=bindparam("b_until"))
_FILES = _ours.values(file_ids=bindparam("b_files", type_=outbox.c.file_ids.type))
_PUT_BACK = _ours.values(
    state="waiting",
    due_at=bindparam("b_due"),
    doubt_since=bindparam("b_doubt"),
    error=bindparam("b_error"),
    lease_owner=null(),
    lease_until=null(),
)
_GIVE_UP = _ours.values(
    state="failed",
    finished_at=bindparam("b_at"),
    error=bindparam("b_error"),
    lease_owner=null(),
    lease_until=null(),
)
_SENT = {
    "state": "sent",
    "payload": null(),
    "file_ids": null(),
    "error": null(),
    "doubt_since": null(),
    "lease_owner": null(),
    "lease_until": null(),
    "finished_at": bindparam("b_at"),
}
# Whoever knows that a message stands in Slack may say so, also when the lease has gone to another.
_MARK_SENT = Prepared(
    update(outbox)
    .where(outbox.c.id == bindparam("b_id"), outbox.c.state != "sent")
    .values(**_SENT, channel=bindparam("b_channel"), ts=bindparam("b_ts"))
)
_FINISH = _ours.values(**_SENT)


def renew(db: Connection, row: Claimed, *, claim: Claim, now: datetime) -> bool:
    """Hold the row longer; False when somebody else has taken it over."""
    return _did(db, _RENEW, row, claim.owner, b_until=now + claim.lease)


def keep_files(db: Connection, row: Claimed, *, owner: str, file_ids: list[str] | None) -> bool:
    """Which files in Slack are this row's; False when somebody else has taken it over."""
    return _did(db, _FILES, row, owner, b_files=file_ids)


def put_back(
    db: Connection,
    row: Claimed,
    *,
    owner: str,
    due_at: datetime,
    error: str | None = None,
) -> bool:
    """This attempt did nothing; the row waits. Doubt about earlier attempts stays."""
    doubt = row.doubt_since
    return _did(db, _PUT_BACK, row, owner, b_due=due_at, b_doubt=doubt, b_error=error)


def give_up(db: Connection, row: Claimed, *, owner: str, error: str, at: datetime) -> bool:
    """It cannot be sent; the lane goes on without it."""
    return _did(db, _GIVE_UP, row, owner, b_error=error, b_at=at)


def finish(db: Connection, row: Claimed, *, owner: str, at: datetime) -> bool:
    """A job is done; False when somebody else has taken it over, and then its act must not count."""
    return _did(db, _FINISH, row, owner, b_at=at)


def sent_mark(outbox_id: int, *, channel: str | None, ts: str | None, at: datetime) -> Mark:
    """What `mark_sent` writes, kept until there is a transaction to write it in."""
    return {"b_id": outbox_id, "b_channel": channel, "b_ts": ts, "b_at": at}


def mark_sent(db: Connection, marks: list[Mark]) -> None:
    """These messages stand in Slack; what they said is no longer needed here."""
    _MARK_SENT.run_each(db, marks)


def _did(db: Connection, statement: Any, row: Claimed, owner: str, **values: Any) -> bool:
    return db.execute(statement, {"b_id": row.id, "b_owner": owner, **values}).rowcount == 1
