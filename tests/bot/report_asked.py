"""A report of April that is asked for, and those who are to write it."""

from functools import partial
from typing import Any

from flows.follow_up import DueState
from storage import reports
from tests.bot.desk import Desk
from tests.bot.klg import closes_account
from tests.bot.reports import day, plan_of, planned
from tests.bot.town import Town

APRIL, YEAR_END = "2027-april", "2027-year_end"


async def asked(here: Desk, *amounts: Any, key: str = APRIL, on: str = "2027-05-03") -> str:
    """A case whose report of April is asked for, with nothing before it."""
    case_id = await planned(here.town, *amounts)
    await skip_to(here.town, case_id, key)
    await day(here.town, on)
    return case_id


async def skip_to(here: Town, case_id: str, key: str) -> None:
    for due in await plan_of(here, case_id):
        if due.key == key:
            return
        drop = partial(reports.change, case_id=case_id, key=due.key, state=DueState.DROPPED)
        await here.act(lambda tx, drop=drop: drop(tx.db))


async def leaves_slack(here: Desk, person: str) -> None:
    profile = {"email": "anna.ek@exempelkommunen.se", "real_name": "Anna Ek"}
    await closes_account(here.town, person, profile=profile)
