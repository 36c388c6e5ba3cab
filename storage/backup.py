"""Every row of every table as lines of JSON, and back: the same on SQLite and PostgreSQL.

Both directions work within one transaction of the caller's, so that what is read is one moment.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import orjson
from sqlalchemy import Column, Connection, Date, Table, func, insert, select, text

from storage.tables import Moment, Ore, metadata

BATCH = 500
TABLES: tuple[Table, ...] = tuple(metadata.sorted_tables)  # what is referred to comes first
_NUMBERED = tuple(table for table in TABLES if table.dialect_options["sqlite"].get("autoincrement"))


class NotEmpty(Exception):  # noqa: N818  it is the wish that is wrong
    """The database to restore into has rows already."""


def lines(db: Connection, table: Table) -> Iterator[bytes]:
    """The table's rows, one JSON object each, in the order of its key."""
    query = select(table).order_by(*table.primary_key.columns)
    names = [str(column.name) for column in table.columns]
    for row in db.execute(query).yield_per(BATCH):
        yield orjson.dumps(dict(zip(names, row, strict=True)), default=str)


def highest(db: Connection) -> dict[str, int]:
    """The last number ever given in each table that numbers its rows: none is given again."""
    if db.dialect.name == "sqlite":
        rows = db.execute(text("SELECT name, seq FROM sqlite_sequence")).all()
        return {row.name: int(row.seq) for row in rows}
    found = {}
    for table in _NUMBERED:
        sequence = db.scalar(text(f"SELECT pg_get_serial_sequence('{table.name}', 'id')"))
        last = db.scalar(text(f"SELECT CASE WHEN is_called THEN last_value END FROM {sequence}"))  # noqa: S608  a name from the catalogue
        if last is not None:
            found[table.name] = int(last)
    return found


def require_empty(db: Connection) -> None:
    for table in TABLES:
        if db.execute(select(func.count()).select_from(table)).scalar_one():
            raise NotEmpty(table.name)


def load(db: Connection, table: Table, rows: Iterable[bytes]) -> int:
    """Add the rows; returns how many."""
    count, batch = 0, []
    for line in rows:
        batch.append(_values(table, orjson.loads(line)))
        if len(batch) == BATCH:
            db.execute(insert(table), batch)
            count, batch = count + len(batch), []
    if batch:
        db.execute(insert(table), batch)
    return count + len(batch)


def number_on(db: Connection, last: Mapping[str, int]) -> None:
    """Go on numbering after the last number that was ever given."""
    for table in _NUMBERED:
        number = last.get(table.name)
        if number is None:
            continue
        if db.dialect.name == "sqlite":
            given = {"name": table.name, "seq": number}
            db.execute(text("DELETE FROM sqlite_sequence WHERE name = :name"), given)
            db.execute(text("INSERT INTO sqlite_sequence (name, seq) VALUES (:name, :seq)"), given)
        else:
            sequence = text("SELECT setval(pg_get_serial_sequence(:name, 'id'), :seq)")
            db.execute(sequence, {"name": table.name, "seq": number})


def _values(table: Table, row: Mapping[str, Any]) -> dict[str, Any]:
    return {name: _value(table.c[name], value) for name, value in row.items()}


def _value(column: Column[Any], value: Any) -> Any:
    match value, column.type:
        case str(), Moment():
            return datetime.fromisoformat(value)
        case str(), Ore():
            return Decimal(value)
        case str(), Date():
            return date.fromisoformat(value)
        case _:
            return value
