"""The budget view: the year's sums, every nämnd, and the rows that each sum leads to."""

from collections.abc import AsyncIterator
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from bot.acts import ledger as start
from bot.acts import money as acts
from bot.ids import ADJUST, MONEY_OLDER
from flows.errors import InvalidAnswer, NotAllowed
from flows.ledger import Entry, EntryKind
from flows.money import LARGEST
from flows.rules import CostKind
from sandbox.surfaces import find_problems, view_problems
from storage import ledger
from tests.bot.decided import (
    KJELL,
    PETRA,
    gets,
    granted,
    waiting_for_board,
    waiting_for_chief_executive,
)
from tests.bot.town import GUEST, NOON, SARA, Town, buttons, texts_of, town
from tests.flows.filled import ANNA, example


@pytest.fixture
async def here(sqlite_url: str, tmp_path: Path) -> AsyncIterator[Town]:
    async with town(sqlite_url, tmp_path) as made:
        await made.act(partial(start.set_pots, office=made.office))
        yield made


async def shown(here: Town, *, person: str = ANNA, said: str = "") -> tuple[str, list[Any]]:
    text, blocks = await here.act(partial(acts.show, office=here.office, person=person, said=said))
    assert not find_problems(blocks, surface="message", root="blocks")
    return text.replace("\xa0", " "), blocks


async def said(here: Town, **more: str) -> str:
    return texts_of((await shown(here, **more))[1]).replace("\xa0", " ")


def figures(whole: str, label: str) -> tuple[str, str]:
    """Drift and investering in the table's row."""
    (row,) = [line for line in whole.splitlines() if line.startswith(f"{label}  ")]
    operating, investment = row.removeprefix(label).strip().split("  ", 1)
    return operating.strip(), investment.strip()


@pytest.mark.requirement("R000-14")
async def test_the_year_adds_up_from_the_pot_to_what_is_left(here: Town):
    await granted(here, gets("socialnamnden", "operating", 2026, 400_000))
    later = gets("socialnamnden", "operating", 2027, 50_000)
    cameras = gets("teknik-och-fastighetsnamnden", "investment", 2026, 3_000_000)
    await granted(here, cameras, later, by_board=True)
    await waiting_for_board(here, gets("kultur-och-fritidsnamnden", "operating", 2026, "100000.50"))
    await waiting_for_chief_executive(here, gets("socialnamnden", "operating", 2026, 1))

    whole = await said(here)

    for label, of in {
        "Pott": ("10 000 000", "20 000 000"),
        "Beslutat av KS": ("0", "−3 000 000"),
        "Beslutat på delegation": ("−400 000", "0"),
        "Inte beslutat": ("9 600 000", "17 000 000"),
        "Reserverat": ("−100 001,50", "0"),
        "Kvar": ("9 499 998,50", "17 000 000"),
    }.items():
        assert figures(whole, label) == of, label
    assert "Bundet för senare år:* 2027 drift 50 000 kr." in whole
    assert figures(await said(here, said="2027"), "Bundet sedan tidigare") == ("−50 000", "0")


async def test_the_text_says_the_sums_by_itself(here: Town):
    await granted(here, gets("socialnamnden", "operating", 2026, 400_000))

    text, _ = await shown(here)

    assert "Drift: 10 000 000 kr avsatt, 400 000 kr beslutat" in text
    assert "9 600 000 kr kvar. Investering: 20 000 000 kr avsatt, 0 kr beslutat" in text


async def test_every_committee_is_listed_with_its_code_those_without_a_krona_too(here: Town):
    await granted(here, gets("socialnamnden", "operating", 2026, 400_000))

    whole = await said(here)

    assert "*socialnämnden* (TR200): drift: 400 000 kr beslutat, 0 kr omfört" in whole
    for committee in example().committees:
        if committee.id != "socialnamnden":
            assert f"*{committee.name}* ({committee.activity_code}): 0 kr" in whole


async def test_money_of_a_committee_that_the_programme_names_no_more_is_still_there(here: Town):
    gone = Entry(
        year=2026,
        kind=CostKind.OPERATING,
        entry=EntryKind.DECIDED,
        body="executive_board",
        committee="tekniska-namnden",
        activity_code="TR1",
        amount=Decimal(7),
        by=SARA,
        at=NOON,
    )
    await here.act(lambda tx: ledger.book(tx.db, [gone]))

    assert "*tekniska-namnden* (TR1): drift: 7 kr beslutat" in await said(here)


