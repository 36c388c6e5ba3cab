"""Every document but the application: owed by name and key, made once, and then the original.

A job makes it from facts that bot/acts/paper_facts reads; bot/acts/papers_stored.py puts it on record
and tells whoever waits. Nobody waits for it in a gesture.
"""

from typing import Any

from sqlalchemy import Connection

from bot.office import Office
from bot.owed import FileToSend, Job
from bot.perform import Transaction
from flows.dates import local_day
from flows.papers import PaperName
from storage import papers

JOB = "paper"


def order(
    tx: Transaction, office: Office, name: PaperName, key: str, case_id: str | None = None
) -> None:
    """Owe the document `name` about `key` (flows.papers says which keys); nothing when it is there.

    It is dated by the day it is ordered, also when it is made later or anew after a crash.
    """
    del office  # as every act has it
    if papers.of(tx.db, name, key):
        return
    day = local_day(tx.now).isoformat()
    arguments: dict[str, Any] = {"name": name, "key": key, "case": case_id, "day": day}
    tx.owe(Job(name=JOB, arguments=arguments))


def files(
    db: Connection, name: PaperName, key: str, *, formats: tuple[str, ...] = ("pdf", "docx")
) -> list[FileToSend]:
    """The stored files, ready for an Upload; none before they are made."""
    return [
        FileToSend(sha256=paper.sha256, name=paper.title, title=paper.title)
        for paper in papers.of(db, name, key)
        if paper.format in formats
    ]
