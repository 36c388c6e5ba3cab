"""The browser interface's addresses: a person in the URL, so that two windows can be two people.

Pages only show. Gestures are sent by app.js to the control API, and what they change comes back
through `/as/{person}/live`, upon which the open page asks for itself again and puts in what is new.
"""

import asyncio
from pathlib import Path
from typing import Any

from aiohttp import hdrs, web
from aiohttp.helpers import content_disposition_header

from sandbox.changes import Change
from sandbox.keys import SITE
from sandbox.pages import inspect, letters, moving, seen
from sandbox.pages.render import page
from sandbox.records import Channel
from sandbox.world import World

STATIC = Path(__file__).parents[1] / "static"
SHOWN_AT_FIRST = 100
# Opened by the browser; anything else is downloaded, so that no file can run script in our pages.
SHOWN_INLINE = {"pdf": "application/pdf", "png": "image/png", "jpg": "image/jpeg"}
SECURITY = {
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; "
    "img-src 'self' data:; connect-src 'self'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
}


def add_pages(app: web.Application) -> None:
    """Mount the browser interface on `app`; every page reads the site's world as it then is."""
    app[_OPEN] = set()
    app.on_shutdown.append(_end_live)
    app.router.add_get("/", _people)
    app.router.add_get("/inspect", _inspect)
    app.router.add_post("/app-clock", moving.move)
    letters.add_pages(app, headers=SECURITY)
    app.router.add_get(r"/archives/{channel}/p{ts:\d+}", _archive)
    app.router.add_get("/as/{person}/", _front)
    app.router.add_get("/as/{person}/live", _live)
    app.router.add_get("/as/{person}/files/{file}/{name:.*}", _file)
    app.router.add_get("/as/{person}/{channel}", _conversation)
    app.router.add_static("/static", STATIC)


_OPEN: web.AppKey[set[asyncio.Task[Any]]] = web.AppKey("open", set)


def _html(text: str) -> web.Response:
    return web.Response(text=text, content_type="text/html", headers=SECURITY)


def _person(request: web.Request) -> str:
    person = request.match_info["person"]
    known = request.app[SITE].world.people.get(person)
    if known is None or known.is_bot:
        raise web.HTTPNotFound(text="Det finns ingen sådan person i sandlådan.")
    return person


async def _people(request: web.Request) -> web.Response:
    site = request.app[SITE]
    world, clock = site.world, site.app_clock
    text = page(
        "people.html",
        team=world.team.name,
        everybody=seen.everybody(world),
        place="",
        clock=clock.now() if clock else None,
        steps=moving.STEPS,
    )
    # With the form's own origin, so that its address can tell it from another site's.
    headers = SECURITY | {"Referrer-Policy": "same-origin"}
    return web.Response(text=text, content_type="text/html", headers=headers)


async def _archive(request: web.Request) -> web.Response:
    """Open a permalink: here one first says who one is, and then sees what that person may see."""
    world = request.app[SITE].world
    channel, digits = request.match_info["channel"], request.match_info["ts"]
    room, ts = world.channels.get(channel), f"{digits[:-6]}.{digits[-6:]}"
    if room is None or world.message(channel, ts) is None:
        raise web.HTTPNotFound(text="Meddelandet finns inte.")
    members = [card for card in seen.everybody(world) if card["id"] in room.members]
    place = f"{channel}?thread={ts}"
    text = page("people.html", team=world.team.name, everybody=members, place=place, clock=None)
    return _html(text)


async def _inspect(request: web.Request) -> web.Response:
    site = request.app[SITE]
    return _html(page("inspect.html", team=site.world.team.name, **inspect.facts(site)))


async def _front(request: web.Request) -> web.Response:
    direct = request.app[SITE].world.direct(_person(request))
    raise web.HTTPFound(f"/as/{_person(request)}/{direct.id}")


