"""What goes past the Web API: uploaded bytes, private file urls, response urls, the socket."""

import json
from dataclasses import replace
from typing import Any

from aiohttp import web

from sandbox import posting
from sandbox.blocks import complete
from sandbox.errors import Refused
from sandbox.gestures.openings import respond
from sandbox.keys import SITE
from sandbox.methods.apps import is_ticket
from sandbox.permits import Hook
from sandbox.shapes import mimetype
from sandbox.site import Site
from sandbox.surfaces import check_blocks
from sandbox.webapi import bearer, origin
from sandbox.world import JSON

_LOGIN = "<!DOCTYPE html><html><head><title>Slack</title></head><body>Sign in</body></html>"


async def link(request: web.Request) -> web.StreamResponse:
    """Open a Socket Mode connection; a ticket serves again, as the SDK tries it again."""
    site = request.app[SITE]
    if site.faults.is_away:
        return web.Response(status=503)
    if not is_ticket(site.world.app, request.query.get("ticket", "")):
        return web.Response(status=401, text="invalid ticket")
    site.origin = origin(request)
    return await site.courier.sockets.serve(request, app_id=site.world.app.id)


async def upload(request: web.Request) -> web.Response:
    """Take the bytes of an upload, raw or as a form. The size must be as announced.

    In faults and in the list of calls its name is `upload`, that of a download `download`.
    """
    site = request.app[SITE]
    if failure := _failure(site, "upload"):
        return failure
    file = site.world.files.get(request.match_info["file"])
    if file is None or file.ready:
        return web.Response(status=404, text="no such upload")
    content = await _content(request)
    if len(content) != file.size:
        return web.Response(status=400, text="length mismatch")
    site.world.put_file(replace(file, ready=True), content)
    site.note_call("upload", {"file": file.id}, {"ok": True})
    if site.faults.take_answer("upload", "lose_response") and request.transport is not None:
        request.transport.abort()
    return web.Response(text=f"OK - {len(content)}")


def _failure(site: Site, name: str) -> web.Response | None:
    if site.faults.is_away:
        return web.Response(status=503)
    if fault := site.faults.take_answer(name, "status"):
        return web.Response(status=int(fault.facts.get("code", 500)))
    return None


async def _content(request: web.Request) -> bytes:
    if request.content_type != "multipart/form-data":
        return await request.read()
    for field in (await request.post()).values():
        if isinstance(field, web.FileField):
            return field.file.read()
    return b""


async def private_file(request: web.Request) -> web.Response:
    """Give a file's bytes to the app; without its token Slack shows a login page with 200."""
    site = request.app[SITE]
    if failure := _failure(site, "download"):
        return failure
    key = request.match_info["file"].partition("-")[2]
    app = site.world.app
    allowed = bearer(request) == app.bot_token and app.bot_token not in site.revoked
    if not allowed or "files:read" not in app.scopes:
        return web.Response(text=_LOGIN, content_type="text/html")
    if key not in site.world.contents:
        return web.Response(status=404, text="file not found")
    file = site.world.files[key]
    return web.Response(body=site.world.contents[key], content_type=mimetype(file.name))


async def action(request: web.Request) -> web.Response:
    """Take what an app posts to a response url."""
    site = request.app[SITE]
    if site.faults.is_away:
        return web.Response(status=503)
    try:
        body = _object(await request.text())
        hook = site.permits.use_hook(request.match_info["key"])
        _respond(site, hook, body)
        answer: JSON = {"ok": True}
    except Refused as refused:
        body, answer = {}, {"ok": False, "error": refused.code, **refused.extra}
    site.note_call("response_url", body, answer)
    if answer["ok"]:
        return web.Response(text="ok")
    gone = answer["error"] in {"expired_url", "used_url"}
    return web.json_response(answer, status=404 if gone else 400)


def _object(text: str) -> JSON:
    try:
        body = json.loads(text)
    except ValueError as error:
        raise Refused("invalid_payload") from error
    if not isinstance(body, dict):
        raise Refused("invalid_payload")
    return body


def _respond(site: Site, hook: Hook, body: JSON) -> None:
    check_blocks(body.get("blocks") or [], surface="message")
    original = site.world.message(hook.channel, hook.message_ts) if hook.message_ts else None
    if body.get("delete_original"):
        if original is not None:
            posting.delete(site, original)
        return
    if not (body.get("text") or body.get("blocks") or body.get("attachments")):
        raise Refused("no_text")
    if body.get("replace_original") and original is not None:
        changes: dict[str, Any] = {
            "text": str(body.get("text", "")),
            "blocks": complete(body.get("blocks") or [], ids=site.world.ids),
        }
        posting.edit(site, original, **changes)
        return
    respond(site, body, person=hook.person, channel=hook.channel, thread_ts=hook.thread_ts)
