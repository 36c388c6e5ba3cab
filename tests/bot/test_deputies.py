"""A deputy of the chief executive gets what already waits on her first working day, once."""

from collections.abc import AsyncIterator
from datetime import date, datetime
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from bot.acts import deputies, routing
from bot.timetable import Timetable
from flows.practice import ChiefExecutiveDeputy
from tests.bot.decided import recommended
from tests.bot.town import Town, buttons, town
from tests.flows.filled import example

PETRA = "U0PETRA"
BEFORE, FRIDAY = "2026-11-26T09:00:00+01:00", "2026-11-27T09:00:00+01:00"
MONDAY, TUESDAY = "2026-11-30T09:00:00+01:00", "2026-12-01T09:00:00+01:00"
SATURDAY = date(2026, 11, 28)


@pytest.fixture
async def here(database_url: str, tmp_path: Path) -> AsyncIterator[Town]:
    deputy = ChiefExecutiveDeputy(
        email="petra.lind@exempelkommunen.se",
        since=SATURDAY,
        until=date(2026, 12, 6),
        source="KS 2026-10-20 § 101",
    )
    programme = example().model_copy(update={"chief_executive_deputies": (deputy,)})
    async with town(database_url, tmp_path, programme=programme) as made:
        yield made


async def reach(here: Town, at: str, *, replicas: int = 1) -> None:
    here.now = max(datetime.fromisoformat(at), here.now)
    for _ in range(replicas):
        timers = Timetable(
            here.perform, here.office, deputies.TIMERS, now=lambda: here.now, poll_s=1
        )
        await timers.once()
    await here.work()


async def to_petra(here: Town) -> list[dict[str, Any]]:
    return [post for post in await here.owed("post") if post["lane"] == PETRA]


async def test_what_waits_comes_on_the_first_working_day_of_her_days_and_once(here: Town):
    case_id = await recommended(here)
    await here.act(partial(routing.at_start, office=here.office, case_id=case_id))
    await reach(here, BEFORE)
    await reach(here, FRIDAY)
    assert await to_petra(here) == [], "her days have not begun"

    await reach(here, MONDAY, replicas=2)
    await reach(here, TUESDAY)

    [post] = await to_petra(here)
    assert case_id in post["text"]
    assert {"Bifall", "Avslag", "Återremiss"} <= {
        one["text"]["text"] for one in buttons(post["blocks"])
    }
    uploads = [row for row in await here.owed("upload") if row["lane"] == PETRA]
    assert [row["refers_to"] for row in uploads] == [post["id"]], "the application, in its thread"
