"""A real SMTP server for tests: it takes, refuses, asks to wait or hangs up, as it is told."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import Any

from aiosmtpd.smtp import SMTP, Envelope, Session

from bot.jobs import JOBS
from bot.mail import Server
from tests.bot.town import Town

SENDER = "lots@exempelkommunen.se"


@dataclass
class Mailbox:
    """What has come, and how it behaves: `answers` to RCPT by address, each used once or for ever."""

    port: int = 0
    taken: list[tuple[str, EmailMessage]] = field(default_factory=list)
    refuses: dict[str, str] = field(default_factory=dict)
    once: list[str] = field(default_factory=list)  # what the next letters are answered
    hangs_up: int = 0  # after this many letters it has taken them and says nothing

    @property
    def server(self) -> Server:
        return Server(
            host="127.0.0.1",
            port=self.port,
            sender=SENDER,
            sender_name="Trygghetslots, Exempelkommunen",
            timeout_s=5,
            taken_s=5,
        )

    @property
    def to(self) -> list[str]:
        return [address for address, _ in self.taken]

    def letters(self, address: str) -> list[EmailMessage]:
        return [message for to, message in self.taken if to == address]

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: Any
    ) -> str:
        if address in self.refuses:
            return self.refuses[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        if self.once:
            return self.once.pop(0)
        content = envelope.content
        assert isinstance(content, bytes)
        message = message_from_bytes(content, policy=default)
        assert isinstance(message, EmailMessage)
        self.taken += [(address, message) for address in envelope.rcpt_tos]
        if self.hangs_up:
            self.hangs_up -= 1
            assert server.transport is not None
            server.transport.abort()
        return "250 OK"


@asynccontextmanager
async def mailbox() -> AsyncIterator[Mailbox]:
    box = Mailbox()
    listening = await asyncio.get_running_loop().create_server(
        lambda: SMTP(box, hostname="mail.test"), "127.0.0.1", 0
    )
    box.port = listening.sockets[0].getsockname()[1]
    try:
        yield box
    finally:
        listening.close()
        await listening.wait_closed()


async def deliver(here: Town, box: Mailbox | None) -> int:
    """Make what is to be made, and try every e-mail that is owed once, whenever it is due."""
    await here.work()
    tools = replace(here.tools, mail=box.server if box else None)
    todo = [row for row in await here.owed("mail") if row["id"] not in here.done]
    for row in todo:
        here.done.add(row["id"])
        act = await JOBS[row["name"]](row["arguments"], tools)
        if act is not None:
            await here.act(act)
    await here.work()
    return len(todo)


def text_of(message: EmailMessage) -> str:
    body = message.get_body(("plain",))
    assert body is not None
    return str(body.get_content())


def attached(message: EmailMessage) -> dict[str, bytes]:
    return {
        str(part.get_filename()): part.get_payload(decode=True)  # type: ignore[misc]
        for part in message.iter_attachments()
    }
