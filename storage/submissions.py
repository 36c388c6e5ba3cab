"""The answers of each version as they were handed in, by question: value, by, at."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, insert, select

from storage.tables import submissions

Answers = Mapping[str, Mapping[str, Any]]


def add(db: Connection, case_id: str, version: int, *, stage: str, answers: Answers) -> None:
    """Store a version, before the event that says it was submitted. `answers` is JSON."""
    row = {"case_id": case_id, "version": version, "stage": stage, "answers": answers}
    db.execute(insert(submissions), row)


def get(db: Connection, case_id: str, version: int) -> dict[str, dict[str, Any]]:
    """Raises NoResultFound when there is no such version."""
    query = select(submissions.c.answers).where(
        submissions.c.case_id == case_id, submissions.c.version == version
    )
    found: dict[str, dict[str, Any]] = db.execute(query).scalar_one()
    return found
