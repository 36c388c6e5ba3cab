"""The two ways of saying no: Slack to the app, and the sandbox to whoever plays a person."""

from typing import Any


class Refused(Exception):  # noqa: N818 - what Slack does, not a defect
    """Slack's answer `{"ok": false, "error": code, …}`; `extra` is merged into it."""

    def __init__(self, code: str, *, messages: list[str] | None = None, **extra: Any) -> None:
        super().__init__(code)
        self.code = code
        self.extra = dict(extra)
        if messages is not None:
            self.extra["response_metadata"] = {"messages": messages}


class Impossible(Exception):  # noqa: N818 - a person cannot do this; not a defect
    """A person cannot do that in Slack's client: no such message, not a member, no such button."""
