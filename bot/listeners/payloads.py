"""What Slack sends, translated once: `dict[str, Any]` ends here.

Whatever is not shaped as Slack shapes it raises NotOurs; nothing after this asks what type a text has.

Each gesture carries the key of what the person did, not of its delivery: a message's channel and
time, a form's view, a press's trigger (docs/reliability.md).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bot.ids import NotOurs
from bot.listeners.texts import decode, text
from bot.perform import Gesture

Payload = Mapping[str, Any]
# What a person's own message may be. Edits, deletions and joins are no answers.
SPOKEN = frozenset({None, "file_share", "thread_broadcast", "me_message"})
_IN_A_PROFILE = ("email", "real_name")


@dataclass(frozen=True, slots=True)
class Who:
    """The person behind a gesture, as Slack names her."""

    team: str
    user: str

    @property
    def person(self) -> str:
        return f"{self.team}:{self.user}"


@dataclass(frozen=True, slots=True)
class Said:
    """A message in the person's direct message with the bot."""

    who: Who
    channel: str
    ts: str
    text: str  # decoded: as the person typed it
    files: tuple[Payload, ...] = ()
    thread: str = ""

    @property
    def gesture(self) -> Gesture:
        return Gesture(f"message:{self.channel}:{self.ts}", self.who.person)


@dataclass(frozen=True, slots=True)
class Edited:
    """A message of the person's own that she changed in Slack; it changes no answer."""

    who: Who
    channel: str
    at: str

    @property
    def gesture(self) -> Gesture:
        return Gesture(f"edit:{self.channel}:{self.at}", self.who.person)


@dataclass(frozen=True, slots=True)
class View:
    """An open modal or App Home. `values` is what stands in its inputs, by block and action."""

    id: str
    hash: str
    callback: str
    metadata: str
    values: Mapping[str, Mapping[str, Any]]
    kind: str = "modal"


@dataclass(frozen=True, slots=True)
class Press:
    """A button, select, date picker or checkbox. `value` is the button's, or what was chosen."""

    who: Who
    action: str
    block: str
    value: str
    chosen: tuple[str, ...]
    trigger: str
    kind: str = "button"
    channel: str = ""
    ts: str = ""
    at: str = ""  # when it was pressed, by Slack's clock
    response_url: str = ""
    view: View | None = None
    inputs: Mapping[str, Mapping[str, Any]] | None = None

    @property
    def gesture(self) -> Gesture:
        # Slack always gives a trigger; without one a press is still told from the next.
        pressed = self.trigger or f"{self.channel}:{self.ts}:{self.action}:{self.at}"
        return Gesture(f"press:{pressed}", self.who.person)

    @property
    def in_modal(self) -> bool:
        return self.view is not None and self.view.kind == "modal"


@dataclass(frozen=True, slots=True)
class Submission:
    """A modal that was sent in."""

    who: Who
    view: View
    trigger: str

    @property
    def gesture(self) -> Gesture:
        return Gesture(f"view:{self.view.id}:{self.view.hash}", self.who.person)

    def written(self, block: str) -> str:
        """What stands in the block's only input; "" when it is empty, or holds several choices."""
        found = entered(next(iter(self.view.values.get(block, {}).values()), None))
        return found if isinstance(found, str) else ""


@dataclass(frozen=True, slots=True)
class Command:
    """A slash command or a global shortcut."""

    who: Who
    name: str
    text: str
    trigger: str
    channel: str = ""
    response_url: str = ""

    @property
    def gesture(self) -> Gesture:
        return Gesture(f"command:{self.trigger}", self.who.person)


@dataclass(frozen=True, slots=True)
class HomeOpened:
    who: Who
    tab: str
    channel: str


def said(body: Payload) -> Said | None:
    """Read a message event; None when it is not a person's own words to the bot."""
    event = body["event"]
    if event.get("subtype") not in SPOKEN or event.get("bot_id") or not event.get("user"):
        return None
    if event.get("channel_type", "im") != "im" and not str(event["channel"]).startswith("D"):
        return None
    return Said(
        who=Who(text(_sender(event, body)), text(event["user"])),
        channel=text(event["channel"]),
        ts=text(event["ts"]),
        text=decode(text(event.get("text"))),
        # A deleted or hidden file has no name: there is nothing to fetch.
        files=tuple(_file(f) for f in event.get("files") or () if f.get("id") and f.get("name")),
        thread=text(event.get("thread_ts")),
    )


