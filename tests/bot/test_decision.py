"""The chief executive's decision: her message, what she may say, what is on record, who is told."""

from collections.abc import AsyncIterator
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from bot.acts import assessment, decision, routing
from bot.blocks.chief_executive import SHORT_HASH
from bot.ids import DECIDE, DECIDER_DISQUALIFIED, Value
from flows.case import State
from flows.decided import Body, Decided, Reason, Routed, Verdict
from flows.errors import InvalidAnswer, NotAllowed, Stale
from flows.events import Disqualified, Opinion
from flows.practice import ChiefExecutiveDeputy
from flows.rules import CostKind
from storage import decisions, drafts, ledger, texts
from tests.bot.decided import (
    KJELL,
    USUAL,
    gets,
    granted,
    recommended,
    waiting_for_chief_executive,
    waiting_for_drafting_committee,
)
from tests.bot.handed_in import costing
from tests.bot.klg import ALVA, STRANGER, card, thread
from tests.bot.town import GUEST, KARIN, SARA, Town, buttons, texts_of, town
from tests.flows.filled import ANNA, example

WHY = "Insatsen stärker tryggheten i hela kommunen."
DRIFT, INVESTMENT = CostKind.OPERATING, CostKind.INVESTMENT


@pytest.fixture
async def here(sqlite_url: str, tmp_path: Path) -> AsyncIterator[Town]:
    async with town(sqlite_url, tmp_path) as made:
        yield made


async def routed(here: Town, *amounts: Any, **more: Any) -> str:
    """A case that KLG has recommended and the bot has routed, with everybody told."""
    case_id = await recommended(here, *amounts, **more)
    await here.act(partial(routing.at_start, office=here.office, case_id=case_id))
    return case_id


async def says(
    here: Town,
    case_id: str,
    verdict: str = "granted",
    *amounts: str,
    by: str = KJELL,
    reason: str = WHY,
) -> Any:
    case = await here.case(case_id)
    seen = f"{verdict}:{case.pdf_sha256[:SHORT_HASH]}"
    value = Value(case_id, case.stage, case.version, seen)
    told = {"office": here.office, "value": value, "by": by, "reason": reason}
    return await here.act(partial(decision.decide, **told, amounts=amounts))


async def message(here: Town, person: str = KJELL, *, first: bool = False) -> dict[str, Any]:
    """Her newest message about a case, as it stands now."""
    user = person.partition(":")[2]
    posts = [row for row in await here.owed("post") if row["lane"] == user]
    post = posts[0 if first else -1]
    updates = [row for row in await here.owed("update") if row["refers_to"] == post["id"]]
    return [post, *updates][-1]


# --- the message -----------------------------------------------------------------------------------


async def test_she_gets_the_whole_basis_and_the_document_in_the_thread(here: Town):
    case_id = await routed(
        here,
        gets("socialnamnden", "operating", 2026, 400_000),
        gets("kultur-och-fritidsnamnden", "investment", 2026, 150_000),
        title="Kvällsöppna mötesplatser",
    )

    now = await message(here)
    shown = texts_of(now["blocks"])
    for said in (now["text"], shown):
        assert "Väntar på ditt beslut" in said
        assert f"{case_id} · Kvällsöppna mötesplatser" in said
        assert "Kommundirektören får besluta" in said
        assert "KLG tillstyrker" in said
        assert "Om detta bifalls är kvar:* 1 600 000 kr av taket" in plain(said)
        assert "9 600 000 kr av årets pengar" in plain(said)
    assert "socialnämnden: drift 2026, 400 000 kr" in plain(now["text"])
    assert [b["action_id"].partition(":")[0] for b in buttons(now["blocks"])] == [
        DECIDE, DECIDE, DECIDE, DECIDER_DISQUALIFIED,
    ]  # fmt: skip
    [upload] = [row for row in await here.owed("upload") if row["lane"] == KJELL.partition(":")[2]]
    assert [file["sha256"] for file in upload["files"]] == [(await here.case(case_id)).pdf_sha256]
    assert upload["refers_to"] == (await message_id(here))


