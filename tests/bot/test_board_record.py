"""Kommunstyrelsen's decision in its two modals: filled in from the case, refused with what is missing, kept."""

import asyncio
from collections.abc import AsyncIterator
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from bot.acts import board_record
from bot.ids import Value
from flows.board_record import Heading
from flows.calculation import CapitalCostBearer
from flows.case import State
from flows.decided import Decided, Proposed, Verdict
from flows.errors import FlowError
from flows.rules import CostKind
from storage import ledger, texts
from tests.bot.decided import gets, granted, waiting_for_board, waiting_for_drafting_committee
from tests.bot.secretary import AFTER, Secretary, desk
from tests.bot.test_board import OTHERS, arrives
from tests.bot.town import SARA, Town, town
from tests.flows.filled import ANNA

SN, KFN, TFN = "socialnamnden", "kultur-och-fritidsnamnden", "teknik-och-fastighetsnamnden"
BUTTON = "Anteckna kommunstyrelsens beslut"
MEETING = {"verdict": "granted", "paragraph": "22", "dnr": "KS 2026/66"}


@pytest.fixture
async def sara(sqlite_url: str, tmp_path: Path) -> AsyncIterator[Secretary]:
    async with desk(sqlite_url, tmp_path) as at_her_desk:
        yield at_her_desk


async def opens(sara: Secretary, case_id: str, **meeting: Any) -> None:
    """Go as far as the second step."""
    await arrives(sara, case_id)
    assert await sara.presses(BUTTON) == ""
    assert await sara.sends(MEETING | meeting) == {}
    assert len(sara.screen.views) == 2


async def decision(here: Town, case_id: str) -> Decided:
    found = (await here.case(case_id)).decision
    assert found is not None
    return found


@pytest.mark.requirement("R000-42", "R000-43", "R000-44", "R000-46", "R001-1", "R001-15", "R001-19")
async def test_with_the_minutes_before_her_she_changes_only_what_they_say_otherwise(
    sara: Secretary,
):
    case_id = await waiting_for_board(
        sara.town, gets(SN, "operating", 2026, 400_000), gets(KFN, "operating", 2026, 100_000)
    )
    await opens(sara, case_id)
    shown = sara.shown()
    assert shown[f"amount:{SN}:operating:2026"] == "400\u00a0000\u00a0kr"
    assert shown["pot:operating:2026"] == "500\u00a0000\u00a0kr"
    assert "Kommunstyrelsen beviljar socialnämnden driftmedel" in shown["points"]
    errors = await sara.sends(
        {
            f"amount:{SN}:operating:2026": "0,3 mkr",
            "pot:operating:2026": "400 tkr",
            "points": "1. Bifall.\n2. Säkerhetschefen får i uppdrag att följa upp.",
            "not_participating": "Alva Ek (M)\nBo Alm (M)",
            "proposals": "Det fanns bara ett förslag.",
        }
    )
    assert errors == {}
    assert sara.screen.views == []

    event = await decision(sara.town, case_id)
    assert event.number == f"KS 2026-12-15 § 22 ({case_id})"
    assert [(one.committee, one.amount) for one in event.allocations] == [
        (SN, Decimal(300_000)),
        (KFN, Decimal(100_000)),
    ]
    record = event.board
    assert record is not None
    assert (record.paragraph, record.dnr, record.reservations) == ("§ 22", "KS 2026/66", None)
    kept = await sara.town.perform.read(
        lambda db: texts.several(
            db, [record.points or 0, record.not_participating or 0, record.proposals or 0]
        )
    )
    assert list(kept.values()) == [
        "Bifall.\nSäkerhetschefen får i uppdrag att följa upp.",
        "Alva Ek (M)\nBo Alm (M)",
        "Det fanns bara ett förslag.",
    ]
    assert (await sara.town.case(case_id)).state is State.FOLLOW_UP


async def test_the_difference_from_what_was_asked_is_shown_to_everybody(sara: Secretary):
    case_id = await waiting_for_board(sara.town)
    await opens(sara, case_id)
    less = {f"amount:{SN}:operating:2026": "300000", "pot:operating:2026": "300000"}
    await sara.sends(less)

    for told in ("\n".join(await sara.town.said(ANNA)), await sara.told()):
        assert "300\u00a0000\u00a0kr (sökt 400\u00a0000\u00a0kr)" in told


