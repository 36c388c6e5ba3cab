"""One Web API call: its arguments however they came, and the questions every method asks.

Slack's SDKs send arguments as query, form or JSON, and nested ones as JSON text as well; lists
may be comma-separated, and booleans `1` or `true`.
"""

import json
from dataclasses import dataclass
from typing import Any, Literal

from sandbox.errors import Refused
from sandbox.ids import normal_ts
from sandbox.site import Site
from sandbox.world import JSON, Channel, Message, World

_READ = {"im": "im:read", "private": "groups:read", "public": "channels:read"}
_HISTORY = {"im": "im:history", "private": "groups:history", "public": "channels:history"}


@dataclass(frozen=True, slots=True)
class Call:
    """`origin` is the address by which the app reached the sandbox."""

    site: Site
    args: JSON
    origin: str

    @property
    def world(self) -> World:
        return self.site.world

    def text(self, name: str) -> str:
        """Give an argument as text; `""` when it is missing."""
        value = self.args.get(name)
        return "" if value is None else str(value)

    def need(self, name: str) -> str:
        """Give an argument that must be there, or refuse as Slack does."""
        if not self.text(name):
            raise Refused("invalid_arguments", messages=[f"[ERROR] missing required field: {name}"])
        return self.text(name)

    def flag(self, name: str) -> bool:
        return self.text(name).lower() in {"1", "true"}

    def json(self, name: str, *, error: str) -> Any:
        """Give a nested argument, parsed if it came as text; None when missing."""
        value = self.args.get(name)
        if not isinstance(value, str):
            return value
        if not value.strip():
            return None
        try:
            return json.loads(value)
        except ValueError as problem:
            raise Refused(error) from problem

    def listed(self, name: str) -> list[str]:
        value = self.args.get(name)
        if isinstance(value, list):
            return [str(one) for one in value]
        return [one.strip() for one in self.text(name).split(",") if one.strip()]

    def ts(self, name: str, *, error: str) -> str:
        """Give a timestamp in full width; `""` when missing."""
        try:
            return normal_ts(self.text(name)) if self.text(name) else ""
        except ValueError as problem:
            raise Refused(error) from problem

    def require(self, scope: str) -> None:
        """Refuse with `missing_scope` unless the app has it."""
        if scope not in self.world.app.scopes:
            raise Refused("missing_scope", needed=scope, provided=",".join(self.world.app.scopes))

    def channel(
        self, name: str = "channel", *, of: Literal["read", "history"] | None = None
    ) -> Channel:
        """Give a channel that the app can see; private ones only as a member."""
        found = self.world.channels.get(self.text(name))
        me = self.world.app.user
        if found is None or (found.kind != "public" and me not in found.members):
            raise Refused("channel_not_found")
        if of is not None:
            self.require((_READ if of == "read" else _HISTORY)[found.kind])
        return found

    def writable(self, name: str = "channel") -> Channel:
        """Give a channel that the app can post in; a user id means the direct message."""
        target = self.text(name)
        person = self.world.people.get(target)
        if person is None:
            found = self.channel(name)
        elif person.team != self.world.team.id or person.is_bot:
            raise Refused("channel_not_found")
        else:
            found = self.world.direct(target)
        other = self.world.people.get(found.person or "")
        if other is not None and other.deleted:
            raise Refused("channel_not_found")
        if found.archived:
            raise Refused("is_archived")
        if self.world.app.user not in found.members:
            raise Refused("not_in_channel")
        if found.kind == "im" and not self.world.app.messages_tab:
            raise Refused("messages_tab_disabled")
        return found

    def message(self, channel: Channel, name: str = "ts") -> Message:
        """Give a message that everybody sees, by its exact ts."""
        found = self.world.message(channel.id, self.text(name))
        if found is None or found.ephemeral_to is not None:
            raise Refused("message_not_found")
        return found

    def limit(self, *, default: int, most: int) -> int:
        asked = self.text("limit")
        if asked and not asked.isdigit():
            raise Refused("invalid_limit")
        return min(int(asked or 0) or default, most)

    def cursor(self) -> str:
        """Give where the page before ended, `""` at the beginning."""
        kind, _, place = self.text("cursor").partition(":")
        if self.text("cursor") and (kind != "next" or not place.replace(".", "").isdigit()):
            raise Refused("invalid_cursor")
        return place

    def page(self, rows: list[Any], *, default: int) -> tuple[list[Any], str]:
        """Cut one page out of rows by `limit` and `cursor`. Returns it and the next cursor."""
        start = int(self.cursor() or 0)
        end = start + self.limit(default=default, most=1000)
        return rows[start:end], f"next:{end}" if end < len(rows) else ""
