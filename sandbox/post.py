"""The sandbox's mail server: it takes every letter to every address, and the pages show them.

Nothing leaves this machine, whatever address a programme names.
"""

import asyncio
import contextlib
import time
from collections.abc import AsyncGenerator
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import Any

from aiosmtpd.smtp import SMTP, Envelope, Session

from sandbox.records import Mail
from sandbox.world import World

_LARGEST = 100 * 1024 * 1024


class _Post:
    """What aiosmtpd asks about each letter."""

    def __init__(self, world: World) -> None:
        self._world = world

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802
        content = envelope.content
        assert isinstance(content, bytes)  # the server is not told to decode
        letter = read(content)
        for address in envelope.rcpt_tos:
            mail = Mail(
                id=self._world.ids.new("M"),
                to=address.lower(),
                at=time.time(),
                name=_name(letter),
                subject=str(letter["Subject"] or ""),
                size=len(content),
            )
            self._world.put_mail(mail, content)
        return "250 OK"


@contextlib.asynccontextmanager
async def serve(world: World, *, host: str, port: int) -> AsyncGenerator[int]:
    """Take letters for as long as this lasts; gives the port (0: a free one)."""

    def connection() -> SMTP:
        return SMTP(_Post(world), hostname="sandbox", data_size_limit=_LARGEST)

    server = await asyncio.get_running_loop().create_server(connection, host, port)
    try:
        yield int(server.sockets[0].getsockname()[1])
    finally:
        server.close()
        await server.wait_closed()


def read(content: bytes) -> EmailMessage:
    letter = message_from_bytes(content, policy=default)
    assert isinstance(letter, EmailMessage)
    return letter


def text_of(letter: EmailMessage) -> str:
    body = letter.get_body(("plain",))
    return str(body.get_content()) if body else ""


def attachments(letter: EmailMessage) -> list[tuple[str, bytes]]:
    """Each file's name and contents, in order."""
    found: list[tuple[str, bytes]] = []
    for part in letter.iter_attachments():
        content: Any = part.get_payload(decode=True)
        found.append((part.get_filename() or "namnlös", content or b""))
    return found


def _name(letter: EmailMessage) -> str:
    to = letter["To"]
    addresses = to.addresses if to is not None else ()
    return str(addresses[0].display_name) if addresses else ""
