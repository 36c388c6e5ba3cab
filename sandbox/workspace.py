"""The workspace file: who and what there is when the sandbox starts, as TOML."""

import tomllib
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Any

from sandbox.world import JSON, App, Channel, Group, Person, Team, World

EXAMPLE = Path(__file__).with_name("workspace.toml")


@dataclass(frozen=True, slots=True)
class Workspace:
    """What the file says. `world()` makes a fresh world of it."""

    team: Team
    app: App
    people: tuple[Person, ...]
    channels: tuple[Channel, ...]
    groups: tuple[Group, ...] = ()

    def world(self) -> World:
        return World(
            team=self.team,
            app=self.app,
            people=self.people,
            channels=self.channels,
            groups=self.groups,
        )

    def with_app(self, **changes: Any) -> "Workspace":
        """Keep the municipality, change the app: fewer scopes, other tokens."""
        return replace(self, app=replace(self.app, **changes))


def load(path: Path = EXAMPLE) -> Workspace:
    """Read a workspace file. ValueError names what is missing, unknown or doubled."""
    data = tomllib.loads(path.read_text(encoding="utf-8"))
    team = _record(Team, data["team"])
    app = _record(App, {key: _frozen(value) for key, value in data["app"].items()})
    bot = Person(id=app.user, name=app.name, email="", team=team.id, is_bot=True)
    people = tuple(_record(Person, {"team": team.id, **row}) for row in data["people"])
    ids = {person.id for person in people} | {bot.id}
    if len(ids) != len(people) + 1:
        raise ValueError("two people have the same id")
    channels = tuple(
        _record(Channel, {**row, "members": frozenset(row["members"])}) for row in data["channels"]
    )
    for channel in channels:
        if unknown := channel.members - ids:
            raise ValueError(f"channel {channel.name}: unknown member {min(unknown)}")
    groups = tuple(
        _record(Group, {key: _frozen(value) for key, value in row.items()})
        for row in data.get("groups", [])
    )
    return Workspace(team=team, app=app, people=(*people, bot), channels=channels, groups=groups)


def _record(kind: type[Any], row: JSON) -> Any:
    unknown = set(row) - {field.name for field in fields(kind)}
    if unknown:
        raise ValueError(f"{kind.__name__.lower()}: unknown key {min(unknown)}")
    try:
        return kind(**row)
    except TypeError as error:
        raise ValueError(f"{kind.__name__.lower()} {row.get('id', '')}: {error}") from error


def _frozen(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value
