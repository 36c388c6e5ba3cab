"""KLG's message about a case and stage: the outbox row that posts it, once per stage."""

from sqlalchemy import Connection, insert, select

from storage.tables import cards


def get(db: Connection, case_id: str, stage: str) -> int | None:
    """The outbox id of the card's Post, or None before there is one."""
    return db.scalar(select(cards.c.post).where(cards.c.case_id == case_id, cards.c.stage == stage))


def put(db: Connection, case_id: str, stage: str, *, post: int) -> None:
    db.execute(insert(cards), {"case_id": case_id, "stage": stage, "post": post})
