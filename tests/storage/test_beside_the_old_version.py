"""The version before works on while and after the schema is brought up to date, and back again.

What the version of step 0001 wrote is written down here as SQL, as its storage/ wrote it (commit 3cbfb13).
"""

import asyncio
import hashlib
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, text

from bot import clock
from bot.database import database
from storage import cases, drafts, ledger, search
from storage.migrations import upgrade
from tests.databases import fresh_postgres
from tests.people import at_work, town

AT = "2026-03-02 09:30:00.000000"
SUBMITTED = (
    '{"administrations":["socialforvaltningen"],"at":"2026-03-02T09:30:00Z","authors":'
    '["T0SANDBOX:U0ANNA"],"by":"T0SANDBOX:U0ANNA","changed":[],"kind":"submitted",'
    '"stage":"proposal","version":1,"voids":true}'
)
ANSWERS = (Path(__file__).parent / "before" / "proposal.json").read_text("utf-8")
STORED = (
    '{"at":"2026-03-02T09:30:00Z","by":"T0SANDBOX:U0BOT","docx_sha256":"a1","issue":1,'
    '"kind":"documents_stored","pdf_sha256":"0f","version":1}'
)


@pytest.fixture(params=["sqlite", "postgres"])
def empty_url(request: pytest.FixtureRequest, tmp_path: Path) -> Any:
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path}/lots.db"
    else:
        address = request.getfixturevalue("postgres")
        with fresh_postgres(address, template="template1") as url:
            yield url


def hashed(previous: str, body: str) -> str:
    return hashlib.sha256((previous + body).encode()).hexdigest()


def old_draft(db: Connection, number: int) -> None:
    """An officer begins, answers, changes the answer, and stands at the next question."""
    run = _runner(db)
    added = run(
        "INSERT INTO drafts (state, stage, form_version, added_at, changed_at)"
        f" VALUES ('open', 'proposal', 1, '{AT}', '{AT}') RETURNING id"
    ).scalar_one()
    run(
        "INSERT INTO draft_members (draft_id, person, role, added_at)"
        f" VALUES ({added}, 'T0SANDBOX:U0P{number}', 'owner', '{AT}')"
    )
    run(
        "INSERT INTO answers (draft_id, key, value, by, at, basis, number)"
        f""" VALUES ({added}, 'title', '"Lampor"', 'T0SANDBOX:U0P{number}', '{AT}', '', 1)"""
    )
    run(
        f"""UPDATE answers SET value = '"Lyktor"', number = 2 WHERE draft_id = {added} AND key = 'title'"""
    )
    run(
        "INSERT INTO positions (person, draft_id, asked, saw, post, answered)"
        f" VALUES ('T0SANDBOX:U0P{number}', {added}, 'initiative', 2, NULL, 'title')"
    )
    run(f"UPDATE drafts SET changed_at = '{AT}' WHERE id = {added}")
    row = run(
        f"SELECT id, case_id, state, stage, form_version, reopened FROM drafts WHERE id = {added}"
    )
    assert row.one() == (added, None, "open", "proposal", 1, None)


def old_case(db: Connection, case_id: str) -> None:
    """She hands in; the documents are stored; KLG's card is known; a message is owed."""
    run = _runner(db)
    run(
        "INSERT INTO case_numbers (year, last) VALUES (2026, 1)"
        " ON CONFLICT (year) DO UPDATE SET last = case_numbers.last + 1 RETURNING last"
    )
    run(
        "INSERT INTO cases (id, length, state, stage, version, title, dnr, administrations,"
        f" first_submitted_at, submitted_at, since) VALUES ('{case_id}', 1, 'documents', 'proposal', 1,"
        f""" 'Belysning i parken', '', '["socialforvaltningen"]', '{AT}', '{AT}', '{AT}')"""
    )
    run(
        "INSERT INTO submissions (case_id, version, stage, answers)"
        f" VALUES ('{case_id}', 1, 'proposal', '{ANSWERS}')"
    )
    run(f"DELETE FROM case_parties WHERE case_id = '{case_id}'")
    for party in ("T0SANDBOX:U0ANNA", "socialforvaltningen"):
        run(f"INSERT INTO case_parties (case_id, party) VALUES ('{case_id}', '{party}')")
    first = hashed(case_id, SUBMITTED)
    for number, body, digest in ((1, SUBMITTED, first), (2, STORED, hashed(first, STORED))):
        run(
            f"INSERT INTO events (case_id, length, body, hash) VALUES ('{case_id}', {number}, '{body}', '{digest}')"
        )
    run(
        f"UPDATE cases SET length = 2, state = 'assessment', dnr = '', since = '{AT}' WHERE id = '{case_id}' AND length = 1"
    )
    run(
        "INSERT INTO outbox (kind, lane, payload, state, attempts, due_at)"
        f""" VALUES ('post', 'U0ANNA', '{{"text":"hej","blocks":[]}}', 'waiting', 0, '{AT}')"""
    )
    run(
        f"INSERT INTO gestures (key, person, at) VALUES ('view:V{case_id}', 'T0SANDBOX:U0ANNA', '{AT}')"
    )


def _runner(db: Connection) -> Callable[[str], Any]:
    return lambda sql: db.execute(text(sql.replace(":", r"\:")))


def written(url: str, number: int) -> str:
    """What the old version writes; returns the case's id."""
    case_id = f"2026-000{number}"

    async def write() -> None:
        async with database(url, now=clock.now) as perform:
            await perform.unkeyed(lambda tx: old_draft(tx.db, number))
            await perform.unkeyed(lambda tx: old_case(tx.db, case_id))

    asyncio.run(write())
    return case_id


def test_the_version_before_writes_and_reads_on_in_the_new_schema(empty_url: str) -> None:
    upgrade(empty_url, to="0001")
    before = written(empty_url, 1)
    upgrade(empty_url)
    after = written(empty_url, 2)

    async def read() -> None:
        async with database(empty_url, now=clock.now) as perform:
            for case_id in (before, after):
                case = await perform.read(partial(cases.load, case_id=case_id))
                assert case.length == 2
            found = await perform.read(lambda db: drafts.get(db, 2))
            assert found is not None
            assert found.case_id is None

    asyncio.run(read())


def test_a_version_that_does_not_know_the_newest_step_starts_all_the_same(empty_url: str) -> None:
    upgrade(empty_url)

    async def newer() -> None:
        async with database(empty_url, now=clock.now) as perform:
            await perform.unkeyed(
                lambda tx: tx.db.execute(text("UPDATE alembic_version SET version_num = '9999'"))
            )

    asyncio.run(newer())
    upgrade(empty_url)  # as its `lots run` does: nothing to do, and no error
    written(empty_url, 1)


async def test_the_bot_starts_on_what_the_version_before_left(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/lots.db"
    await asyncio.to_thread(upgrade, url, to="0001")
    case_id = await asyncio.to_thread(written, url, 1)
    await asyncio.to_thread(upgrade, url)
    async with town(url, tmp_path, asleep=True) as here, at_work(here):
        await here.anna.sees("hej")
        home = str(await here.anna.home())
        assert case_id in home
        assert "Belysning i parken" in home
    async with database(url, now=clock.now) as perform:
        assert await perform.read(lambda db: search.find(db, "belysning")) == [case_id]
        assert await perform.read(ledger.years)


def test_two_that_migrate_one_new_database_at_once_wait_for_one_another(postgres: str) -> None:
    with fresh_postgres(postgres, template="template1") as url:

        async def both() -> None:
            await asyncio.gather(*(asyncio.to_thread(upgrade, url) for _ in range(3)))

        asyncio.run(both())
        written(url, 1)
