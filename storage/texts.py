"""Free text that events refer to by id, so that it can be removed without touching the record."""

from collections.abc import Iterable

from sqlalchemy import Connection, insert, select

from storage.tables import texts

_ADD = insert(texts).returning(texts.c.id)


def add(db: Connection, case_id: str, body: str) -> int:
    return int(db.execute(_ADD, {"case_id": case_id, "body": body}).scalar_one())


def get(db: Connection, text_id: int) -> str | None:
    """The text, or None when it has been removed."""
    return db.scalar(select(texts.c.body).where(texts.c.id == text_id))


def several(db: Connection, text_ids: Iterable[int]) -> dict[int, str]:
    """Those of the texts that have not been removed, by id."""
    rows = db.execute(select(texts.c.id, texts.c.body).where(texts.c.id.in_(list(text_ids))))
    return {row.id: row.body for row in rows}
