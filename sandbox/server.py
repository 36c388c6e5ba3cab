"""Puts the sandbox on a port of this machine: Web API, sockets, control API and browser pages."""

import contextlib
from collections.abc import AsyncGenerator
from pathlib import Path

from aiohttp import web

from sandbox import control, post, transfers
from sandbox.app_clock import AppClock
from sandbox.clock import Clock
from sandbox.keys import SITE
from sandbox.pages.routes import add_pages
from sandbox.site import Site
from sandbox.store import StateFile
from sandbox.webapi import api
from sandbox.workspace import Workspace

HOST = "127.0.0.1"
MAX_UPLOAD = 200 * 1024 * 1024


def application(site: Site) -> web.Application:
    """Give the web application for a site."""
    app = web.Application(client_max_size=MAX_UPLOAD)
    app[SITE] = site
    app.router.add_route("*", "/api/{method}", api)
    app.router.add_get("/link", transfers.link)
    app.router.add_post("/upload/v1/{file}", transfers.upload)
    app.router.add_get("/files-pri/{file}/{name:.*}", transfers.private_file)
    app.router.add_post("/actions/{team}/{key}", transfers.action)
    control.add_routes(app)
    add_pages(app)
    return app


@contextlib.asynccontextmanager
async def serve(
    workspace: Workspace,
    *,
    port: int = 0,
    state: Path | None = None,
    time_scale: float = 1.0,
    request_url: str | None = None,
    mail_port: int | None = None,
    app_clock: Path | None = None,
) -> AsyncGenerator[Site]:
    """Run the sandbox for as long as this lasts; `site.url` is its address (port 0: a free one).

    With `mail_port` it is a mail server there too, for every address. With `app_clock` its first page
    moves the app's clock, which is that file.
    """
    site = Site(workspace, world=workspace.world(), clock=Clock(scale=time_scale))
    site.courier.request_url = request_url
    site.app_clock = AppClock(app_clock) if app_clock else None
    async with contextlib.AsyncExitStack() as stack:
        if state is not None:
            file = StateFile(state, site.world)
            file.load()
            await stack.enter_async_context(file.kept())
        runner = web.AppRunner(application(site), access_log=None, shutdown_timeout=1.0)
        await runner.setup()
        stack.push_async_callback(runner.cleanup)
        stack.push_async_callback(site.courier.close)
        await web.TCPSite(runner, HOST, port).start()
        if mail_port is not None:
            await stack.enter_async_context(post.serve(site.world, host=HOST, port=mail_port))
        site.url = site.origin = f"http://{HOST}:{runner.addresses[0][1]}"
        yield site
