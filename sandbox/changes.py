"""The change feed: one line per change, for open pages and the state file to follow."""

import asyncio
from collections import deque
from dataclasses import dataclass
from typing import Any, Literal


@dataclass(frozen=True, slots=True)
class Change:
    """One line of the change feed; empty strings where a field says nothing."""

    revision: int
    kind: Literal[
        "message", "view", "home", "people", "channel", "file", "mail", "warning", "reset"
    ]
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
