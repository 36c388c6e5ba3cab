"""What may be thrown away, and what must not: nothing that was ever handed in is among it.

A draft that never left its officers is no public document (tryckfrihetsförordningen 2 kap. 12 §). Files
are kept as long as any row names them.
"""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, delete, select

from storage import reminders
from storage.drafts import APPLICATION, ENDED, OPEN
from storage.tables import (
    answers,
    appendices,
    documents,
    draft_members,
    drafts,
    gestures,
    outbox,
    papers,
    positions,
    report_submissions,
    submissions,
)

PAGE = 200
WARNED = "warned"


def untouched(db: Connection, *, before: datetime, after: int) -> list[tuple[int, datetime]]:
    """Drafts that were never handed in and that nobody has changed since, with when they were."""
    query = select(drafts.c.id, drafts.c.changed_at).where(
        drafts.c.state == OPEN,
        drafts.c.changed_at < before,
        drafts.c.form == APPLICATION,
        drafts.c.case_id.is_(None),
        drafts.c.id > after,
    )
    return [(row.id, row.changed_at) for row in db.execute(query.order_by(drafts.c.id).limit(PAGE))]


def subject(draft_id: int, changed_at: datetime) -> str:
    """What a warning is about: a draft that is touched again begins anew."""
    return f"retention:{draft_id}:{changed_at.isoformat()}"


def warned_at(db: Connection, draft_id: int, changed_at: datetime) -> datetime | None:
    """When its members were warned, if they were."""
    return reminders.when(db, subject(draft_id, changed_at), WARNED)


def forget_draft(db: Connection, draft_id: int) -> None:
    """Delete everything that was written; the number stays, so that no button means another draft."""
    for table in (answers, appendices, positions, draft_members):
        db.execute(delete(table).where(table.c.draft_id == draft_id))
    db.execute(drafts.update().where(drafts.c.id == draft_id).values(state=ENDED))


def forget_gestures(db: Connection, *, before: datetime) -> int:
    """Delete the keys of gestures that Slack will never deliver again."""
    return db.execute(delete(gestures).where(gestures.c.at < before)).rowcount


def named_files(db: Connection) -> set[str]:
    """The SHA-256 of every file that a row names."""
    found: set[str] = set()
    for table in (appendices, documents, papers):
        found.update(db.scalars(select(table.c.sha256)))
    for column in (submissions.c.answers, report_submissions.c.answers):
        for written in db.scalars(select(column)):
            found.update(_in(written))
    for payload in db.scalars(select(outbox.c.payload).where(outbox.c.finished_at.is_(None))):
        found.update(_in(payload))
    return found


def _in(value: Any) -> Iterator[str]:
    """Every `sha256` in the JSON."""
    match value:
        case dict():
            for key, inner in value.items():
                if key == "sha256" and isinstance(inner, str):
                    yield inner
                yield from _in(inner)
        case list():
            for inner in value:
                yield from _in(inner)
