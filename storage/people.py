"""People as Slack knows them: who has which e-mail address, and who may not take part."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass, fields
from datetime import datetime

from sqlalchemy import Connection, bindparam, insert, select, update

from storage.prepared import Prepared
from storage.tables import people


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


_NAMES = tuple(field.name for field in fields(Person))
_COLUMNS = tuple(people.c[name] for name in _NAMES)
_VALUES = {name: bindparam(f"b_{name}", type_=people.c[name].type) for name in _NAMES}
_GET = Prepared(select(*_COLUMNS).where(people.c.id == bindparam("b_id")))
_CHANGE = Prepared(update(people).where(people.c.id == bindparam("b_id")).values(_VALUES))
_ADD = Prepared(insert(people).values(_VALUES))


def get(db: Connection, person: str) -> Person | None:
    row = _GET.row(db, {"b_id": person})
    return None if row is None else Person(**dict(zip(_NAMES, row, strict=True)))


def by_emails(db: Connection, emails: Iterable[str]) -> list[Person]:
    """Everybody with one of the addresses; more than one when an account was replaced."""
    found = select(people).where(people.c.email.in_(list(emails))).order_by(people.c.id)
    return [Person(**row) for row in db.execute(found).mappings()]


def put(db: Connection, person: Person) -> None:
    """Store what Slack says now in place of what it said before."""
    values = {f"b_{name}": value for name, value in asdict(person).items()}
    if _CHANGE.run(db, values) == 0:
        _ADD.run(db, values)
