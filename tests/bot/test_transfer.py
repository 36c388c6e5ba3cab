"""The budget transfer: the right person is asked, says when it is done, and only once (R000-50, R000-51)."""

from collections.abc import AsyncIterator
from datetime import UTC, date, datetime
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from bot.acts import transfer as acts
from bot.ids import TRANSFER, NotOurs, Value
from bot.timetable import Timetable
from flows.decided import Allocation, BudgetTransferred, ProjectGiven, Verdict
from flows.errors import FlowError, NotAllowed, Stale
from flows.inputs import WrongInputs
from flows.ledger import Account
from flows.rules import CostKind
from sandbox.surfaces import find_problems, view_problems
from storage import cases, ledger
from tests.bot.decided import IVAR, KJELL, PETRA, gets, granted
from tests.bot.klg import closes_account
from tests.bot.town import GUEST, SARA, Town, buttons, texts_of, town
from tests.flows.filled import ANNA

CAMERAS = gets("teknik-och-fastighetsnamnden", "investment", 2026, 2_000_000)
EVENINGS = gets("socialnamnden", "operating", 2026, "400000.50")


@pytest.fixture
async def here(sqlite_url: str, tmp_path: Path) -> AsyncIterator[Town]:
    async with town(sqlite_url, tmp_path) as made:
        yield made


async def decided(here: Town, *rows: Allocation, **more: Any) -> str:
    case_id = await granted(here, *rows, **more)

    def begin(tx: Any) -> None:
        acts.begin(tx, here.office, case_id, cases.load(tx.db, case_id))

    await here.act(begin)
    return case_id


async def value(here: Town, case_id: str, what: str) -> Value:
    case = await here.case(case_id)
    return Value(case_id, case.stage, case.version, what)


async def moves(here: Town, case_id: str, what: str, *, by: str, **inputs: str) -> None:
    of = {"office": here.office, "value": await value(here, case_id, what), "by": by}
    await here.act(partial(acts.done, **of, inputs={"reference": "V 4711"} | inputs))


async def account(here: Town, kind: CostKind, year: int = 2026) -> Account:
    return await here.perform.read(lambda db: ledger.accounts(db, year)[kind])


async def asked(here: Town, person: str) -> list[dict[str, Any]]:
    """The tasks that the person has got, as they were posted."""
    lane = person.partition(":")[2]
    posts = [row for row in await here.owed("post") if row["lane"] == lane]
    return [row for row in posts if any(b["action_id"] == TRANSFER for b in buttons(row["blocks"]))]


@pytest.mark.requirement("R000-50")
async def test_the_investeringsstrateg_is_asked_with_from_to_year_amount_and_code(here: Town):
    case_id = await decided(here, CAMERAS)

    (task,) = await asked(here, IVAR)

    text = task["text"].replace("\xa0", " ")
    assert f"{case_id} · Kvällsöppna mötesplatser" in text
    assert "Beslut D 2026-0001" in text
    assert "Från kommunstyrelsens pott" in text
    assert "investering 2026, sammanlagt 2 000 000 kr" in text
    assert "till teknik- och fastighetsnämnden: 2 000 000 kr, aktivitetskod TR400" in text
    assert not find_problems(task["blocks"], surface="message", root="blocks")
    assert await asked(here, PETRA) == await asked(here, SARA) == []


@pytest.mark.requirement("R000-50")
async def test_the_ledger_says_beslutat_until_it_is_moved_and_then_omfort(here: Town):
    case_id = await decided(here, CAMERAS)
    before = await account(here, CostKind.INVESTMENT)

    await moves(here, case_id, "investment:2026", by=IVAR, project="P 2026:17")

    after = await account(here, CostKind.INVESTMENT)
    assert (before.decided, before.transferred) == (2_000_000, 0)
    assert (after.decided, after.transferred) == (2_000_000, 2_000_000)
    assert after.left == before.left
    number, moved = (await here.events(case_id))[-2:]
    assert isinstance(number, ProjectGiven)
    assert isinstance(moved, BudgetTransferred)
    assert (moved.by, moved.reference, moved.decision) == (IVAR, "V 4711", "D 2026-0001")


@pytest.mark.requirement("R000-51")
async def test_the_projects_number_is_asked_for_until_somebody_has_given_it(here: Town):
    case_id = await decided(here, CAMERAS)
    ask = partial(acts.ask, office=here.office, value=await value(here, case_id, "investment:2026"))

    form = await here.act(partial(ask, by=IVAR))
    with pytest.raises(WrongInputs) as refused:
        await moves(here, case_id, "investment:2026", by=IVAR)
    await moves(here, case_id, "investment:2026", by=IVAR, project="P 2026:17")

    assert "Projektnummer" in texts_of(form)
    assert not view_problems(form, surface="modal")
    assert list(refused.value.by_input) == ["project"]
    assert (await here.case(case_id)).project == "P 2026:17"


async def test_drift_is_moved_by_ekonomistyrningsenheten_to_every_committee(here: Town):
    case_id = await decided(
        here, EVENINGS, gets("kultur-och-fritidsnamnden", "operating", 2026, 100_000)
    )
    (task,) = await asked(here, PETRA)

    await moves(here, case_id, "operating:2026", by=PETRA)

    assert "till socialnämnden: 400\xa0000,50\xa0kr, aktivitetskod TR200" in task["text"]
    assert "till kultur- och fritidsnämnden: 100\xa0000\xa0kr" in task["text"]
    assert (await account(here, CostKind.OPERATING)).transferred == EVENINGS.amount + 100_000
    assert (await here.case(case_id)).project == ""


