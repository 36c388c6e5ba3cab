"""The control on the first page that moves the app's clock forward, when the sandbox keeps one."""

from aiohttp import web

from sandbox.errors import Impossible
from sandbox.keys import SITE
from sandbox.webapi import origin

STEPS = ((1, "En dag fram"), (7, "En vecka fram"), (30, "Trettio dagar fram"))


async def move(request: web.Request) -> web.Response:
    """`days` forward, or to the morning of `day`. Refused from other sites' pages."""
    clock, form = request.app[SITE].app_clock, await request.post()
    if clock is None:
        raise web.HTTPNotFound(text="Den här sandlådan flyttar ingen klocka.")
    if request.headers.get("Origin") not in {None, origin(request)}:
        raise web.HTTPForbidden(text="En annan webbplats får inte styra sandlådan.")
    days = str(form.get("days", ""))
    try:
        if days.isdecimal():
            clock.forward(int(days[:5]))
        else:
            clock.to(str(form.get("day", "")))
    except Impossible:
        raise web.HTTPBadRequest(text="Klockan går bara framåt. Välj en senare dag.") from None
    raise web.HTTPSeeOther("/")
