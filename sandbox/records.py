"""The records of the world: frozen, replaced as a whole, so that whoever holds one holds a moment."""

from dataclasses import dataclass, field
from typing import Any, Literal

JSON = dict[str, Any]
Kind = Literal["public", "private", "im"]


@dataclass(frozen=True, slots=True)
class Team:
    id: str
    name: str
    domain: str
    email_domain: str = ""


@dataclass(frozen=True, slots=True)
class App:
    """The installed app: its ids, its secrets and what its manifest allows."""

    id: str
    name: str
    user: str
    handle: str
    bot: str
    bot_token: str
    app_token: str
    signing_secret: str
    scopes: tuple[str, ...]
    events: tuple[str, ...]
    home_tab: bool = True
    messages_tab: bool = True
    commands: tuple[JSON, ...] = ()
    shortcuts: tuple[JSON, ...] = ()


@dataclass(frozen=True, slots=True)
class Person:
    id: str
    name: str
    email: str
    team: str
    title: str = ""
    deleted: bool = False
    is_restricted: bool = False
    is_ultra_restricted: bool = False
    is_stranger: bool = False
    is_bot: bool = False


@dataclass(frozen=True, slots=True)
class Channel:
    """A channel, or a direct message with the bot (`kind="im"`, `person` is the other side)."""

    id: str
    name: str
    kind: Kind
    members: frozenset[str]
    topic: str = ""
    archived: bool = False
    created: int = 0
    person: str | None = None


@dataclass(frozen=True, slots=True)
class Group:
    id: str
    handle: str
    name: str
    users: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Message:
    """`text` is as Slack stores it (& < > escaped); `ephemeral_to` is the only person who sees it.

    `state` holds what each person has chosen in the message's selects and inputs, in Slack's form:
    person → block_id → action_id → value object.
    """

    channel: str
    ts: str
    user: str
    text: str
    blocks: tuple[JSON, ...] = ()
    files: tuple[str, ...] = ()
    thread_ts: str | None = None
    broadcast: bool = False
    by_app: bool = False
    client_msg_id: str | None = None
    ephemeral_to: str | None = None
    edited: str | None = None
    metadata: JSON | None = None
    attachments: tuple[JSON, ...] = ()
    reactions: dict[str, tuple[str, ...]] = field(default_factory=dict)
    pinned: bool = False
    state: dict[str, JSON] = field(default_factory=dict)

    @property
    def is_reply(self) -> bool:
        return self.thread_ts is not None and self.thread_ts != self.ts


@dataclass(frozen=True, slots=True)
class File:
    """`shares` are the (channel, ts) it is seen in; `ready` when its bytes have arrived.

    `alt` is what a picture shows, in words.
    """

    id: str
    name: str
    title: str
    user: str
    size: int
    created: int
    ready: bool = False
    deleted: bool = False
    shares: tuple[tuple[str, str], ...] = ()
    alt: str = ""


@dataclass(frozen=True, slots=True)
class Mail:
    """An e-mail that came to one address; its bytes are a file's contents under `id`."""

    id: str
    to: str
    at: float
    name: str
    subject: str
    size: int


@dataclass(frozen=True, slots=True)
class View:
    """A modal or App Home as one person has it. `content` is what the app sent, completed.

    `state` is block_id → action_id → value object, for every input, as the person has it now.
    """

    id: str
    person: str
    content: JSON
    hash: str
    root: str
    previous: str | None = None
    state: JSON = field(default_factory=dict)

    @property
    def is_home(self) -> bool:
        return bool(self.content["type"] == "home")