async def _conversation(request: web.Request) -> web.Response:
    world, person = request.app[SITE].world, _person(request)
    world.direct(person)
    channel = world.channels.get(request.match_info["channel"])
    if channel is None or person not in channel.members:
        raise web.HTTPFound(f"/as/{person}/")
    count = _count(request)
    tab = request.query.get("tab", "messages") if channel.kind == "im" else "messages"
    ts = request.query.get("thread")
    rooms = seen.rooms(world, person)
    total = len(world.timeline(channel.id).roots)
    facts = {
        "team": world.team.name,
        "app": world.app.name,
        "names": seen.names(world),
        "everybody": seen.everybody(world),
        "me": seen.card(world, person),
        "here": seen.room(world, channel, person),
        "tab": tab,
        "has_home": world.app.home_tab,
        "direct": [room for room in rooms if room["kind"] == "im"],
        "channels": [room for room in rooms if room["kind"] != "im"],
        "log": seen.log(world, channel.id, person, count=count) if tab == "messages" else [],
        "older": count + SHOWN_AT_FIRST if total > count else 0,
        "thread": seen.thread(world, channel.id, person, ts) if ts else None,
        "views": seen.views(world, person),
        "home": seen.home(world, person) if tab == "home" else None,
        "shortcuts": world.app.shortcuts,
        "commands": world.app.commands,
        **_writing(world, person, channel),
    }
    return _html(page("workspace.html", **facts))


def _count(request: web.Request) -> int:
    asked = request.query.get("count", "")
    return int(asked) if asked.isdigit() else SHOWN_AT_FIRST


def _writing(world: World, person: str, channel: Channel) -> dict[str, Any]:
    reason = ""
    if world.people[person].deleted:
        reason = "Kontot är avstängt."
    elif channel.archived:
        reason = "Kanalen är arkiverad."
    return {"may_write": not reason, "closed_reason": reason}


async def _file(request: web.Request) -> web.Response:
    """Hand out a file to a person who can see a conversation it is shared in."""
    world, person = request.app[SITE].world, _person(request)
    file = world.files.get(request.match_info["file"])
    content = world.contents.get(file.id) if file else None
    if file is None or content is None or not _may_see(world, person, file.id):
        raise web.HTTPNotFound(text="Filen finns inte, eller så kan du inte se den.")
    kind = SHOWN_INLINE.get(Path(file.name).suffix.lower().removeprefix("."))
    inline = kind is not None and "download" not in request.query
    shown = content_disposition_header("inline" if inline else "attachment", filename=file.name)
    return web.Response(
        body=content,
        content_type=kind or "application/octet-stream",
        headers={
            hdrs.CONTENT_DISPOSITION: shown,
            "X-Content-Type-Options": "nosniff",
            "Cache-Control": "no-store",
        },
    )


def _may_see(world: World, person: str, file_id: str) -> bool:
    file = world.files[file_id]
    rooms = [world.channels.get(channel) for channel, _ in file.shares]
    return file.user == person or any(room and person in room.members for room in rooms)


async def _live(request: web.Request) -> web.StreamResponse:
    """Server-sent events: one `changed` for each batch of changes that this person may see."""
    world, person = request.app[SITE].world, _person(request)
    response = web.StreamResponse(
        headers={"Content-Type": "text/event-stream", "Cache-Control": "no-store"}
    )
    await response.prepare(request)
    task = asyncio.current_task()
    assert task is not None
    request.app[_OPEN].add(task)
    try:
        await _tell_changes(response, world, person)
    except ConnectionResetError:
        pass  # the window was closed
    finally:
        request.app[_OPEN].discard(task)
    return response


async def _tell_changes(response: web.StreamResponse, world: World, person: str) -> None:
    seen_until = world.changes.revision
    await _tell(response, seen_until)
    while True:
        changes = await world.changes.after(seen_until)
        seen_until = changes[-1].revision
        if any(_concerns(world, person, change) for change in changes):
            await _tell(response, seen_until)


async def _tell(response: web.StreamResponse, revision: int) -> None:
    await response.write(f"event: changed\ndata: {revision}\n\n".encode())


def _concerns(world: World, person: str, change: Change) -> bool:
    """Say whether a page of this person may look different after a change.

    Anybody's direct message counts: the list of people shows who has something unread. A warning
    does not: whoever pressed has it as the answer to the press. E-mail has a page of its own.
    """
    if change.kind in ("warning", "mail"):
        return False
    if change.kind in ("view", "home"):
        return change.person == person
    channel = world.channels.get(change.channel)
    return channel is None or channel.kind == "im" or person in channel.members


async def _end_live(app: web.Application) -> None:
    """Let go of the open streams, or stopping the sandbox would wait for every open window."""
    streams = app[_OPEN]
    for task in tuple(streams):
        task.cancel()
