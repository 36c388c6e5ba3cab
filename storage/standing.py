"""A person who says or presses something: who she is, where she is reached, what she was asked.

Read in one statement, for it is asked at every answer: four statements here were a quarter of its cost.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, bindparam, select

from storage.drafts import Position
from storage.outbox import Delivery
from storage.people import Person
from storage.prepared import Prepared
from storage.tables import conversations, outbox, people, positions


@dataclass(frozen=True, kw_only=True, slots=True)
class Standing:
    """As it is stored now. `posted`: how far the message with her open question has come."""

    account: Person | None = None
    channel: str | None = None
    active_at: datetime | None = None  # of the channel
    position: Position | None = None
    posted: Delivery | None = None


_OF = Prepared(
    select(
        *people.c,
        conversations.c.channel.label("reached_in"),
        conversations.c.active_at,
        positions.c.draft_id,
        positions.c.asked,
        positions.c.saw,
        positions.c.post,
        positions.c.answered,
        outbox.c.state,
        outbox.c.channel,
        outbox.c.ts,
    )
    .select_from(people)
    .outerjoin(conversations, conversations.c.user == bindparam("b_user"))
    .outerjoin(positions, positions.c.person == people.c.id)
    .outerjoin(outbox, outbox.c.id == positions.c.post)
    .where(people.c.id == bindparam("b_person"))
)


def of(db: Connection, person: str) -> Standing:
    """Where "TEAM:USER" stands; nothing is known of somebody whom we have not met."""
    user = person.partition(":")[2]
    row = _OF.row(db, {"b_person": person, "b_user": user})
    if row is None:
        return Standing()
    (account_id, email, name, deleted, restricted, seen_at, reached_in, active_at) = row[:8]
    (draft_id, asked, saw, post, answered, state, channel, ts) = row[8:]
    return Standing(
        account=Person(
            id=account_id,
            email=email,
            name=name,
            deleted=deleted,
            restricted=restricted,
            seen_at=seen_at,
        ),
        channel=reached_in,
        active_at=active_at,
        position=None if draft_id is None else Position(draft_id, asked, saw, post, answered),
        posted=None if state is None else Delivery(state=state, channel=channel, ts=ts),
    )
