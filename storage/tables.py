"""Every table, on one page. Rows are read and written by the module of the same name.

Times are aware and stored as UTC; ids of people are "TEAM:USER". What may repeat is stopped by a key
or a unique index here, not by code elsewhere.
"""

from datetime import UTC, datetime

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    DateTime,
    Dialect,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    Table,
    Text,
    TypeDecorator,
    text,
)

from storage.only_added import only_added

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)


class Moment(TypeDecorator[datetime]):
    """An aware datetime. SQLite keeps no zone, so what goes in and comes out is UTC."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a stored time is aware")
        at = value if value.tzinfo is UTC else value.astimezone(UTC)
        return at.replace(tzinfo=None) if dialect.name == "sqlite" else at

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        return value.replace(tzinfo=UTC) if value and dialect.name == "sqlite" else value


RowId = BigInteger().with_variant(Integer(), "sqlite")  # SQLite numbers only an exact INTEGER


# --- receive once, send once -------------------------------------------------------------------

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
    Column("kind", Text, nullable=False),  # post, update, publish, upload, job
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

# --- people and where to reach them ------------------------------------------------------------

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

# --- drafts: answers that may still be replaced and deleted --------------------------------------

drafts = Table(
    "drafts",
    metadata,
    Column("id", RowId, primary_key=True),
    Column("case_id", Text, unique=True),  # from the first submission on
    Column("state", Text, nullable=False),  # open, submitted, ended
    Column("stage", Text, nullable=False),
    Column("form_version", Integer, nullable=False),
    # The questions that KLG asked to have completed; NULL when all may be changed.
    Column("reopened", JSON(none_as_null=True)),
    Column("added_at", Moment, nullable=False),
    Column("changed_at", Moment, nullable=False),
    sqlite_autoincrement=True,  # a button names a draft for ever
)

draft_members = Table(
    "draft_members",
    metadata,
    Column("draft_id", RowId, ForeignKey("drafts.id"), primary_key=True),
    Column("person", Text, primary_key=True, index=True),
    Column("role", Text, nullable=False),  # owner, author, colleague, finance
    Column("added_at", Moment, nullable=False),
)

answers = Table(
    "answers",
    metadata,
    Column("draft_id", RowId, ForeignKey("drafts.id"), primary_key=True),
    Column("key", Text, primary_key=True),
    Column("value", JSON(none_as_null=False), nullable=False),
    Column("by", Text, nullable=False),
    Column("at", Moment, nullable=False),
    Column("basis", Text, nullable=False),
    Column("number", Integer, nullable=False),
)

appendices = Table(
    "appendices",
    metadata,
    Column("id", RowId, primary_key=True),
    Column("draft_id", RowId, ForeignKey("drafts.id"), nullable=False, index=True),
    Column("sha256", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("size", Integer, nullable=False),
    Column("type", Text, nullable=False),
    Column("by", Text, nullable=False),
    Column("at", Moment, nullable=False),
)

# Where each person stands: one active conversation, and the question that was put last.
positions = Table(
    "positions",
    metadata,
    Column("person", Text, primary_key=True),
    Column("draft_id", RowId, ForeignKey("drafts.id"), nullable=False),
    Column("asked", Text),  # the open question; NULL when nothing is asked
    Column("saw", Integer, nullable=False),  # the number of its answer when it was asked
    Column("post", RowId),  # the outbox row that asks it
    Column("answered", Text),  # the question answered last, which a late text is added to
)

# --- cases: events that are only added, and what is read from them ---------------------------------

# The last number given of each year's series: 2026-0001, 2026-0002, …
case_numbers = Table(
    "case_numbers",
    metadata,
    Column("year", Integer, primary_key=True, autoincrement=False),
    Column("last", Integer, nullable=False),
)

# What lists show of a case: its events added up, written with them and rebuilt from them.
cases = Table(
    "cases",
    metadata,
    Column("id", Text, primary_key=True),  # "2026-0001"
    Column("length", Integer, nullable=False),  # events behind it
    Column("state", Text, nullable=False),
    Column("stage", Text, nullable=False),
    Column("version", Integer, nullable=False),
    Column("title", Text, nullable=False),
    Column("dnr", Text, nullable=False),
    Column("administrations", JSON, nullable=False),
    Column("first_submitted_at", Moment, nullable=False, index=True),
    Column("submitted_at", Moment, nullable=False),
    Column("since", Moment, nullable=False),
    Index("ix_cases_state_since", "state", "since"),
)

# Who may look a case up as theirs: its authors and the administrations that submit it.
case_parties = Table(
    "case_parties",
    metadata,
    Column("case_id", Text, ForeignKey("cases.id"), primary_key=True),
    Column("party", Text, primary_key=True, index=True),  # "T1:U1" or an administration's id
)

events = Table(
    "events",
    metadata,
    Column("case_id", Text, ForeignKey("cases.id"), primary_key=True),
    Column("length", Integer, primary_key=True, autoincrement=False),  # 1 is the first
    Column("body", Text, nullable=False),  # canonical JSON, exactly what the hash was taken over
    Column("hash", Text, nullable=False),  # SHA-256 over the hash before it and the body
)
only_added(events)

# Free text that an event refers to: it can be removed without touching the record.
texts = Table(
    "texts",
    metadata,
    Column("id", RowId, primary_key=True),
    Column("case_id", Text, nullable=False, index=True),
    Column("body", Text, nullable=False),
    sqlite_autoincrement=True,
)

# The answers of each version as they were handed in.
submissions = Table(
    "submissions",
    metadata,
    Column("case_id", Text, primary_key=True),
    Column("version", Integer, primary_key=True, autoincrement=False),
    Column("stage", Text, nullable=False),
    Column("answers", JSON, nullable=False),
)

documents = Table(
    "documents",
    metadata,
    Column("case_id", Text, ForeignKey("cases.id"), primary_key=True),
    Column("version", Integer, primary_key=True, autoincrement=False),
    Column("issue", Integer, primary_key=True, autoincrement=False),
    Column("format", Text, primary_key=True),  # pdf, docx
    Column("sha256", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("size", Integer, nullable=False),  # bytes
)

# KLG's message about a case and stage, by its outbox row.
cards = Table(
    "cards",
    metadata,
    Column("case_id", Text, ForeignKey("cases.id"), primary_key=True),
    Column("stage", Text, primary_key=True),
    Column("post", RowId, nullable=False),
)
