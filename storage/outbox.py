"""What we owe the outside, in rows: waiting → uncertain (an attempt may go through) → sent or failed.

Claiming a row commits `uncertain` and a lease *before* the request. An uncertain row whose lease
has run out is looked for in Slack's history before it is sent again. A lane has one row in flight.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal, get_args

from sqlalchemy import (
    ColumnElement,
    Connection,
    bindparam,
    case,
    exists,
    func,
    insert,
    literal,
    null,
    select,
    update,
)

from storage.prepared import Prepared
from storage.tables import outbox

State = Literal["waiting", "uncertain", "sent", "failed"]
Kind = Literal["post", "update", "publish", "upload", "job", "mail"]
KINDS: tuple[Kind, ...] = get_args(Kind)


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


@dataclass(frozen=True, kw_only=True, slots=True)
class Failure:
    """A row that was given up, and Slack's name for why."""

    id: int
    kind: Kind
    lane: str | None
    error: str
    at: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class Depths:
    """By kind how many rows are not sent, since when the first is due, and the most tries; and the given up."""

    waiting: dict[str, tuple[int, datetime, int]]
    given_up: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Doubt:
    """Where a message may stand, in which thread, and since when."""

    channel: str
    refers_to: int | None
    since: datetime


_busy = exists().where(outbox.c.lane == bindparam("b_lane"), outbox.c.finished_at.is_(None))
_ADD = Prepared(
    insert(outbox)
    .values(
        kind=bindparam("b_kind"),
        lane=bindparam("b_lane"),
        refers_to=bindparam("b_refers_to"),
        payload=bindparam("b_payload", type_=outbox.c.payload.type),
        state="waiting",
        attempts=0,
        due_at=bindparam("b_due_at"),
    )
    .returning(outbox.c.id)
)
_lane = select(case((_busy, 1), else_=0).label("busy")).subquery("lane")
_at = bindparam("b_at", type_=outbox.c.due_at.type)
_CLAIMED: dict[str, ColumnElement[Any]] = {
    "kind": bindparam("b_kind", type_=outbox.c.kind.type),
    "lane": bindparam("b_lane", type_=outbox.c.lane.type),
    "refers_to": bindparam("b_refers_to", type_=outbox.c.refers_to.type),
    "payload": bindparam("b_payload", type_=outbox.c.payload.type),
    "state": case((_lane.c.busy == 1, literal("waiting")), else_=literal("uncertain")),
    "attempts": 1 - _lane.c.busy,
    "due_at": _at,
    "lease_owner": bindparam("b_owner", type_=outbox.c.lease_owner.type),
    "lease_until": bindparam("b_until", type_=outbox.c.lease_until.type),
    "doubt_since": case((_lane.c.busy == 1, null()), else_=_at),
}
_ADD_CLAIMED = Prepared(
    insert(outbox)
    .from_select(list(_CLAIMED), select(*_CLAIMED.values()), include_defaults=False)
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
        ((outbox_id,),) = _ADD.rows(db, row | {"b_due_at": due_at or at})
        return outbox_id, None
    until = at + claim.lease
    row |= {"b_owner": claim.owner, "b_until": until}
    ((outbox_id, state),) = _ADD_CLAIMED.rows(db, row)
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


_DELIVERY = select(outbox.c.state, outbox.c.channel, outbox.c.ts).where(
    outbox.c.id == bindparam("b_id")
)


def delivery(db: Connection, outbox_id: int) -> Delivery:
    """How far what was owed under this id has come."""
    state, channel, ts = db.execute(_DELIVERY, {"b_id": outbox_id}).one()
    return Delivery(state=state, channel=channel, ts=ts)


_DOUBT = select(outbox.c.lane, outbox.c.refers_to, outbox.c.doubt_since).where(
    outbox.c.id == bindparam("b_id"),
    outbox.c.state == "uncertain",
    outbox.c.kind == "post",
)


def doubt(db: Connection, outbox_id: int) -> Doubt | None:
    """Where to look for a post that may stand in Slack; None when it is not uncertain."""
    row = db.execute(_DOUBT, {"b_id": outbox_id}).first()
    if row is None:
        return None
    return Doubt(channel=row.lane, refers_to=row.refers_to, since=row.doubt_since)


_AGAIN = (
    update(outbox)
    .where(outbox.c.id == bindparam("b_id"), outbox.c.state == "failed")
    .values(state="waiting", due_at=bindparam("b_at"), finished_at=None, error=None)
)


def depths(db: Connection) -> Depths:
    """What is owed now: a look at the unfinished rows, however many have been sent."""
    waiting = (
        select(outbox.c.kind, func.count(), func.min(outbox.c.due_at), func.max(outbox.c.attempts))
        .where(outbox.c.finished_at.is_(None))
        .group_by(outbox.c.kind)
    )
    given_up = select(func.count()).select_from(outbox).where(outbox.c.state == "failed")
    return Depths(
        waiting={
            kind: (count, oldest, tries) for kind, count, oldest, tries in db.execute(waiting)
        },
        given_up=db.execute(given_up).scalar_one(),
    )


def failed(db: Connection) -> list[Failure]:
    """What was given up, for the operator: the cause mended, `again` sends it."""
    rows = (
        select(outbox.c.id, outbox.c.kind, outbox.c.lane, outbox.c.error, outbox.c.finished_at)
        .where(outbox.c.state == "failed")
        .order_by(outbox.c.id)
    )
    return [
        Failure(id=row.id, kind=row.kind, lane=row.lane, error=row.error, at=row.finished_at)
        for row in db.execute(rows)
    ]


def again(db: Connection, outbox_id: int, *, at: datetime) -> bool:
    """Send what was given up; False when there is no such failure."""
    return db.execute(_AGAIN, {"b_id": outbox_id, "b_at": at}).rowcount == 1


def _moment(ts: str) -> tuple[int, int]:
    seconds, _, count = ts.partition(".")
    return int(seconds), int(count or 0)
