"""Cases: events that are only added, and what is read from them."""

from sqlalchemy import (
    JSON,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    Table,
    Text,
    UniqueConstraint,
    text,
)

from storage.only_added import only_added
from storage.tables.columns import Moment, RowId, Word, metadata

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
    Column("submitted_at", Moment, nullable=False, index=True),
    Column("since", Moment, nullable=False),
    Index("ix_cases_state_since", "state", "since"),
)

# Whose a case is, newest first: its authors ("T1:U1"), the administrations that submit it (their ids),
# and the nämnder that they belong to ("committee:socialnamnden").
case_parties = Table(
    "case_parties",
    metadata,
    Column("case_id", Text, ForeignKey("cases.id"), primary_key=True),
    Column("party", Text, primary_key=True),
    Column("first_submitted_at", Moment),
    Index("ix_case_parties_party_newest", "party", "first_submitted_at"),
)

# What each förvaltning has proposed, to be counted by nämnd and year (R000-1, R000-2).
proposals = Table(
    "proposals",
    metadata,
    Column("case_id", Text, ForeignKey("cases.id"), primary_key=True),
    Column("administration", Text, primary_key=True),
    Column("year", Integer, nullable=False),  # in which it was first handed in
    Column("scope", Text, nullable=False),  # own_operations, several_operations, cross_sector
    Index("ix_proposals_year_administration", "year", "administration", "scope", "case_id"),
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

# The words of titles, numbers and dnr. A search finds the words that begin as it was written in the
# vocabulary, and then the newest cases of each: both are ranges of an index.
vocabulary = Table("vocabulary", metadata, Column("word", Word, primary_key=True))

case_words = Table(
    "case_words",
    metadata,
    Column("case_id", Text, ForeignKey("cases.id"), primary_key=True),
    Column("word", Word, primary_key=True),  # lower case
    Column("first_submitted_at", Moment, nullable=False),
    Index("ix_case_words_word_newest", "word", "first_submitted_at"),
)

# Decisions, to be listed; the events say everything about them.
decisions = Table(
    "decisions",
    metadata,
    Column("number", Text, primary_key=True),  # "D 2026-0001"; "KS 2026-12-01 § 22 (2026-0001)"
    Column("case_id", Text, ForeignKey("cases.id"), nullable=False, index=True),
    Column("body", Text, nullable=False),
    Column("verdict", Text, nullable=False),
    Column("day", Date, nullable=False),
    Column("year", Integer, nullable=False),  # the decision's budget year
    Column("at", Moment, nullable=False),
    # The list to kommunstyrelsen, and the delrapport, that a delegated decision stands in.
    Column("announced_in", Text),
    Column("part_report", Text),
    Index("ix_decisions_body_at", "body", "at"),
    Index("ix_decisions_year", "year", "number"),
    # Both what has a list's key, and what no list has yet.
    Index("ix_decisions_announced_in", "announced_in", "body"),
    Index("ix_decisions_part_report", "part_report", "body"),
)

# The last number given of each year's delegated decisions.
decision_numbers = Table(
    "decision_numbers",
    metadata,
    Column("year", Integer, primary_key=True, autoincrement=False),
    Column("last", Integer, nullable=False),
)

# Documents other than the application: decisions, reports, lists. `key` says what it is about.
papers = Table(
    "papers",
    metadata,
    Column("name", Text, primary_key=True),  # the template: "delegated_decision"
    Column("key", Text, primary_key=True),  # "D 2026-0001", "2026-0001/2027-april", "2026"
    Column("format", Text, primary_key=True),  # pdf, docx, json, xlsx, zip
    Column("case_id", Text, ForeignKey("cases.id"), index=True),
    Column("sha256", Text, nullable=False),
    Column("title", Text, nullable=False),  # what people see the file as
    Column("size", Integer, nullable=False),  # bytes
    Column("at", Moment, nullable=False),
)

# A decision's way to each recipient.
dispatches = Table(
    "dispatches",
    metadata,
    Column("id", RowId, primary_key=True),
    Column("case_id", Text, ForeignKey("cases.id"), nullable=False),
    Column("decision", Text, nullable=False),
    Column("recipient", Text, nullable=False),  # "registrar:socialforvaltningen"
    Column("kind", Text, nullable=False),  # dispatch, information
    Column("name", Text, nullable=False),
    Column("email", Text, nullable=False),  # "" when the programme names nobody
    Column("state", Text, nullable=False),  # missing, waiting, sending, sent, refused
    Column("message_id", Text, nullable=False, unique=True),
    Column("attempts", Integer, nullable=False),
    Column("doubtful", Integer, nullable=False),  # attempts whose outcome nobody knows
    Column("error", Text),
    Column("sent_at", Moment),
    UniqueConstraint("case_id", "decision", "recipient"),
    sqlite_autoincrement=True,
)
_open = text("state <> 'sent'")
Index(
    "ix_dispatches_open",
    dispatches.c.state,
    dispatches.c.id,
    sqlite_where=_open,
    postgresql_where=_open,
)

# --- follow-up ---------------------------------------------------------------------------------

# Each report that is to come: asked for on its day, late after it.
due_reports = Table(
    "due_reports",
    metadata,
    Column("case_id", Text, ForeignKey("cases.id"), primary_key=True),
    Column("key", Text, primary_key=True),  # "2027-april", "effect", "final"
    Column("ask_on", Date, nullable=False),
    Column("late_on", Date, nullable=False),
    Column("state", Text, nullable=False),  # flows.follow_up.DueState
    Index("ix_due_reports_state_ask_on", "state", "ask_on"),
)

# The answers of each version of a report as they were handed in.
report_submissions = Table(
    "report_submissions",
    metadata,
    Column("case_id", Text, primary_key=True),
    Column("key", Text, primary_key=True),
    Column("version", Integer, primary_key=True, autoincrement=False),
    Column("answers", JSON, nullable=False),
)
