"""A decision's way to each recipient, a row each: missing → waiting → sending → sent or refused.

`sending` is committed before an attempt. Whoever finds it there knows that an earlier attempt ended
without a word, and counts it as doubtful before trying again with the same Message-ID.
"""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import Connection, Row, bindparam, case, insert, select, update

from flows.practice import RecipientKind
from storage.tables import dispatches


class State(StrEnum):
    MISSING = "missing"  # nobody is known for that duty
    WAITING = "waiting"
    SENDING = "sending"
    SENT = "sent"
    REFUSED = "refused"


NOT_CONFIGURED = "not_configured"  # the error of what waits for settings


@dataclass(frozen=True, kw_only=True, slots=True)
class New:
    """A recipient to be; `message_id` is what stands before the @ of the Message-ID."""

    case_id: str
    decision: str
    recipient: str
    kind: RecipientKind
    name: str
    email: str
    message_id: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Dispatch:
    """`attempts` since it was last asked for, `doubtful` of them all that nobody knows the end of."""

    id: int
    case_id: str
    decision: str
    recipient: str
    kind: RecipientKind
    name: str
    email: str
    state: State
    message_id: str
    attempts: int
    doubtful: int
    error: str | None
    sent_at: datetime | None

    @property
    def is_under_way(self) -> bool:
        return self.state is State.SENDING or (
            self.state is State.WAITING and self.error != NOT_CONFIGURED
        )


def add(db: Connection, new: Iterable[New]) -> None:
    """Raises IntegrityError when a recipient of the decision is there already."""
    rows = [
        asdict(one)
        | {"state": State.WAITING if one.email else State.MISSING, "attempts": 0, "doubtful": 0}
        for one in new
    ]
    if rows:
        db.execute(insert(dispatches), rows)


def of(db: Connection, case_id: str, decision: str) -> tuple[Dispatch, ...]:
    """The recipients of a decision, in the order they were added."""
    query = select(dispatches).where(
        dispatches.c.case_id == case_id, dispatches.c.decision == decision
    )
    return tuple(_dispatch(row) for row in db.execute(query.order_by(dispatches.c.id)))


def unsent(db: Connection, *, limit: int = 50) -> tuple[Dispatch, ...]:
    """Who is missing, has refused or waits: the secretary's tasks, the oldest first."""
    query = select(dispatches).where(dispatches.c.state != State.SENT)
    return tuple(_dispatch(row) for row in db.execute(query.order_by(dispatches.c.id).limit(limit)))


def take(db: Connection, dispatch_id: int) -> Dispatch:
    """The row, with every other of its decision held until the transaction ends.

    Two that are settled at once would otherwise each find the other under way, and nobody be told.
    """
    mine = get(db, dispatch_id)
    held = select(dispatches.c.id).where(
        dispatches.c.case_id == mine.case_id, dispatches.c.decision == mine.decision
    )
    db.execute(held.order_by(dispatches.c.id).with_for_update()).all()
    return get(db, dispatch_id)


_GET = select(dispatches).where(dispatches.c.id == bindparam("b_id"))


def get(db: Connection, dispatch_id: int) -> Dispatch:
    """Raises NoResultFound when there is none."""
    return _dispatch(db.execute(_GET, {"b_id": dispatch_id}).one())


def attempt(db: Connection, dispatch_id: int) -> bool:
    """Say that it is being sent; False when there is nothing to send.

    Found as `sending`, the attempt before ended without a word, and is counted as doubtful.
    """
    open_ = dispatches.c.state.in_([State.WAITING, State.SENDING])
    unknown = case((dispatches.c.state == State.SENDING, 1), else_=0)
    changed = {
        "state": State.SENDING,
        "attempts": dispatches.c.attempts + 1,
        "doubtful": dispatches.c.doubtful + unknown,
    }
    query = update(dispatches).where(dispatches.c.id == dispatch_id, open_).values(changed)
    return db.execute(query).rowcount == 1


def sent(db: Connection, dispatch_id: int, *, at: datetime) -> None:
    _change(db, dispatch_id, state=State.SENT, sent_at=at, error=None)


def refused(db: Connection, dispatch_id: int, *, error: str) -> None:
    _change(db, dispatch_id, state=State.REFUSED, error=error)


def wait(db: Connection, dispatch_id: int, *, error: str, doubtful: bool = False) -> None:
    """This attempt did nothing; or, `doubtful`, perhaps it did."""
    more = dispatches.c.doubtful + (1 if doubtful else 0)
    _change(db, dispatch_id, state=State.WAITING, error=error, doubtful=more)


def address(db: Connection, dispatch_id: int, *, name: str, email: str) -> None:
    """Where it goes from now on; with no `email` nobody is known any more."""
    state = State.WAITING if email else State.MISSING
    _change(db, dispatch_id, name=name, email=email, state=state, attempts=0, error=None)


def configured(db: Connection) -> list[int]:
    """The ids of what waited for settings, which wait for nothing now. Whoever asks sends them."""
    waiting = select(dispatches.c.id).where(
        dispatches.c.state == State.WAITING, dispatches.c.error == NOT_CONFIGURED
    )
    ids = [*db.scalars(waiting.order_by(dispatches.c.id).with_for_update())]
    db.execute(update(dispatches).where(dispatches.c.id.in_(ids)).values(error=None))
    return ids


def _change(db: Connection, dispatch_id: int, **values: object) -> None:
    """Change what is not sent: what has been sent stays so, whoever says otherwise."""
    unsent_row = (dispatches.c.id == dispatch_id, dispatches.c.state != State.SENT)
    db.execute(update(dispatches).where(*unsent_row).values(values))


def _dispatch(row: Row[tuple[object, ...]]) -> Dispatch:
    return Dispatch(
        id=row.id,
        case_id=row.case_id,
        decision=row.decision,
        recipient=row.recipient,
        kind=RecipientKind(row.kind),
        name=row.name,
        email=row.email,
        state=State(row.state),
        message_id=row.message_id,
        attempts=row.attempts,
        doubtful=row.doubtful,
        error=row.error,
        sent_at=row.sent_at,
    )
