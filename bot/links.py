"""Addresses of messages in Slack, made from what the outbox remembers: Slack need not be asked."""

from sqlalchemy import Connection

from bot.office import Office
from storage import outbox


def to(db: Connection, office: Office, outbox_id: int | None) -> str:
    """Where the message can be opened; "" before it is sent, and where the workspace has no address."""
    if outbox_id is None or not office.address:
        return ""
    place = outbox.delivery(db, outbox_id)
    if place.channel is None or place.ts is None:
        return ""
    return f"{office.address}archives/{place.channel}/p{place.ts.replace('.', '')}"
