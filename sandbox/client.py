"""The control API from Python: be a person, look at what she sees, order faults.

    async with Sandbox.connect("http://127.0.0.1:8021") as sandbox:
        await sandbox.say("U0ANNA", "ny")
        await sandbox.press("U0ANNA", ts=…, action_id="start")

Refused is raised with the sandbox's own words when a person could not do that in Slack.
"""

import base64
import contextlib
from collections.abc import AsyncGenerator, Mapping
from typing import Any

import aiohttp

JSON = dict[str, Any]
_OK = 200


class Refused(Exception):  # noqa: N818 - an answer, not a defect
    """The control API said 400; the text says why."""


class Sandbox:
    """One connection to a sandbox; every method is one call."""

    def __init__(self, session: aiohttp.ClientSession, url: str) -> None:
        self.url = url
        self._session = session

    @classmethod
    @contextlib.asynccontextmanager
    async def connect(cls, url: str) -> AsyncGenerator["Sandbox"]:
        timeout = aiohttp.ClientTimeout(total=60)
        async with aiohttp.ClientSession(timeout=timeout) as session:
            yield cls(session, url.rstrip("/"))

    async def do(self, name: str, **arguments: Any) -> JSON:
        """Post to `/control/<name>`; arguments that are None are left out."""
        body = {key: value for key, value in arguments.items() if value is not None}
        async with self._session.post(f"{self.url}/control/{name}", json=body) as response:
            return await _read(response)

    async def look(self, name: str, **arguments: Any) -> JSON:
        """Get `/control/<name>`."""
        query = {key: str(value) for key, value in arguments.items() if value is not None}
        async with self._session.get(f"{self.url}/control/{name}", params=query) as response:
            return await _read(response)

    # What a person does.

    async def say(
        self,
        person: str,
        text: str,
        *,
        channel: str | None = None,
        thread_ts: str | None = None,
        raw: bool = False,
    ) -> str:
        """Write a message and return its ts; without `channel` to the bot."""
        said = await self.do(
            "say", person=person, text=text, channel=channel, thread_ts=thread_ts, raw=raw
        )
        return str(said["ts"])

    async def edit(self, person: str, ts: str, text: str, *, channel: str | None = None) -> None:
        await self.do("edit", person=person, ts=ts, text=text, channel=channel)

    async def delete(self, person: str, ts: str, *, channel: str | None = None) -> None:
        await self.do("delete", person=person, ts=ts, channel=channel)

    async def press(
        self,
        person: str,
        *,
        action_id: str,
        channel: str | None = None,
        ts: str | None = None,
        view_id: str | None = None,
        home: bool = False,
        block_id: str | None = None,
        value: str | None = None,
        selected: Any = None,
        values: Mapping[str, Mapping[str, Any]] | None = None,
    ) -> JSON:
        """Press or choose in a message, a modal or App Home. Returns `{acked, ms, warning?}`."""
        return await self.do(
            "press",
            person=person,
            action_id=action_id,
            channel=channel,
            ts=ts,
            view_id=view_id,
            home=home or None,
            block_id=block_id,
            value=value,
            selected=selected,
            values=values,
        )

    async def submit(
        self, person: str, view_id: str, values: Mapping[str, Mapping[str, Any]] | None = None
    ) -> JSON:
        """Submit a modal; see `sandbox.gestures.forms.submit` for what comes back."""
        return await self.do("submit", person=person, view_id=view_id, values=values)

    async def close(self, person: str, view_id: str) -> JSON:
        return await self.do("close", person=person, view_id=view_id)

    async def upload(
        self,
        person: str,
        files: Mapping[str, bytes],
        *,
        channel: str | None = None,
        text: str = "",
        thread_ts: str | None = None,
    ) -> JSON:
        """Share files, name → bytes. Returns `{ts, channel, files}`."""
        rows = [
            {"name": name, "content_base64": base64.b64encode(content).decode()}
            for name, content in files.items()
        ]
        return await self.do(
            "upload", person=person, files=rows, channel=channel, text=text, thread_ts=thread_ts
        )

    async def command(
        self, person: str, command: str, text: str = "", *, channel: str | None = None
    ) -> JSON:
        return await self.do("command", person=person, command=command, text=text, channel=channel)

    async def shortcut(self, person: str, callback_id: str) -> JSON:
        return await self.do("shortcut", person=person, callback_id=callback_id)

    async def open_home(self, person: str) -> JSON | None:
        """Open App Home. Returns it as last published, which may be before this opening."""
        view: JSON | None = (await self.do("home", person=person))["view"]
        return view

    # What a person sees.

    async def messages(
        self, person: str, *, channel: str | None = None, thread_ts: str | None = None
    ) -> list[JSON]:
        """List messages as the person sees them, oldest first; without `channel` those of the bot."""
        seen = await self.look("messages", person=person, channel=channel, thread_ts=thread_ts)
        return list(seen["messages"])

    async def views(self, person: str) -> list[JSON]:
        """List the open modals, top last."""
        return list((await self.look("views", person=person))["views"])

    async def home(self, person: str) -> JSON | None:
        view: JSON | None = (await self.look("home", person=person))["view"]
        return view

    # What only the sandbox can do.

    async def calls(self, method: str | None = None, *, since: int = 0) -> list[JSON]:
        """List Web API calls, of one method if it is named."""
        rows = (await self.look("calls", since=since))["calls"]
        return [row for row in rows if method in (None, row["method"])]

    async def deliveries(self, *, since: int = 0) -> list[JSON]:
        return list((await self.look("deliveries", since=since))["deliveries"])

    async def faults(self, **wish: Any) -> JSON:
        return await self.do("faults", **wish)

    async def clock(self, **wish: float) -> JSON:
        return await self.do("clock", **wish)

    async def reset(self) -> None:
        await self.do("reset")

    async def idle(self, *, timeout: float = 10.0, quiet_ms: int = 100) -> bool:  # noqa: ASYNC109 - the sandbox does the waiting
        """Wait until everything is acknowledged and quiet. Returns False when it took too long."""
        answer = await self.do("await_idle", timeout=timeout, quiet_ms=quiet_ms)
        return bool(answer["idle"])


async def _read(response: aiohttp.ClientResponse) -> JSON:
    answer: JSON = await response.json()
    if response.status != _OK:
        raise Refused(answer.get("error", str(response.status)))
    return answer
