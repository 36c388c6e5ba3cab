"""The reports say what the ledger, the decisions and the follow-up reports say: no more, and nothing twice."""

from collections.abc import AsyncIterator
from datetime import date
from decimal import Decimal
from functools import partial
from pathlib import Path

import pytest

from bot.acts import paper_lists, part_report
from bot.acts import papers as acts
from bot.acts.paper_facts.matter import Order
from bot.acts.paper_facts.registry import FACTS
from flows.decided import MoneyReturned
from flows.papers import PaperName, report_key
from flows.report_papers import AnnualReport, DelegationList, PartReport, Reconciliation
from flows.rules import CostKind
from storage import cases, ledger, papers
from tests.bot import reports
from tests.bot.decided import gets, granted, waiting_for_board
from tests.bot.documents.reading import word_text
from tests.bot.town import SARA, Town, town

MEETING = date(2026, 11, 30)


@pytest.fixture
async def here(database_url: str, tmp_path: Path) -> AsyncIterator[Town]:
    async with town(database_url, tmp_path) as made:
        yield made


async def facts(here: Town, name: PaperName, key: str, case_id: str | None = None) -> object:
    order = Order(key, case_id, date(2026, 11, 23))
    return await here.perform.read(lambda db: FACTS[name](db, here.office, order))


async def said(here: Town, name: PaperName, key: str, case_id: str | None = None) -> str:
    await here.act(lambda tx: acts.order(tx, here.office, name, key, case_id))
    await here.work()
    _, docx, _ = await here.perform.read(lambda db: papers.of(db, name, key))
    return word_text(await here.files.get(docx.sha256))


@pytest.mark.requirement("R000-12")
async def test_a_part_report_lists_exactly_what_was_decided_since_the_last_one(here: Town) -> None:
    await granted(here, gets("socialnamnden", "operating", 2026, 100_000))
    await here.act(partial(part_report.compile_for, office=here.office, meeting=MEETING))
    for kronor in (200_000, 300_000, "400000.50"):
        await granted(here, gets("socialnamnden", "operating", 2026, kronor))
    await granted(here, by_board=True)

    key = await here.act(
        partial(part_report.compile_for, office=here.office, meeting=date(2027, 2, 1))
    )

    report = await facts(here, "part_report", key)
    assert isinstance(report, PartReport)
    assert [one.number for one in report.decisions] == [
        "D 2026-0002",
        "D 2026-0003",
        "D 2026-0004",
    ]
    assert (report.operating, report.investment) == (Decimal("900000.50"), Decimal(0))
    left = {cap.kind: cap.left for cap in report.caps if cap.year == 2026}
    assert left == {
        CostKind.OPERATING: Decimal("999999.50"),
        CostKind.INVESTMENT: Decimal(2_500_000),
    }
    text = await said(here, "part_report", key)
    assert "Kommundirektören har fattat 3 beslut. De ger 900 000,50 kr i driftmedel" in text
    assert "Beviljat, följs upp | 5" in text


@pytest.mark.requirement("R000-61")
async def test_a_part_report_has_only_reports_that_klg_has_received(here: Town) -> None:
    received = await reports.planned(here, reports.DRIFT, title="Mottagen")
    handed_in = await reports.planned(here, reports.LIGHT, title="Inlämnad")
    await reports.day(here, "2027-05-03")
    for case_id in (received, handed_in):
        await reports.hand_in(here, case_id, "2027-april")
    await reports.receive(here, received, "2027-april")

    key = await here.act(partial(part_report.compile_for, office=here.office, meeting=MEETING))

    report = await facts(here, "part_report", key)
    assert isinstance(report, PartReport)
    assert [(one.case_id, one.measure) for one in report.reports] == [(received, "Mottagen")]


@pytest.mark.requirement("R000-13", "R000-1")
async def test_an_annual_report_has_the_ledgers_totals_and_every_committee(here: Town) -> None:
    await granted(here, gets("socialnamnden", "operating", 2026, "400000.25"))
    await granted(
        here,
        gets("teknik-och-fastighetsnamnden", "investment", 2026, 3_000_000),
        gets("teknik-och-fastighetsnamnden", "investment", 2027, 1_000_000),
        by_board=True,
    )
    await waiting_for_board(here, gets("socialnamnden", "operating", 2026, 2_500_000))

    report = await facts(here, "annual_report", "2026")

    assert isinstance(report, AnnualReport)
    accounts = await here.perform.read(lambda db: ledger.accounts(db, 2026))
    assert report.accounts == tuple(accounts.values())
    assert report.total == {
        "operating": accounts[CostKind.OPERATING].decided,
        "investment": accounts[CostKind.INVESTMENT].decided,
        "returned": Decimal(0),
    }
    assert report.total["operating"] == Decimal("400000.25")
    silent = [one.committee for one in report.committees if not one.operating + one.investment]
    assert silent == [
        "Kommunstyrelsen",
        "Kultur- och fritidsnämnden",
        "Barn- och utbildningsnämnden",
    ]
    text = await said(here, "annual_report", "2026")
    assert "Beslutat av kommundirektören | 400 000,25 | 0,00" in text
    assert "Kultur- och fritidsnämnden | 0 | 0 | 0,00 | 0,00 | 0,00" in text


