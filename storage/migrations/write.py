"""Writes a step from the difference between the last step and tables.py, to be read before it is kept.

python -m storage.migrations.write "what changes"
python -m storage.migrations.write --again "…"  the last step anew, until somebody has run it
"""

import re
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Literal

from alembic.autogenerate import produce_migrations, render_python_code
from alembic.autogenerate.api import AutogenContext
from alembic.migration import MigrationContext
from alembic.operations.ops import CreateTableOp, UpgradeOps
from sqlalchemy import Engine

from storage.engine import open_writer
from storage.migrations import upgrade
from storage.tables import Moment, Ore, metadata

_VERSIONS = Path(__file__).parent / "versions"

_STEP = '''"""{title}."""

import sqlalchemy as sa
from alembic import op
{imports}
revision = "{revision}"
down_revision = {down}
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nothing is lost."""
{body}
'''
_PROTECT = """
    # A record can be added to, never changed.
    dialect = op.get_bind().dialect.name
    for table in {tables}:
        for protect in (statements, against_truncation):
            for statement in protect(table, dialect=dialect):
                op.execute(statement)
"""


def write(title: str, *, again: bool) -> Path:
    """The new step's file."""
    if again:
        max(_VERSIONS.glob("0*.py")).unlink()
    with TemporaryDirectory() as folder:
        url = f"sqlite:///{folder}/lots.db"
        upgrade(url)
        engine = open_writer(url)
        try:
            operations = _difference(engine)
        finally:
            engine.dispose()
    body = render_python_code(operations, render_as_batch=True, render_item=_render_item)
    body = re.sub(r"op.batch_alter_table\('(\w+)', schema=None\)", _batch, body)
    made = {one.table_name for one in operations.ops if isinstance(one, CreateTableOp)}
    protected = sorted(name for name in made if metadata.tables[name].info.get("only_added"))
    earlier = sorted(path.stem for path in _VERSIONS.glob("0*.py"))
    revision = f"{len(earlier) + 1:04}"
    step = _VERSIONS / f"{revision}.py"
    step.write_text(
        _STEP.format(
            title=title,
            imports="\nfrom storage.only_added import against_truncation, statements\n"
            if protected
            else "",
            revision=revision,
            down=f'"{earlier[-1]}"',
            body=f"    {body}\n" + (_PROTECT.format(tables=protected) if protected else ""),
        )
    )
    return step


def _difference(engine: Engine) -> UpgradeOps:
    with engine.connect() as db:
        operations = produce_migrations(MigrationContext.configure(db), metadata).upgrade_ops
    if operations is None:
        raise ValueError("nothing was compared")
    return operations


def _batch(found: re.Match[str]) -> str:
    """SQLite makes the table anew; what is not said of it is lost."""
    table = metadata.tables[found[1]]
    if not table.dialect_options["sqlite"].get("autoincrement"):
        return f'op.batch_alter_table("{table.name}")'
    return f'op.batch_alter_table("{table.name}", table_kwargs={{"sqlite_autoincrement": True}})'


def _render_item(kind: str, item: Any, _context: AutogenContext) -> str | Literal[False]:
    """A step keeps the type as it was that day, whatever becomes of the class."""
    if kind == "type" and isinstance(item, Moment):
        return "sa.DateTime(timezone=True)"
    if kind == "type" and isinstance(item, Ore):
        return "sa.BigInteger()"
    return False


if __name__ == "__main__":
    words = sys.argv[1:]
    anew = words[:1] == ["--again"]
    sys.stdout.write(f"{write(' '.join(words[anew:]), again=anew)}\n")