@pytest.mark.requirement("R000-45")
async def test_six_million_over_two_years_is_recorded_with_its_payments(sara: Secretary):
    case_id = await waiting_for_board(
        sara.town,
        gets(TFN, "investment", 2026, 4_000_000),
        gets(TFN, "investment", 2027, 2_000_000),
    )
    await opens(sara, case_id)
    missing = await sara.sends({"payment:2026": "", "payment:2027": ""})
    assert "Fördela 6\u00a0000\u00a0000\u00a0kr på åren." in missing["payment:2026"]
    assert await sara.sends({"payment:2026": "4 mkr", "payment:2027": "2 mkr"}) == {}

    record = (await decision(sara.town, case_id)).board
    assert record is not None
    assert record.total_estimate == Decimal(6_000_000)
    assert record.payments == {2026: Decimal(4_000_000), 2027: Decimal(2_000_000)}
    following = await sara.town.perform.read(lambda db: ledger.accounts(db, 2027))
    assert following[CostKind.INVESTMENT].committed == Decimal(2_000_000)


@pytest.mark.requirement("R000-47")
async def test_a_later_year_without_an_amount_is_asked_for_and_may_be_nothing(sara: Secretary):
    case_id = await waiting_for_board(
        sara.town, gets(SN, "operating", 2026, 240_000), gets(SN, "operating", 2027, 720_000)
    )
    await opens(sara, case_id)
    field = f"amount:{SN}:operating:2027"
    errors = await sara.sends({field: "", "pot:operating:2027": ""})
    assert "2027" in errors[field]
    assert await sara.sends({field: "0 kr", "pot:operating:2027": ""}) == {}

    amounts = [one.amount for one in (await decision(sara.town, case_id)).allocations]
    assert amounts == [Decimal(240_000), Decimal(0)]


@pytest.mark.requirement("R001-17")
async def test_what_lacks_anything_says_all_of_it_and_nothing_she_wrote_is_lost(sara: Secretary):
    case_id = await waiting_for_board(sara.town, gets(TFN, "investment", 2026, 800_000))
    await opens(sara, case_id)
    errors = await sara.sends({"points": " ", "total_estimate": "", "pot:investment:2026": "1 tkr"})

    assert errors.keys() == {"points", "total_estimate", "pot:investment:2026"}
    assert errors["points"].endswith(
        "Rätta också: Tas ur särskild trygghetssatsning, investering 2026; Investeringens totalkalkyl."
    )
    assert len(sara.screen.views) == 2
    assert (await sara.town.case(case_id)).state is State.EXECUTIVE_BOARD


@pytest.mark.requirement("R000-54")
async def test_compensation_for_capital_costs_is_asked_only_where_it_was_applied_for(
    sara: Secretary,
):
    asks = await waiting_for_board(
        sara.town,
        gets(TFN, "investment", 2026, 800_000),
        capital_bearer=CapitalCostBearer.PROGRAMME,
    )
    await opens(sara, asks)
    assert "compensates" in sara.shown()
    assert "särskilda skäl" in str(sara.screen.views[-1])
    assert (await sara.sends({})).keys() == {"compensates"}
    assert await sara.sends({"compensates": "yes"}) == {}
    record = (await decision(sara.town, asks)).board
    assert record is not None
    assert record.compensates_capital_costs is True

    does_not = await waiting_for_board(sara.town, gets(TFN, "investment", 2026, 800_000))
    sara.town.now = AFTER
    await opens(sara, does_not)
    assert "compensates" not in sara.shown()


@pytest.mark.requirement("R000-14")
async def test_nothing_passes_the_pot_and_a_year_without_one_gets_nothing(sara: Secretary):
    await granted(sara.town, gets(SN, "operating", 2026, 9_700_000), by_board=True)
    case_id = await waiting_for_board(
        sara.town, gets(SN, "operating", 2026, 400_000), gets(SN, "operating", 2028, 100_000)
    )
    await opens(sara, case_id)
    field = f"amount:{SN}:operating:"
    over = await sara.sends({})
    assert "300\u00a0000\u00a0kr är kvar" in over[field + "2026"]
    assert "kommunfullmäktige" in over[field + "2026"]
    less = {field + "2026": "300 tkr", "pot:operating:2026": "300 tkr"}
    later = await sara.sends(less)
    assert "Det finns inga pengar avsatta för 2028" in later[field + "2028"]
    assert await sara.sends(less | {field + "2028": "0", "pot:operating:2028": "0"}) == {}


