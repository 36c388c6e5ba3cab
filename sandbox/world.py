"""Everything the local Slack remembers: people, channels, messages, files, views.

Reading is open. Every change goes through `World` and leaves a line in `world.changes`, which
pages and the state file follow. Nothing here knows tokens, limits or the network.
"""

from bisect import bisect_left, insort
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Any

from sandbox.changes import Changes
from sandbox.ids import Ids
from sandbox.records import JSON, App, Channel, File, Group, Mail, Message, Person, Team, View

__all__ = [
    "JSON",
    "App",
    "Channel",
    "File",
    "Group",
    "Mail",
    "Message",
    "Person",
    "Team",
    "Timeline",
    "View",
    "World",
]


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
    *("files", "contents", "views", "stacks", "homes", "mails"),
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
        self.mails: dict[str, Mail] = {}
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

    def put_mail(self, mail: Mail, content: bytes) -> None:
        self.mails[mail.id] = mail
        self.contents[mail.id] = content
        self.changes.add("mail")

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
