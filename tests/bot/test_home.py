"""App Home: for each person what she writes, what she has handed in, and what waits for her."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from markupsafe import Markup

from bot.acts import home, home_page, intake, money, submission
from bot.blocks import home as blocks
from bot.blocks import kit
from bot.blocks.home import PER_PAGE, DraftLine, Home, Part, Section
from bot.blocks.tasks import Task
from bot.ids import HOME_PAGE, OPEN_DRAFT, START, TAKE_FORWARD, About
from flows.case import State
from flows.events import Opinion, Stage
from storage import cases, drafts
from storage.cases import Listed
from tests.bot.town import (
    GONE,
    GUEST,
    KARIN,
    LARS,
    MIRA,
    NILS,
    OMAR,
    SARA,
    TEAM,
    Town,
    buttons,
    texts_of,
    town,
)
from tests.flows.filled import ANNA, EVA, KFF, SF, TFF, values

FIRST = {"secrecy": "nothing_secret", "administrations": (SF,), "title": "Ljus i parken"}
# What Slack does not show on Home (slack.md §3.3).
NOT_ON_HOME = {"table", "markdown", "alert", "file", "context_actions"}


@pytest.fixture
async def here(sqlite_url: str, tmp_path: Path) -> AsyncIterator[Town]:
    async with town(sqlite_url, tmp_path) as made:
        yield made


def actions(view: Any) -> list[str]:
    return [button["action_id"].partition(":")[0] for button in buttons(view)]


async def test_everybody_can_start_from_home(here: Town) -> None:
    view = await here.home(ANNA)

    assert view["type"] == "home"
    assert START in actions(view)


@pytest.mark.requirement("R000-15")
async def test_a_draft_says_how_far_it_has_come_and_can_be_resumed(here: Town) -> None:
    draft_id = await here.draft(FIRST, stage=Stage.PROPOSAL)

    view = await here.home(ANNA)

    assert "Ljus i parken" in texts_of(view)
    assert "början · 3 av 17 besvarade" in texts_of(view)
    (resume,) = [b for b in buttons(view) if b["action_id"].startswith(OPEN_DRAFT)]
    assert resume["value"].startswith(f"[{draft_id},")


async def test_the_point_where_one_goes_on_is_named(here: Town) -> None:
    given = {key: value for key, value in values().items() if key != "own_budget"}
    await here.draft(given)

    assert "punkt 2 av 4" in texts_of(await here.home(ANNA))


async def test_a_draft_is_seen_by_those_who_write_it_and_nobody_else(here: Town) -> None:
    draft_id = await here.draft(FIRST)
    await here.act(
        lambda tx: drafts.join(tx.db, draft_id, person=EVA, role=drafts.FINANCE, at=tx.now)
    )

    assert "Ljus i parken" in texts_of(await here.home(EVA))
    assert "Ljus i parken" not in texts_of(await here.home(OMAR))


async def test_my_cases_say_who_holds_each_and_since_when(here: Town) -> None:
    case_id = await here.submitted()

    said = texts_of(await here.home(ANNA))

    assert case_id in said
    assert "KLG Trygghet och säkerhet har det:" in said
    assert "Sedan 22 november 2026" in said


@pytest.mark.requirement("R000-20")
async def test_an_officer_sees_what_her_administration_has_handed_in(here: Town) -> None:
    given = values() | {
        "administrations": (SF, KFF),
        "concerned": (TFF,),
    }
    case_id = await here.submit(await here.draft(given))

    assert case_id in texts_of(await here.home(OMAR))
    assert case_id not in texts_of(await here.home(f"{TEAM}:U0TOVE"))


@pytest.mark.requirement("R000-20")
async def test_an_officer_of_the_other_administration_can_write_on_when_the_case_is_back(
    here: Town,
) -> None:
    given = values() | {"administrations": (SF, KFF), "concerned": (TFF,)}
    case_id = await here.submitted(stage=Stage.PROPOSAL, **given)
    assert not [b for b in buttons(await here.home(OMAR)) if b["action_id"].startswith(OPEN_DRAFT)]

    await here.assess(case_id, Opinion.IN_LINE, KARIN, LARS, MIRA)

    (join,) = [b for b in buttons(await here.home(OMAR)) if b["action_id"].startswith(OPEN_DRAFT)]
    draft_id = About.read(join["value"]).draft
    await here.act(partial(intake.resume, office=here.office, person=OMAR, draft_id=draft_id))
    (resume,) = [b for b in buttons(await here.home(OMAR)) if b["action_id"].startswith(OPEN_DRAFT)]
    assert resume["text"]["text"] == "Fortsätt"


async def test_klg_sees_what_waits_for_her_until_she_has_answered(here: Town) -> None:
    case_id = await here.submitted()
    assert case_id in texts_of(await here.home(KARIN))
    assert "<#C0KLG>" in texts_of(await here.home(KARIN))

    await here.assess(case_id, Opinion.RECOMMEND, KARIN)

    assert case_id not in texts_of(await here.home(KARIN))
    assert case_id in texts_of(await here.home(LARS))


async def test_only_klg_has_what_waits_and_only_the_secretary_the_inbox(here: Town) -> None:
    said = {who: texts_of(await here.home(who)) for who in (ANNA, KARIN, SARA)}

    assert ["Väntar på din bedömning" in said[w] for w in (ANNA, KARIN, SARA)] == [
        False,
        True,
        False,
    ]
    assert ["Inkorg" in said[w] for w in (ANNA, KARIN, SARA)] == [False, False, True]


@pytest.mark.parametrize("person", [GUEST, GONE, f"{TEAM}:U0NOBODY", "T0OTHER:U0STRANGER"])
async def test_outsiders_see_what_it_is_and_nothing_else(here: Town, person: str) -> None:
    await here.submitted()

    view = await here.home(person)

    assert len(view["blocks"]) == 2
    assert not buttons(view)
    assert "2026-0001" not in texts_of(view)


async def test_home_follows_when_the_case_changes(here: Town) -> None:
    case_id = await here.submitted()
    await here.give_dnr(case_id, "KS 2026/214")
    await here.work(homes=True)

    shown = {row["lane"]: texts_of(row["view"]) for row in await here.owed("publish")}

    assert {"home:U0ANNA", "home:U0KARIN", "home:U0SARA"} <= shown.keys()
    assert "KS 2026/214" in shown["home:U0ANNA"]
    assert "KS 2026/214" in shown["home:U0SARA"]


async def test_a_change_refreshes_each_person_once_and_no_stranger(here: Town) -> None:
    await here.act(partial(home.refresh, office=here.office, persons=[ANNA, ANNA, "T0OTHER:U1"]))

    assert [job["arguments"] for job in await here.jobs("home")] == [{"person": ANNA}]


async def test_what_a_person_typed_is_never_markup(here: Town) -> None:
    await here.draft(FIRST | {"title": "<!channel> & <@U0SARA>"})

    assert "&lt;!channel&gt; &amp; &lt;@U0SARA&gt;" in texts_of(await here.home(ANNA))


async def test_the_newest_come_first_and_the_rest_on_pages(here: Town) -> None:
    for number in range(PER_PAGE[Part.DRAFTS] + 2):
        await here.draft(FIRST | {"title": f"Ansökan nr {number}"})

    newest = await here.home(ANNA)
    older = await here.home(ANNA, turned=Part.DRAFTS, page=1)

    last = PER_PAGE[Part.DRAFTS] + 1
    assert f"*Ansökan nr {last}*" in texts_of(newest)
    assert "*Ansökan nr 1*" not in texts_of(newest)
    assert "*Ansökan nr 1*" in texts_of(older)
    assert f"*Ansökan nr {last}*" not in texts_of(older)
    (more,) = [b for b in buttons(newest) if b["action_id"].startswith(HOME_PAGE)]
    assert more["value"] == "drafts:1"
    (back,) = [b for b in buttons(older) if b["action_id"].startswith(HOME_PAGE)]
    assert back["value"] == "drafts:0"


async def test_what_was_withdrawn_or_decided_no_longer_waits(here: Town) -> None:
    case_id = await here.submitted()
    await here.assess(case_id, Opinion.RECOMMEND, KARIN, LARS, MIRA)

    assert case_id not in texts_of(await here.home(NILS))
    assert "Hos avdelningen Trygghet och säkerhet:" in texts_of(await here.home(ANNA))


def task_line(number: int) -> Task:
    button = kit.button("Registrera", "board_record", f"{number}")
    return Task(text=Markup(f"*2026-{number:04}*"), buttons=(button,))


def case_line(number: int, state: State) -> Listed:
    at = datetime(2026, 11, 22, 11, 0, tzinfo=UTC)
    return Listed(
        id=f"2026-{number:04}",
        state=state,
        stage=Stage.APPLICATION,
        version=1,
        title="Å" * 120,
        dnr="K" * 50,
        administrations=(SF, KFF),
        first_submitted_at=at,
        submitted_at=at,
        since=at,
    )


def draft_line(number: int) -> DraftLine:
    at = datetime(2026, 11, 22, tzinfo=UTC)
    return DraftLine(
        draft=number,
        title="Å" * 120,
        case_id="2026-0001",
        point=3,
        answered=7,
        of=19,
        changed_at=at,
    )


def full(part: Part, line: Any) -> Section[Any]:
    lines = tuple(line(number) for number in range(PER_PAGE[part]))
    return Section(part=part, page=1, lines=lines, more=True)


@pytest.mark.parametrize("state", list(State))
async def test_the_fullest_home_keeps_slacks_limits(here: Town, state: State) -> None:
    def line(number: int) -> Listed:
        return case_line(number, state)

    view = blocks.view(
        here.office,
        Home(
            tasks=full(Part.TASKS, task_line),
            money=await here.perform.read(
                lambda db: tuple(
                    money.collect(db, here.office, person=SARA, year=year) for year in (2026, 2027)
                )
            ),
            drafts=full(Part.DRAFTS, draft_line),
            cases=full(Part.CASES, line),
            waiting=full(Part.WAITING, line),
            inbox=full(Part.INBOX, line),
        ),
    )

    assert len(view["blocks"]) <= 100
    assert not NOT_ON_HOME & {block["type"] for block in view["blocks"]}
    for block in view["blocks"]:
        ids = [
            element["action_id"] for element in block.get("elements", ()) if "action_id" in element
        ]
        assert len(ids) == len(set(ids))


async def test_the_secretary_can_take_on_what_klg_advised_against(here: Town) -> None:
    case_id = await here.submitted()
    questions = {"reason": "För dyrt."}
    await here.assess(case_id, Opinion.ADVISE_AGAINST, KARIN, LARS, MIRA, **questions)
    assert (await here.case(case_id)).state is State.ADVISED_AGAINST

    assert TAKE_FORWARD in actions(await here.home(SARA))
    assert TAKE_FORWARD not in actions(await here.home(ANNA))


async def test_handing_in_shows_on_the_secretarys_home_before_the_documents_are_made(
    here: Town,
) -> None:
    draft_id = await here.draft(values())
    await here.act(partial(submission.submit, office=here.office, person=ANNA, draft_id=draft_id))
    persons = {job["arguments"]["person"] for job in await here.jobs("home")}
    case_id = (await here.perform.read(cases.latest))[0].id

    assert SARA in persons
    assert case_id in texts_of(await here.home(SARA))
    assert "handlingarna skapas" in texts_of(await here.home(SARA))


async def test_a_page_that_is_not_there_is_empty(here: Town) -> None:
    act = partial(home_page.publish, office=here.office, person=ANNA, turned=Part.CASES, page=99)
    await here.act(act)

    (row,) = await here.owed("publish")
    assert "Du har inget inskickat ärende" in texts_of(row["view"])


async def test_every_part_is_read_from_both_databases(database_url: str, tmp_path: Path) -> None:
    async with town(database_url, tmp_path) as here:
        case_id = await here.submitted(stage=Stage.PROPOSAL)
        await here.draft(FIRST)
        waiting = texts_of(await here.home(KARIN))
        await here.assess(case_id, Opinion.IN_LINE, KARIN, LARS, MIRA)

        mine, inbox = texts_of(await here.home(ANNA)), texts_of(await here.home(SARA))

    assert case_id in waiting
    assert "Ljus i parken" in mine
    assert case_id in mine
    assert "punkt 2–4 skrivs" in inbox