@pytest.mark.parametrize(("verdict", "state"), [("rejected", "rejected"), ("remitted", "remitted")])
async def test_a_refusal_asks_for_its_reason_and_for_no_money(
    sara: Secretary, verdict: str, state: str
):
    case_id = await waiting_for_board(sara.town)
    await opens(sara, case_id, verdict=verdict)
    assert not [name for name in sara.shown() if name.startswith(("amount", "pot", "points"))]
    assert (await sara.sends({})).keys() == {"reason"}
    reserved = {"reason": "Effekten är oklar.", "reservations": "Bo Alm (M)"}
    assert await sara.sends(reserved) == {}

    case = await sara.town.case(case_id)
    assert (case.state, case.reserved) == (State(state), ())
    assert "Effekten är oklar." in (await sara.town.said(ANNA))[-1]


async def test_the_first_step_is_refused_with_everything_that_is_wrong(sara: Secretary):
    await arrives(sara, await waiting_for_board(sara.town))
    await sara.presses(BUTTON)
    errors = await sara.sends(
        {"verdict": "granted", "paragraph": "x", "dnr": "KS", "day": "2026-12-06", "committees": []}
    )

    assert errors.keys() == {"paragraph", "dnr", "day", "committees"}
    assert len(sara.screen.views) == 1


async def test_more_amounts_than_a_modal_holds_are_refused_in_the_first_step(sara: Secretary):
    years = [gets(SN, "operating", year, 1_000) for year in range(2026, 2046)]
    await arrives(sara, await waiting_for_board(sara.town, *years))
    await sara.presses(BUTTON)
    everybody = [one.id for one in sara.town.office.programme.committees]
    errors = await sara.sends(MEETING | {"committees": everybody})

    assert "färre nämnder" in errors["committees"]


@pytest.mark.parametrize("person", OTHERS)
async def test_nobody_else_records_a_decision_with_her_button_or_her_modal(
    sara: Secretary, person: str
):
    case_id = await waiting_for_board(sara.town)
    await arrives(sara, case_id)
    assert await sara.presses(BUTTON, by=person) != ""
    await sara.presses(BUTTON)
    assert len(await sara.sends(MEETING, by=person)) == 1
    await sara.sends(MEETING)
    assert len(await sara.sends({}, by=person)) == 1

    assert not [e for e in await sara.town.events(case_id) if isinstance(e, Decided)]


@pytest.mark.requirement("R000-5", "R000-41")
async def test_no_modal_however_made_records_a_decision_without_a_proposal(sara: Secretary):
    here = sara.town
    case_id = await waiting_for_drafting_committee(here)
    here.now = AFTER
    heading = Heading(
        verdict=Verdict.GRANTED,
        day=AFTER.date(),
        paragraph="§ 22",
        dnr="KS 2026/66",
        committees=(SN,),
        kinds=(CostKind.OPERATING,),
        years=(2026,),
    )
    value = Value(case_id, "application", 1, heading.model_dump_json())
    record = partial(board_record.record, office=here.office, value=value, by=SARA, inputs={})

    with pytest.raises(FlowError, match="not_proposed"):
        await here.act(record)
    assert not [e for e in await here.events(case_id) if isinstance(e, Proposed | Decided)]


async def test_the_same_modal_sent_again_changes_nothing(sara: Secretary):
    case_id = await waiting_for_board(sara.town)
    await opens(sara, case_id)
    views = list(sara.screen.views)
    await sara.sends({})
    before = await sara.town.events(case_id)

    sara.screen.views = views
    assert await sara.sends({}, again=True) == {"repeated": ""}
    sara.screen.views = views
    (late,) = (await sara.sends({})).values()
    assert "väntar inte på det här längre" in late
    assert await sara.town.events(case_id) == before


