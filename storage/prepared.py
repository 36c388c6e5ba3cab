"""Statements that run at every answer, made ready once and then handed to the driver's own cursor.

SQLAlchemy makes each run of a statement anew, which takes ten times what SQLite takes to run it. The SQL,
what values become on their way in and out, and the errors are SQLAlchemy's here as well; only the
running is ours, by its documented way to the driver's cursor. A statement says all its values by
name (`bindparam`) and has no list in it.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NoReturn

from sqlalchemy import Connection, Dialect, Select
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.sql.dml import UpdateBase

Row = tuple[Any, ...]
_Convert = Callable[[Any], Any]


@dataclass(frozen=True, slots=True)
class _Ready:
    """A statement for one database: its SQL, where its values come from, what must be converted."""

    sql: str
    asked: tuple[tuple[str, _Convert | None], ...]  # each value once
    fixed: tuple[Any, ...]  # the statement's own, after those
    order: tuple[int, ...]  # as the SQL has them
    coming_out: tuple[tuple[int, _Convert], ...]

    def values(self, given: Mapping[str, Any]) -> Row:
        """In the order of the SQL. Raises KeyError when one is missing."""
        each = [convert(given[name]) if convert else given[name] for name, convert in self.asked]
        each += self.fixed
        return tuple([each[index] for index in self.order])

    def rows(self, found: Sequence[Row]) -> list[Row]:
        """As the columns' types have them."""
        if not self.coming_out or not found:
            return list(found)
        columns = list(zip(*found, strict=True))
        for index, convert in self.coming_out:
            columns[index] = tuple(map(convert, columns[index]))
        return list(zip(*columns, strict=True))


class Prepared:
    """A Core statement that is run all the time."""

    def __init__(self, statement: Select[*tuple[Any, ...]] | UpdateBase) -> None:
        self._statement = statement
        self._ready: dict[type[Dialect], _Ready] = {}  # storage/engine.py opens all of a kind alike

    def rows(self, db: Connection, given: Mapping[str, Any]) -> list[Row]:
        """What is found, or RETURNING returns, in the order of its columns."""
        ready = self._for(db)
        cursor = db.connection.cursor()
        try:
            cursor.execute(ready.sql, ready.values(given))
            return ready.rows(cursor.fetchall())
        except _driver(db) as error:
            _fail(db, ready.sql, error)
        finally:
            cursor.close()

    def row(self, db: Connection, given: Mapping[str, Any]) -> Row | None:
        """The first of `rows`."""
        found = self.rows(db, given)
        return found[0] if found else None

    def run(self, db: Connection, given: Mapping[str, Any]) -> int:
        """Returns how many rows it was about."""
        ready = self._for(db)
        cursor = db.connection.cursor()
        try:
            cursor.execute(ready.sql, ready.values(given))
        except _driver(db) as error:
            _fail(db, ready.sql, error)
        else:
            return cursor.rowcount
        finally:
            cursor.close()

    def run_each(self, db: Connection, given: Iterable[Mapping[str, Any]]) -> None:
        """Run it for each of many."""
        ready = self._for(db)
        cursor = db.connection.cursor()
        try:
            cursor.executemany(ready.sql, [ready.values(one) for one in given])
        except _driver(db) as error:
            _fail(db, ready.sql, error)
        finally:
            cursor.close()

    def _for(self, db: Connection) -> _Ready:
        kind = type(db.dialect)
        found = self._ready.get(kind)
        if found is None:
            found = self._ready[kind] = _made_ready(self._statement, db.dialect)
        return found


def _made_ready(statement: Select[*tuple[Any, ...]] | UpdateBase, dialect: Dialect) -> _Ready:
    compiled = statement.compile(dialect=dialect)
    names = compiled.positiontup or []
    asked, fixed = {}, {}
    for name in names:
        bound = compiled.binds[name]
        convert = bound.type.dialect_impl(dialect).bind_processor(dialect)
        if bound.required:
            asked[name] = convert
        else:
            fixed[name] = convert(bound.value) if convert else bound.value
    places = {name: index for index, name in enumerate([*asked, *fixed])}
    order = tuple(places[name] for name in names)
    coming_out = []
    for index, column in enumerate(statement.exported_columns):
        back = column.type.dialect_impl(dialect).result_processor(dialect, None)
        if back is not None:
            coming_out.append((index, back))
    return _Ready(
        compiled.string, tuple(asked.items()), tuple(fixed.values()), order, tuple(coming_out)
    )


def _driver(db: Connection) -> type[Exception]:
    """What the driver raises."""
    return db.dialect.loaded_dbapi.Error


def _fail(db: Connection, sql: str, error: Exception) -> NoReturn:
    """As SQLAlchemy does: by kind, without what people typed, and a lost connection is given up."""
    driver = db.dialect.loaded_dbapi
    lost = isinstance(error, driver.Error) and db.dialect.is_disconnect(error, db.connection, None)
    if lost:
        db.invalidate(error)
    kind = IntegrityError if isinstance(error, driver.IntegrityError) else DBAPIError
    raise kind(sql, None, error, hide_parameters=True, connection_invalidated=lost) from error
