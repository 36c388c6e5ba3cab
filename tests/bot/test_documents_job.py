"""A version's originals are made once and stored, and the case goes on when both are there."""

from collections.abc import AsyncIterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from bot.acts import documents as acts
from bot.jobs import JOBS, when_failed
from flows.case import State
from flows.errors import InvalidAnswer, NotAllowed
from flows.events import ChairConfirmed, DocumentsStored, Opinion, Stage
from storage import cases, drafts
from tests.bot.town import KARIN, LARS, MIRA, SARA, TEAM, Town, town
from tests.flows.filled import ANNA, BIRGITTA, EVA, example, values


@pytest.fixture
async def here(database_url: str, tmp_path: Path) -> AsyncIterator[Town]:
    async with town(database_url, tmp_path) as made:
        yield made


async def run(here: Town, job: dict[str, Any]) -> Any:
    act = await JOBS[job["name"]](job["arguments"], here.tools)
    assert act is not None
    return act


async def test_the_card_comes_when_both_files_are_stored(here: Town) -> None:
    case_id = await here.submit(await here.draft(values()))
    assert (await here.case(case_id)).state is State.DOCUMENTS
    assert not [row for row in await here.owed("post") if row["lane"] == "C0KLG"]

    await here.work()

    case = await here.case(case_id)
    assert (case.state, case.issue) == (State.ASSESSMENT, 1)
    pdf, docx = await here.stored(case_id)
    assert (await here.files.get(pdf.sha256)).startswith(b"%PDF")
    assert (await here.files.get(docx.sha256)).startswith(b"PK")
    (card,) = [row for row in await here.owed("post") if row["lane"] == "C0KLG"]
    assert pdf.sha256[:8] in card["text"]
    (thread,) = [row for row in await here.owed("upload") if row["lane"] == "C0KLG"]
    assert thread["refers_to"] == card["id"]
    assert [file["name"] for file in thread["files"]] == [
        f"Ansökan {case_id} version 1.pdf",
        f"Ansökan {case_id} version 1.docx",
    ]


async def test_the_hash_stands_in_the_case(here: Town) -> None:
    case_id = await here.submitted()

    (stored,) = [e for e in await here.events(case_id) if isinstance(e, DocumentsStored)]
    pdf, docx = await here.stored(case_id)
    assert (stored.pdf_sha256, stored.docx_sha256) == (pdf.sha256, docx.sha256)
    assert stored.by == f"{TEAM}:U0BOT"


async def test_the_officers_get_the_pdf_and_the_finance_officer_does_not(here: Town) -> None:
    draft_id = await here.draft(values())
    await here.act(
        lambda tx: drafts.join(tx.db, draft_id, person=EVA, role=drafts.FINANCE, at=tx.now)
    )
    await here.submit(draft_id)
    await here.work()

    sent = {row["lane"]: row["files"] for row in await here.owed("upload")}
    assert [file["name"][-4:] for file in sent["U0ANNA"]] == [".pdf"]
    assert "U0EVA" not in sent


async def test_the_same_job_twice_stores_once_and_posts_one_card(here: Town) -> None:
    case_id = await here.submit(await here.draft(values()))
    (job,) = await here.jobs("documents")

    first, second = await run(here, job), await run(here, job)
    await here.act(first)
    await here.act(second)

    assert (await here.case(case_id)).issue == 1
    assert len([e for e in await here.events(case_id) if isinstance(e, DocumentsStored)]) == 1
    assert len([row for row in await here.owed("post") if row["lane"] == "C0KLG"]) == 1


async def test_a_crash_before_the_commit_makes_the_same_bytes_again(here: Town) -> None:
    await here.submit(await here.draft(values()))
    (job,) = await here.jobs("documents")

    await run(here, job)
    before = files_in(here)
    await run(here, job)

    assert files_in(here) == before
    assert len(before) == 2


def files_in(here: Town) -> set[str]:
    return {path.name for path in here.files._folder.rglob("*") if path.is_file()}


async def test_a_proposal_gets_a_document_of_its_own(here: Town) -> None:
    case_id = await here.submitted(stage=Stage.PROPOSAL)

    pdf, _ = await here.stored(case_id)
    assert pdf.name == f"Förslag {case_id} version 1.pdf"
    made = await here.perform.read(lambda db: acts.facts(db, here.office, case_id, version=1))
    assert (made.stage, made.calculations) == ("proposal", None)


