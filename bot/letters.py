"""An e-mail as bytes: a sender, one recipient, plain text and attachments, always with the same id.

What people typed (names, titles) may hold anything; no line break or control character of it
reaches a header.
"""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from email import message_from_bytes
from email.errors import MessageError
from email.header import Header
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

_LONGEST_SUBJECT = 200
_LONGEST_NAME = 200
_TYPES = {
    "pdf": ("application", "pdf"),
    "docx": ("application", "vnd.openxmlformats-officedocument.wordprocessingml.document"),
    "png": ("image", "png"),
    "xlsx": ("application", "vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    "zip": ("application", "zip"),
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Attachment:
    name: str
    content: bytes


@dataclass(frozen=True, kw_only=True, slots=True)
class Letter:
    """`message_id` is what stands before the @: the same each time the letter is sent."""

    message_id: str
    name: str
    email: str
    subject: str
    body: str
    at: datetime
    reply_to: str = ""
    attachments: Sequence[Attachment] = ()


class NotAnAddress(ValueError):  # noqa: N818  it is what was written that is not one
    """What stands as an e-mail address cannot be written in a header."""


def written(letter: Letter, *, sender: str, sender_name: str) -> bytes:
    """The message. Raises NotAnAddress."""
    message = _headed(
        {
            "Subject": _encoded("Subject", in_header(letter.subject)[:_LONGEST_SUBJECT]),
            "From": _address("From", sender, sender_name),
            "To": _address("To", letter.email, letter.name),
        }
    )
    if letter.reply_to:
        message["Reply-To"] = _valid(letter.reply_to)
    message["Date"] = format_datetime(letter.at)
    message["Message-ID"] = f"<{letter.message_id}@{sender.rpartition('@')[2]}>"
    message["Auto-Submitted"] = "auto-generated"  # no machine answers it (RFC 3834)
    message.set_content(letter.body, cte="quoted-printable")
    for attachment in letter.attachments:
        main, sub = _TYPES.get(attachment.name.rpartition(".")[2], ("application", "octet-stream"))
        message.add_attachment(
            attachment.content, maintype=main, subtype=sub, filename=in_header(attachment.name)
        )
    message["Content-Language"] = "sv"  # last: attachments move what is said of the contents
    return message.as_bytes()


def _headed(headers: dict[str, str]) -> EmailMessage:
    # Folded by EmailMessage itself, Swedish words lose the space between them (cpython 92081).
    lines = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    as_it_stands = SMTP.clone(refold_source="none")
    return message_from_bytes(f"{lines}\r\n".encode(), policy=as_it_stands)


def _encoded(header: str, text: str) -> str:
    return Header(text, "utf-8", header_name=header).encode(linesep="\r\n")


def _address(header: str, address: str, name: str) -> str:
    """A name and its address as they stand in the header."""
    shown = in_header(name)[:_LONGEST_NAME]
    whole = _valid(address, shown)
    return str(whole) if shown.isascii() else f"{_encoded(header, shown)}\r\n <{address}>"


def _valid(address: str, name: str = "") -> Address:
    if not address.isascii():  # an address with å, ä or ö, which few servers take
        raise NotAnAddress(address)
    try:
        return Address(name, addr_spec=address)
    except (MessageError, ValueError, IndexError) as wrong:  # the parser raises all of them
        raise NotAnAddress(address) from wrong


def in_header(text: str) -> str:
    """One line without control characters."""
    shown = (" " if unicodedata.category(sign).startswith(("C", "Z")) else sign for sign in text)
    return " ".join("".join(shown).split())
