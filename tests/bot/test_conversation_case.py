"""Handing in, and what may be changed afterwards: completion, revision, withdrawal, the chair's word."""

import re
from pathlib import Path
from typing import Any

import pytest

from flows.case import State
from flows.events import ChairConfirmed, Stage, Submitted
from flows.programme import Stages
from storage import drafts
from tests.bot.desk import ANNA, OMAR, Desk, desk
from tests.bot.point_3 import changes
from tests.bot.town import KARIN, LARS, NILS
from tests.flows.filled import KFF, SF, example, values

BIRGITTA = "T0SANDBOX:U0BIRGITTA"
ALONE = {
    k: v
    for k, v in values().items()
    if not k.startswith(("concerned", "included", "costs", "split"))
} | {"others_concerned": False, "calculation_by": "officer"}


async def _submits(here: Desk, given: dict[str, Any], stage: Stage) -> tuple[int, str]:
    """Anna writes, reads through and hands in; the documents are made."""
    draft = await here.opens(given, stage=stage)
    return draft, await _sends(here, draft)


async def _sends(here: Desk, draft: int) -> str:
    await here.says(ANNA, "visa")
    await here.presses(ANNA, "Skicka in")
    await here.town.work()
    row = await here.town.perform.read(lambda db: drafts.get(db, draft))
    assert row is not None
    assert row.case_id is not None, await here.last(ANNA)
    return row.case_id


async def _asks_back(here: Desk, case_id: str, *questions: str) -> None:
    for member in (KARIN, LARS, NILS):
        await here.town.assess(
            case_id, "complete", member, reason="Skriv mer.", questions=list(questions)
        )


@pytest.mark.requirement("R000-16")
async def test_handing_in_says_what_happens_next(sqlite_url: str, tmp_path: Path) -> None:
    async with desk(sqlite_url, tmp_path) as here:
        _, case_id = await _submits(here, values(), Stage.PROPOSAL)

        told = "\n".join(await here.told(ANNA))
        assert f"✓ *Trygghetsvärdar i centrum* är inskickad som {case_id}, version 1." in told
        assert (await here.town.case(case_id)).stage is Stage.PROPOSAL


async def test_a_single_pass_asks_points_1_to_4_at_once(sqlite_url: str, tmp_path: Path) -> None:
    single = example().model_copy(update={"stages": Stages.SINGLE})
    async with desk(sqlite_url, tmp_path, programme=single) as here:
        await here.says(ANNA, "ny")
        assert re.search(r"fråga 1 av (2[5-9]|3\d)", await here.last(ANNA)), "not 17"
        _, case_id = await _submits(here, ALONE, Stage.APPLICATION)

        assert (await here.town.case(case_id)).stage is Stage.APPLICATION


async def test_everything_that_is_missing_is_said_at_once(sqlite_url: str, tmp_path: Path) -> None:
    given = {k: v for k, v in values().items() if k not in {"what", "goal"}}
    async with desk(sqlite_url, tmp_path) as here:
        draft = await here.opens(given, stage=Stage.PROPOSAL)
        submit = {"action_id": "intake_submit", "block_id": "x", "type": "button"}
        await here.press(ANNA, submit | {"value": f'[{draft},"",0,""]'})

        said = await here.last(ANNA)
        assert "kan inte skickas in än" in said
        assert "• Vad ska göras: frågan är inte besvarad." in said
        assert "• Mål: frågan är inte besvarad." in said


@pytest.mark.requirement("R000-39")
async def test_a_dialogue_in_the_future_does_not_let_it_through(
    sqlite_url: str, tmp_path: Path
) -> None:
    ahead = values()["dialogue"][0].model_copy(update={"on": values()["start"]})
    async with desk(sqlite_url, tmp_path) as here:
        draft = await here.opens(values() | {"dialogue": (ahead,)}, stage=Stage.PROPOSAL)
        await here.says(ANNA, "visa")
        await here.presses(ANNA, "Skicka in")

        assert "Minst ett samtal ska ha ägt rum redan" in await here.last(ANNA)
        row = await here.town.perform.read(lambda db: drafts.get(db, draft))
        assert row is not None
        assert row.case_id is None


async def test_what_is_handed_in_is_changed_only_by_a_new_version(
    sqlite_url: str, tmp_path: Path
) -> None:
    async with desk(sqlite_url, tmp_path) as here:
        draft = await here.opens(values(), stage=Stage.PROPOSAL)
        await changes(here, draft, "scope")
        old = [c for c in await here.controls(ANNA) if "I flera" in c["label"]][-1]
        case_id = await _sends(here, draft)

        refused = await here.press(ANNA, old)

        assert "kan inte ändras" in str(refused)
        assert (await here.stored(draft))["scope"]["value"] == "cross_sector"
        assert (await here.town.case(case_id)).version == 1