async def test_what_is_left_counts_what_is_decided_and_what_others_have_reserved(here: Town):
    await granted(here, gets("socialnamnden", "operating", 2026, 1_000_000))
    await waiting_for_drafting_committee(here, gets("socialnamnden", "operating", 2026, 3_000_000))
    await routed(here, gets("socialnamnden", "operating", 2026, 600_000))

    text = plain((await message(here))["text"])

    assert (
        "Nu: av taket 2 000 000 kr är 1 000 000 kr beslutat på delegation, 1 000 000 kr kvar."
        in text
    )
    assert (
        "1 000 000 kr beslutat och 3 000 000 kr reserverat för andra ärenden, 6 000 000 kr kvar."
        in text
    )
    assert "400 000 kr av taket och 5 400 000 kr av årets pengar" in text
    assert "400 000 kr av taket och 5 400 000 kr av årets pengar" in plain(
        (await card(here))["text"]
    )


async def test_what_is_left_is_told_anew_when_another_case_is_decided(here: Town):
    first = await routed(here, gets("socialnamnden", "operating", 2026, 600_000))
    second = await routed(here, gets("socialnamnden", "operating", 2026, 500_000))
    await says(here, second)
    await here.work()

    now = await message(here, first=True)
    assert first in now["text"]
    assert "är 500 000 kr beslutat på delegation" in plain(now["text"])
    assert "900 000 kr av taket" in plain(now["text"])


async def test_klgs_no_and_the_secretarys_reason_stand_before_her(here: Town):
    case_id = await recommended(here, outcome=Opinion.ADVISE_AGAINST)
    value = Value(case_id, "application", 1)
    told = {"office": here.office, "value": value, "by": SARA}
    await here.act(partial(assessment.take_forward, **told, reason="Nyttan är större än så."))

    now = texts_of((await message(here))["blocks"])
    assert "KLG avstyrker" in now
    assert "KLG Trygghet och säkerhet avstyrker." in now
    assert "Nyttan är större än så." in now


# --- the decision ----------------------------------------------------------------------------------


@pytest.mark.requirement("R000-6")
async def test_a_decision_is_on_record_with_who_when_which_version_and_which_rule(here: Town):
    case_id = await routed(here, gets("socialnamnden", "operating", 2026, 400_000))
    before = await here.case(case_id)
    await says(here, case_id)

    case = await here.case(case_id)
    decided = case.decision
    assert decided is not None
    assert (decided.by, decided.body, decided.verdict) == (
        KJELL, Body.CHIEF_EXECUTIVE, Verdict.GRANTED,
    )  # fmt: skip
    assert (decided.number, decided.day) == ("D 2026-0001", date(2026, 11, 22))
    assert (decided.version, decided.pdf_sha256) == (1, before.pdf_sha256)
    assert decided.rule == here.office.programme.delegation[0].source
    assert decided.allocations == before.reserved
    assert decided.reason is not None
    assert await here.perform.read(lambda db: texts.get(db, decided.reason or 0)) == WHY
    [listed] = await here.perform.read(lambda db: decisions.of_year(db, 2026))
    assert listed.case_id == case_id
    account = (await here.perform.read(lambda db: ledger.accounts(db, 2026)))[DRIFT]
    assert (account.delegated, account.reserved) == (400_000, 0)


async def test_everybody_concerned_is_told_and_the_buttons_are_gone(here: Town):
    case_id = await routed(here, gets("socialnamnden", "operating", 2026, 400_000))
    await says(here, case_id, "granted", "250 tkr")

    for person in (ANNA, SARA):
        said = plain((await here.said(person))[-1])
        assert "Bifall" in said
        assert "Beviljat 250 000 kr av sökta 400 000 kr: 150 000 kr mindre." in said
        assert WHY in said
    assert "Kommundirektör Kjell Norén" in (await thread(here))[-1]
    assert "Väntar på socialförvaltningen" in (await card(here))["text"].splitlines()[0]
    now = await message(here)
    assert buttons(now["blocks"]) == []
    assert "D 2026-0001" in now["text"]


async def test_less_may_be_granted_and_never_more_or_nothing(here: Town):
    case_id = await routed(
        here,
        gets("socialnamnden", "operating", 2026, 400_000),
        gets("kultur-och-fritidsnamnden", "operating", 2026, 100_000),
    )
    with pytest.raises(InvalidAnswer, match="more_than_asked") as more:
        await says(here, case_id, "granted", "400 000", "100 001")
    assert more.value.facts["position"] == 1
    with pytest.raises(InvalidAnswer, match="nothing_granted"):
        await says(here, case_id, "granted", "0", "0 kr")
    with pytest.raises(InvalidAnswer, match="not_an_amount"):
        await says(here, case_id, "granted", "mycket", "1")

    await says(here, case_id, "granted", "0,3 mkr", "0")

    rows = (await here.case(case_id)).granted
    assert [(row.committee, row.amount) for row in rows] == [("socialnamnden", 300_000)]


