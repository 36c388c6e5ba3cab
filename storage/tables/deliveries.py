"""What has been received and what is to be sent, once each; people, and where to reach them."""

from sqlalchemy import (
    JSON,
    Boolean,
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    Integer,
    Table,
    Text,
    text,
)

from storage.tables.columns import Moment, RowId, metadata

gestures = Table(
    "gestures",
    metadata,
    Column("key", Text, primary_key=True),  # what the person did: "message:D1:171.1"
    Column("person", Text, nullable=False),
    Column("at", Moment, nullable=False),
    sqlite_with_rowid=False,
)

outbox: Table = Table(
    "outbox",
    metadata,
    Column("id", RowId, primary_key=True),
    Column("kind", Text, nullable=False),  # post, update, publish, upload, job, mail
    # What is sent in order, one at a time: a conversation ("D1", "C1", "U1" until its D is known),
    # one message's updates ("update:17"), one App Home ("home:U1"). A job has none.
    Column("lane", Text),
    Column("refers_to", RowId, ForeignKey("outbox.id")),  # the thread's parent, or what to update
    Column("payload", JSON(none_as_null=True)),  # emptied when sent
    Column("state", Text, nullable=False),
    Column("attempts", Integer, nullable=False, default=0),
    Column("due_at", Moment, nullable=False),
    Column("lease_owner", Text),
    Column("lease_until", Moment),
    # The first attempt whose outcome is unknown: look in Slack's history before sending again.
    Column("doubt_since", Moment),
    Column("file_ids", JSON(none_as_null=True)),
    Column("channel", Text),
    Column("ts", Text),
    Column("error", Text),
    Column("finished_at", Moment),
    CheckConstraint("state IN ('waiting', 'uncertain', 'sent', 'failed')", name="state"),
    CheckConstraint("(finished_at IS NULL) = (state IN ('waiting', 'uncertain'))", name="finished"),
    sqlite_autoincrement=True,  # an id names a message in Slack's history: never use it again
)
_unfinished = text("finished_at IS NULL")
Index(
    "ix_outbox_unfinished",
    outbox.c.lane,
    outbox.c.id,
    sqlite_where=_unfinished,
    postgresql_where=_unfinished,
)
Index(
    "ix_outbox_due",
    outbox.c.due_at,
    outbox.c.id,
    sqlite_where=_unfinished,
    postgresql_where=_unfinished,
)
_in_flight = text("state = 'uncertain'")
Index(
    "uq_outbox_one_in_flight",
    outbox.c.lane,
    unique=True,
    sqlite_where=_in_flight,
    postgresql_where=_in_flight,
)
_failed = text("state = 'failed'")
Index("ix_outbox_failed", outbox.c.id, sqlite_where=_failed, postgresql_where=_failed)

heartbeat = Table(
    "heartbeat",
    metadata,
    Column("name", Text, primary_key=True),
    Column("at", Moment, nullable=False),
)

people = Table(
    "people",
    metadata,
    Column("id", Text, primary_key=True),  # "T1:U1"
    Column("email", Text, nullable=False, index=True),  # lower case; "" when Slack gives none
    Column("name", Text, nullable=False),
    Column("deleted", Boolean, nullable=False),
    Column("restricted", Boolean, nullable=False),
    Column("seen_at", Moment, nullable=False),
)

conversations = Table(
    "conversations",
    metadata,
    Column("channel", Text, primary_key=True),  # "D1"
    Column("user", Text, nullable=False, unique=True),  # "U1"
    Column("active_at", Moment, nullable=False, index=True),
)