async def test_sending_twice_is_one_version(sqlite_url: str, tmp_path: Path) -> None:
    async with desk(sqlite_url, tmp_path) as here:
        draft = await here.opens(values(), stage=Stage.PROPOSAL)
        await here.says(ANNA, "visa")
        send = [c for c in await here.controls(ANNA) if c["label"] == "Skicka in"][-1]
        await here.press(ANNA, send)

        assert "kan inte ändras" in str(await here.press(ANNA, send))

        row = await here.town.perform.read(lambda db: drafts.get(db, draft))
        assert row is not None
        assert (await here.town.case(str(row.case_id))).version == 1


async def test_only_what_klg_named_is_open_for_change(sqlite_url: str, tmp_path: Path) -> None:
    async with desk(sqlite_url, tmp_path) as here:
        draft, case_id = await _submits(here, ALONE, Stage.APPLICATION)
        await _asks_back(here, case_id, "analysis", "goal")
        assert "väntar på dig" in await here.last(ANNA)
        assert "Skriv mer." in await here.last(ANNA)

        refused = await changes(here, draft, "what")

        assert refused == (
            "KLG Trygghet och säkerhet har bett om komplettering av några frågor. "
            "Bara de går att ändra: Mål, Analys av den egna ramen."
        )


async def test_a_material_change_voids_the_votes_and_a_contact_does_not(
    sqlite_url: str, tmp_path: Path
) -> None:
    async with desk(sqlite_url, tmp_path) as here:
        draft, case_id = await _submits(here, ALONE, Stage.APPLICATION)
        await here.town.assess(case_id, "recommend", KARIN)
        await changes(here, draft, "contact")
        await here.says(ANNA, "Bo Berg, 070-123 45 67")
        await here.presses(ANNA, "Ja, jag bekräftar")
        await _sends(here, draft)
        case = await here.town.case(case_id)
        assert (case.version, case.changed, list(case.opinions)) == (2, ("contact",), [KARIN])

        await changes(here, draft, "goal")
        await here.says(ANNA, "Ett annat mål.")
        await here.presses(ANNA, "Ja, jag bekräftar")
        await _sends(here, draft)

        case = await here.town.case(case_id)
        assert (case.version, case.changed, list(case.opinions)) == (3, ("goal",), [])


async def test_a_new_appendix_is_part_of_what_is_assessed(sqlite_url: str, tmp_path: Path) -> None:
    async with desk(sqlite_url, tmp_path) as here:
        draft, case_id = await _submits(here, ALONE, Stage.APPLICATION)
        await here.town.assess(case_id, "recommend", KARIN)
        await changes(here, draft, "goal")
        await here.presses(ANNA, "Behåll svaret")
        await here.town.act(
            lambda tx: drafts.add_appendix(
                tx.db,
                draft,
                sha256="0" * 64,
                name="Karta.pdf",
                size=1000,
                type="pdf",
                by=ANNA,
                at=tx.now,
            )
        )

        await _sends(here, draft)

        case = await here.town.case(case_id)
        assert (case.version, list(case.opinions)) == (2, [])


async def test_nothing_new_is_not_sent_again(sqlite_url: str, tmp_path: Path) -> None:
    async with desk(sqlite_url, tmp_path) as here:
        draft, case_id = await _submits(here, ALONE, Stage.APPLICATION)
        await changes(here, draft, "goal")
        await here.presses(ANNA, "Behåll svaret")

        refused = await here.presses(ANNA, "Skicka in")

        assert "Inget har ändrats sedan version 1" in str(refused)
        assert (await here.town.case(case_id)).version == 1


@pytest.mark.requirement("R000-20")
async def test_an_officer_of_each_administration_that_submits_can_edit(
    sqlite_url: str, tmp_path: Path
) -> None:
    async with desk(sqlite_url, tmp_path) as here:
        given = values() | {"administrations": (SF, KFF)}
        draft, case_id = await _submits(here, given, Stage.PROPOSAL)
        for member in (KARIN, LARS, NILS):
            await here.town.assess(
                case_id, "unclear", member, reason="Skriv mer.", questions=["goal"]
            )

        assert await changes(here, draft, "goal", person=OMAR) is None
        await here.says(OMAR, "Ett tydligare mål.")

        assert (await here.stored(draft))["goal"]["by"] == OMAR
        tove = "T0SANDBOX:U0TOVE"
        assert "Du är inte med och skriver" in str(await changes(here, draft, "goal", person=tove))


