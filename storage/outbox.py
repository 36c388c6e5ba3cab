"""What we owe the outside, in rows: waiting → uncertain (an attempt may go through) → sent or failed.

Claiming a row commits `uncertain` and a lease *before* the request. An uncertain row whose lease
has run out is looked for in Slack's history before it is sent again. A lane has one row in flight.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal

from sqlalchemy import (
    Connection,
    and_,
    bindparam,
    case,
    exists,
    insert,
    literal,
    null,
    or_,
    select,
    update,
)

from storage.tables import outbox

State = Literal["waiting", "uncertain", "sent", "failed"]
Kind = Literal["post", "update", "publish", "upload", "job"]


@dataclass(frozen=True, kw_only=True, slots=True)
class Claim:
    """Who sends, and how long nobody else may touch what is claimed."""

    owner: str
    lease: timedelta


@dataclass(frozen=True, kw_only=True, slots=True)
class Claimed:
    """A row that is ours until `lease_until`. `doubt_since`: look before sending again."""

    id: int
    kind: Kind
    lane: str | None
    refers_to: int | None
    payload: dict[str, Any]
    attempts: int
    lease_until: datetime
    doubt_since: datetime | None
    file_ids: list[str] | None


@dataclass(frozen=True, kw_only=True, slots=True)
class Delivery:
    """How far a row has come, and where its message stands in Slack."""

    state: State
    channel: str | None
    ts: str | None

    def posted_before(self, ts: str) -> bool:
        """Whether the message is known to stand before the one with this Slack timestamp."""
        return self.ts is not None and _moment(self.ts) < _moment(ts)


_busy = exists().where(outbox.c.lane == bindparam("b_lane"), outbox.c.finished_at.is_(None))
_ADD = (
    insert(outbox)
    .values(
        kind=bindparam("b_kind"),
        lane=bindparam("b_lane"),
        refers_to=bindparam("b_refers_to"),
        payload=bindparam("b_payload", type_=outbox.c.payload.type),
        state="waiting",
        attempts=0,
        due_at=bindparam("b_due_at"),
        added_at=bindparam("b_at"),
    )
    .returning(outbox.c.id)
)
_free = case((_busy, literal("waiting")), else_=literal("uncertain"))
_ADD_CLAIMED = (
    insert(outbox)
    .values(
        kind=bindparam("b_kind"),
        lane=bindparam("b_lane"),
        refers_to=bindparam("b_refers_to"),
        payload=bindparam("b_payload", type_=outbox.c.payload.type),
        state=_free,
        attempts=case((_busy, 0), else_=1),
        due_at=bindparam("b_at"),
        lease_owner=bindparam("b_owner"),
        lease_until=bindparam("b_until"),
        doubt_since=case((_busy, null()), else_=bindparam("b_at", type_=outbox.c.due_at.type)),
        added_at=bindparam("b_at"),
    )
    .returning(outbox.c.id, outbox.c.state)
)


def add(
    db: Connection,
    *,
    kind: Kind,
    lane: str | None,
    payload: dict[str, Any],
    at: datetime,
    refers_to: int | None = None,
    due_at: datetime | None = None,
    claim: Claim | None = None,
) -> tuple[int, Claimed | None]:
    """Store what is owed. With `claim` and a free lane it is at once ours to send."""
    row: dict[str, Any] = {
        "b_kind": kind,
        "b_lane": lane,
        "b_refers_to": refers_to,
        "b_payload": payload,
        "b_at": at,
    }
    if claim is None:
        return db.execute(_ADD, row | {"b_due_at": due_at or at}).scalar_one(), None
    until = at + claim.lease
    row |= {"b_owner": claim.owner, "b_until": until}
    outbox_id, state = db.execute(_ADD_CLAIMED, row).one()
    if state == "waiting":
        return outbox_id, None
    return outbox_id, Claimed(
        id=outbox_id,
        kind=kind,
        lane=lane,
        refers_to=refers_to,
        payload=payload,
        attempts=1,
        lease_until=until,
        doubt_since=None,
        file_ids=None,
    )


_REPLACE = (
    update(outbox)
    .where(
        outbox.c.lane == bindparam("b_lane"),
        outbox.c.finished_at.is_(None),
        outbox.c.state == "waiting",
    )
    .values(payload=bindparam("b_payload", type_=outbox.c.payload.type))
    .returning(outbox.c.id)
)


def replace(db: Connection, *, lane: str, payload: dict[str, Any]) -> int | None:
    """Only the newest of a lane is sent: put this in the place of the one that waits, if any."""
    return db.execute(_REPLACE, {"b_lane": lane, "b_payload": payload}).scalar()


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
    .order_by(outbox.c.id)
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


_DELIVERY = select(outbox.c.state, outbox.c.channel, outbox.c.ts).where(
    outbox.c.id == bindparam("b_id")
)


def delivery(db: Connection, outbox_id: int) -> Delivery:
    """How far what was owed under this id has come."""
    state, channel, ts = db.execute(_DELIVERY, {"b_id": outbox_id}).one()
    return Delivery(state=state, channel=channel, ts=ts)


def _moment(ts: str) -> tuple[int, int]:
    seconds, _, count = ts.partition(".")
    return int(seconds), int(count or 0)