async def test_the_secretary_moves_it_when_nobody_of_the_role_is_in_slack(here: Town):
    await closes_account(
        here,
        PETRA,
        profile={"email": "petra.lind@exempelkommunen.se", "real_name": "Petra Lind"},
    )
    case_id = await decided(here, EVENINGS)

    assert len(await asked(here, SARA)) == 1
    await moves(here, case_id, "operating:2026", by=SARA)

    assert (await account(here, CostKind.OPERATING)).transferred == EVENINGS.amount


async def test_kommunstyrelsen_itself_can_get_its_budget(here: Town):
    await decided(here, gets("kommunstyrelsen", "operating", 2026, 1_500_000))

    (task,) = await asked(here, PETRA)

    assert "till kommunstyrelsen: 1\xa0500\xa0000\xa0kr, aktivitetskod TR100" in task["text"]


@pytest.mark.parametrize("person", [ANNA, SARA, PETRA, KJELL, GUEST, "T0OTHER:U0IVAR"])
async def test_anybody_else_changes_nothing(here: Town, person: str):
    case_id = await decided(here, CAMERAS)

    with pytest.raises(NotAllowed):
        await moves(here, case_id, "investment:2026", by=person, project="P")

    assert (await account(here, CostKind.INVESTMENT)).transferred == 0


async def test_a_second_press_changes_nothing(here: Town):
    case_id = await decided(here, CAMERAS)
    await moves(here, case_id, "investment:2026", by=IVAR, project="P 17")
    length = (await here.case(case_id)).length

    with pytest.raises(NotAllowed, match="already"):
        await moves(here, case_id, "investment:2026", by=IVAR, project="P 18")

    assert (await here.case(case_id)).length == length
    assert (await account(here, CostKind.INVESTMENT)).transferred == 2_000_000


async def test_the_task_says_that_it_is_done_and_the_secretary_is_told(here: Town):
    case_id = await decided(here, CAMERAS)
    (task,) = await asked(here, IVAR)

    await moves(here, case_id, "investment:2026", by=IVAR, project="P 17")

    (update,) = [row for row in await here.owed("update") if row["refers_to"] == task["id"]]
    assert "Omfört" in update["text"]
    assert "Antecknat av Ivar Strand" in update["text"]
    assert "bokföring V 4711, projekt P 17" in update["text"]
    assert [b["action_id"] for b in buttons(update["blocks"])] == ["returning"]
    assert any("Omfört" in said for said in await here.said(SARA))


@pytest.mark.parametrize(
    ("what", "wrong"),
    [
        ("investment:2027", Stale),
        ("operating:2026", NotAllowed),  # not hers
        ("", NotOurs),
        ("investment:x", NotOurs),
        ("cash:2026", NotOurs),
    ],
)
async def test_what_a_button_says_is_not_believed(here: Town, what: str, wrong: type[Exception]):
    case_id = await decided(here, CAMERAS)

    with pytest.raises(wrong):
        await moves(here, case_id, what, by=IVAR, project="P")


async def test_a_rejected_case_asks_nobody_and_can_be_moved_by_nobody(here: Town):
    case_id = await decided(here, CAMERAS, verdict=Verdict.REJECTED)

    assert await asked(here, IVAR) == []
    with pytest.raises(FlowError):
        await moves(here, case_id, "investment:2026", by=IVAR, project="P")


async def test_an_identity_number_is_not_taken_as_a_reference(here: Town):
    case_id = await decided(here, EVENINGS)

    with pytest.raises(WrongInputs):
        await moves(here, case_id, "operating:2026", by=PETRA, reference="19811218-9876")

    assert (await account(here, CostKind.OPERATING)).transferred == 0


@pytest.mark.requirement("R000-47", "R000-50")
async def test_next_years_money_is_committed_and_asked_for_when_its_year_begins(here: Town):
    later = gets("socialnamnden", "operating", 2027, 300_000)
    case_id = await decided(here, EVENINGS, later, by_board=True)
    office, clock = here.office, [datetime(2026, 12, 30, 12, tzinfo=UTC)]
    table = Timetable(here.perform, office, acts.TIMERS, now=lambda: clock[0], poll_s=1)
    await table.once()
    assert len(await asked(here, PETRA)) == 1  # this year's

    # 1 January is a Friday and a holiday: the first working day is Monday the 4th.
    for moment, tasks in (
        (datetime(2027, 1, 4, 6, 59, tzinfo=UTC), 1),
        (datetime(2027, 1, 4, 7, 0, tzinfo=UTC), 2),
        (datetime(2027, 1, 5, 7, 0, tzinfo=UTC), 2),
    ):
        clock[0] = here.now = moment
        await table.once()
        assert len(await asked(here, PETRA)) == tasks

    before = await account(here, CostKind.OPERATING, 2027)
    await moves(here, case_id, "operating:2027", by=PETRA)
    after = await account(here, CostKind.OPERATING, 2027)
    assert (before.committed, before.decided, before.transferred) == (300_000, 0, 0)
    assert (after.committed, after.decided, after.transferred) == (0, 300_000, 300_000)
    assert before.left == after.left == 9_700_000


async def test_what_is_decided_in_the_new_year_is_not_asked_for_again(here: Town):
    here.now = datetime(2027, 1, 2, 9, tzinfo=UTC)
    row = gets("socialnamnden", "operating", 2027, 300_000)
    await decided(here, row, day=date(2027, 1, 2))

    await here.act(
        partial(acts.of_the_new_year, office=here.office, at=datetime(2027, 1, 4, 7, tzinfo=UTC))
    )

    assert len(await asked(here, PETRA)) == 1
