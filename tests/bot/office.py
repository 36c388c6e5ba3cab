"""A database, a sandbox and everything that sends, joined as in the bot, without its conversation."""

from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from bot import clock
from bot.clock import Clock
from bot.database import database
from bot.delivering import delivering
from bot.files import FileStore
from bot.jobs_at_work import Run, WhenFailed
from bot.outbox import Outbox
from bot.perform import Perform
from bot.rules import Rules
from bot.slack import Slack, open_slack
from sandbox.client import Sandbox
from sandbox.server import serve
from sandbox.workspace import load
from storage.tables import outbox as rows

FAST = Rules(
    timeout_s=0.4,
    slack_delay_s=0.6,
    grace_s=0.3,
    poll_s=0.05,
    post_every_s=0,
    update_every_s=0,
    share_patience_s=2,
    job_lease_s=1,
    job_retry_s=0.02,
    job_tries=3,
    stop_within_s=2,
    timers_poll_s=0.05,
)


@dataclass(frozen=True)
class Office:
    perform: Perform
    slack: Slack
    sandbox: Sandbox
    outbox: Outbox
    files: FileStore

    async def row(self, outbox_id: int) -> Any:
        return (await self.perform.read(lambda db: db.execute(_one(outbox_id)).all()))[0]

    async def texts(self, person: str, **where: Any) -> list[str]:
        return [m["text"] for m in await self.sandbox.messages(person, **where)]


@asynccontextmanager
async def office(
    database_url: str,
    folder: Path,
    *,
    rules: Rules = FAST,
    jobs: Mapping[str, Run[Any]] | None = None,
    when_failed: Mapping[str, WhenFailed] | None = None,
    sandbox_url: str | None = None,
    now: Clock = clock.now,
) -> AsyncIterator[Office]:
    async with AsyncExitStack() as stack:
        if sandbox_url is None:
            site = await stack.enter_async_context(serve(load()))
            site.share_delay = 0.05
            sandbox_url = site.url
        sandbox = await stack.enter_async_context(Sandbox.connect(sandbox_url))
        slack = await stack.enter_async_context(
            open_slack("xoxb-sandbox", url=f"{sandbox_url}/api/", timeout_s=rules.timeout_s)
        )
        perform = await stack.enter_async_context(database(database_url, now=now))
        files = FileStore(folder.as_uri())
        outbox = await stack.enter_async_context(
            delivering(
                perform,
                slack,
                files=files,
                now=now,
                jobs=jobs or {},
                when_failed=when_failed or {},
                tools=files,
                rules=rules,
            )
        )
        yield Office(perform, slack, sandbox, outbox, files)


def paced(**changes: float) -> Rules:
    return replace(FAST, **changes)


def _one(outbox_id: int) -> Any:
    return rows.select().where(rows.c.id == outbox_id)
