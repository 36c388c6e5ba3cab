"""The secretary writes the tjänsteskrivelse: begun from the case, kept until it is decided, ordered when saved."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from bot.acts.papers import JOB
from flows.officer_report import WrittenReport
from flows.practice import OfficerReport, Section
from flows.programme import ExtraQuestion
from storage import officer_reports
from tests.bot.decided import gets, granted, waiting_for_board, waiting_for_drafting_committee
from tests.bot.secretary import Secretary, desk
from tests.bot.test_board import OTHERS, arrives
from tests.bot.town import Town
from tests.flows.filled import example

BUTTON = "Skriv tjänsteskrivelse"
DONE = {"mbl": "not_required", "children": "Barn får en tryggare väg hem."}


@pytest.fixture
async def sara(sqlite_url: str, tmp_path: Path) -> AsyncIterator[Secretary]:
    async with desk(sqlite_url, tmp_path) as at_her_desk:
        yield at_her_desk


async def saved(here: Town, case_id: str) -> WrittenReport:
    found = await here.perform.read(lambda db: officer_reports.get(db, case_id))
    assert found is not None
    return found.report


async def ordered(here: Town) -> list[str]:
    """What the documents that are owed are about."""
    return [job["arguments"]["key"] for job in await here.jobs(JOB)]


async def test_it_begins_with_what_the_case_says(sara: Secretary):
    case_id = await waiting_for_drafting_committee(sara.town)
    await arrives(sara, case_id)
    assert await sara.presses(BUTTON) == ""

    shown = sara.shown()
    point, financing = shown["points"].splitlines()
    assert point.startswith("Kommunstyrelsen beviljar socialnämnden driftmedel till Kvällsöppna")
    assert point.endswith(": 400\u00a0000\u00a0kr för 2026.")
    assert financing == "Medlen tas ur särskild trygghetssatsning."
    assert shown["background"] == "Text om reinforces.\n\nText om motivation."
    assert shown["finance"].startswith("Sökta medel är 400\u00a0000\u00a0kr.")
    assert shown["children"] == ""


@pytest.mark.requirement("R002-15", "R003-7", "R003-8", "R003-9")
async def test_saving_keeps_what_she_wrote_and_orders_the_document(sara: Secretary):
    case_id = await waiting_for_drafting_committee(sara.town)
    await arrives(sara, case_id)
    await sara.presses(BUTTON)
    errors = await sara.sends(
        DONE
        | {
            "goals": ["0"],
            "group": "SMS-gruppen",
            "consultation": "recommends",
            "documents": "KS 2021-08-24 § 241\nTjänsteskrivelse 2021-09-13",
        }
    )
    assert errors == {}

    report = await saved(sara.town, case_id)
    assert report.children == "Barn får en tryggare väg hem."
    assert report.goals == sara.town.office.programme.direction.goals[:1]
    assert [one.paragraph for one in report.documents] == [241, None]
    assert await ordered(sara.town) == [case_id]
    assert "Tjänsteskrivelsen är sparad." in await sara.told()
    assert "Tomt" not in await sara.told()


@pytest.mark.requirement("R003-11")
async def test_when_several_namnder_get_something_each_has_its_purpose(sara: Secretary):
    case_id = await waiting_for_board(
        sara.town,
        gets("socialnamnden", "operating", 2026, 1_000_000),
        gets("kultur-och-fritidsnamnden", "operating", 2026, 500_000),
        gets("kommunstyrelsen", "operating", 2026, 1_500_000),
    )
    await arrives(sara, case_id)
    await sara.presses(BUTTON)
    purposes = {
        "purpose:socialnamnden": "Förstärkt områdesarbete.",
        "purpose:kultur-och-fritidsnamnden": "Fritid som säkerställer skolgång.",
        "purpose:kommunstyrelsen": "Ordningsvakter i nya områden.",
    }
    assert await sara.sends(DONE | purposes) == {}

    assert len((await saved(sara.town, case_id)).purposes) == 3
    await sara.presses(BUTTON)
    assert {name: sara.shown()[name] for name in purposes} == purposes
    refused = await sara.sends(DONE | {"purpose:socialnamnden": "Gäller 850709-9805."})
    assert refused.keys() == {"purpose:socialnamnden"}


async def test_one_namnd_alone_uses_the_money_for_the_measure(sara: Secretary):
    case_id = await waiting_for_board(sara.town)
    await arrives(sara, case_id)
    await sara.presses(BUTTON)

    assert not [name for name in sara.shown() if name.startswith("purpose")]


@pytest.mark.requirement("R002-15")
async def test_empty_consequences_for_children_are_pointed_out_and_saved(sara: Secretary):
    case_id = await waiting_for_drafting_committee(sara.town)
    await arrives(sara, case_id)
    await sara.presses(BUTTON)
    assert await sara.sends({"mbl": "not_required"}) == {}

    assert "*Tomt:* Konsekvenser för barn." in await sara.told()
    assert await ordered(sara.town) == [case_id]


async def test_written_anew_it_is_another_document_and_the_same_again_is_none(sara: Secretary):
    case_id = await waiting_for_board(sara.town)
    await arrives(sara, case_id)
    for children in ("Första.", "Andra.", "Andra."):
        await sara.presses(BUTTON)
        await sara.sends(DONE | {"children": children})

    assert await ordered(sara.town) == [case_id, f"{case_id}/2"]
    await sara.presses(BUTTON)
    assert sara.shown()["children"] == "Andra."


async def test_her_points_are_what_kommunstyrelsens_decision_begins_with(sara: Secretary):
    case_id = await waiting_for_board(sara.town)
    await arrives(sara, case_id)
    await sara.presses(BUTTON)
    await sara.sends(DONE | {"points": "Kommunstyrelsen beviljar det.\nDet följs upp i april."})
    await sara.presses("Anteckna kommunstyrelsens beslut")
    await sara.sends({"verdict": "granted", "paragraph": "22", "dnr": "KS 2026/66"})

    assert sara.shown()["points"] == "Kommunstyrelsen beviljar det.\nDet följs upp i april."


async def test_an_identity_number_is_refused_and_nothing_of_it_is_kept(sara: Secretary):
    case_id = await waiting_for_drafting_committee(sara.town)
    await arrives(sara, case_id)
    await sara.presses(BUTTON)
    errors = await sara.sends(DONE | {"equality": "Gäller 850709-9805."})

    assert errors.keys() == {"equality"}
    assert await sara.town.perform.read(lambda db: officer_reports.get(db, case_id)) is None


@pytest.mark.parametrize("person", OTHERS)
async def test_nobody_else_writes_it(sara: Secretary, person: str):
    case_id = await waiting_for_drafting_committee(sara.town)
    await arrives(sara, case_id)
    assert await sara.presses(BUTTON, by=person) != ""
    await sara.presses(BUTTON)
    assert len(await sara.sends(DONE, by=person)) == 1

    assert await ordered(sara.town) == []


async def test_it_stands_as_it_was_when_the_case_has_been_decided(sara: Secretary):
    case_id = await waiting_for_board(sara.town)
    await arrives(sara, case_id)
    await sara.presses(BUTTON)
    button = await sara.button(BUTTON)
    decided = await granted(sara.town, by_board=True)
    forged = button | {"value": button["value"].replace(case_id, decided)}

    assert "kan inte ändras" in await sara.presses(forged)


async def test_the_programme_says_which_sections_are_asked_for(sqlite_url: str, tmp_path: Path):
    """A question of the municipality's own fills the section that has its heading."""
    question: dict[str, Any] = {
        "key": "barn",
        "point": 1,
        "text": "Hur påverkas barn?",
        "help": "Skriv.",
        "heading": "Konsekvenser för barn",
    }
    programme = example().model_copy(
        update={
            "officer_report": OfficerReport(sections=(Section.CHILDREN, Section.BACKGROUND)),
            "extra_questions": (ExtraQuestion(**question),),
        }
    )
    async with desk(sqlite_url, tmp_path, programme=programme) as sara:
        await arrives(
            sara,
            await waiting_for_drafting_committee(
                sara.town, **{"extra.barn": "De får ljusare väg."}
            ),
        )
        await sara.presses(BUTTON)

        assert list(sara.shown()) == ["points", "children", "background", "documents"]
        assert sara.shown()["children"] == "De får ljusare väg."
