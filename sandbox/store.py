"""The state file: the world as JSON, written shortly after each change and when the sandbox ends.

File contents lie beside it, one file each. The workspace file says who the app is; everything else
is as it was. Written to a new file that then takes the old one's place.
"""

import asyncio
import contextlib
from collections.abc import AsyncGenerator
from dataclasses import replace
from pathlib import Path
from typing import Any

import orjson

from sandbox.world import JSON, Channel, File, Group, Mail, Message, Person, Timeline, View, World

_PAUSE = 0.1  # seconds in which changes gather


def dump(world: World) -> bytes:
    """Write down everything but ephemeral messages and file contents."""
    lasting = [
        message
        for timeline in world.timelines.values()
        for message in timeline.messages.values()
        if message.ephemeral_to is None
    ]
    state = {
        "last": world.ids.last,
        "people": list(world.people.values()),
        "channels": list(world.channels.values()),
        "groups": list(world.groups.values()),
        "messages": lasting,
        "files": list(world.files.values()),
        "views": list(world.views.values()),
        "stacks": world.stacks,
        "homes": list(world.homes.values()),
        "mails": list(world.mails.values()),
    }
    return orjson.dumps(state, default=sorted)


def restore(world: World, data: bytes) -> None:
    """Put what was written down into a fresh world."""
    state: JSON = orjson.loads(data)
    world.ids.last = state["last"]
    world.people |= {row["id"]: Person(**row) for row in state["people"]}
    world.channels |= {
        row["id"]: replace(Channel(**row), members=frozenset(row["members"]))
        for row in state["channels"]
    }
    world.groups |= {row["id"]: _thawed(Group, row) for row in state["groups"]}
    for row in sorted(state["messages"], key=lambda one: one["ts"]):
        message = _thawed(Message, row)
        world.timelines.setdefault(message.channel, Timeline()).put(message)
    for row in state["files"]:
        file = _thawed(File, {**row, "shares": [tuple(share) for share in row["shares"]]})
        world.files[file.id] = file
    world.views = {row["id"]: View(**row) for row in state["views"]}
    world.stacks = state["stacks"]
    world.homes = {row["person"]: View(**row) for row in state["homes"]}
    # A state from before there was e-mail has none.
    world.mails = {row["id"]: Mail(**row) for row in state.get("mails", [])}


def _thawed(kind: type[Any], row: JSON) -> Any:
    return kind(**{name: tuple(v) if isinstance(v, list) else v for name, v in row.items()})


class StateFile:
    """Follows a world's changes into `path`; contents go into the folder `<path>.files`."""

    def __init__(self, path: Path, world: World) -> None:
        self.path = path
        self.world = world
        self.folder = path.with_name(path.name + ".files")
        self._written: set[str] = set()
        self._revision = -1

    def load(self) -> None:
        """Read the file, if there is one."""
        if not self.path.exists():
            return
        restore(self.world, self.path.read_bytes())
        for key in (*self.world.files, *self.world.mails):
            content = self.folder / key
            if content.exists():
                self.world.contents[key] = content.read_bytes()
        self._written = set(self.world.contents)

    async def _follow(self) -> None:
        while True:
            await self.world.changes.after(self._revision)
            await asyncio.sleep(_PAUSE)
            await self.save()

    async def save(self) -> None:
        """Write what has changed since the last time; nothing if nothing has."""
        if self._revision == self.world.changes.revision:
            return
        self._revision = self.world.changes.revision
        contents = {
            key: content for key, content in self.world.contents.items() if key not in self._written
        }
        gone = self._written - set(self.world.contents)
        self._written = set(self.world.contents)
        await asyncio.to_thread(self._write, dump(self.world), contents, gone)

    def _write(self, state: bytes, contents: dict[str, bytes], gone: set[str]) -> None:
        self.path.parent.mkdir(parents=True, exist_ok=True)
        if contents:
            self.folder.mkdir(exist_ok=True)
        for key, content in contents.items():
            (self.folder / key).write_bytes(content)
        for key in gone:
            (self.folder / key).unlink(missing_ok=True)
        fresh = self.path.with_name(self.path.name + ".new")
        fresh.write_bytes(state)
        fresh.replace(self.path)

    @contextlib.asynccontextmanager
    async def kept(self) -> AsyncGenerator[None]:
        """Keep the file up to date for as long as this lasts, and once more at the end."""
        following = asyncio.create_task(self._follow())
        try:
            yield
        finally:
            following.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await following
            self._revision = -1
            await self.save()
