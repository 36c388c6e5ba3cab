"""The ledger: only ever added to, and its sums."""

from sqlalchemy import Column, ForeignKey, Index, Integer, Table, Text

from storage.only_added import only_added
from storage.tables.columns import Moment, Ore, RowId, metadata

# One row a budget year: whoever enters something takes the row first, so that two never count at once.
budget_years = Table(
    "budget_years",
    metadata,
    Column("year", Integer, primary_key=True, autoincrement=False),
    Column("entries", Integer, nullable=False),
)

ledger = Table(
    "ledger",
    metadata,
    Column("id", RowId, primary_key=True),
    Column("year", Integer, nullable=False),  # the budget year that the amount belongs to
    Column("kind", Text, nullable=False),  # operating, investment
    Column("entry", Text, nullable=False),  # flows.ledger.EntryKind
    Column("body", Text, nullable=False),  # who decided; "" for the rest
    Column("committee", Text, nullable=False),  # "" for kommunstyrelsen's own pot
    Column("activity_code", Text, nullable=False),
    Column("amount", Ore, nullable=False),  # kronor; negative where an entry takes one back
    Column("case_id", Text, ForeignKey("cases.id")),
    Column("decision", Text, nullable=False),  # its number; "" for the rest
    Column("reference", Text, nullable=False),  # the source, or the booking's number
    Column("by", Text, nullable=False),
    Column("at", Moment, nullable=False),
    # With the year in it: asked for some cases' rows of a year, SQLite would read all of the year's.
    Index("ix_ledger_case_year", "case_id", "year"),
    Index("ix_ledger_year_id", "year", "id"),
    Index("ix_ledger_year_committee", "year", "committee", "id"),
    sqlite_autoincrement=True,
)
only_added(ledger)

ledger_sums = Table(
    "ledger_sums",
    metadata,
    Column("year", Integer, primary_key=True, autoincrement=False),
    Column("kind", Text, primary_key=True),
    Column("entry", Text, primary_key=True),
    Column("body", Text, primary_key=True),
    Column("committee", Text, primary_key=True),
    Column("activity_code", Text, primary_key=True),
    Column("amount", Ore, nullable=False),
)
