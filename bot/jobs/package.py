"""Packs each document of a decision for the registrators, once all of them are stored."""

import asyncio
from datetime import datetime
from typing import Any

from bot.acts import dispatch, dispatch_package
from bot.jobs.tools import Tools
from bot.office import Office
from bot.package import package
from bot.perform import Act, Transaction
from storage.papers import Paper

NAME = dispatch.PACKAGE_JOB


async def pack(arguments: dict[str, Any], tools: Tools) -> Act[None] | None:
    """`case` and `decision`. A crash before the commit makes the same bytes again."""
    case_id, number = arguments["case"], arguments["decision"]
    plans = await tools.perform.read(
        lambda db: dispatch_package.plans(db, tools.office, case_id, number)
    )
    packages = [await _packed(plan, tools) for plan in plans]

    def store(tx: Transaction) -> None:
        made = [_paper(plan, sha256, size, at=tx.now) for plan, sha256, size in packages]
        dispatch.packed(tx, tools.office, case_id, number, packages=made)

    return store


def failed(office: Office, arguments: dict[str, Any]) -> Act[None]:
    """Every try has failed; the secretary can ask for it again."""
    case_id, number = arguments["case"], arguments["decision"]
    return lambda tx: dispatch_package.failed(tx, office, case_id, number)


async def _packed(
    plan: dispatch_package.Plan, tools: Tools
) -> tuple[dispatch_package.Plan, str, int]:
    documents = {file.title: await tools.files.get(file.sha256) for file in plan.papers}
    made = await asyncio.to_thread(
        package, metadata=plan.metadata, readme=plan.readme, log=plan.log, documents=documents
    )
    return plan, await tools.files.put(made), len(made)


def _paper(plan: dispatch_package.Plan, sha256: str, size: int, *, at: datetime) -> Paper:
    first = plan.papers[0]
    return Paper(
        name=first.name,
        key=first.key,
        format="zip",
        case_id=first.case_id,
        sha256=sha256,
        title=plan.title,
        size=size,
        at=at,
    )
