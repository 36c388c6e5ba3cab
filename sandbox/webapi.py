"""`/api/<method>` over HTTP: reads the call, asks who is calling, answers, and goes wrong on order."""

import asyncio
import json
from typing import Any

from aiohttp import web

from sandbox.errors import Refused
from sandbox.faults import AnswerFault
from sandbox.keys import SITE
from sandbox.methods import METHODS, Method
from sandbox.methods.call import Call
from sandbox.site import Site
from sandbox.world import JSON

_TOO_MANY = 429


async def api(request: web.Request) -> web.StreamResponse:
    """Answer one Web API call."""
    site = request.app[SITE]
    site.origin = origin(request)
    if site.faults.is_away:
        return web.Response(status=503, text="upstream connect error")
    name = request.match_info["method"]
    args = await _arguments(request)
    token = _token(request, args)
    site.calls_under_way += 1
    try:
        return await _answer(request, site, name, args, token)
    finally:
        site.calls_under_way -= 1


def origin(request: web.Request) -> str:
    return f"{request.scheme}://{request.host}"


async def _answer(
    request: web.Request, site: Site, name: str, args: JSON, token: str
) -> web.StreamResponse:
    if fault := site.faults.take_answer(name, "status"):
        return _status(site, name, args, fault)
    delay = site.faults.take_answer(name, "delay_response")
    if delay and delay.facts.get("before"):
        await asyncio.sleep(float(delay.facts.get("seconds", 1)))
    answer, headers = _perform(site, name, args, token)
    site.note_call(name, args, answer)
    if delay and not delay.facts.get("before"):
        await asyncio.sleep(float(delay.facts.get("seconds", 1)))
    if site.faults.take_answer(name, "lose_response") and request.transport is not None:
        request.transport.abort()
    if answer.get("error") == "ratelimited":
        headers["Retry-After"] = str(answer.pop("retry_after", 1))
        return web.json_response(answer, status=_TOO_MANY, headers=headers)
    return web.json_response(answer, headers=headers)


def _status(site: Site, name: str, args: JSON, fault: AnswerFault) -> web.Response:
    code = int(fault.facts.get("code", 500))
    if code != _TOO_MANY:
        site.note_call(name, args, {"ok": False, "error": f"http_{code}"})
        return web.Response(status=code, text="Internal Server Error")
    answer = {"ok": False, "error": "ratelimited"}
    site.note_call(name, args, answer)
    wait = str(fault.facts.get("retry_after", 1))
    return web.json_response(answer, status=code, headers={"Retry-After": wait})


def _perform(site: Site, name: str, args: JSON, token: str) -> tuple[JSON, dict[str, str]]:
    """Do the work. Returns the answer and Slack's scope headers."""
    headers = {"X-OAuth-Scopes": ",".join(site.world.app.scopes)}
    try:
        method = _method(site, name)
        headers["X-Accepted-OAuth-Scopes"] = ",".join(method.scopes)
        _authorize(site, method, token)
        call = Call(site=site, args=args, origin=site.origin)
        for scope in method.scopes:
            call.require(scope)
        return {"ok": True, **method.answer(call)}, headers
    except Refused as refused:
        return {"ok": False, "error": refused.code, **refused.extra}, headers


def _method(site: Site, name: str) -> Method:
    if name not in METHODS:
        raise Refused("unknown_method", req_method=name)
    if fault := site.faults.take_answer(name, "error"):
        raise Refused(str(fault.facts.get("error", "internal_error")))
    return METHODS[name]


def _authorize(site: Site, method: Method, token: str) -> None:
    if method.token == "none":  # noqa: S105 - a kind of token, not one
        return
    app = site.world.app
    known = {app.bot_token: "bot", app.app_token: "app"}
    if not token:
        raise Refused("not_authed")
    if token in site.revoked:
        raise Refused("token_revoked")
    if token not in known:
        raise Refused("invalid_auth")
    if known[token] != method.token:
        raise Refused("not_allowed_token_type")


def bearer(request: web.Request) -> str:
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" else ""


def _token(request: web.Request, args: JSON) -> str:
    given = str(args.pop("token", ""))
    return bearer(request) or given


async def _arguments(request: web.Request) -> JSON:
    """Read query, form and JSON alike, the later over the earlier."""
    args: dict[str, Any] = dict(request.query)
    if request.content_type == "application/json":
        try:
            body = json.loads(await request.text() or "{}")
        except ValueError:
            body = {}
        args.update(body if isinstance(body, dict) else {})
    elif request.can_read_body:
        form = await request.post()
        args.update({key: value for key, value in form.items() if isinstance(value, str)})
    return args
