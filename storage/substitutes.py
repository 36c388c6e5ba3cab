"""Who sits for whom in KLG, and when. What has ended stays: it is part of the record."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, Row, insert, or_, select, update

from storage.tables import people, substitutes

_OPEN = substitutes.c.ended_at.is_(None)


@dataclass(frozen=True, slots=True)
class Substitute:
    """From `since` to `until`, both included, `substitute` sits for `member` ("T1:U1")."""

    id: int
    member: str
    substitute: str
    since: date
    until: date
    began_at: datetime | None
    ended_at: datetime | None


def take_turns(db: Connection, *persons: str) -> None:
    """Of two that name substitutes for or among these at once, the second is run again after the first."""
    same = {people.c.name: people.c.name}
    for person in sorted(set(persons)):
        db.execute(update(people).where(people.c.id == person).values(same))


def overlapping(
    db: Connection, *, member: str, substitute: str, since: date, until: date
) -> Substitute | None:
    """One that is not ended in which either of them already takes part on any of the days.

    A substitute may be nobody's member, and nobody who is away.
    """
    both = [member, substitute]
    query = select(substitutes).where(
        _OPEN,
        or_(substitutes.c.member.in_(both), substitutes.c.substitute.in_(both)),
        substitutes.c.since <= until,
        substitutes.c.until >= since,
    )
    return _read(db.execute(query.limit(1)).first())


def add(
    db: Connection,
    *,
    member: str,
    substitute: str,
    since: date,
    until: date,
    by: str,
    at: datetime,
    begins: bool,
) -> int:
    """Store who sits for whom, first and last day included; returns its number. `begins`: already today."""
    row = {
        "member": member,
        "substitute": substitute,
        "since": since,
        "until": until,
        "by": by,
        "at": at,
        "began_at": at if begins else None,
    }
    added = insert(substitutes).returning(substitutes.c.id)
    return int(db.execute(added, row).scalar_one())


def get(db: Connection, number: int) -> Substitute | None:
    return _read(db.execute(select(substitutes).where(substitutes.c.id == number)).first())


def sitting(db: Connection) -> dict[str, str]:
    """Who sits now, by the member she sits for."""
    query = select(substitutes.c.member, substitutes.c.substitute).where(
        substitutes.c.began_at.is_not(None), _OPEN
    )
    return {row.member: row.substitute for row in db.execute(query)}


def of_member(db: Connection, member: str) -> list[Substitute]:
    """Those that sit or are to sit for her, the first first."""
    query = select(substitutes).where(substitutes.c.member == member, _OPEN)
    rows = db.execute(query.order_by(substitutes.c.since))
    return [found for row in rows if (found := _read(row)) is not None]


def to_turn(db: Connection, *, today: date) -> list[Substitute]:
    """Those whose first day has come and who have not begun, and those whose last day has passed."""
    comes = substitutes.c.began_at.is_(None) & (substitutes.c.since <= today)
    query = select(substitutes).where(_OPEN, or_(comes, substitutes.c.until < today))
    rows = db.execute(query.order_by(substitutes.c.until))
    return [found for row in rows if (found := _read(row)) is not None]


def begin(db: Connection, number: int, *, at: datetime) -> None:
    db.execute(update(substitutes).where(substitutes.c.id == number).values(began_at=at))


def end(db: Connection, number: int, *, at: datetime) -> bool:
    """False when it had ended already."""
    ours = update(substitutes).where(substitutes.c.id == number, _OPEN)
    return db.execute(ours.values(ended_at=at)).rowcount == 1


def _read(row: Row[Any] | None) -> Substitute | None:
    if row is None:
        return None
    return Substitute(
        id=row.id,
        member=row.member,
        substitute=row.substitute,
        since=row.since,
        until=row.until,
        began_at=row.began_at,
        ended_at=row.ended_at,
    )