async def test_a_sum_leads_to_its_rows_and_each_row_to_its_case(here: Town):
    case_id = await granted(here, gets("socialnamnden", "operating", 2026, 400_000))

    view = await here.act(
        partial(acts.rows, office=here.office, person=ANNA, year=2026, committee="socialnamnden")
    )

    whole = texts_of(view).replace("\xa0", " ")
    assert not view_problems(view, surface="modal")
    assert f"*{case_id}*" in whole
    assert "Beslutat i drift: 400 000 kr. Aktivitetskod TR200. Beslut D 2026-0001." in whole
    assert "Reserverat i drift: −400 000 kr (taget tillbaka)" in whole


async def test_the_pots_own_rows_say_what_they_rest_on(here: Town):
    view = await here.act(
        partial(acts.rows, office=here.office, person=ANNA, year=2026, committee="")
    )

    assert "Rutin för den särskilda trygghetssatsningen" in texts_of(view)


async def test_many_rows_come_a_page_at_a_time(here: Town):
    row = Entry(
        year=2026,
        kind=CostKind.OPERATING,
        entry=EntryKind.RETURNED,
        committee="socialnamnden",
        amount=Decimal(1),
        by=SARA,
        at=NOON,
    )
    many = [row.model_copy(update={"amount": Decimal(n)}) for n in range(1, 46)]
    await here.act(lambda tx: ledger.book(tx.db, many))
    seen, before = [], None
    for _ in range(3):
        page = partial(acts.rows, office=here.office, person=ANNA, year=2026)
        view = await here.act(partial(page, committee="socialnamnden", before=before))
        assert not view_problems(view, surface="modal")
        seen += [text for text in texts_of(view).splitlines() if "Tillbakalämnat" in text]
        turns = [b for b in buttons(view) if b["action_id"] == MONEY_OLDER]
        before = int(turns[0]["value"].rpartition(",")[2].rstrip("]")) if turns else None

    assert len(seen) == 45
    assert before is None


async def test_any_employee_sees_the_sums_and_only_two_roles_change_them(here: Town):
    for person, may in ((ANNA, False), (KJELL, False), (SARA, True), (PETRA, True)):
        _, blocks = await shown(here, person=person)
        assert (ADJUST in [b["action_id"] for b in buttons(blocks)]) is may

    for outside in (GUEST, "T0OTHER:U0ANNA"):
        with pytest.raises(NotAllowed):
            await shown(here, person=outside)


@pytest.mark.parametrize("year", ["nästa", "26", "20266", "2026 2027"])
async def test_what_is_no_year_is_refused(here: Town, year: str):
    with pytest.raises(InvalidAnswer):
        await shown(here, said=year)


async def test_a_year_without_money_is_shown_as_nothing_and_said(here: Town):
    shown = await said(here, said="2031")

    assert figures(shown, "Kvar") == ("0", "0")
    assert "*Inga pengar är avsatta för 2031.*" in shown
    assert "Inga pengar är avsatta" not in await said(here, said="2027")


async def test_forty_committees_with_the_largest_amounts_fit_in_a_message(
    sqlite_url: str, tmp_path: Path
):
    names = [f"nämnden för trygghet och säkerhet i kommundel {n}" for n in range(40)]
    committees = tuple(
        one.model_copy(update={"id": f"n{n}", "name": name, "activity_code": f"TR{n}"})
        for n, name in enumerate(names)
        for one in example().committees[:1]
    )
    programme = example().model_copy(update={"committees": committees})
    async with town(sqlite_url, tmp_path, programme=programme) as here:
        kinds = (
            (EntryKind.DECIDED, "executive_board"),
            (EntryKind.COMMITTED, "executive_board"),
            (EntryKind.RESERVED, "executive_board"),
            (EntryKind.TRANSFERRED, ""),
            (EntryKind.RETURNED, ""),
        )
        entries = [
            Entry(
                year=2026,
                kind=kind,
                entry=entry,
                body=body,
                committee=committee.id,
                activity_code=committee.activity_code,
                amount=LARGEST,
                by=SARA,
                at=NOON,
            )
            for committee in committees
            for kind in CostKind
            for entry, body in kinds
        ]
        await here.act(lambda tx: ledger.book(tx.db, entries))

        text, blocks = await shown(here, person=SARA)

    whole = texts_of(blocks)
    assert len(text) <= 3000
    assert all(name in whole for name in names)
    assert all(len(b["text"]["text"]) <= 3000 for b in blocks if b["type"] == "section")
    assert "…" not in whole