async def test_a_dnr_given_later_issues_the_version_again_and_votes_stand(here: Town) -> None:
    case_id = await here.submitted()
    first, _ = await here.stored(case_id)
    await here.assess(case_id, Opinion.RECOMMEND, KARIN)

    await here.give_dnr(case_id, "KS  2026/214")
    await here.work()

    case = await here.case(case_id)
    again, word = await here.stored(case_id)
    assert (case.version, case.issue, case.dnr) == (1, 2, "KS 2026/214")
    assert list(case.opinions) == [KARIN]
    assert again.sha256 != first.sha256
    assert await here.files.get(first.sha256)
    update = (await here.owed("update"))[-1]
    assert again.sha256[:8] in update["text"]
    upload = [row for row in await here.owed("upload") if row["lane"] == "C0KLG"][-1]
    assert [file["sha256"] for file in upload["files"]] == [again.sha256, word.sha256]
    assert "KS 2026/214" in upload["text"]


async def test_a_new_issue_is_dated_by_the_submission_and_says_the_same_but_the_dnr(
    here: Town,
) -> None:
    case_id = await here.submitted()
    read = partial(acts.facts, office=here.office, case_id=case_id, version=1)
    before = await here.perform.read(read)
    here.now = here.now.replace(year=2027)

    await here.give_dnr(case_id, "KS 2026/214")
    await here.work()

    after = await here.perform.read(read)
    assert after == before.model_copy(update={"registry_number": "KS 2026/214"})


async def test_a_dnr_given_while_the_documents_are_made_gives_them_a_second_issue(
    here: Town,
) -> None:
    case_id = await here.submit(await here.draft(values()))
    (job,) = await here.jobs("documents")
    making = await run(here, job)
    here.done.add(job["id"])

    await here.give_dnr(case_id, "KS 2026/214")
    await here.act(making)
    assert (await here.case(case_id)).issue == 1
    await here.work()

    assert (await here.case(case_id)).issue == 2
    made = await here.perform.read(lambda db: acts.facts(db, here.office, case_id, version=1))
    assert made.registry_number == "KS 2026/214"


async def test_the_same_dnr_again_changes_nothing(here: Town) -> None:
    case_id = await here.submitted()
    await here.give_dnr(case_id, "KS 2026/214")
    await here.work()
    before = await here.case(case_id)

    await here.give_dnr(case_id, "KS 2026/214 ")
    await here.work()

    assert await here.case(case_id) == before


async def test_a_new_version_says_what_has_changed_and_gets_documents_of_its_own(
    here: Town,
) -> None:
    draft_id = await here.draft(values())
    case_id = await here.submit(draft_id)
    await here.work()
    first, _ = await here.stored(case_id)

    await here.change(draft_id, values() | {"goal": "Ett nytt mål."})
    await here.submit(draft_id)
    await here.work()

    made = await here.perform.read(lambda db: acts.facts(db, here.office, case_id, version=2))
    assert made.changes is not None
    assert made.changes.since_version == 1
    assert made.changes.lines == ("Punkt 1: Mål",)
    second, _ = await here.stored(case_id)
    assert second.version == 2
    assert second.sha256 != first.sha256


async def test_an_old_versions_documents_are_not_made_after_the_next_is_in(here: Town) -> None:
    draft_id = await here.draft(values())
    case_id = await here.submit(draft_id)
    await here.work()
    await here.give_dnr(case_id, "KS 2026/214")
    job = (await here.jobs("documents"))[-1]
    late = await run(here, job)

    await here.change(draft_id, values() | {"goal": "Ett nytt mål."})
    await here.submit(draft_id)
    await here.act(late)

    assert (await here.case(case_id)).issue == 0
    await here.work()
    assert (await here.case(case_id)).issue == 1


