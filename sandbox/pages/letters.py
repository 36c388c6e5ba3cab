"""The page *E-post*: what the app has sent, by recipient, and each letter with its attachments."""

from collections import defaultdict
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from aiohttp import hdrs, web
from aiohttp.helpers import content_disposition_header

from sandbox import post
from sandbox.keys import SITE
from sandbox.pages.render import page
from sandbox.records import Mail

_HEADERS: web.AppKey[Mapping[str, str]] = web.AppKey("letter_headers", dict)
_HEADERS_SHOWN = (
    *(("From", "Från"), ("To", "Till"), ("Date", "Datum")),
    ("Message-ID", "Message-ID"),
)
_SHOWN_INLINE = {"pdf": "application/pdf"}


def add_pages(app: web.Application, *, headers: Mapping[str, str]) -> None:
    """Mount the pages; `headers` go with each of them."""
    app[_HEADERS] = headers
    app.router.add_get("/mail", _all)
    app.router.add_get("/mail/{letter}", _one)
    app.router.add_get("/mail/{letter}/{number:\\d+}/{name:.*}", _attachment)


async def _all(request: web.Request) -> web.Response:
    world = request.app[SITE].world
    people = {one.email.lower(): one.name for one in world.people.values() if one.email}
    boxes: dict[str, list[Mail]] = defaultdict(list)
    for mail in reversed(world.mails.values()):
        boxes[mail.to].append(mail)
    shown = [
        {"to": to, "name": people.get(to) or letters[0].name, "letters": letters}
        for to, letters in sorted(boxes.items())
    ]
    return _html(request, "letters.html", boxes=shown, count=len(world.mails))


async def _one(request: web.Request) -> web.Response:
    mail, content = _found(request)
    letter = post.read(content)
    return _html(
        request,
        "letter.html",
        mail=mail,
        headers=[(label, str(letter[name])) for name, label in _HEADERS_SHOWN],
        text=post.text_of(letter),
        files=[{"name": name, "size": len(data)} for name, data in post.attachments(letter)],
    )


async def _attachment(request: web.Request) -> web.Response:
    _, content = _found(request)
    files = post.attachments(post.read(content))
    number = int(request.match_info["number"])
    if number >= len(files):
        raise web.HTTPNotFound(text="Den bilagan finns inte.")
    name, data = files[number]
    kind = _SHOWN_INLINE.get(Path(name).suffix.lower().removeprefix("."))
    shown = content_disposition_header("inline" if kind else "attachment", filename=name)
    return web.Response(
        body=data,
        content_type=kind or "application/octet-stream",
        headers={
            hdrs.CONTENT_DISPOSITION: shown,
            "X-Content-Type-Options": "nosniff",
            "Cache-Control": "no-store",
        },
    )


def _found(request: web.Request) -> tuple[Mail, bytes]:
    world = request.app[SITE].world
    mail = world.mails.get(request.match_info["letter"])
    content = world.contents.get(mail.id) if mail else None
    if mail is None or content is None:
        raise web.HTTPNotFound(text="Det brevet finns inte.")
    return mail, content


def _html(request: web.Request, template: str, **facts: Any) -> web.Response:
    text = page(template, team=request.app[SITE].world.team.name, **facts)
    return web.Response(text=text, content_type="text/html", headers=request.app[_HEADERS])
