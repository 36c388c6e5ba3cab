"""What the benchmarks make documents of: whole applications, none like another."""

from datetime import UTC, datetime

from benchmarks import documents, held_up
from benchmarks.documents import BOTH, WEASYPRINT, Took
from benchmarks.load import Taken
from benchmarks.officers import TEAM
from bot.acts.documents import facts
from bot.database import database
from bot.office import Office
from bot.programme import load
from bot.render import Texts
from bot.settings import EXAMPLE_PROGRAMME
from flows.documents import Application


async def test_the_applications_that_are_made_have_every_point(sqlite_url: str):
    now = datetime(2026, 11, 20, 9, tzinfo=UTC)
    office = Office(load(EXAMPLE_PROGRAMME)[0], Texts(), TEAM, "U0BOT", "C0KLG")
    async with database(sqlite_url, now=lambda: now) as perform:
        await perform.unkeyed(lambda tx: held_up.hand_in(tx.db, now))
        made = await perform.read(lambda db: facts(db, office, "2026-9000", version=1))

    assert made.calculations is not None
    assert made.calculations.investment is not None
    assert made.own_budget is not None
    assert made.concerned is not None


def test_no_two_documents_have_the_same_texts():
    first, second = (documents.example(number) for number in (1, 2))

    assert isinstance(first, Application)
    assert isinstance(second, Application)
    assert first.proposal.what != second.proposal.what
    assert first.case_number == second.case_number


def test_weasyprint_is_compared_within_a_round():
    found = {
        BOTH: [Took(100, 80), Took(200, 80), Took(100, 80)],
        WEASYPRINT: [Took(500, 400), Took(600, 400), Took(300, 400)],
    }

    said = documents.report(found).splitlines()

    assert [cell.strip() for cell in said[-1].split("|")][2:6] == ["500", "400", "3.00", "5.00"]


def test_what_documents_cost_an_ack_is_compared_within_a_round():
    alone, beside = Taken(acks=[0.010] * 5), Taken(acks=[0.030] * 5, lost=1)

    said = held_up.report([held_up.Found(alone, beside, made_s=2, made=20)]).splitlines()

    assert said[-1].split("|")[2].strip() == "3"
    assert said[-2].split("|")[5].strip() == "5 (1)"
