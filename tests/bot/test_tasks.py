"""App Home's tasks: what waits for each role after KLG, with the buttons of the task's own message."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from bot.ids import TRANSFER, Value
from tests.bot.decided import (
    IVAR,
    KJELL,
    PETRA,
    gets,
    granted,
    pots,
    waiting_for_board,
    waiting_for_chief_executive,
)
from tests.bot.town import NILS, SARA, Town, buttons, texts_of, town
from tests.flows.filled import ANNA

DRIFT = gets("socialnamnden", "operating", 2026, 400_000)
LAMPS = gets("teknik-och-fastighetsnamnden", "investment", 2026, 300_000)


@pytest.fixture
async def here(database_url: str, tmp_path: Path) -> AsyncIterator[Town]:
    async with town(database_url, tmp_path) as made:
        await pots(made)
        yield made


def named(view: Any, action: str) -> list[dict[str, Any]]:
    return [b for b in buttons(view) if b["action_id"].partition(":")[0] == action]


async def test_a_decision_waits_for_the_chief_executive_and_nobody_else(here: Town) -> None:
    case_id = await waiting_for_chief_executive(here, DRIFT)

    assert f"{case_id} · " in texts_of(await here.home(KJELL))
    assert "Väntar på ditt beslut" in texts_of(await here.home(KJELL))
    for other in (SARA, NILS, ANNA):
        assert "Väntar på ditt beslut" not in texts_of(await here.home(other))


async def test_what_a_political_body_said_is_recorded_from_home(here: Town) -> None:
    case_id = await waiting_for_board(here, DRIFT)

    view = await here.home(SARA)

    assert case_id in [
        Value.read(b["value"]).case for b in buttons(view) if "board" in b["action_id"]
    ]


async def test_each_budget_move_waits_for_whoever_moves_it(here: Town) -> None:
    case_id = await granted(here, DRIFT, LAMPS)

    (drift,) = named(await here.home(PETRA), TRANSFER)
    (lamps,) = named(await here.home(IVAR), TRANSFER)

    assert Value.read(drift["value"]) == Value(case_id, "application", 1, "operating:2026")
    assert Value.read(lamps["value"]) == Value(case_id, "application", 1, "investment:2026")
    assert named(await here.home(ANNA), TRANSFER) == []


async def test_the_money_stands_on_the_home_of_those_who_answer_for_it(here: Town) -> None:
    await granted(here, DRIFT)

    assert "Pengar för särskild trygghetssatsning 2026" in texts_of(await here.home(KJELL))
    assert "Pengar för särskild trygghetssatsning 2027" in texts_of(await here.home(NILS))
    assert "Pengar för särskild" not in texts_of(await here.home(ANNA))


async def test_no_id_stands_twice_on_a_page(here: Town) -> None:
    for _ in range(3):
        await granted(here, DRIFT, LAMPS)
        await waiting_for_board(here, DRIFT)

    for person in (SARA, PETRA, IVAR):
        ids = [b["action_id"] for b in buttons(await here.home(person))]
        assert len(ids) == len(set(ids))
