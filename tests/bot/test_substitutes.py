"""Naming a substitute, and what changes when her days come and go."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import pytest

from bot.acts import assessment, substitutes, who
from flows.errors import FlowError, NotAllowed
from flows.inputs import WrongInputs
from tests.bot import klg
from tests.bot.town import KARIN, LARS, MIRA, NILS, OMAR, SARA, TOVE, Town, town
from tests.flows.filled import ANNA

TODAY, TOMORROW, FRIDAY = "2026-11-22", "2026-11-23", "2026-11-27"


@pytest.fixture
async def here(database_url: str, tmp_path: Path) -> AsyncIterator[Town]:
    async with town(database_url, tmp_path) as made:
        yield made


async def name(
    here: Town, substitute: str = TOVE, *, by: str = NILS, since: str = TODAY, until: str = FRIDAY
) -> None:
    await here.act(
        partial(
            substitutes.name,
            office=here.office,
            by=by,
            substitute=substitute,
            since=since,
            until=until,
        )
    )


async def refusal(naming) -> str:
    with pytest.raises(WrongInputs) as refused:
        await naming
    (only,) = refused.value.by_input.values()
    return only.key.rpartition(".")[2]


async def midnight(here: Town, day: int) -> None:
    """The clock strikes twelve in Sweden, and the day has begun."""
    here.now = datetime(2026, 11, day - 1, 23, 0, tzinfo=UTC)
    await here.act(lambda tx: substitutes.turn(tx, here.office, here.now))


async def seats(here: Town) -> dict[str, str]:
    panel = await here.perform.read(lambda db: who.panel(db, here.office))
    return {member.seat: member.person for member in panel.members}


async def numbers(here: Town, by: str = NILS) -> list[int]:
    view = await here.act(partial(substitutes.ask, office=here.office, by=by))
    found = [block["accessory"]["value"] for block in view["blocks"] if "accessory" in block]
    return [int(number) for number in found]


async def test_from_today_she_sits_and_the_card_says_for_whom(here: Town):
    case_id = await here.submitted()
    await name(here)

    await klg.press(here, assessment.assess, case_id, TOVE, "recommend")

    assert "(1):* Tove Nyström (ersätter Nils Åkerman)" in (await klg.card(here))["text"]
    assert (await klg.thread(here))[-1].startswith("*Tove Nyström (ersätter Nils Åkerman)*")
    assert (await here.case(case_id)).opinions[NILS].by == TOVE


async def test_who_is_awaited_is_she_who_sits(here: Town):
    await here.submitted()
    await name(here)

    card = (await klg.card(here))["text"]
    assert "Tove Nyström (ersätter Nils Åkerman)" in card
    assert await here.perform.read(lambda db: assessment.waits_for(db, here.office, TOVE))
    assert not await here.perform.read(lambda db: assessment.waits_for(db, here.office, NILS))


@pytest.mark.requirement("R000-4")
async def test_nobody_else_may_press_for_the_seat(here: Town):
    case_id = await here.submitted()
    with pytest.raises(NotAllowed, match="not_klg"):
        await klg.press(here, assessment.assess, case_id, TOVE, "recommend")
    await name(here)

    with pytest.raises(NotAllowed, match="replaced"):
        await klg.press(here, assessment.assess, case_id, NILS, "recommend")
    with pytest.raises(NotAllowed, match="not_klg"):
        await klg.press(here, assessment.assess, case_id, OMAR, "recommend")


async def test_a_later_day_begins_at_midnight_and_ends_after_the_last(here: Town):
    await name(here, since=TOMORROW, until=TOMORROW)
    assert (await seats(here))[NILS] == NILS

    await midnight(here, 23)
    assert (await seats(here))[NILS] == TOVE
    await midnight(here, 24)
    assert (await seats(here))[NILS] == NILS

    assert [text.split("*")[1] for text in (await here.said(TOVE))] == [
        "Du ersätter Nils Åkerman",
        "Från i dag ersätter du Nils Åkerman",
        "Du ersätter inte längre Nils Åkerman",
    ]


async def test_days_that_passed_while_the_bot_was_away_are_over(here: Town):
    await name(here, since=TOMORROW, until=FRIDAY)
    await midnight(here, 29)

    assert (await seats(here))[NILS] == NILS
    assert await numbers(here) == []


async def test_midnight_again_changes_nothing(here: Town):
    await name(here, since=TOMORROW)
    await midnight(here, 23)
    said = await here.said(TOVE)
    await midnight(here, 23)

    assert await here.said(TOVE) == said


async def test_the_member_ends_it_herself_and_presses_again(here: Town):
    case_id = await here.submitted()
    await name(here)
    await klg.press(here, assessment.assess, case_id, TOVE, "recommend")
    (number,) = await numbers(here)

    await here.act(partial(substitutes.end, office=here.office, by=NILS, number=number))

    assert "Tove Nyström (ersätter Nils Åkerman)" in (await klg.card(here))["text"]
    with pytest.raises(NotAllowed, match="not_klg"):
        await klg.press(here, assessment.assess, case_id, TOVE, "recommend")
    await klg.press(here, assessment.assess, case_id, LARS, "recommend")
    await klg.press(here, assessment.assess, case_id, MIRA, "recommend")
    assert (await here.case(case_id)).outcome is not None


async def test_nobody_else_ends_it(here: Town):
    await name(here)
    (number,) = await numbers(here)

    for other in (TOVE, LARS, SARA):
        with pytest.raises(NotAllowed):
            await here.act(partial(substitutes.end, office=here.office, by=other, number=number))
    assert (await seats(here))[NILS] == TOVE


@pytest.mark.parametrize(
    "person", [NILS, LARS, klg.STRANGER, "T0SANDBOX:U0GUEST", "T0SANDBOX:U0GONE"]
)
async def test_only_an_employee_without_a_seat_can_sit(here: Town, person):
    assert await refusal(name(here, person)) == "who"


@pytest.mark.parametrize("person", [ANNA, SARA, TOVE])
async def test_only_a_member_names_one(here: Town, person):
    with pytest.raises(NotAllowed, match="not_klg"):
        await name(here, OMAR, by=person)


@pytest.mark.parametrize(
    ("since", "until", "why"),
    [
        ("2026-11-21", FRIDAY, "past"),
        (FRIDAY, TOMORROW, "backwards"),
        ("", FRIDAY, "no_days"),
        (TODAY, "i morgon", "no_days"),
    ],
)
async def test_days_that_make_no_period_are_refused(here: Town, since, until, why):
    assert await refusal(name(here, since=since, until=until)) == why


async def test_a_seat_has_one_substitute_and_a_substitute_one_seat(here: Town):
    await name(here, since=TOMORROW)

    assert await refusal(name(here, OMAR, since=FRIDAY, until="2026-12-01")) == "overlap"
    assert await refusal(name(here, TOVE, by=LARS, since=FRIDAY, until="2026-12-01")) == "overlap"
    await name(here, OMAR, since="2026-11-28", until="2026-12-01")


async def test_of_two_that_are_named_at_once_one_is(here: Town):
    named = await asyncio.gather(
        name(here, TOVE, by=NILS), name(here, TOVE, by=LARS), name(here, OMAR, by=NILS),
        return_exceptions=True,
    )  # fmt: skip

    assert all(one is None or isinstance(one, FlowError) for one in named)
    taken = {seat: sitter for seat, sitter in (await seats(here)).items() if seat != sitter}
    assert len(taken) == len(set(taken.values())) == named.count(None)
    assert named.count(None) in {1, 2}


async def test_a_substitute_whose_account_is_closed_sits_no_longer(here: Town):
    await name(here)
    user = {"id": "U0TOVE", "team_id": "T0SANDBOX", "deleted": True, "profile": {"real_name": "T"}}
    await here.act(partial(assessment.remember, office=here.office, user=user))

    assert (await seats(here))[NILS] == NILS


async def test_the_secretary_ends_an_assessment_while_the_convener_is_away(here: Town):
    await name(here, by=KARIN)

    panel = await here.perform.read(lambda db: who.panel(db, here.office))
    assert panel.convener is None
    assert SARA in panel.secretaries


async def test_her_app_home_shows_what_waits_for_her(here: Town):
    case_id = await here.submitted()
    assert case_id not in str(await here.home(TOVE))
    await name(here)

    assert case_id in str(await here.home(TOVE))
