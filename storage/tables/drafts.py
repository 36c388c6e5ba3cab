"""Drafts: answers that may still be replaced and deleted."""

from sqlalchemy import JSON, Column, ForeignKey, Index, Integer, Table, Text

from storage.tables.columns import Moment, RowId, metadata

drafts = Table(
    "drafts",
    metadata,
    Column("id", RowId, primary_key=True),
    Column("form", Text, nullable=False, server_default="application"),  # or report
    Column("case_id", Text),  # of an application from the first submission on
    Column("report", Text, nullable=False, server_default=""),  # of its case: "2027-april"
    Column("state", Text, nullable=False),  # open, submitted, ended
    Column("stage", Text, nullable=False),
    Column("form_version", Integer, nullable=False),
    # The questions that KLG asked to have completed; NULL when all may be changed.
    Column("reopened", JSON(none_as_null=True)),
    Column("added_at", Moment, nullable=False),
    Column("changed_at", Moment, nullable=False),
    Index("uq_drafts_case_form_report", "case_id", "form", "report", unique=True),
    Index("ix_drafts_state_changed_at", "state", "changed_at"),
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

# The free text of a case's tjänsteskrivelse: replaced each time the secretary saves it.
officer_reports = Table(
    "officer_reports",
    metadata,
    Column("case_id", Text, primary_key=True),
    Column("number", Integer, nullable=False),  # of savings
    Column("content", JSON, nullable=False),  # flows.officer_report.WrittenReport
    Column("by", Text, nullable=False),
    Column("at", Moment, nullable=False),
)