@pytest.mark.requirement("R000-39")
async def test_the_document_says_whether_the_chair_was_asked_or_has_confirmed(here: Town) -> None:
    case_id = await here.submit(await here.draft(values()))
    read = partial(acts.facts, office=here.office, case_id=case_id, version=1)

    asked = (await here.perform.read(read)).anchoring
    said = ChairConfirmed(at=here.now, by=BIRGITTA, committee="socialnamnden")
    await here.act(lambda tx: cases.add(tx.db, case_id, [said], after=cases.load(tx.db, case_id)))
    confirmed = (await here.perform.read(read)).anchoring

    assert asked is not None
    assert confirmed is not None
    assert [(c.name, c.asked, c.confirmed_at) for c in asked.chairs] == [
        ("Birgitta Dahl", True, None)
    ]
    assert confirmed.chairs[0].confirmed_at == said.at


async def test_a_chair_who_is_not_in_slack_is_not_said_to_have_been_asked(here: Town) -> None:
    given = values() | {"administrations": ("kultur-och-fritidsforvaltningen",)}
    given["dialogue"] = (
        given["dialogue"][0].model_copy(update={"committee": "kultur-och-fritidsnamnden"}),
    )
    given["concerned"] = ("socialforvaltningen",)
    given |= {
        "included.socialforvaltningen": "Ja.",
        "costs_included.socialforvaltningen": True,
        "split": [
            *(
                row.model_copy(update={"committee": "kultur-och-fritidsnamnden"})
                for row in given["split"]
                if row.committee != "kultur-och-fritidsnamnden"
            ),
            given["split"][1].model_copy(update={"committee": "socialnamnden"}),
        ],
    }
    case_id = await here.submit(await here.draft(given))

    made = await here.perform.read(lambda db: acts.facts(db, here.office, case_id, version=1))

    assert made.anchoring is not None
    assert [(c.name, c.asked) for c in made.anchoring.chairs] == [("Sven Lind", False)]


async def test_opinions_that_stand_from_the_version_before_are_counted_at_once(here: Town) -> None:
    draft_id = await here.draft(values())
    case_id = await here.submit(draft_id)
    await here.work()
    await here.assess(case_id, Opinion.RECOMMEND, KARIN, LARS)

    await here.change(draft_id, values() | {"contact": "Omar Haddad, 070-765 43 21"})
    await here.submit(draft_id)
    await here.work()

    assert list((await here.case(case_id)).opinions) == [KARIN, LARS]
    await here.assess(case_id, Opinion.RECOMMEND, MIRA)
    assert (await here.case(case_id)).state is State.COUNCIL_REVIEW


async def test_a_draft_comes_to_the_person_as_a_pdf(here: Town) -> None:
    draft_id = await here.draft({"title": "Ljus i/på parken", "secrecy": "nothing_secret"})
    await here.act(lambda tx: acts.order_draft(tx, draft_id, person=ANNA))

    await here.work()

    (upload,) = await here.owed("upload")
    (file,) = upload["files"]
    assert upload["lane"] == "U0ANNA"
    assert file["name"] == "Utkast Ljus i-på parken.pdf"
    assert (await here.files.get(file["sha256"])).startswith(b"%PDF")


async def test_a_draft_is_given_to_nobody_else(here: Town) -> None:
    draft_id = await here.draft(values())

    with pytest.raises(NotAllowed):
        await here.perform.read(
            lambda db: acts.draft_facts(db, here.office, draft_id, person=KARIN)
        )
    await here.act(lambda tx: acts.order_draft(tx, draft_id, person=KARIN))
    await here.work()
    assert not await here.owed("upload")


async def test_when_every_try_has_failed_those_who_wait_are_told(here: Town) -> None:
    case_id = await here.submit(await here.draft(values()))
    (job,) = await here.jobs("documents")

    await here.act(when_failed(here.office)["documents"](job["arguments"]))

    assert case_id in (await here.said(SARA))[-1]
    assert case_id in (await here.said(ANNA))[-1]


async def test_figures_that_cannot_be_computed_make_no_half_document(here: Town) -> None:
    case_id = await here.submit(await here.draft(values()))
    here.office = type(here.office)(
        example().model_copy(update={"interest_rates": ()}),
        here.office.texts,
        TEAM,
        "U0BOT",
        "C0KLG",
    )

    with pytest.raises(InvalidAnswer):
        await here.perform.read(lambda db: acts.facts(db, here.office, case_id, version=1))
