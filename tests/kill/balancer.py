"""The simplest balancer: each request to the next of the bots in turn, past those that do not answer the door.

A request that has reached one is not sent to another, as nginx does with POST: Slack sends it again.
"""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from itertools import count

import aiohttp
from aiohttp import web

PATH = "/slack/events"


@asynccontextmanager
async def balancer(ports: Sequence[int]) -> AsyncIterator[str]:
    """The address that Slack is given, in front of bots at these ports of this machine."""
    turns = count()
    async with aiohttp.ClientSession(auto_decompress=False) as session:

        async def forward(request: web.Request) -> web.Response:
            body, first = await request.read(), next(turns)
            for further in range(len(ports)):
                port = ports[(first + further) % len(ports)]
                try:
                    async with session.post(
                        f"http://127.0.0.1:{port}{PATH}", data=body, headers=request.headers
                    ) as answer:
                        kind = answer.headers.get("Content-Type", "text/plain")
                        return web.Response(
                            status=answer.status,
                            body=await answer.read(),
                            headers={"Content-Type": kind},
                        )
                except aiohttp.ClientConnectorError:
                    continue
                except aiohttp.ClientError:
                    return web.Response(status=502)
            return web.Response(status=503)

        app = web.Application()
        app.router.add_post(PATH, forward)
        runner = web.AppRunner(app, access_log=None, shutdown_timeout=1)
        await runner.setup()
        try:
            await web.TCPSite(runner, "127.0.0.1", 0).start()
            yield f"http://127.0.0.1:{runner.addresses[0][1]}{PATH}"
        finally:
            await runner.cleanup()
