"""Everything that sends what gestures owe, joined to `perform` and started and stopped together."""

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from datetime import datetime
from typing import TypeVar
from uuid import uuid4

from bot.attempts import Attempts
from bot.jobs_at_work import Jobs, Run, WhenFailed
from bot.outbox import Outbox
from bot.perform import Perform
from bot.rules import Rules
from bot.sending import RefusedRow, nobody
from bot.slack import Slack
from bot.updates import Updates
from bot.uploads import Files
from storage.outbox import Claim, Claimed, Kind

Tools = TypeVar("Tools")
UPDATE = "update:"


@asynccontextmanager
async def delivering(
    perform: Perform,
    slack: Slack,
    *,
    files: Files,
    now: Callable[[], datetime],
    jobs: Mapping[str, Run[Tools]],
    when_failed: Mapping[str, WhenFailed],
    tools: Tools,
    rules: Rules | None = None,
    refused: RefusedRow = nobody,
) -> AsyncIterator[Outbox]:
    """While it is open, what a commit owes is sent. Afterwards nothing runs and all is stored."""
    rules = rules or Rules()
    claim = Claim(owner=uuid4().hex, lease=rules.lease)
    attempts = Attempts(perform, slack, files=files, now=now, rules=rules, claim=claim)
    outbox = Outbox(
        perform,
        slack,
        attempts=attempts,
        now=now,
        rules=rules,
        claim=claim,
        refused=refused,
    )
    updates = Updates(perform, slack, attempts=attempts, now=now, rules=rules, claim=claim)
    kinds: tuple[Kind, ...] = ("job", "mail")
    working = [
        Jobs(
            perform,
            registry=jobs,
            when_failed=when_failed,
            tools=tools,
            now=now,
            rules=rules,
            owner=claim.owner,
            kind=kind,
        )
        for kind in kinds
    ]

    def committed(owed: list[tuple[str | None, Claimed | None]]) -> None:
        for lane, row in owed:
            if lane is None:
                for at_work in working:
                    at_work.wake()
            elif not lane.startswith(UPDATE):
                outbox.take(lane, row)

    perform.committed = committed
    parts: tuple[Outbox | Updates | Jobs[Tools], ...] = (outbox, updates, *working)
    for part in parts:
        part.start()
    try:
        yield outbox
    finally:
        # What is done is still sent; jobs first, for they may owe a message.
        await asyncio.gather(*(at_work.stop() for at_work in working))
        await asyncio.gather(outbox.stop(), updates.stop())
        await perform.flush()
