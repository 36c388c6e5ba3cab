"""The secretary is told of every submission when it comes, and gives the case its dnr."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.acts import dnr as acts
from bot.ids import DNR, DNR_GIVEN
from flows import dnr, identity
from flows.errors import InvalidAnswer, NotAllowed, Stale
from flows.events import DnrGiven, Stage
from tests.bot.town import GUEST, KARIN, SARA, Town, buttons, texts_of, town
from tests.flows.filled import ANNA, values


@pytest.fixture
async def here(sqlite_url: str, tmp_path: Path) -> AsyncIterator[Town]:
    async with town(sqlite_url, tmp_path) as made:
        yield made


@pytest.mark.requirement("R000-16")
async def test_a_submission_is_told_with_its_arrival_and_asks_for_dnr(here: Town) -> None:
    here.now = datetime(2026, 7, 1, 21, 58, tzinfo=UTC)
    draft_id = await here.draft(
        values()
        | {"dialogue": (values()["dialogue"][0].model_copy(update={"on": here.now.date()}),)},
        stage=Stage.PROPOSAL,
    )
    case_id = await here.submit(draft_id)

    (said,) = [row for row in await here.owed("post") if row["lane"] == "U0SARA"]

    assert f"Nytt förslag: {case_id} · Trygghetsvärdar i centrum" in said["text"]
    assert "Kom 2 juli 2026 kl.\u00a000.00 från socialförvaltningen" in said["text"]
    assert "Ange dnr" in said["text"]
    assert [button["action_id"].partition(":")[0] for button in buttons(said["blocks"])] == [DNR]
    assert (await here.case(case_id)).submitted_at == here.now.replace(hour=22, minute=0)


async def test_a_new_version_of_a_case_with_dnr_does_not_ask_again(here: Town) -> None:
    draft_id = await here.draft(values())
    case_id = await here.submit(draft_id)
    await here.work()
    await here.give_dnr(case_id, "KS 2026/214")

    await here.change(draft_id, values() | {"goal": "Ett nytt mål."})
    await here.submit(draft_id)

    said = [row for row in await here.owed("post") if row["lane"] == "U0SARA"][-1]
    assert "Ny version" in said["text"]
    assert "KS 2026/214" in said["text"]
    assert not buttons(said["blocks"])


@pytest.mark.requirement("R000-16")
async def test_the_inbox_shows_arrival_sender_dnr_and_who_holds_it(here: Town) -> None:
    case_id = await here.submitted()

    before = texts_of(await here.home(SARA))
    await here.give_dnr(case_id, "KS 2026/214")
    after = texts_of(await here.home(SARA))

    assert "från socialförvaltningen. Dnr: saknas." in before
    assert "Ange dnr" in before
    assert "Dnr: KS 2026/214." in after
    assert "Ändra dnr" in after
    assert "KLG Trygghet och säkerhet har det:* bedömning av ansökan." in after


async def test_the_form_asks_for_the_dnr_with_what_stands_there(here: Town) -> None:
    case_id = await here.submitted()
    await here.give_dnr(case_id, "KS 2026/214")

    view = await here.act(partial(acts.ask, office=here.office, case_id=case_id, person=SARA))

    assert (view["callback_id"], view["private_metadata"]) == (DNR_GIVEN, case_id)
    assert view["blocks"][-1]["element"]["initial_value"] == "KS 2026/214"
    assert view["blocks"][-1]["element"]["max_length"] == 50


@pytest.mark.parametrize("person", [ANNA, KARIN, GUEST, "T0OTHER:U0STRANGER"])
async def test_nobody_but_the_secretary_gives_a_dnr(here: Town, person: str) -> None:
    case_id = await here.submitted()

    with pytest.raises(NotAllowed):
        await here.act(partial(acts.ask, office=here.office, case_id=case_id, person=person))
    with pytest.raises(NotAllowed):
        await here.give_dnr(case_id, "KS 2026/214", by=person)

    assert not [e for e in await here.events(case_id) if isinstance(e, DnrGiven)]


async def test_a_case_that_does_not_exist_gets_no_dnr(here: Town) -> None:
    with pytest.raises(Stale):
        await here.give_dnr("2026-9999", "KS 2026/214")


async def test_a_dnr_with_an_identity_number_is_refused_and_not_kept(here: Town) -> None:
    case_id = await here.submitted()

    with pytest.raises(InvalidAnswer, match="identity_number"):
        await here.give_dnr(case_id, "850709-9805")

    assert (await here.case(case_id)).dnr == ""


@pytest.mark.parametrize(
    ("written", "read"),
    [("KS 2026/214", "KS 2026/214"), ("  SN\u00a02026-00117 \n", "SN 2026-00117"), ("1", "1")],
)
def test_a_dnr_is_read_as_the_register_writes_it(written: str, read: str) -> None:
    assert dnr.read(written) == read


@pytest.mark.parametrize("written", ["", "   ", "diariet", "9" * 51])
def test_what_is_no_dnr_is_refused(written: str) -> None:
    with pytest.raises(InvalidAnswer):
        dnr.read(written)


@given(st.text(max_size=80))
def test_whatever_is_written_a_dnr_is_one_line_and_holds_no_identity_number(written: str) -> None:
    try:
        read = dnr.read(written)
    except InvalidAnswer:
        return
    assert len(read) <= dnr.LONGEST
    assert len(read.splitlines()) == 1
    assert not identity.contains(read)
