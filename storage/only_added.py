"""Tables whose rows are only ever added: the database itself refuses to change, delete or empty them.

The triggers are made with the table; a migration that makes or alters such a table runs
`statements`.
"""

from collections.abc import Iterable

from sqlalchemy import DDL, Table, event

_SQLITE = """
CREATE TRIGGER {table}_only_added_{verb} BEFORE {verb} ON {table}
BEGIN SELECT RAISE(ABORT, '{table}: rows are only added'); END
"""
_FUNCTION = """
CREATE FUNCTION {table}_only_added() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION '{table}: rows are only added'; END $$
"""
_TRIGGER = """
CREATE TRIGGER {table}_only_added BEFORE UPDATE OR DELETE ON {table}
FOR EACH ROW EXECUTE FUNCTION {table}_only_added()
"""
_NO_TRUNCATION = """
CREATE TRIGGER {table}_never_emptied BEFORE TRUNCATE ON {table}
FOR EACH STATEMENT EXECUTE FUNCTION {table}_only_added()
"""


def statements(table: str, *, dialect: str) -> Iterable[str]:
    """The SQL that protects the table, for "sqlite" or "postgresql"."""
    if dialect == "sqlite":
        return [_SQLITE.format(table=table, verb=verb) for verb in ("UPDATE", "DELETE")]
    return [_FUNCTION.format(table=table), _TRIGGER.format(table=table)]


def against_truncation(table: str, *, dialect: str) -> Iterable[str]:
    """The rest of it, since step 0003. SQLite has no TRUNCATE; a DELETE without WHERE is refused there."""
    return [] if dialect == "sqlite" else [_NO_TRUNCATION.format(table=table)]


def only_added(table: Table) -> None:
    """Protect the table as soon as it is made."""
    table.info["only_added"] = True
    for dialect in ("sqlite", "postgresql"):
        protection = [*statements(table.name, dialect=dialect)]
        for statement in [*protection, *against_truncation(table.name, dialect=dialect)]:
            ddl = DDL(statement).execute_if(dialect=dialect)  # type: ignore[no-untyped-call]
            event.listen(table, "after_create", ddl)
