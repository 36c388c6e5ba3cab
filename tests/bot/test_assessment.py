"""KLG presses: who may, what is stored, and what the card and its thread say then."""

from collections.abc import AsyncIterator
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import func, select
from structlog.testing import capture_logs

from bot.acts import assessment
from bot.ids import NotOurs, Value
from flows.errors import InvalidAnswer, NotAllowed, Stale
from flows.events import Stage
from storage.tables import texts
from tests.bot.klg import ALVA, STRANGER, card, closes_account, press, thread
from tests.bot.town import GONE, GUEST, KARIN, LARS, MIRA, NILS, SARA, Town, texts_of, town
from tests.flows.filled import ANNA, values

WHY = {"reason": "Målet går inte att mäta.", "questions": ("goal",)}


@pytest.fixture
async def here(database_url: str, tmp_path: Path) -> AsyncIterator[Town]:
    async with town(database_url, tmp_path) as made:
        yield made


async def test_the_card_says_what_it_waits_for_and_who_has_answered(here: Town):
    case_id = await here.submitted()
    await here.assess(case_id, "recommend", KARIN)
    now = await card(here)
    first_line = now["text"].splitlines()[0]

    assert first_line == (
        "*Väntar på KLG Trygghet och säkerhet:* "
        "Lars Berg, Mira Sandell (sökande förvaltning), Nils Åkerman."
    )
    assert "*Tillstyrker (1):* Karin Holm" in now["text"]
    assert texts_of(now["blocks"]).splitlines()[0] == first_line


@pytest.mark.requirement("R000-17", "R000-18")
async def test_an_opinion_is_on_record_and_in_the_thread_with_its_reason(here: Town):
    case_id = await here.submitted(stage=Stage.PROPOSAL)
    await here.assess(case_id, "unclear", LARS, **WHY)
    case = await here.case(case_id)

    assert case.opinions[LARS].questions == ("goal",)
    assert case.opinions[LARS].at == here.now
    assert await thread(here) == [
        "*Lars Berg*: Behöver förtydligas. Gäller Mål.\nMålet går inte att mäta."
    ]


@pytest.mark.requirement("R000-17")
@pytest.mark.parametrize("what", ["unclear", "not_relevant"])
async def test_without_a_reason_nothing_happens(here: Town, what: str):
    case_id = await here.submitted(stage=Stage.PROPOSAL)
    before = await here.events(case_id)

    for blank in ("", "  \n "):
        with pytest.raises(InvalidAnswer, match="reason_missing"):
            await here.assess(case_id, what, LARS, reason=blank, questions=("goal",))
    assert await here.events(case_id) == before


async def test_an_identity_number_in_a_reason_is_refused_and_nothing_of_it_is_kept(here: Town):
    case_id = await here.submitted(stage=Stage.PROPOSAL)
    before = await here.events(case_id)
    with capture_logs() as logs, pytest.raises(InvalidAnswer) as refused:
        await here.assess(
            case_id, "not_relevant", LARS, reason="Gäller 850709-9805, som vi känner."
        )
    stored = await here.perform.read(lambda db: db.scalar(select(func.count()).select_from(texts)))

    assert await here.events(case_id) == before
    assert stored == 0
    assert "850709" not in str(logs) + str(refused.value.facts)


async def test_only_questions_that_were_asked_can_be_named(here: Town):
    case_id = await here.submitted(stage=Stage.PROPOSAL)
    named = ("goal", "split", "attested", "secrecy", "made-up")
    await here.assess(case_id, "unclear", LARS, reason="Oklart.", questions=named)

    assert (await here.case(case_id)).opinions[LARS].questions == ("goal",)


async def test_what_a_member_writes_is_never_markup(here: Town):
    case_id = await here.submitted(stage=Stage.PROPOSAL)
    await here.assess(
        case_id, "not_relevant", LARS, reason="<!channel> <https://x.se|klicka> & *så*"
    )
    line = (await here.owed("post"))[-1]

    assert "<!channel>" not in line["text"]
    typed = line["blocks"][1]["text"]
    assert typed["type"] == "plain_text"
    assert typed["text"] == "<!channel> <https://x.se|klicka> & *så*"


@pytest.mark.requirement("R000-4")
@pytest.mark.parametrize(
    ("by", "reason"),
    [
        (ALVA, "not_klg"),  # a member of the channel, and not of KLG
        (SARA, "not_klg"),
        (ANNA, "not_klg"),
        (GUEST, "guest"),
        (GONE, "closed_account"),
        (STRANGER, "other_team"),
        ("T0SANDBOX:U0NEVER", "unknown"),
        ("T0OTHER:U0LARS", "other_team"),  # a member's user id in another workspace
    ],
)
async def test_nobody_but_a_member_can_press(here: Town, by: str, reason: str):
    case_id = await here.submitted()
    before = await here.events(case_id)
    with capture_logs() as logs:
        for act in (assessment.assess, assessment.disqualify):
            with pytest.raises(NotAllowed, match=reason):
                await press(here, act, case_id, by, "recommend")

    assert [(line["event"], line["person"], line["reason"]) for line in logs] == [
        ("refused", by, reason)
    ] * 2
    assert await here.events(case_id) == before


async def test_a_member_whose_account_was_closed_can_no_longer_press(here: Town):
    case_id = await here.submitted()
    await closes_account(here, NILS)

    with pytest.raises(NotAllowed, match="closed_account"):
        await here.assess(case_id, "recommend", NILS)


async def test_a_member_who_became_a_guest_can_no_longer_press_and_is_still_counted(here: Town):
    case_id = await here.submitted()
    await closes_account(here, NILS, deleted=False, is_restricted=True)

    with pytest.raises(NotAllowed, match="guest"):
        await here.assess(case_id, "recommend", NILS)
    now = (await card(here))["text"]
    assert "*Finns inte i Slack:* Nils Åkerman" in now
    assert "3 av 4 behöver säga samma sak" in now


async def test_who_wrote_the_proposal_does_not_take_part_and_the_card_says_so(here: Town):
    draft = await here.draft(values(), owner=MIRA)
    case_id = await here.submit(draft, person=MIRA)
    await here.work()

    with pytest.raises(NotAllowed, match="own_proposal"):
        await here.assess(case_id, "recommend", MIRA)
    assert "*Eget förslag, deltar inte:* Mira Sandell" in (await card(here))["text"]


async def test_what_we_never_wrote_is_not_believed(here: Town):
    case_id = await here.submitted()
    for forged in (
        Value(case_id, "third", 1, "recommend"),
        Value(case_id, "application", 1, "yes"),
    ):
        act = partial(assessment.assess, office=here.office, value=forged, by=LARS)
        with pytest.raises(NotOurs):
            await here.act(act)
    with pytest.raises(Stale, match="unknown_case"):
        await press(here, assessment.assess, "2026-0404", LARS, "recommend")
