"""Events and the ledger cannot be emptied either."""

from alembic import op

from storage.only_added import against_truncation

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nothing is lost; a version that knows nothing of it goes on as before."""
    for table in ("events", "ledger"):
        for statement in against_truncation(table, dialect=op.get_bind().dialect.name):
            op.execute(statement)
