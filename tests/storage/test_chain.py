"""A row of the log that somebody changed beside the bot is named, whichever it is and however it was."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sqlalchemy import text

from bot.perform import Transaction
from bot.render import Texts
from bot.verifying import verify_database, walked
from storage.cases import canonical, chained
from storage.chain import Broken, Held
from tests.bot.decided import granted, recommended
from tests.bot.town import Town, town


@pytest.fixture
async def here(database_url: str, tmp_path: Path) -> AsyncIterator[Town]:
    async with town(database_url, tmp_path) as made:
        yield made


async def found(here: Town) -> list[Held | Broken]:
    return [one async for one in walked(here.perform)]


async def tamper(here: Town, database_url: str, *statements: str) -> None:
    """As somebody who owns the database can, and the bot never."""
    sqlite = database_url.startswith("sqlite")
    protection = "DROP TRIGGER events_only_added_{}" if sqlite else "ALTER TABLE events DISABLE {}"
    parts = ("UPDATE", "DELETE") if sqlite else ("TRIGGER USER",)

    def run(tx: Transaction) -> None:
        for statement in (*(protection.format(part) for part in parts), *statements):
            tx.db.execute(text(statement))

    await here.act(run)


async def test_every_link_holds_when_nobody_has_touched_it(here: Town) -> None:
    cases = sorted([await recommended(here), await granted(here, by_board=True)])

    all_of_them = await found(here)

    held = [(one.case_id, one.events) for one in all_of_them if isinstance(one, Held)]
    assert held == [(case_id, len(await here.events(case_id))) for case_id in cases]


@pytest.mark.parametrize(
    ("statement", "number", "why"),
    [
        (
            "UPDATE events SET body = replace(body, ':', ': ') WHERE length = 3 AND {of}",
            3,
            "changed",
        ),
        ("UPDATE events SET hash = 'ab' WHERE length = 1 AND {of}", 1, "changed"),
        ("DELETE FROM events WHERE length = 2 AND {of}", 2, "missing"),
        ("DELETE FROM events WHERE length = 1 AND {of}", 1, "missing"),
        ("DELETE FROM events WHERE {of}", 1, "missing"),
        ("DELETE FROM events WHERE length = {last} AND {of}", -1, "missing"),
    ],
)
async def test_the_first_broken_link_is_named(
    here: Town, database_url: str, statement: str, number: int, why: str
) -> None:
    other, case_id = await recommended(here), await granted(here)
    last = len(await here.events(case_id))
    of = f"case_id = '{case_id}'"

    await tamper(here, database_url, statement.format(of=of, last=last))

    broken = [one for one in await found(here) if isinstance(one, Broken)]
    assert broken == [Broken(case_id, last if number == -1 else number, why)]
    assert other in [one.case_id for one in await found(here) if isinstance(one, Held)]
    said: list[str] = []
    assert not await verify_database(database_url, Texts(), say=said.append)
    assert f"Ärende {case_id}: loggen är bruten vid händelse nummer" in said[0]


async def test_an_event_added_beside_the_bot_is_named_though_its_hash_is_right(here: Town) -> None:
    case_id = await granted(here)
    events = await here.events(case_id)
    body = canonical(events[-1])

    (before,) = [one for one in await found(here) if isinstance(one, Held)]
    row = {"id": case_id, "n": len(events) + 1, "b": body, "h": chained(before.seal, body)}
    await here.act(
        lambda tx: tx.db.execute(text("INSERT INTO events VALUES (:id, :n, :b, :h)"), row)
    )

    assert await found(here) == [Broken(case_id, len(events) + 1, "added")]
