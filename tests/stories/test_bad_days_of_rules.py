"""The municipality changes its programme or its form while people are in the middle: nothing said is lost.

A draft goes on under the rules of today; what was decided stays as it was decided.
"""

import sqlite3
from decimal import Decimal
from pathlib import Path

from bot.programme import load
from bot.settings import EXAMPLE_PROGRAMME
from flows.case import replay
from flows.events import Stage
from flows.programme import Programme
from flows.rules import CostKind
from storage import cases, ledger
from tests.bot.decided import beside, granted
from tests.drafts import stored, write_draft
from tests.flows.filled import KFF, with_own_questions
from tests.people import at_work, town
from tests.stories.test_bad_days import ASKED_SCOPE, GOAL, PATIENT_S
from tests.stories.test_conversation import ASKS_GOAL

OLDER, _ = load(EXAMPLE_PROGRAMME)


def newer() -> Programme:
    """A förvaltning fewer, questions of its own, and a chief executive who may decide nothing."""
    committees = tuple(
        one for one in OLDER.committees if not any(under.id == KFF for under in one.administrations)
    )
    rules = tuple(
        rule.model_copy(update={"operating_cap": Decimal(0), "investment_cap": Decimal(0)})
        for rule in OLDER.delegation
    )
    own = with_own_questions().extra_questions
    return OLDER.model_copy(
        update={"committees": committees, "extra_questions": own, "delegation": rules}
    )


async def test_a_draft_begun_under_an_older_form_goes_on_under_the_new(
    sqlite_url: str, tmp_path: Path
) -> None:
    async with town(sqlite_url, tmp_path, asleep=True) as here:
        draft = write_draft(sqlite_url, here.programme, ASKS_GOAL, stage=Stage.PROPOSAL)
        with sqlite3.connect(sqlite_url.removeprefix("sqlite:///")) as db:
            # It did not ask one, and asked another.
            db.execute("UPDATE drafts SET form_version = 0")
            db.execute("UPDATE answers SET key = 'asked_before' WHERE key = 'reinforces'")
        async with at_work(here):
            await here.anna.says("fortsätt")
            await here.anna.sees("Vad förstärker det som ni redan gör?", seconds=PATIENT_S)
            await here.anna.says("Fältgruppen arbetar vardagar.")
            await here.anna.sees("Vad är målet", seconds=PATIENT_S)
        answers = stored(sqlite_url, draft)
        assert answers["reinforces"] == "Fältgruppen arbetar vardagar."
        assert answers["what"] == ASKS_GOAL["what"]
        assert "asked_before" in answers  # nothing is thrown away


async def test_a_draft_begun_under_an_older_programme_asks_again_only_what_does_not_hold(
    sqlite_url: str, tmp_path: Path
) -> None:
    """Her förvaltning is no more: she is asked for it again, with all else as she left it."""
    given = ASKS_GOAL | {"administrations": (KFF,)}
    async with town(sqlite_url, tmp_path, asleep=True) as before:
        draft = write_draft(sqlite_url, OLDER, given, stage=Stage.PROPOSAL)
        async with at_work(before):
            await before.anna.says("fortsätt")
            await before.anna.sees("Vad är målet", seconds=PATIENT_S)
    async with town(sqlite_url, tmp_path, programme=newer()) as here:
        await here.anna.says("fortsätt")
        await here.anna.sees("Vilken eller vilka förvaltningar", seconds=PATIENT_S)
        await here.anna.chooses("socialforvaltningen")
        await here.anna.presses("Svara")
        await here.anna.sees("Vad är målet", seconds=PATIENT_S)
        await here.anna.says(GOAL)
        await here.anna.sees(ASKED_SCOPE, seconds=PATIENT_S)
    answers = stored(sqlite_url, draft)
    assert answers["administrations"] == ["socialforvaltningen"]
    assert {key: answers[key] for key in ("title", "what", "reinforces")} == {
        key: ASKS_GOAL[key] for key in ("title", "what", "reinforces")
    }


async def test_a_case_decided_under_an_older_programme_stays_decided_as_it_was(
    sqlite_url: str, tmp_path: Path
) -> None:
    """The chief executive granted what she may grant no more, to a förvaltning that is no more."""
    async with (
        town(sqlite_url, tmp_path, asleep=True) as before,
        beside(before.settings, OLDER) as office,
    ):
        case_id = await granted(office)
        events = await office.events(case_id)
        (row, *_) = replay(events).granted
        account = await office.perform.read(lambda db: ledger.accounts(db, row.year))
    async with town(sqlite_url, tmp_path, programme=newer()) as here:
        asked = await here.sandbox.command(
            "U0SARA", "/trygghet", f"ärende {case_id}", channel="C0ALLMANT"
        )
        assert asked["acked"]
        await here.sara.sees(case_id, channel="C0ALLMANT", seconds=PATIENT_S)
        await here.quiet()
        async with beside(here.settings, newer()) as office:
            assert await office.events(case_id) == events
            after = await office.perform.read(lambda db: ledger.accounts(db, row.year))
            of = CostKind(row.kind)
            assert after[of].decided_by_chief_executive == account[of].decided_by_chief_executive
            assert (await office.perform.read(lambda db: cases.load(db, case_id))).decision
