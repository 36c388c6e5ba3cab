"""Everything the local Slack remembers: people, channels, messages, files, views.

Records are frozen and replaced as a whole, so whoever holds one holds what was true then. Every
change goes through `World` and leaves a line in `world.changes`, which pages and the state file
follow. Nothing here knows tokens, limits or the network.
"""

import asyncio
from bisect import bisect_left, insort
from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from sandbox.ids import Ids

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
    """`shares` are the (channel, ts) it is seen in; `ready` when its bytes have arrived."""

    id: str
    name: str
    title: str
    user: str
    size: int
    created: int
    ready: bool = False
    deleted: bool = False
    shares: tuple[tuple[str, str], ...] = ()


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


@dataclass(frozen=True, slots=True)
class Change:
    """One line of the change feed; empty strings where a field says nothing."""

    revision: int
    kind: Literal["message", "view", "home", "people", "channel", "file", "warning", "reset"]
    person: str = ""
    channel: str = ""
    ts: str = ""
    text: str = ""


class Changes:
    """The change feed: `revision` counts changes; `after(revision)` waits for the next ones."""

    def __init__(self) -> None:
        self.revision = 0
        self._recent: deque[Change] = deque(maxlen=2000)
        self._next = asyncio.Event()

    def add(self, kind: Any, **facts: str) -> None:
        self.revision += 1
        self._recent.append(Change(self.revision, kind, **facts))
        self._next.set()
        self._next = asyncio.Event()

    async def after(self, revision: int) -> list[Change]:
        """All changes after `revision`, waiting until there is one (the oldest may be forgotten)."""
        while self.revision <= revision:
            await self._next.wait()
        return [change for change in self._recent if change.revision > revision]


@dataclass(slots=True)
class Timeline:
    """One channel's messages by ts, with sorted indexes so that a look-up never scans them all."""

    messages: dict[str, Message] = field(default_factory=dict)
    roots: list[str] = field(default_factory=list)
    threads: dict[str, list[str]] = field(default_factory=dict)
    ephemerals: list[str] = field(default_factory=list)

    def _indexes(self, message: Message) -> Iterable[list[str]]:
        if message.ephemeral_to is not None:
            yield self.ephemerals
            return
        if message.is_reply and message.thread_ts is not None:
            yield self.threads.setdefault(message.thread_ts, [])
        if not message.is_reply or message.broadcast:
            yield self.roots

    def put(self, message: Message) -> None:
        if message.ts not in self.messages:
            for index in self._indexes(message):
                insort(index, message.ts)
        self.messages[message.ts] = message

    def remove(self, ts: str) -> Message | None:
        message = self.messages.pop(ts, None)
        if message is not None:
            for index in self._indexes(message):
                del index[bisect_left(index, ts)]
        return message


_CONTENT = (
    *("team", "app", "people", "channels", "groups", "timelines"),
    *("files", "contents", "views", "stacks", "homes"),
)


class World:
    """The state. Reading is open; writing goes through the methods, each one change."""

    def __init__(
        self,
        *,
        team: Team,
        app: App,
        people: Iterable[Person],
        channels: Iterable[Channel],
        groups: Iterable[Group],
    ) -> None:
        self.team = team
        self.app = app
        self.people = {person.id: person for person in people}
        self.channels = {channel.id: channel for channel in channels}
        self.groups = {group.id: group for group in groups}
        self.timelines: dict[str, Timeline] = {}
        self.files: dict[str, File] = {}
        self.contents: dict[str, bytes] = {}
        self.views: dict[str, View] = {}
        self.stacks: dict[str, list[str]] = {}
        self.homes: dict[str, View] = {}
        self.ids = Ids()
        self.changes = Changes()

    def become(self, other: "World") -> None:
        """Take over another world's content; the change feed and the ids go on."""
        for name in _CONTENT:
            setattr(self, name, getattr(other, name))
        self.changes.add("reset")

    def direct(self, person: str) -> Channel:
        """Give the direct message between `person` and the bot, made on demand."""
        channel_id = "D" + person[1:]
        if channel_id not in self.channels:
            channel = Channel(
                id=channel_id,
                name="directmessage",
                kind="im",
                members=frozenset({person, self.app.user}),
                created=self.ids.moment() // 1_000_000,
                person=person,
            )
            self.put_channel(channel)
        return self.channels[channel_id]

    def timeline(self, channel: str) -> Timeline:
        return self.timelines.setdefault(channel, Timeline())

    def message(self, channel: str, ts: str) -> Message | None:
        return self.timeline(channel).messages.get(ts)

    def replies(self, channel: str, ts: str) -> list[str]:
        """Give the ts of the replies to `ts`, oldest first."""
        return self.timeline(channel).threads.get(ts, [])

    def put_message(self, message: Message) -> Message:
        self.timeline(message.channel).put(message)
        self.changes.add("message", channel=message.channel, ts=message.ts)
        return message

    def remove_message(self, channel: str, ts: str) -> Message | None:
        message = self.timeline(channel).remove(ts)
        self.changes.add("message", channel=channel, ts=ts)
        return message

    def put_channel(self, channel: Channel) -> None:
        self.channels[channel.id] = channel
        self.changes.add("channel", channel=channel.id)

    def put_person(self, person: Person) -> None:
        self.people[person.id] = person
        self.changes.add("people", person=person.id)

    def put_group(self, group: Group) -> None:
        self.groups[group.id] = group
        self.changes.add("people")

    def put_file(self, file: File, content: bytes | None = None) -> None:
        self.files[file.id] = file
        if content is not None:
            self.contents[file.id] = content
        if file.deleted:
            self.contents.pop(file.id, None)
        self.changes.add("file", person=file.user)

    def put_view(self, view: View) -> None:
        """Keep a view: a home replaces the last one, a modal stays in the stack or lies on top."""
        if view.is_home:
            self.homes[view.person] = view
            self.changes.add("home", person=view.person)
            return
        self.views[view.id] = view
        stack = self.stacks.setdefault(view.person, [])
        if view.id not in stack:
            stack.append(view.id)
        self.changes.add("view", person=view.person)

    def close_view(self, view_id: str) -> None:
        """Take away a modal; the ones below stay."""
        view = self.views.pop(view_id)
        self.stacks[view.person].remove(view_id)
        self.changes.add("view", person=view.person)

    def stack(self, person: str) -> list[View]:
        """Give a person's open modals, top last."""
        return [self.views[view_id] for view_id in self.stacks.get(person, [])]

    def warn(self, person: str, text: str) -> None:
        """Show a person what Slack's client shows when the app did not answer."""
        self.changes.add("warning", person=person, text=text)

    def edit_message(self, message: Message, **changes: Any) -> Message:
        return self.put_message(replace(message, **changes))
