"""`/healthz`, `/readyz` and `/metrics` for the operator, on a port of their own (HEALTH_PORT).

Healthy: the process answers. Ready: the database answers and Slack reaches us, so that a balancer may
send people here. What is measured when somebody looks is measured here.
"""

import asyncio
import time
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from aiohttp import web
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

from bot.metrics import Metrics
from bot.perform import Perform
from storage import outbox

WITHIN_S = 2.0


@dataclass(frozen=True, kw_only=True, slots=True)
class Looked:
    """What the pages are made from. `now` is the machine's clock."""

    perform: Perform
    metrics: Metrics
    now: Callable[[], datetime]
    is_connected: Callable[[], Awaitable[bool]]
    timetable_age_s: Callable[[], float]


@asynccontextmanager
async def served(looked: Looked, *, host: str, port: int | None) -> AsyncGenerator[None]:
    """Serve the pages; nothing is served without a port."""
    if port is None:
        yield
        return
    app = web.Application()
    app.router.add_get("/healthz", _healthy)
    app.router.add_get("/readyz", partial(_ready, looked))
    app.router.add_get("/metrics", partial(_metrics, looked))
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    try:
        await web.TCPSite(runner, host, port).start()
        yield
    finally:
        await runner.cleanup()


async def _healthy(_: web.Request) -> web.Response:
    return web.Response(text="ok\n")


async def _ready(looked: Looked, _: web.Request) -> web.Response:
    missing = [
        name
        for name, there in (
            ("database", await _asked_database(looked)),
            ("slack", await looked.is_connected()),
        )
        if not there
    ]
    if missing:
        return web.Response(status=503, text=f"not ready: {', '.join(missing)}\n")
    return web.Response(text="ready\n")


async def _metrics(looked: Looked, _: web.Request) -> web.Response:
    metrics = looked.metrics
    metrics.slack.set(await looked.is_connected())
    metrics.timers_late.set(looked.timetable_age_s())
    await _asked_database(looked)
    body = generate_latest(metrics.registry)
    return web.Response(body=body, headers={"Content-Type": CONTENT_TYPE_LATEST})


async def _asked_database(looked: Looked) -> bool:
    """Read how much is owed; False when the database does not answer in time."""
    began = time.perf_counter()
    try:
        async with asyncio.timeout(WITHIN_S):
            owed = await looked.perform.read(outbox.depths)
    except Exception:  # noqa: BLE001  whatever it is, the answer is that it does not answer
        looked.metrics.database.set(float("inf"))
        return False
    looked.metrics.database.set(time.perf_counter() - began)
    now = looked.now()
    for kind in outbox.KINDS:
        count, oldest, tries = owed.waiting.get(kind, (0, None, 0))
        looked.metrics.outbox_depth.labels(kind).set(count)
        looked.metrics.outbox_tries.labels(kind).set(tries)
        age = (now - oldest).total_seconds() if oldest is not None else 0
        looked.metrics.outbox_age.labels(kind).set(max(age, 0))
    looked.metrics.given_up.set(owed.given_up)
    return True
