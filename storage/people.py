"""People as Slack knows them: who has which e-mail address, and who may not take part."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import datetime

from sqlalchemy import Connection, bindparam, insert, select, update

from storage.tables import people

_GET = select(people).where(people.c.id == bindparam("b_id"))


@dataclass(frozen=True, kw_only=True, slots=True)
class Person:
    """`id` is "T1:U1"; `email` is lower case, "" when Slack gives none; `restricted` is a guest."""

    id: str
    email: str
    name: str
    deleted: bool
    restricted: bool
    seen_at: datetime  # when Slack last told us

    @property
    def team(self) -> str:
        return self.id.partition(":")[0]

    @property
    def user(self) -> str:
        return self.id.partition(":")[2]


def get(db: Connection, person: str) -> Person | None:
    row = db.execute(_GET, {"b_id": person}).mappings().first()
    return None if row is None else Person(**row)


def by_emails(db: Connection, emails: Iterable[str]) -> list[Person]:
    """Everybody with one of the addresses; more than one when an account was replaced."""
    found = select(people).where(people.c.email.in_(list(emails))).order_by(people.c.id)
    return [Person(**row) for row in db.execute(found).mappings()]


def put(db: Connection, person: Person) -> None:
    """Store what Slack says now in place of what it said before."""
    values = asdict(person)
    unchanged = update(people).where(people.c.id == person.id)
    if db.execute(unchanged.values(values)).rowcount == 0:
        db.execute(insert(people), values)
