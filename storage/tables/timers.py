"""What happens by the clock: schedules that have fired, reminders given, snoozes and substitutes."""

from sqlalchemy import Column, Date, Index, Table, Text, text

from storage.tables.columns import Moment, RowId, metadata

# A schedule fires once at each of its moments, whichever replica is first.
fired = Table(
    "fired",
    metadata,
    Column("name", Text, primary_key=True),
    Column("fire_at", Moment, primary_key=True),
    Column("at", Moment, nullable=False),
)

# A reminder is given once: of what, at which step, to whom.
reminders = Table(
    "reminders",
    metadata,
    Column("subject", Text, primary_key=True),  # "assessment:2026-0001:1", "draft:7", "report:…"
    Column("step", Text, primary_key=True),  # "first", "escalated"
    Column("person", Text, primary_key=True),
    Column("at", Moment, nullable=False),
)

snoozes = Table(
    "snoozes",
    metadata,
    Column("subject", Text, primary_key=True),
    Column("person", Text, primary_key=True),
    Column("until", Date, nullable=False),
)

# Who sits for a member of KLG, from and to which day, both included. She sits when it has begun and has
# not ended: the clock begins and ends it, and the cards change with that.
substitutes = Table(
    "substitutes",
    metadata,
    Column("id", RowId, primary_key=True),
    Column("member", Text, nullable=False, index=True),
    Column("substitute", Text, nullable=False, index=True),
    Column("since", Date, nullable=False),
    Column("until", Date, nullable=False),
    Column("by", Text, nullable=False),
    Column("at", Moment, nullable=False),
    Column("began_at", Moment),
    Column("ended_at", Moment),
    sqlite_autoincrement=True,
)
# One seat, one substitute; one substitute, one seat.
_sitting = text("began_at IS NOT NULL AND ended_at IS NULL")
Index(
    "uq_substitutes_member",
    substitutes.c.member,
    unique=True,
    sqlite_where=_sitting,
    postgresql_where=_sitting,
)
Index(
    "uq_substitutes_substitute",
    substitutes.c.substitute,
    unique=True,
    sqlite_where=_sitting,
    postgresql_where=_sitting,
)
