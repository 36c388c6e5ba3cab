"""The composition root: the only module that builds the parts and joins them.

`run` starts the bot on the given settings and returns when `stop` is set, with everything that was
begun finished and everything that is owed stored.
"""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from functools import partial
from typing import Any

import structlog
from aiohttp import web
from slack_bolt.app.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult

from bot import clock, health, http, rebuilding
from bot.acts import dispatch as expedition
from bot.acts import klg_channel as channel
from bot.all_listeners import LISTENERS
from bot.bootstrap import open_office
from bot.catch_up import CatchUp
from bot.clock import Clock
from bot.database import database
from bot.delivering import delivering
from bot.dispatch import Dispatch
from bot.files import FileStore
from bot.jobs import JOBS, when_failed
from bot.jobs.tools import Tools
from bot.listeners.shell import Shell
from bot.mail import Server, server
from bot.office import Office
from bot.render import Texts
from bot.rules import Rules
from bot.settings import Settings, SlackMode
from bot.slack import Identity, Slack, open_slack
from bot.socket import connected
from bot.timers import TIMERS
from bot.timetable import Timetable
from flows.programme import Programme

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Bot:
    """The joined parts, running. Slack is not connected yet."""

    app: AsyncApp
    slack: Slack
    dispatch: Dispatch
    shell: Shell
    catch_up: CatchUp
    timetable: Timetable


async def run(
    settings: Settings,
    programme: Programme,
    *,
    stop: asyncio.Event,
    rules: Rules | None = None,
    now: Clock | None = None,
) -> None:
    """Serve Slack until `stop` is set, or until Slack has been out of reach for too long."""
    async with running(settings, programme, rules=rules, now=now) as bot:
        await bot.timetable.once()  # who sits in KLG today, before anybody presses
        await bot.catch_up.at_start()
        beside = [
            asyncio.create_task(bot.catch_up.run()),
            asyncio.create_task(bot.timetable.run()),
        ]
        try:
            async with _listening(settings, bot) as line, _health(settings, bot, line):
                log.info("listening", mode=settings.slack_mode.value)
                await _until(stop, line.lost)
        finally:
            for task in beside:
                task.cancel()
            await asyncio.gather(*beside, return_exceptions=True)


@asynccontextmanager
async def running(
    settings: Settings,
    programme: Programme,
    *,
    rules: Rules | None = None,
    now: Clock | None = None,
) -> AsyncGenerator[Bot]:
    """Open the database, Slack and the outbox; close them in the right order.

    `now` is when things happen; what Slack's times are compared with is always the machine's clock.
    """
    now = now or clock.of(settings.test_clock)
    async with AsyncExitStack() as stack:
        perform = await stack.enter_async_context(
            database(settings.database_url, now=now, real=clock.now)
        )
        await rebuilding.if_needed(perform)
        slack = await stack.enter_async_context(
            open_slack(settings.slack_bot_token.get_secret_value(), url=settings.slack_api_url)
        )
        identity = await slack.identity()
        office = await open_office(
            slack, perform, identity, programme, Texts(names=programme.names)
        )
        files = FileStore(settings.files_url)
        mail = _mail(settings, office)
        outbox = await stack.enter_async_context(
            delivering(
                perform,
                slack,
                files=files,
                now=clock.now,
                jobs=JOBS,
                when_failed=when_failed(office),
                tools=Tools(perform=perform, office=office, files=files, slack=slack, mail=mail),
                rules=rules,
                refused=partial(channel.refused, office=office),
            )
        )
        if mail is not None:
            await perform.unkeyed(expedition.resume)
        shell = Shell(perform, office, slack.client, slack.session, outbox)
        stack.push_async_callback(_drain, shell)
        dispatch = Dispatch(LISTENERS, shell)
        app = _bolt(settings, slack, identity)
        dispatch.register(app)
        catch_up = CatchUp(
            perform,
            slack,
            team=office.team,
            replay=dispatch.message,
            given_up=dispatch.message_given_up,
            now=clock.now,
            rules=rules,
        )
        poll_s = (rules or Rules()).timers_poll_s
        timetable = Timetable(perform, office, TIMERS, now=now, poll_s=poll_s)
        yield Bot(app, slack, dispatch, shell, catch_up, timetable)


