"""Every table, read and written by the module of storage/ that has its name.

Times are aware and stored as UTC; ids of people are "TEAM:USER". What may repeat is stopped by a key
or a unique index here, not by code elsewhere.
"""

from storage.tables.cases import (
    cards,
    case_numbers,
    case_parties,
    case_words,
    cases,
    decision_numbers,
    decisions,
    dispatches,
    documents,
    due_reports,
    events,
    papers,
    proposals,
    report_submissions,
    submissions,
    texts,
    vocabulary,
)
from storage.tables.columns import Moment, Ore, metadata
from storage.tables.deliveries import conversations, gestures, heartbeat, outbox, people
from storage.tables.drafts import (
    answers,
    appendices,
    draft_members,
    drafts,
    officer_reports,
    positions,
)
from storage.tables.money import budget_years, ledger, ledger_sums
from storage.tables.timers import fired, reminders, snoozes, substitutes

__all__ = [
    "Moment",
    "Ore",
    "answers",
    "appendices",
    "budget_years",
    "cards",
    "case_numbers",
    "case_parties",
    "case_words",
    "cases",
    "conversations",
    "decision_numbers",
    "decisions",
    "dispatches",
    "documents",
    "draft_members",
    "drafts",
    "due_reports",
    "events",
    "fired",
    "gestures",
    "heartbeat",
    "ledger",
    "ledger_sums",
    "metadata",
    "officer_reports",
    "outbox",
    "papers",
    "people",
    "positions",
    "proposals",
    "reminders",
    "report_submissions",
    "snoozes",
    "submissions",
    "substitutes",
    "texts",
    "vocabulary",
]