@pytest.mark.requirement("R000-55")
async def test_the_reconciliation_has_capital_costs_commitments_returns_and_permanent_costs(
    here: Town,
) -> None:
    case_id = await granted(
        here,
        gets("teknik-och-fastighetsnamnden", "investment", 2026, 2_000_000),
        gets("socialnamnden", "operating", 2026, 500_000),
        gets("socialnamnden", "operating", 2027, 250_000),
        by_board=True,
        title="Ljus i parken",
    )
    back = MoneyReturned(
        at=here.now,
        by=SARA,
        returned=gets("teknik-och-fastighetsnamnden", "investment", 2026, 400_000),
    )
    await here.act(lambda tx: cases.add(tx.db, case_id, [back], after=cases.load(tx.db, case_id)))
    await granted(here)  # one year, nothing after it

    report = await facts(here, "reconciliation", "2027")

    assert isinstance(report, Reconciliation)
    assert report.capital_costs is not None
    assert [row.label for row in report.capital_costs.rows] == [f"Ljus i parken ({case_id})"]
    assert report.capital_costs.totals[0] > 0
    assert report.commitments is not None
    assert report.commitments.totals == (Decimal(250_000), *(3 * (Decimal(0),)))
    assert [(one.committee, one.amount) for one in report.returned] == [
        ("Teknik- och fastighetsnämnden", Decimal(400_000))
    ]
    text = await said(here, "reconciliation", "2027")
    assert f"Ljus i parken ({case_id}) | 250 000 | 0 | 0 | 0 | 250 000" in text
    assert "2026, investeringsmedel | 400 000" in text


@pytest.mark.requirement("R000-60")
async def test_a_report_is_a_document_with_short_term_long_term_and_results(here: Town) -> None:
    case_id = await reports.planned(here)
    await reports.day(here, "2027-05-03")
    given = {"short_term": "Lugnare nu.", "long_term": "Vet i höst.", "results": "412 kvällar."}
    await reports.hand_in(here, case_id, "2027-april", **given)

    text = await said(here, "follow_up", report_key(case_id, "2027-april"), case_id)

    assert "[Heading 2] Kortsiktiga effekter\n[Normal] Lugnare nu." in text
    assert "[Heading 2] Långsiktiga effekter\n[Normal] Vet i höst." in text
    assert "[Heading 2] Resultat\n[Normal] 412 kvällar." in text
    assert "Socialnämnden | 400 000 | 400 000 | 0 | 400 000 | 0 | Inom budget" in text
    assert "[Terms] Uppmätt värde\t61 % i oktober." in text


async def test_a_delegated_decision_is_announced_once(here: Town) -> None:
    await granted(here)
    await granted(here, by_board=True)
    announce = partial(paper_lists.order, office=here.office)

    first = await here.act(partial(announce, meeting=MEETING))
    await here.work()
    nothing = await here.act(partial(announce, meeting=MEETING))
    await granted(here)
    second = await here.act(partial(announce, meeting=MEETING))

    assert (first, nothing, second) == ("2026-11-30", None, "2026-11-30/2")
    for key, number in (("2026-11-30", "D 2026-0001"), ("2026-11-30/2", "D 2026-0002")):
        listed = await facts(here, "delegation_list", key)
        assert isinstance(listed, DelegationList)
        assert [one.number for one in listed.decisions] == [number]
        assert listed.meeting == MEETING


async def test_the_list_is_ordered_before_the_boards_meeting(here: Town) -> None:
    await granted(here)
    (timer,) = paper_lists.TIMERS
    since, until = here.now, here.now.replace(month=12, day=31)

    moments = [*timer.moments(here.office, since, until)]
    for at in moments:
        await here.act(lambda tx, at=at: timer.act(tx, here.office, at))

    assert [at.date() for at in moments] == [date(2026, 12, 8)]  # kommunstyrelsen meets on the 15th
    (job,) = await here.jobs("paper")
    assert job["arguments"]["key"] == "2026-12-15"
