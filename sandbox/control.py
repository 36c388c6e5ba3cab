"""The control API: tests and the browser interface act as people, look, and order faults.

`POST /control/<name>` with a JSON object does something, `GET` looks; what cannot be done answers
400 with `{"error": "…"}`.
"""

import inspect
import json
from collections.abc import Callable
from typing import Any

from aiohttp import web

from sandbox import gestures, steering, watching
from sandbox.errors import Impossible
from sandbox.keys import SITE
from sandbox.webapi import origin
from sandbox.world import JSON

_ACTS: dict[str, Callable[..., Any]] = {
    "say": gestures.say,
    "edit": gestures.edit,
    "delete": gestures.delete,
    "press": gestures.press,
    "submit": gestures.submit,
    "close": gestures.close,
    "suggest": gestures.suggest,
    "upload": gestures.upload,
    "command": gestures.command,
    "shortcut": gestures.shortcut,
    "home": gestures.home,
    "faults": steering.faults,
    "clock": steering.clock,
    "person": steering.person,
    "membership": steering.membership,
    "archive": steering.archive,
    "group": steering.group,
    "revoke": steering.revoke,
    "uninstall": steering.uninstall,
    "request_url": steering.request_url,
    "reset": steering.reset,
    "await_idle": steering.await_idle,
}
_LOOKS: dict[str, Callable[..., JSON]] = {
    "people": watching.people,
    "channels": watching.channels,
    "messages": watching.messages,
    "views": watching.views,
    "home": watching.home,
    "calls": watching.calls,
    "deliveries": watching.deliveries,
    "status": watching.status,
}


def add_routes(app: web.Application) -> None:
    app.router.add_post("/control/{name}", _act)
    app.router.add_get("/control/{name}", _look)


async def _act(request: web.Request) -> web.Response:
    try:
        body = json.loads(await request.text() or "{}")
    except ValueError:
        return _refusal("the body is not JSON")
    return await _answer(request, _ACTS, body)


async def _look(request: web.Request) -> web.Response:
    return await _answer(request, _LOOKS, dict(request.query))


async def _answer(
    request: web.Request, table: dict[str, Callable[..., Any]], arguments: Any
) -> web.Response:
    site = request.app[SITE]
    act = table.get(request.match_info["name"])
    if _is_foreign(request):
        return _refusal("another site may not steer the sandbox", status=403)
    if act is None:
        return _refusal("there is no such control", status=404)
    if not isinstance(arguments, dict):
        return _refusal("the body is not a JSON object")
    if not site.courier.sockets.count:
        site.origin = origin(request)
    try:
        inspect.signature(act).bind(site, **arguments)
    except TypeError as error:
        return _refusal(str(error))
    try:
        answer = act(site, **arguments)
        if inspect.isawaitable(answer):
            answer = await answer
    except Impossible as error:
        return _refusal(str(error))
    return web.json_response(answer)


def _is_foreign(request: web.Request) -> bool:
    """Say whether a browser sends this from a page that is not ours."""
    sender = request.headers.get("Origin")
    return sender is not None and sender != origin(request)


def _refusal(text: str, *, status: int = 400) -> web.Response:
    return web.json_response({"error": text}, status=status)
