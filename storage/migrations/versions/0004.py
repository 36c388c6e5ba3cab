"""A case's entries of a year are found by both."""

from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nothing is lost; a version that knows nothing of it goes on as before."""
    op.create_index("ix_ledger_case_year", "ledger", ["case_id", "year"], unique=False)
    op.drop_index("ix_ledger_case_id", table_name="ledger")
