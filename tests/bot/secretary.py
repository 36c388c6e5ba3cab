"""The secretary at her desk: she presses a button of a message, fills in what opens, and sends it.

The bot's own listeners without Slack; what Slack would send is made by hand, and what a modal is
answered with decides what stands on the screen.
"""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from slack_sdk.errors import SlackApiError

from bot.listeners import board
from bot.listeners.payloads import Press, Submission, View, Who
from bot.listeners.shell import Shell
from bot.perform import Repeated
from flows.errors import FlowError
from flows.programme import Programme
from sandbox.workspace import load
from tests.bot.town import NOON, SARA, Town, buttons, texts_of, town
from tests.bot.town import _as_slack_says as as_slack_says

AFTER = NOON.replace(month=12, day=16)  # the day after kommunstyrelsen's planned meeting


@dataclass
class Screen:
    """The modals on top of each other, the newest last; and Slack, as far as it is asked."""

    views: list[dict[str, Any]] = field(default_factory=list)

    async def views_open(self, *, trigger_id: str, view: dict[str, Any]) -> None:
        self.views = [view]

    async def conversations_info(self, *, channel: str) -> dict[str, Any]:
        return {"channel": {"id": channel}}

    async def users_info(self, *, user: str) -> dict[str, Any]:
        for person in load().people:
            if person.id == user:
                return {"user": as_slack_says(person)}
        raise SlackApiError("users.info", {"error": "user_not_found"})


@dataclass
class Secretary:
    """`said` is the refusal of the last press, in the words the person would read."""

    town: Town
    shell: Shell
    screen: Screen
    person: str = SARA
    gestures: int = 0

    async def messages(self) -> list[dict[str, Any]]:
        """The bot's posts to her, oldest first."""
        user = self.person.partition(":")[2]
        return [row for row in await self.town.owed("post") if row["lane"] == user]

    async def told(self) -> str:
        """Everything that she has been told, as one text."""
        return "\n".join(
            f"{row['text']}\n{texts_of(row['blocks'])}" for row in await self.messages()
        )

    async def button(self, label: str) -> dict[str, Any]:
        """The newest of her buttons with that label."""
        found = [b for row in await self.messages() for b in buttons(row["blocks"])]
        fitting = [b for b in found if label in b["text"]["text"]]
        assert fitting, f"no {label!r} among {[b['text']['text'] for b in found]}"
        return fitting[-1]

    async def presses(self, button: str | Mapping[str, Any], *, by: str = "") -> str:
        """Press it; returns the refusal, if it is one."""
        what = await self.button(button) if isinstance(button, str) else button
        self.gestures += 1
        press = Press(
            who=_who(by or self.person),
            action=what["action_id"],
            block="b",
            value=what["value"],
            chosen=(),
            trigger=f"T{self.gestures}",
        )
        try:
            await board.ACTIONS[what["action_id"].partition(":")[0]](press, self.shell)
        except FlowError as refusal:
            return self.shell.office.texts.plain(refusal.key, **refusal.facts)
        return ""

    async def sends(
        self, values: Mapping[str, Any] | None = None, *, by: str = "", again: bool = False
    ) -> dict[str, str]:
        """Send the modal on top; inputs that are not named keep what they have. Returns the errors."""
        self.gestures += 0 if again else 1
        view, written = self.screen.views[-1], dict(values or {})
        inputs = [block for block in view["blocks"] if block["type"] == "input"]
        unknown = written.keys() - {block["block_id"] for block in inputs}
        assert not unknown, f"no such inputs: {unknown}"
        form = Submission(
            _who(by or self.person),
            View(
                id=f"V{self.gestures}",
                hash="h",
                callback=view["callback_id"],
                metadata=view["private_metadata"],
                values={
                    block["block_id"]: {
                        "value": _state(block["element"], written.get(block["block_id"]))
                    }
                    for block in inputs
                },
            ),
            f"T{self.gestures}",
        )
        try:
            ack = await board.VIEWS[view["callback_id"]](form, self.shell) or {}
        except Repeated:
            return {"repeated": ""}
        match ack["response_action"]:
            case "push":
                self.screen.views.append(ack["view"])
            case "clear":
                self.screen.views = []
        return dict(ack.get("errors", {}))

    def shown(self) -> dict[str, str]:
        """What the inputs of the modal on top are filled in with."""
        return {
            block["block_id"]: block["element"].get("initial_value", "")
            for block in self.screen.views[-1]["blocks"]
            if block["type"] == "input"
        }


def _who(person: str) -> Who:
    team, _, user = person.partition(":")
    return Who(team, user)


def _state(element: Mapping[str, Any], written: Any) -> dict[str, Any]:
    """What stands in an input: as written, else as it was filled in."""
    kind = element["type"]
    if kind == "plain_text_input":
        return {"type": kind, "value": element.get("initial_value") if written is None else written}
    if kind == "datepicker":
        day = element.get("initial_date") if written is None else written
        return {"type": kind, "selected_date": day or None}
    if kind in {"multi_static_select", "checkboxes"}:
        chosen = [one["value"] for one in element.get("initial_options", [])]
        values = chosen if written is None else written
        return {"type": kind, "selected_options": [{"value": value} for value in values]}
    first = (element.get("initial_option") or {}).get("value")
    value = first if written is None else written
    return {"type": kind, "selected_option": {"value": value} if value else None}


@asynccontextmanager
async def desk(
    database_url: str, folder: Path, *, programme: Programme | None = None
) -> AsyncIterator[Secretary]:
    async with town(database_url, folder, programme=programme) as here:
        screen = Screen()
        shell = Shell(here.perform, here.office, screen, None, None)  # type: ignore[arg-type]
        yield Secretary(here, shell, screen)