@pytest.mark.requirement("R000-39", "R000-40")
async def test_the_chair_adds_to_the_record_and_never_blocks(
    sqlite_url: str, tmp_path: Path
) -> None:
    async with desk(sqlite_url, tmp_path) as here:
        _, case_id = await _submits(here, ALONE, Stage.APPLICATION)
        asked = await here.last(BIRGITTA)
        assert "ärendet går vidare även om du inte svarar" in asked
        assert (await here.town.case(case_id)).state is State.ASSESSMENT
        button = (await here.controls(BIRGITTA))[-1]
        assert "Bara nämndens ordförande kan bekräfta det." in str(await here.press(ANNA, button))

        await here.press(BIRGITTA, button)
        await here.press(BIRGITTA, button)

        events = await here.town.events(case_id)
        assert [e.by for e in events if isinstance(e, ChairConfirmed)] == [BIRGITTA]
        assert f"Det är antecknat i {case_id}" in await here.last(BIRGITTA)


@pytest.mark.requirement("R000-39")
async def test_the_chair_is_asked_anew_about_the_finished_application(
    sqlite_url: str, tmp_path: Path
) -> None:
    async with desk(sqlite_url, tmp_path) as here:
        draft, case_id = await _submits(here, ALONE, Stage.PROPOSAL)
        await here.presses(BIRGITTA, "Ja, vi har haft dialog")
        for member in (KARIN, LARS, NILS):
            await here.town.assess(case_id, "in_line", member)
        await here.town.change(draft, ALONE)
        await _sends(here, draft)

        assert "hela ansökan *Trygghetsvärdar i centrum*" in await here.last(BIRGITTA)
        await here.presses(BIRGITTA, "Ja, vi har haft dialog")
        events = await here.town.events(case_id)
        stages = [e.stage for e in events if isinstance(e, Submitted)]
        assert stages == [Stage.PROPOSAL, Stage.APPLICATION]
        assert len([e for e in events if isinstance(e, ChairConfirmed)]) == 2


async def test_withdrawing_ends_the_case_and_keeps_what_was_handed_in(
    sqlite_url: str, tmp_path: Path
) -> None:
    async with desk(sqlite_url, tmp_path) as here:
        draft, case_id = await _submits(here, ALONE, Stage.APPLICATION)
        updates = len(await here.town.owed("update"))
        await here.says(ANNA, "avbryt")
        assert "Vill du dra tillbaka *Trygghetsvärdar i centrum*?" in await here.last(ANNA)

        await here.presses(ANNA, "Ja, det vill jag")

        assert (await here.town.case(case_id)).state is State.WITHDRAWN
        assert "goal" in await here.stored(draft)
        assert len(await here.town.owed("update")) > updates  # KLG's card says so
        assert "är tillbakadragen" in await here.last(ANNA)


async def test_a_draft_is_broken_off_and_a_case_is_withdrawn(
    sqlite_url: str, tmp_path: Path
) -> None:
    async with desk(sqlite_url, tmp_path) as here:
        _, case_id = await _submits(here, ALONE, Stage.APPLICATION)
        labels = [one["label"] for one in await here.controls(ANNA)]
        assert "Avbryt ansökan" in labels
        assert "Dra tillbaka ansökan" not in labels

        await _asks_back(here, case_id, "goal")
        await here.town.work()
        await here.says(ANNA, "visa")
        await here.presses(ANNA, "Dra tillbaka ansökan")
        assert "Vill du dra tillbaka *Trygghetsvärdar i centrum*?" in await here.last(ANNA)


async def test_a_secret_matter_that_was_handed_in_is_withdrawn(
    sqlite_url: str, tmp_path: Path
) -> None:
    async with desk(sqlite_url, tmp_path) as here:
        draft, case_id = await _submits(here, ALONE, Stage.APPLICATION)
        await changes(here, draft, "secrecy")
        await here.presses(ANNA, "Ja, säkerhetsskydd eller sekretess")

        assert (await here.town.case(case_id)).state is State.WITHDRAWN
        assert await here.stored(draft) == {}


async def test_going_on_with_what_lies_with_klg_shows_it_and_asks_nothing(
    sqlite_url: str, tmp_path: Path
) -> None:
    async with desk(sqlite_url, tmp_path) as here:
        await _submits(here, values(), Stage.PROPOSAL)
        await here.says(ANNA, "fortsätt")

        assert "Alla frågor är besvarade." in await here.last(ANNA)
        assert "Skicka in" not in [c["label"] for c in await here.controls(ANNA)][-3:]
        await here.says(ANNA, "Ett svar på ingenting.")
        assert "Jag väntar inte på något svar" in await here.last(ANNA)
