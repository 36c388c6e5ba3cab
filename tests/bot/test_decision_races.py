"""Two decisions at once never pass a cap or a pot, on both databases: one is made, the other goes on."""

import asyncio
from collections.abc import AsyncIterator
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from bot.acts import decision
from bot.blocks.chief_executive import SHORT_HASH
from bot.ids import Value
from flows.case import State
from flows.decided import Allocation, Reason, Verdict
from flows.rules import CostKind
from storage import ledger
from tests.bot.decided import KJELL, gets, granted, waiting_for_chief_executive
from tests.bot.town import Town, town
from tests.flows.filled import example


@pytest.fixture
async def here(database_url: str, tmp_path: Path) -> AsyncIterator[Town]:
    async with town(database_url, tmp_path) as made:
        yield made


async def at_once(here: Town, *case_ids: str) -> list[Any]:
    """Each is granted in the same moment, in a transaction of its own."""
    presses = []
    for case_id in case_ids:
        case = await here.case(case_id)
        what = f"{Verdict.GRANTED}:{case.pdf_sha256[:SHORT_HASH]}"
        value = Value(case_id, case.stage, case.version, what)
        told = {"office": here.office, "value": value, "by": KJELL, "reason": "Bra."}
        presses.append(here.act(partial(decision.decide, **told)))
    return await asyncio.gather(*presses)


async def states(here: Town, *case_ids: str) -> list[State]:
    return sorted([(await here.case(case_id)).state for case_id in case_ids])


def drift(amount: int) -> Allocation:
    return gets("socialnamnden", "operating", 2026, amount)


@pytest.mark.requirement("R000-8")
async def test_of_two_that_fit_under_the_cap_alone_exactly_one_passes(here: Town):
    await granted(here, drift(1_000_000))
    both = [await waiting_for_chief_executive(here, drift(600_000)) for _ in range(2)]
    told = await at_once(here, *both)

    assert await states(here, *both) == [State.DRAFTING_COMMITTEE, State.FOLLOW_UP]
    assert sum(one is None for one in told) == 1
    account = (await here.perform.read(lambda db: ledger.accounts(db, 2026)))[CostKind.OPERATING]
    assert (account.delegated, account.reserved_for_board) == (1_600_000, 600_000)
    assert account.reserved_for_chief_executive == 0
    [other] = [c for c in [await here.case(i) for i in both] if c.decision is None]
    assert other.route is not None
    assert [(r.code, r.used) for r in other.route.reasons] == [(Reason.CAP, 1_600_000)]


@pytest.mark.requirement("R000-14")
async def test_of_two_that_fit_in_the_pot_alone_exactly_one_passes(
    database_url: str, tmp_path: Path
):
    """A pot that is smaller than the cap: kommunstyrelsen has taken most of the year's money."""
    small = tuple(
        money.model_copy(update={"operating": Decimal(1_000_000)}) for money in example().money
    )
    programme = example().model_copy(update={"money": small})
    async with town(database_url, tmp_path, programme=programme) as here:
        both = [await waiting_for_chief_executive(here, drift(600_000)) for _ in range(2)]
        await at_once(here, *both)

        assert await states(here, *both) == [State.DRAFTING_COMMITTEE, State.FOLLOW_UP]
        [other] = [c for c in [await here.case(i) for i in both] if c.decision is None]
        assert other.route is not None
        assert [reason.code for reason in other.route.reasons] == [Reason.OVER_POT]
        account = (await here.perform.read(lambda db: ledger.accounts(db, 2026)))[
            CostKind.OPERATING
        ]
        assert account.available == 400_000


async def test_of_ten_at_once_those_that_fit_are_decided_and_numbered_without_gaps(here: Town):
    cases = [await waiting_for_chief_executive(here, drift(300_000)) for _ in range(10)]
    await at_once(here, *cases)

    decided = [c.decision for c in [await here.case(i) for i in cases] if c.decision is not None]
    numbers = sorted(one.number for one in decided)
    assert numbers == [f"D 2026-{n:04}" for n in range(1, 7)]  # 6 × 300 000 = 1 800 000
