"""What a gesture can owe the outside. It is stored with the gesture's effects and sent after them.

`to` is a channel ("C…", "D…") or a user ("U…", whose direct message is opened). A number is the
outbox id that `Transaction.owe` gave for an earlier Post.
"""

from dataclasses import dataclass, field
from typing import Any, NotRequired, TypedDict

Blocks = list[dict[str, Any]]


@dataclass(frozen=True, kw_only=True, slots=True)
class Post:
    """A message. `text` says everything by itself: notifications and screen readers see only it."""

    to: str
    text: str
    blocks: Blocks = field(default_factory=list)
    thread: int | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Update:
    """New contents of a Post, by its outbox id. Only the newest is sent; at most 4,000 of text.

    `first`: nothing was owed for this message before, so that no older update need be looked for. Were
    it wrong, both would be sent, in their order.
    """

    target: int
    text: str
    blocks: Blocks = field(default_factory=list)
    first: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Publish:
    """A person's App Home. Only the newest is sent."""

    user: str
    view: dict[str, Any]


class FileToSend(TypedDict):
    """Bytes that stand in the file store, and what people see them as. `alt` says what a picture shows."""

    sha256: str
    name: str
    title: str
    alt: NotRequired[str]


@dataclass(frozen=True, kw_only=True, slots=True)
class Upload:
    """Files in one message."""

    to: str
    files: list[FileToSend]
    text: str = ""
    thread: int | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Job:
    """Work that takes longer than a person waits: an async function by its name in bot/jobs."""

    name: str
    arguments: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True, slots=True)
class Mail:
    """An e-mail to one recipient, a row of `dispatches`; it is written when it is sent."""

    dispatch: int
    after_s: float = 0


@dataclass(frozen=True, kw_only=True, slots=True)
class Note:
    """An e-mail about no single decision, sent beside the others (bot/acts/letters.py)."""

    name: str
    arguments: dict[str, Any]
    after_s: float = 0


Owed = Post | Update | Publish | Upload | Job | Mail | Note