def _mail(settings: Settings, office: Office) -> Server | None:
    """The way to the e-mail server; without one, what is to be sent becomes the secretary's task."""
    url, sender = settings.smtp_url, settings.mail_from
    if url is None or sender is None:
        log.warning("no e-mail is sent", advice="set SMTP_URL and MAIL_FROM")
        return None
    name = office.texts.plain("dispatch.letter.from", municipality=office.programme.municipality)
    return server(url.get_secret_value(), sender=sender, sender_name=name)


def _bolt(settings: Settings, slack: Slack, identity: Identity) -> AsyncApp:
    """Bolt with a fixed authorization: it otherwise acks and drops when auth.test fails."""
    token = settings.slack_bot_token.get_secret_value()
    secret = settings.slack_signing_secret

    async def authorize(**_: Any) -> AuthorizeResult:
        return AuthorizeResult(
            enterprise_id=None,
            team_id=identity.team,
            bot_token=token,
            bot_id=identity.bot,
            bot_user_id=identity.user,
        )

    over_http = settings.slack_mode is SlackMode.HTTP
    return AsyncApp(
        name="lots",  # unnamed, it reads the source of all that is imported to find a name
        client=slack.client,
        authorize=authorize,
        signing_secret=secret.get_secret_value() if secret else None,
        process_before_response=True,
        # What only a request over HTTP can be is not looked for in each payload of a socket.
        request_verification_enabled=over_http,
        ssl_check_enabled=over_http,
        url_verification_enabled=over_http,
        attaching_function_token_enabled=False,  # we are in no workflow of Slack's,
        attaching_conversation_kwargs_enabled=False,  # and no assistant
    )


@dataclass(frozen=True, slots=True)
class Line:
    """The way from Slack to us. `lost` ends when Slack is lost; HTTP mode has none."""

    is_connected: Callable[[], Awaitable[bool]]
    lost: asyncio.Task[None] | None = None


@asynccontextmanager
async def _listening(settings: Settings, bot: Bot) -> AsyncGenerator[Line]:
    """Connected to Slack."""
    if settings.slack_mode is SlackMode.HTTP:
        async with _served(settings, bot):
            yield Line(_always)
        return
    token = settings.slack_app_token
    assert token is not None  # the settings demand it in socket mode
    secret = token.get_secret_value()
    async with connected(
        bot.app, bot.slack, secret, reconnected=bot.catch_up.wake, straight=bot.dispatch.straight
    ) as socket:
        lost = asyncio.create_task(socket.watch())
        try:
            yield Line(socket.is_connected, lost)
        finally:
            lost.cancel()
            await asyncio.gather(lost, return_exceptions=True)


async def _always() -> bool:
    """In HTTP mode Slack reaches whoever reaches us."""
    return True


@asynccontextmanager
async def _health(settings: Settings, bot: Bot, line: Line) -> AsyncGenerator[None]:
    looked = health.Looked(
        perform=bot.shell.perform,
        metrics=bot.shell.perform.metrics,
        now=clock.now,
        is_connected=line.is_connected,
        timetable_age_s=bot.timetable.age_s,
    )
    async with health.served(looked, host=settings.health_host, port=settings.health_port):
        yield


@asynccontextmanager
async def _served(settings: Settings, bot: Bot) -> AsyncGenerator[None]:
    """Bolt behind an HTTP server at /slack/events; closing waits for requests that are answered."""
    secret = settings.slack_signing_secret
    assert secret is not None  # the settings demand it in HTTP mode
    site = http.site(bot.app, secret.get_secret_value(), bot.shell.perform.metrics)
    runner = web.AppRunner(site, shutdown_timeout=3)
    await runner.setup()
    try:
        await web.TCPSite(runner, settings.http_host, settings.http_port).start()
        yield
    finally:
        await runner.cleanup()


async def _until(stop: asyncio.Event, lost: asyncio.Task[None] | None) -> None:
    stopping = asyncio.create_task(stop.wait())
    await asyncio.wait([stopping, *([lost] if lost else [])], return_when=asyncio.FIRST_COMPLETED)
    stopping.cancel()


async def _drain(shell: Shell) -> None:
    """Let the best-effort calls that are on their way end."""
    if shell.tasks:
        await asyncio.wait(set(shell.tasks), timeout=1)
