"""Writes a step from the difference between the last step and tables.py, to be read before it is kept.

python -m storage.migrations.write "what changes"
python -m storage.migrations.write --first      the first step anew, until there is a release
"""

import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Literal

from alembic.autogenerate import produce_migrations, render_python_code
from alembic.autogenerate.api import AutogenContext
from alembic.migration import MigrationContext
from alembic.operations.ops import UpgradeOps
from alembic.util import rev_id
from sqlalchemy import Engine

from storage.engine import open_writer
from storage.migrations import upgrade
from storage.tables import Moment, metadata

_VERSIONS = Path(__file__).parent / "versions"
_FIRST = "0001"

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
    for table in {tables}:
        for statement in statements(table, dialect=op.get_bind().dialect.name):
            op.execute(statement)
"""


def write(title: str, *, first: bool) -> Path:
    """The new step's file."""
    if first:
        for old in _VERSIONS.glob("0*.py"):
            old.unlink()
    with TemporaryDirectory() as folder:
        url = f"sqlite:///{folder}/lots.db"
        if not first:
            upgrade(url)
        engine = open_writer(url)
        try:
            operations = _difference(engine)
        finally:
            engine.dispose()
    body = render_python_code(operations, render_as_batch=not first, render_item=_render_item)
    protected = sorted(t.name for t in metadata.tables.values() if t.info.get("only_added"))
    earlier = sorted(path.stem for path in _VERSIONS.glob("0*.py"))
    revision = _FIRST if first else f"{len(earlier) + 1:04}_{rev_id()[:6]}"
    step = _VERSIONS / f"{revision}.py"
    step.write_text(
        _STEP.format(
            title=title,
            imports="\nfrom storage.only_added import statements\n" if first else "",
            revision=revision,
            down="None" if first else f'"{earlier[-1]}"',
            body=f"    {body}\n" + (_PROTECT.format(tables=protected) if first else ""),
        )
    )
    return step


def _difference(engine: Engine) -> UpgradeOps:
    with engine.connect() as db:
        operations = produce_migrations(MigrationContext.configure(db), metadata).upgrade_ops
    if operations is None:
        raise ValueError("nothing was compared")
    return operations


def _render_item(kind: str, item: Any, _context: AutogenContext) -> str | Literal[False]:
    """A step keeps the type as it was that day, whatever becomes of the class."""
    if kind == "type" and isinstance(item, Moment):
        return "sa.DateTime(timezone=True)"
    return False


if __name__ == "__main__":
    wish = " ".join(sys.argv[1:])
    anew = wish == "--first"
    sys.stdout.write(f"{write('The first tables' if anew else wish, first=anew)}\n")