@pytest.mark.parametrize("verdict", ["granted", "rejected", "remitted"])
async def test_every_verdict_has_a_motivation_without_identity_numbers(here: Town, verdict: str):
    case_id = await routed(here)
    with pytest.raises(InvalidAnswer, match="reason_missing"):
        await says(here, case_id, verdict, reason="  ")
    with pytest.raises(InvalidAnswer, match="identity_number"):
        await says(here, case_id, verdict, reason="Gäller 850709-9805.")

    assert (await here.case(case_id)).state is State.CHIEF_EXECUTIVE


@pytest.mark.parametrize(
    ("verdict", "state"), [("rejected", State.REJECTED), ("remitted", State.REMITTED)]
)
async def test_a_no_frees_the_money_and_gives_the_draft_back(
    here: Town, verdict: str, state: State
):
    case_id = await routed(here)
    await says(here, case_id, verdict, reason="Effekten behöver visas.")

    case = await here.case(case_id)
    assert (case.state, case.reserved, case.granted) == (state, (), ())
    account = (await here.perform.read(lambda db: ledger.accounts(db, 2026)))[DRIFT]
    assert (account.reserved, account.decided) == (0, 0)
    draft = await here.perform.read(lambda db: drafts.of_case(db, case_id))
    assert draft is not None
    assert draft.state == drafts.OPEN
    told = [row for row in await here.owed("post") if row["lane"] == "U0ANNA"][-1]
    assert "väntar på dig" in told["text"]
    assert "Effekten behöver visas." in texts_of(told["blocks"])


async def test_what_is_sent_in_again_goes_through_klg_anew(here: Town):
    case_id = await routed(here)
    await says(here, case_id, "remitted")
    draft = await here.perform.read(lambda db: drafts.of_case(db, case_id))
    assert draft is not None
    await here.change(draft.id, costing(here.office.programme, USUAL) | {"goal": "Ett nytt mål."})
    await here.submit(draft.id)

    case = await here.case(case_id)
    assert (case.state, case.version) == (State.DOCUMENTS, 2)
    assert (case.route, case.decision, case.outcome) == (None, None, None)


async def test_a_second_press_finds_it_decided_and_shows_it(here: Town):
    case_id = await routed(here)
    await says(here, case_id)

    with pytest.raises(Stale, match="not_waiting"):
        await says(here, case_id, "rejected")
    assert len([e for e in await here.events(case_id) if isinstance(e, Decided)]) == 1


async def test_a_press_counts_for_the_documents_that_were_seen(here: Town):
    case_id = await routed(here)
    value = Value(case_id, "application", 1, "granted:another")
    told = {"office": here.office, "value": value, "by": KJELL, "reason": WHY}

    with pytest.raises(Stale, match="old_version"):
        await here.act(partial(decision.decide, **told))
    older = {**told, "value": Value(case_id, "application", 0, "granted:x")}
    with pytest.raises(Stale, match="old_version"):
        await here.act(partial(decision.decide, **older))


@pytest.mark.parametrize("by", [ANNA, KARIN, SARA, GUEST, ALVA, STRANGER])
async def test_nobody_elses_press_decides_anything(here: Town, by: str):
    case_id = await routed(here)

    with pytest.raises(NotAllowed):
        await says(here, case_id, by=by)
    value = Value(case_id, "application", 1)
    with pytest.raises(NotAllowed):
        await here.act(partial(decision.disqualify, office=here.office, value=value, by=by))
    assert (await here.case(case_id)).state is State.CHIEF_EXECUTIVE


# --- what no longer fits -----------------------------------------------------------------------------


