"""What is held about one person: how much, where, and since when, for whoever answers her question."""

from dataclasses import dataclass

from sqlalchemy import ColumnElement, Connection, Table, func, select

from storage.tables import (
    answers,
    appendices,
    conversations,
    dispatches,
    draft_members,
    events,
    gestures,
    ledger,
    outbox,
    people,
    reminders,
    substitutes,
)


@dataclass(frozen=True, slots=True)
class Held:
    """`count` rows in one place; `ids` are the cases or drafts, where there are any."""

    place: str
    count: int
    ids: tuple[str, ...] = ()


def accounts(db: Connection, email: str) -> list[tuple[str, str]]:
    """The Slack accounts that have the address: id and name."""
    query = select(people.c.id, people.c.name).where(people.c.email == email.strip().lower())
    return [(row.id, row.name) for row in db.execute(query.order_by(people.c.id))]


def held(db: Connection, email: str, persons: list[str]) -> list[Held]:
    """Every place that names the address or one of the accounts; places without are left out."""
    users = [person.partition(":")[2] for person in persons]
    lanes = [*users, *(f"home:{user}" for user in users)]
    lanes += list(
        db.scalars(select(conversations.c.channel).where(conversations.c.user.in_(users)))
    )
    # An event names who did it in its body; this is a question asked seldom, and reads them all.
    acted = [
        Held("events", *_events(db, f'"{person}"')) for person in persons
    ]  # also as an author, in somebody else's event
    found = [
        Held("people", len(persons)),
        _drafts(db, persons),
        _count(db, "answers", answers.c.by.in_(persons), answers),
        _count(db, "appendices", appendices.c.by.in_(persons), appendices),
        *acted,
        _count(db, "ledger", ledger.c.by.in_(persons), ledger),
        _count(db, "gestures", gestures.c.person.in_(persons), gestures),
        _count(db, "messages", outbox.c.lane.in_(lanes), outbox),
        _count(db, "reminders", reminders.c.person.in_(persons), reminders),
        _count(
            db,
            "substitutes",
            substitutes.c.member.in_(persons) | substitutes.c.substitute.in_(persons),
            substitutes,
        ),
        _letters(db, email),
    ]
    return [one for one in found if one.count]


def _count(db: Connection, place: str, condition: ColumnElement[bool], table: Table) -> Held:
    query = select(func.count()).select_from(table).where(condition)
    return Held(place, db.execute(query).scalar_one())


def _drafts(db: Connection, persons: list[str]) -> Held:
    query = select(draft_members.c.draft_id).where(draft_members.c.person.in_(persons))
    ids = sorted(set(db.scalars(query)))
    return Held("drafts", len(ids), tuple(str(one) for one in ids))


def _events(db: Connection, quoted: str) -> tuple[int, tuple[str, ...]]:
    query = select(events.c.case_id).where(events.c.body.contains(quoted, autoescape=True))
    ids = db.scalars(query).all()
    return len(ids), tuple(sorted(set(ids)))


def _letters(db: Connection, email: str) -> Held:
    query = select(dispatches.c.case_id).where(
        func.lower(dispatches.c.email) == email.strip().lower()
    )
    ids = db.scalars(query).all()
    return Held("letters", len(ids), tuple(sorted(set(ids))))
