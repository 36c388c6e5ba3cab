"""Documents of decisions are made once from the case, stored with their facts, and given to whoever waits."""

import json
from collections.abc import AsyncIterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from bot.acts import papers as acts
from bot.jobs import JOBS, when_failed
from flows.decided import Decided, PapersStored, Verdict
from flows.papers import PAPERS, PaperName, report_key
from storage import papers
from storage.papers import Paper
from tests.bot.decided import KJELL, gets, granted, waiting_for_board
from tests.bot.documents.reading import word_text
from tests.bot.town import SARA, Town, town


@pytest.fixture
async def here(database_url: str, tmp_path: Path) -> AsyncIterator[Town]:
    async with town(database_url, tmp_path) as made:
        yield made


async def order(here: Town, name: PaperName, key: str, case_id: str | None) -> None:
    await here.act(lambda tx: acts.order(tx, here.office, name, key, case_id))


async def made(here: Town, name: PaperName, key: str, case_id: str | None = None) -> list[Paper]:
    await order(here, name, key, case_id)
    await here.work()
    return list(await here.perform.read(lambda db: papers.of(db, name, key)))


async def says(here: Town, paper: Paper) -> str:
    return word_text(await here.files.get(paper.sha256))


async def number(here: Town, case_id: str) -> str:
    return next(e.number for e in await here.events(case_id) if isinstance(e, Decided))


async def test_a_decision_gets_pdf_word_and_its_facts(here: Town) -> None:
    case_id = await granted(here)

    pdf, docx, facts = await made(here, "delegated_decision", "D 2026-0001", case_id)

    assert (await here.files.get(pdf.sha256)).startswith(b"%PDF")
    assert pdf.title == "Delegationsbeslut D 2026-0001.pdf"
    assert docx.title == "Delegationsbeslut D 2026-0001.docx"
    said = json.loads(await here.files.get(facts.sha256))
    assert (said["document"], said["key"]) == ("delegated_decision", "D 2026-0001")
    assert said["facts"]["sums"]["operating"]["rows"][0]["amounts"] == ["400000.00"]
    (stored,) = [e for e in await here.events(case_id) if isinstance(e, PapersStored)]
    assert (stored.pdf_sha256, stored.docx_sha256) == (pdf.sha256, docx.sha256)


async def test_what_is_stored_is_never_made_anew(here: Town) -> None:
    case_id = await granted(here)
    await order(here, "delegated_decision", "D 2026-0001", case_id)
    await order(here, "delegated_decision", "D 2026-0001", case_id)
    first, second = await here.jobs("paper")
    acts_of_both = [await run(here, first), await run(here, second)]
    here.done |= {first["id"], second["id"]}

    for act in acts_of_both:
        await here.act(act)
    await order(here, "delegated_decision", "D 2026-0001", case_id)

    assert len(await here.jobs("paper")) == 2
    assert await run(here, first) is None
    assert len([e for e in await here.events(case_id) if isinstance(e, PapersStored)]) == 1


async def run(here: Town, job: dict[str, Any]) -> Any:
    return await JOBS[job["name"]](job["arguments"], here.tools)


async def test_a_crash_before_the_commit_makes_the_same_bytes_on_another_day(here: Town) -> None:
    case_id = await granted(here)
    for name in ("delegated_decision", "dispatch"):
        await order(here, name, "D 2026-0001", case_id)

    for job in await here.jobs("paper"):
        await run(here, job)
    before = files_in(here)
    here.now = here.now.replace(year=2027)
    for job in await here.jobs("paper"):
        await run(here, job)

    assert files_in(here) == before


def files_in(here: Town) -> set[str]:
    return {path.name for path in here.files._folder.rglob("*") if path.is_file()}


async def test_a_decision_says_what_it_left_whatever_is_decided_before_it_is_made(
    here: Town,
) -> None:
    first = await granted(here, gets("socialnamnden", "operating", 2026, 1_500_000))
    await order(here, "delegated_decision", "D 2026-0001", first)
    await granted(here, gets("socialnamnden", "operating", 2026, 400_000))

    await here.work()

    _, docx, _ = await here.perform.read(
        lambda db: papers.of(db, "delegated_decision", "D 2026-0001")
    )
    said = await says(here, docx)
    assert "2026, driftmedel | 2 000 000 | 1 500 000 | 500 000" in said
    assert "2026, driftmedel | 10 000 000 | 1 500 000 | 0 | 0 | 8 500 000" in said


async def test_klg_and_whoever_decided_get_a_delegated_decision(here: Town) -> None:
    case_id = await granted(here)

    await made(here, "delegated_decision", "D 2026-0001", case_id)

    sent = {row["lane"]: row for row in await here.owed("upload")}
    assert KJELL.partition(":")[2] in sent
    assert "ingen underskrift" in sent[KJELL.partition(":")[2]]["text"]
    assert [file["name"] for file in sent["C0KLG"]["files"]] == [
        "Delegationsbeslut D 2026-0001.pdf",
        "Delegationsbeslut D 2026-0001.docx",
    ]