def edited(body: Payload) -> Edited | None:
    """Read an edit; None when it is no person's own change of the words in a direct message."""
    event = body["event"]
    now, before = event.get("message") or {}, event.get("previous_message") or {}
    if event.get("subtype") != "message_changed" or now.get("bot_id") or not now.get("edited"):
        return None
    if not str(event["channel"]).startswith("D") or now.get("text") == before.get("text"):
        return None
    if not now.get("user"):
        return None
    who = Who(text(_sender(now, body)), text(now["user"]))
    return Edited(who, text(event["channel"]), text(event.get("event_ts") or event["ts"]))


def press(body: Payload) -> Press:
    action = body["actions"][0]
    container = body.get("container") or {}
    chosen = _chosen(action)
    return Press(
        who=_who(body),
        action=text(action["action_id"]),
        block=text(action.get("block_id")),
        value=text(action.get("value")) or (chosen[0] if chosen else ""),
        chosen=chosen,
        trigger=text(body.get("trigger_id")),
        kind=text(action.get("type", "button")),
        channel=text((body.get("channel") or {}).get("id") or container.get("channel_id")),
        ts=text(container.get("message_ts")),
        at=text(action.get("action_ts")),
        response_url=text(body.get("response_url")),
        view=_view(body["view"]) if body.get("view") else None,
        inputs=_inputs(body.get("state")),
    )


def submission(body: Payload) -> Submission:
    return Submission(_who(body), _view(body["view"]), text(body.get("trigger_id")))


def command(body: Payload) -> Command:
    """Read a slash command (user_id) or a global shortcut (user.id)."""
    who = _who(body) if "user" in body else Who(text(body["team_id"]), text(body["user_id"]))
    return Command(
        who=who,
        name=text(body.get("command") or body.get("callback_id")),
        text=decode(text(body.get("text"))).strip(),
        trigger=text(body.get("trigger_id")),
        channel=text(body.get("channel_id")),
        response_url=text(body.get("response_url")),
    )


def home_opened(body: Payload) -> HomeOpened:
    event = body["event"]
    who = Who(text(body.get("team_id")), text(event["user"]))
    return HomeOpened(who, text(event.get("tab")), text(event.get("channel")))


def changed_user(body: Payload) -> Payload:
    """The account that changed, as Slack shows it; its id and names are texts."""
    user = dict(body["event"]["user"])
    profile = {
        name: text(value)
        for name, value in (user.get("profile") or {}).items()
        if name in _IN_A_PROFILE
    }
    texts = {name: text(user.get(name)) for name in ("id", "team_id", "name", "real_name")}
    if not texts["id"]:
        raise NotOurs(user)
    return user | texts | {"profile": profile}


def entered(value: Payload | None) -> str | tuple[str, ...]:
    """What stands in one input of a view or message; "" when it is empty."""
    if not value:
        return ""
    chosen = _chosen(value)
    if str(value.get("type", "")).startswith("multi_") or value.get("type") == "checkboxes":
        return chosen
    return chosen[0] if chosen else text(value.get("value"))


def _who(body: Payload) -> Who:
    user = body["user"]
    team = user.get("team_id") or (body.get("team") or {}).get("id")
    return Who(text(team), text(user["id"]))


def _sender(message: Payload, body: Payload) -> Any:
    """The workspace that the author of a message belongs to."""
    return message.get("user_team") or message.get("team") or body.get("team_id")


def _view(view: Payload) -> View:
    return View(
        id=text(view["id"]),
        hash=text(view.get("hash")),
        callback=text(view.get("callback_id")),
        metadata=text(view.get("private_metadata")),
        values=_inputs(view.get("state")),
        kind=text(view.get("type", "modal")),
    )


def _inputs(state: Payload | None) -> Mapping[str, Mapping[str, Any]]:
    """What stands in the inputs, by block and action."""
    found: Mapping[str, Mapping[str, Any]] = (state or {}).get("values") or {}
    for inputs in found.values():
        for value in inputs.values():
            entered(value)
    return found


def _file(file: Payload) -> Payload:
    return {
        "id": text(file["id"]),
        "name": text(file["name"]).replace("\\", "/").rpartition("/")[2],  # no path
        "size": int(file.get("size") or 0),
    }


def _chosen(action: Payload) -> tuple[str, ...]:
    """The chosen values of any select, date picker, radio or checkbox group, in order."""
    if action.get("selected_option"):
        return (text(action["selected_option"]["value"]),)
    for single in ("selected_user", "selected_date", "selected_conversation", "selected_channel"):
        if action.get(single):
            return (text(action[single]),)
    if "selected_options" in action:
        return tuple(text(option["value"]) for option in action["selected_options"] or ())
    return tuple(text(user) for user in action.get("selected_users") or ())