@pytest.mark.requirement("R000-8")
async def test_what_would_pass_the_cap_by_now_goes_to_kommunstyrelsen_instead(here: Town):
    case_id = await routed(here, gets("socialnamnden", "operating", 2026, 600_000))
    await granted(here, gets("socialnamnden", "operating", 2026, 1_500_000))
    told = await says(here, case_id)

    case = await here.case(case_id)
    assert (case.state, case.decision) == (State.DRAFTING_COMMITTEE, None)
    assert case.route is not None
    [reason] = case.route.reasons
    assert (reason.code, reason.used) == (Reason.CAP, 1_500_000)
    assert sum(row.amount for row in case.reserved) == 600_000
    assert "Inget är beslutat." in told
    assert "Över taket för drift 2026" in told
    assert buttons((await message(here, first=True))["blocks"]) == []
    number = await here.act(lambda tx: decisions.new_number(tx.db, 2026))
    assert number == "D 2026-0002"  # the refused decision took none


async def test_a_lower_amount_that_fits_is_decided(here: Town):
    case_id = await routed(here, gets("socialnamnden", "operating", 2026, 600_000))
    await granted(here, gets("socialnamnden", "operating", 2026, 1_500_000))

    assert await says(here, case_id, "granted", "500 000") is None
    assert (await here.case(case_id)).state is State.FOLLOW_UP


@pytest.mark.requirement("R000-14")
async def test_nothing_is_decided_of_a_year_without_money(here: Town):
    case_id = await waiting_for_chief_executive(here, gets("socialnamnden", "operating", 2028, 1))
    await says(here, case_id)

    case = await here.case(case_id)
    assert case.decision is None
    assert case.route is not None
    assert [reason.code for reason in case.route.reasons] == [Reason.NO_POT]


# --- jäv and deputies --------------------------------------------------------------------------------


async def test_jav_takes_the_case_to_kommunstyrelsen(here: Town):
    case_id = await routed(here)
    value = Value(case_id, "application", 1)
    press = partial(decision.disqualify, office=here.office, value=value, by=KJELL)
    await here.act(press)
    await here.act(press)

    case = await here.case(case_id)
    events = await here.events(case_id)
    assert case.state is State.DRAFTING_COMMITTEE
    assert len([e for e in events if isinstance(e, Disqualified)]) == 1
    last = events[-1]
    assert isinstance(last, Routed)
    assert [reason.code for reason in last.reasons] == [Reason.DISQUALIFIED]
    assert "*Kommundirektören är jävig*" in (await thread(here))[-1]


@pytest.mark.parametrize("in_force", [True, False])
async def test_a_deputy_decides_only_while_kommunstyrelsen_says_so(
    sqlite_url: str, tmp_path: Path, in_force: bool
):
    until = date(2026, 11, 22) if in_force else date(2026, 11, 21)
    deputy = ChiefExecutiveDeputy(
        email="petra.lind@exempelkommunen.se", since=date(2026, 11, 1), until=until, source="§ 101"
    )
    programme = example().model_copy(update={"chief_executive_deputies": (deputy,)})
    async with town(sqlite_url, tmp_path, programme=programme) as here:
        case_id = await routed(here)
        petra = "T0SANDBOX:U0PETRA"
        if not in_force:
            with pytest.raises(NotAllowed, match="not_chief_executive"):
                await says(here, case_id, by=petra)
            return
        assert buttons((await message(here, petra))["blocks"])
        await says(here, case_id, by=petra)

        decided = (await here.case(case_id)).decision
        assert decided is not None
        assert (decided.by, decided.instead_of) == (petra, "Kjell Norén")
        assert "Petra Lind i stället för kommundirektör Kjell Norén" in (await thread(here))[-1]


async def test_a_case_that_an_older_version_left_is_routed_at_start(here: Town):
    case_id = await recommended(here)
    against = await recommended(here, outcome=Opinion.ADVISE_AGAINST)

    assert await here.perform.read(routing.stranded) == [case_id]
    await here.act(partial(routing.at_start, office=here.office, case_id=case_id))
    await here.act(partial(routing.at_start, office=here.office, case_id=case_id))

    assert (await here.case(case_id)).state is State.CHIEF_EXECUTIVE
    assert (await here.case(against)).state is State.ADVISED_AGAINST
    assert len([p for p in await here.owed("post") if p["lane"] == KJELL.partition(":")[2]]) == 1


def plain(text: str) -> str:
    return text.replace("\u00a0", " ")


async def message_id(here: Town) -> int:
    posts = [row for row in await here.owed("post") if row["lane"] == KJELL.partition(":")[2]]
    return int(posts[-1]["id"])
