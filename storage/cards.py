"""Messages about a case that are kept up to date: KLG's card of each stage, the deciders' of each version."""

from sqlalchemy import Connection, insert, select

from storage.tables import cards


def get(db: Connection, case_id: str, stage: str) -> int | None:
    """The outbox id of the card's Post, or None before there is one."""
    return db.scalar(select(cards.c.post).where(cards.c.case_id == case_id, cards.c.stage == stage))


def put(db: Connection, case_id: str, stage: str, *, post: int) -> None:
    db.execute(insert(cards), {"case_id": case_id, "stage": stage, "post": post})


def beginning(db: Connection, case_id: str, prefix: str) -> dict[str, int]:
    """The Posts of the case whose name begins so, by name: one message for each of several people."""
    named = select(cards.c.stage, cards.c.post).where(
        cards.c.case_id == case_id, cards.c.stage.startswith(prefix, autoescape=True)
    )
    return {row.stage: row.post for row in db.execute(named)}
