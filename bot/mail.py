"""Sends a letter by SMTP, one recipient at a time, and says what became of it.

Until the letter's text is under way an attempt that fails has certainly done nothing. After that a
lost connection leaves it unknown whether the server took it.
"""

import asyncio
from contextlib import suppress
from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

import aiosmtplib
import structlog
from aiosmtplib import SMTPResponseException

from bot.letters import Letter, NotAnAddress, written

log = structlog.get_logger(__name__)
_PERMANENT = 500
_LONGEST_ANSWER = 200


@dataclass(frozen=True, slots=True)
class Accepted:
    """The server has taken it upon itself."""


@dataclass(frozen=True, slots=True)
class Refused:
    """The server will never take it for this recipient; `why` is its own words."""

    why: str


@dataclass(frozen=True, slots=True)
class Later:
    """Nothing was sent; it may be tried again."""

    why: str


@dataclass(frozen=True, slots=True)
class Unclear:
    """Nobody knows whether it was taken."""

    why: str


Outcome = Accepted | Refused | Later | Unclear


@dataclass(frozen=True, kw_only=True, slots=True)
class Server:
    """The way to a server. `tls`: from the first byte; `start_tls`: None is when it offers it."""

    host: str
    port: int
    sender: str
    sender_name: str
    user: str | None = None
    password: str | None = None
    tls: bool = False
    start_tls: bool | None = None
    timeout_s: float = 30
    taken_s: float = 180  # how long the server may think about a letter it has in full

    def __repr__(self) -> str:
        return f"Server({self.host}:{self.port})"

    async def send(self, letter: Letter) -> Outcome:
        try:
            text = await asyncio.to_thread(
                written, letter, sender=self.sender, sender_name=self.sender_name
            )
        except NotAnAddress:
            return Refused("not_an_address")
        server = self._open()
        try:
            await server.connect()
        except (aiosmtplib.SMTPException, OSError) as failure:
            log.warning("no e-mail can be sent", advice="see SMTP_URL", error=_named(failure))
            return Later(_said(failure))
        try:
            outcome = await self._hand_over(server, letter.email, text)
            with suppress(aiosmtplib.SMTPException, OSError):
                await server.quit(timeout=5)
            return outcome
        finally:  # also when it is stopped: there is then no time for a goodbye
            server.close()

    def _open(self) -> aiosmtplib.SMTP:
        return aiosmtplib.SMTP(
            hostname=self.host,
            port=self.port,
            username=self.user,
            password=self.password,
            local_hostname=self.sender.rpartition("@")[2],
            use_tls=self.tls,
            start_tls=False if self.tls else self.start_tls,
            timeout=self.timeout_s,
        )

    async def _hand_over(self, server: aiosmtplib.SMTP, to: str, text: bytes) -> Outcome:
        try:
            await server.mail(self.sender)
        except (aiosmtplib.SMTPException, OSError) as failure:
            # It says something of us, not of the recipient.
            log.warning("we may not send", advice="see MAIL_FROM", error=_named(failure))
            return Later(_said(failure))
        try:
            await server.rcpt(to)
        except SMTPResponseException as answer:
            return _answered(answer)
        except (aiosmtplib.SMTPException, OSError) as failure:
            return Later(_said(failure))
        try:
            await server.data(text, timeout=self.taken_s)
        except SMTPResponseException as answer:
            return _answered(answer)
        except (aiosmtplib.SMTPException, OSError) as failure:
            return Unclear(_said(failure))
        return Accepted()


def server(url: str, *, sender: str, sender_name: str) -> Server:
    """The way that SMTP_URL names (bot/settings.py has checked it).

    smtps:// is TLS from the first byte, smtp+starttls:// demands STARTTLS, and smtp:// takes it when
    it is offered. A password is never sent in the clear but to this machine.
    """
    place = urlsplit(url)
    host, tls = place.hostname or "", place.scheme == "smtps"
    user = unquote(place.username) if place.username else None
    demanded = place.scheme == "smtp+starttls" or (user is not None and not _is_here(host))
    return Server(
        host=host,
        port=place.port or (465 if tls else 587 if demanded else 25),
        sender=sender,
        sender_name=sender_name,
        user=user,
        password=unquote(place.password) if place.password else None,
        tls=tls,
        start_tls=True if demanded else None,
    )


def _is_here(host: str) -> bool:
    return host in {"localhost", "::1"} or host.startswith("127.")


def _answered(answer: SMTPResponseException) -> Outcome:
    if answer.code >= _PERMANENT:
        return Refused(_said(answer))
    return Later(_said(answer))


def _said(failure: Exception) -> str:
    """The server's words, or what kind of failure it was; never what we sent."""
    if isinstance(failure, SMTPResponseException):
        return " ".join(f"{failure.code} {failure.message}".split())[:_LONGEST_ANSWER]
    return type(failure).__name__


def _named(failure: Exception) -> str:
    """For the log: without the server's words, which may hold an address."""
    code = failure.code if isinstance(failure, SMTPResponseException) else ""
    return f"{type(failure).__name__} {code}".strip()
