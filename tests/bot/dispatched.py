"""Decided cases whose expedition has begun, and what has become of each letter."""

from collections.abc import AsyncIterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from bot.acts import dispatch
from bot.ids import Value
from flows.programme import Committee, Programme, Recipients
from storage import dispatches
from storage.dispatches import Dispatch
from storage.tables import outbox
from tests.bot.decided import gets, granted
from tests.bot.mailbox import Mailbox, mailbox
from tests.bot.town import SARA, Town, town
from tests.flows.filled import example

DRIFT = (
    gets("socialnamnden", "operating", 2026, 400_000),
    gets("kultur-och-fritidsnamnden", "operating", 2026, 100_000),
)
REGISTRAR = "registrator.sf@exempelkommunen.se"
DIRECTOR = "mira.sandell@exempelkommunen.se"


@pytest.fixture
async def here(database_url: str, tmp_path: Path) -> AsyncIterator[Town]:
    async with town(database_url, tmp_path) as made:
        yield made


@pytest.fixture
async def box() -> AsyncIterator[Mailbox]:
    async with mailbox() as made:
        yield made


async def begun(here: Town, *amounts: Any, **more: Any) -> str:
    """A decided case whose expedition has begun."""
    case_id = await granted(here, *(amounts or DRIFT), **more)
    await begin(here, case_id)
    return case_id


async def begin(here: Town, case_id: str) -> None:
    case = await here.case(case_id)
    await here.act(partial(dispatch.begin, office=here.office, case_id=case_id, case=case))


async def rows(here: Town, case_id: str) -> dict[str, Dispatch]:
    decision = (await here.case(case_id)).decision
    assert decision is not None
    found = await here.perform.read(lambda db: dispatches.of(db, case_id, decision.number))
    return {row.recipient: row for row in found}


async def tries_again(here: Town, case_id: str, *, by: str = SARA) -> None:
    case = await here.case(case_id)
    assert case.decision is not None
    value = Value(case_id, case.stage, case.version, case.decision.number)
    await here.act(partial(dispatch.again, office=here.office, value=value, by=by))


def without(duty: str, programme: Programme | None = None) -> Programme:
    """Socialförvaltningen has nobody in that duty."""
    return at_social(programme or example(), **{duty: None})


def at_social(programme: Programme, **changed: str | None) -> Programme:
    def bare(committee: Committee) -> Committee:
        if committee.id != "socialnamnden":
            return committee
        (one,) = committee.administrations
        recipients = Recipients(**one.recipients.model_dump() | changed)
        return committee.model_copy(
            update={"administrations": (one.model_copy(update={"recipients": recipients}),)}
        )

    committees = tuple(map(bare, programme.committees))
    return programme.model_copy(update={"committees": committees})


async def all_of(here: Town, kind: str) -> list[dict[str, Any]]:
    query = select(outbox.c.id).where(outbox.c.kind == kind)
    found = await here.perform.read(lambda db: db.scalars(query).all())
    return [{"id": one} for one in found]