async def test_she_is_asked_for_the_days_of_the_minutes(sara: Secretary):
    case_id = await waiting_for_board(sara.town)
    await opens(sara, case_id)
    await sara.sends({})
    assert "Protokollet ska vara justerat senast den 29 december 2026" in await sara.told()
    await sara.presses("Ange justering och anslag")
    assert (await sara.sends({"verified": "2026-12-17", "announced": ""})).keys() == {
        "verified",
        "announced",
    }
    assert await sara.sends({"verified": "2026-12-16", "announced": "2026-12-16"}) == {}

    case = await sara.town.case(case_id)
    assert case.announced is not None
    assert "går ut den *7 januari 2027*" in await sara.told()


def minutes_of(case_id: str, kronor: str) -> tuple[Value, dict[str, str]]:
    """The second step as it comes back from Slack."""
    heading = Heading(
        verdict=Verdict.GRANTED,
        day=AFTER.date(),
        paragraph="§ 22",
        dnr="KS 2026/66",
        committees=(SN,),
        kinds=(CostKind.OPERATING,),
        years=(2026,),
    )
    value = Value(case_id, "application", 1, heading.model_dump_json())
    amounts = dict.fromkeys([f"amount:{SN}:operating:2026", "pot:operating:2026"], kronor)
    return value, {"points": "Bifall.", **amounts}


async def at_once(here: Town, *case_ids: str, kronor: str) -> list[object]:
    """Record them in the same moment; returns what became of each."""
    here.now = AFTER
    acts = []
    for case_id in case_ids:
        value, inputs = minutes_of(case_id, kronor)
        acts.append(
            partial(board_record.record, office=here.office, value=value, by=SARA, inputs=inputs)
        )
    return list(await asyncio.gather(*map(here.act, acts), return_exceptions=True))


async def test_of_two_secretaries_who_record_at_once_one_has_done_it(
    database_url: str, tmp_path: Path
):
    async with town(database_url, tmp_path) as here:
        case_id = await waiting_for_board(here)
        became = await at_once(here, case_id, case_id, kronor="400 tkr")

        assert sorted(type(one).__name__ for one in became) == ["NoneType", "Stale"]
        events = await here.events(case_id)
        assert sum(isinstance(event, Decided) for event in events) == 1
        money = await here.perform.read(lambda db: ledger.accounts(db, 2026))
        assert money[CostKind.OPERATING].decided == Decimal(400_000)


@pytest.mark.requirement("R000-14")
async def test_two_decisions_at_once_never_pass_the_pot(database_url: str, tmp_path: Path):
    async with town(database_url, tmp_path) as here:
        ids = [
            await waiting_for_board(here, gets(SN, "operating", 2026, 6_000_000)) for _ in range(2)
        ]
        became = await at_once(here, *ids, kronor="6 mkr")

        assert sorted(type(one).__name__ for one in became) == ["NoneType", "WrongInputs"]
        money = await here.perform.read(lambda db: ledger.accounts(db, 2026))
        assert money[CostKind.OPERATING].decided == Decimal(6_000_000)


async def test_a_paragraph_of_one_meeting_may_be_about_two_cases(sara: Secretary):
    for _ in range(2):
        case_id = await waiting_for_board(sara.town)
        sara.town.now = AFTER
        value, inputs = minutes_of(case_id, "400 tkr")
        record = partial(board_record.record, office=sara.town.office, by=SARA)
        await sara.town.act(partial(record, value=value, inputs=inputs))

        assert (await sara.town.case(case_id)).state is State.FOLLOW_UP


async def test_the_tables_of_the_form_are_what_the_case_asks_for(sara: Secretary):
    """The modal is filled in from the application, also where Slack would hold no more text."""
    case_id = await waiting_for_board(sara.town, title="T" * 120)
    case = await sara.town.case(case_id)
    wanted = await sara.town.perform.read(
        lambda db: board_record.wanted_by(db, sara.town.office, case_id, case)
    )

    assert (wanted.committees, wanted.years, wanted.compensation) == ((SN,), (2026,), False)
    await opens(sara, case_id)
    assert "T" * 120 in str(sara.screen.views[-1])