async def test_the_secretaries_are_told_when_every_try_has_failed(here: Town) -> None:
    case_id = await granted(here)
    await order(here, "dispatch", "D 2026-0001", case_id)
    (job,) = await here.jobs("paper")

    await here.act(when_failed(here.office)["paper"](job["arguments"]))

    assert "Beslutsexpediering D 2026-0001" in (await here.said(SARA))[-1]


async def test_every_name_has_facts_a_template_a_title_and_what_follows(here: Town) -> None:
    from bot.acts.paper_facts.registry import FACTS
    from bot.acts.papers_stored import FOLLOWS, file_title
    from bot.documents.template import FOLDER

    assert set(PAPERS) == set(FACTS) == set(FOLLOWS)
    for name in PAPERS:
        assert (FOLDER / name / "document.html").is_file()
        title = file_title(here.office, name, "2026-12-01/2")
        assert "2026-12-01" in title
        assert "/" not in title


async def test_a_report_is_called_what_the_programme_calls_its_period(here: Town) -> None:
    from bot.acts.papers_stored import file_title

    key = report_key("2026-0001", "2026-year_end", version=2)

    called = file_title(here.office, "follow_up", key)

    assert called == "Återrapport 2026-0001, årsbokslut 2026, version 2"


@pytest.mark.requirement("R001-10", "R000-43", "R000-44", "R000-46")
async def test_a_delegated_decision_says_who_gets_what_and_with_which_code(here: Town) -> None:
    case_id = await granted(
        here,
        gets("socialnamnden", "operating", 2026, "200000.50"),
        gets("kultur-och-fritidsnamnden", "investment", 2026, 300_000),
        title="Ljus i parken",
    )

    _, docx, _ = await made(here, "delegated_decision", "D 2026-0001", case_id)

    said = await says(here, docx)
    assert "Ljus i parken beviljas 200 000,50 kr i driftmedel och 300 000 kr" in said
    assert "Socialnämnden | 200 000,50" in said
    assert "Kultur- och fritidsnämnden | 300 000" in said
    assert "aktivitetskod: socialnämnden TR200, kultur- och fritidsnämnden TR300." in said
    case = await here.case(case_id)
    assert f"Ansökans kontrollsumma (SHA-256): {case.pdf_sha256}" in said
    assert "Insatsen stärker tryggheten i hela kommunen." in said
    assert "Investeringsstrateg: Ivar Strand" in said


@pytest.mark.requirement("R001-1", "R001-2", "R001-15", "R000-45", "R000-47")
async def test_the_boards_decision_is_dispatched_with_paragraph_payments_and_later_years(
    here: Town,
) -> None:
    case_id = await granted(
        here,
        gets("socialnamnden", "operating", 2026, 500_000),
        gets("socialnamnden", "operating", 2027, 250_000),
        gets("teknik-och-fastighetsnamnden", "investment", 2026, 4_000_000),
        gets("teknik-och-fastighetsnamnden", "investment", 2027, 2_000_000),
        by_board=True,
        day=date(2026, 12, 15),
        title="Ljus i parken",
    )

    _, docx, _ = await made(here, "dispatch", await number(here, case_id), case_id)

    said = await says(here, docx)
    assert "[Heading 1] § 22 Ljus i parken" in said
    head = word_head(said)
    assert "KS 2026/66" in head
    assert "15 december 2026" in head
    assert "Totalkalkyl: 6 000 000 kr." in said
    assert "2026 | 4 000 000\n2027 | 2 000 000\nSumma | 6 000 000" in said
    assert "2027 | Socialnämnden | Driftmedel | 250 000" in said
    assert "2027 | Teknik- och fastighetsnämnden | Investeringsmedel | 2 000 000" in said
    assert "Kommunstyrelsen beviljar medel enligt förslaget." in said


def word_head(said: str) -> str:
    return said.split("[Heading 1]", maxsplit=1)[0]


async def test_a_rejection_and_a_remission_are_documents_too(here: Town) -> None:
    rejected = await granted(here, verdict=Verdict.REJECTED)
    remitted = await granted(here, verdict=Verdict.REMITTED)

    _, no, _ = await made(here, "delegated_decision", "D 2026-0001", rejected)
    _, back, _ = await made(here, "delegated_decision", "D 2026-0002", remitted)

    assert "avslås." in await says(here, no)
    assert "återremitteras till socialförvaltningen" in await says(here, back)


async def test_an_officer_report_that_nobody_has_written_says_what_the_case_says(
    here: Town,
) -> None:
    amounts = [
        gets("socialnamnden", "operating", 2026, 2_400_000),
        gets("socialnamnden", "operating", 2027, 100_000),
    ]
    case_id = await waiting_for_board(here, amounts=amounts, title="Ljus i parken")

    _, docx, _ = await made(here, "officer_report", case_id, case_id)

    said = await says(here, docx)
    assert "Socialnämnden beviljas 2 500 000 kr i driftmedel" in said
    assert "Beloppen för 2027 inarbetas i budget" in said
    assert "2026, driftmedel | 10 000 000 | 0 | 0 | 2 400 000 | 7 600 000" in said
    assert "Registrator, socialförvaltningen" in said
