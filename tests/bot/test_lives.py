"""Whole lives of cases at random: anybody presses anything, in any order, through the bot's own listeners.

What is illegal is refused; whatever was legal, the case can be told from its events, the year's money
adds up, and no decision of kommunstyrelsen stands without Trygghetsberedningen's proposal before it.
"""

from collections.abc import Iterable
from decimal import Decimal
from pathlib import Path
from random import Random, SystemRandom
from typing import Any

import pytest

from bot import ids
from bot.blocks.chief_executive import SHORT_HASH
from bot.ids import Value
from flows.case import Case, Event, State, replay
from flows.decided import Allocation, Body, Decided, Position, Proposed, Routed
from flows.events import Submitted
from flows.rules import CostKind
from storage import ledger
from tests.bot.decided import pots, recommended, waiting_for_board, waiting_for_chief_executive
from tests.bot.everything import EVERYBODY
from tests.bot.test_permissions import FILLED, state, views
from tests.bot.wires import Line, line
from tests.flows.filled import ANNA
from tests.fuzzing import FUZZ, tries

pytestmark = pytest.mark.fuzz
STEPS = tries(80)
BUTTONS = (
    ids.ASSESS, ids.CLOSE, ids.DISQUALIFY, ids.TAKE_FORWARD, ids.DECIDE, ids.DECIDER_DISQUALIFIED,
    ids.REVIEW, ids.PROPOSE, ids.RECORD, ids.ANNOUNCE, ids.TRANSFER, ids.RETURN, ids.DNR,
)  # fmt: skip
SAYS = ("recommend", "advise_against", "unclear", "granted", "rejected", "remitted",
        "investment:2026", "operating:2026", "operating:2027", "")  # fmt: skip

SARA, KJELL = "T0SANDBOX:U0SARA", "T0SANDBOX:U0DIR"
FITS = {
    State.ASSESSMENT: [
        *((ids.ASSESS, "recommend", f"T0SANDBOX:U0{name}") for name in ("LARS", "NILS", "KARIN")),
        (ids.CLOSE, "", "T0SANDBOX:U0KARIN"),
    ],
    State.CHIEF_EXECUTIVE: [
        (ids.DECIDE, "granted", KJELL),
        (ids.DECIDE, "remitted", KJELL),
        (ids.DECIDER_DISQUALIFIED, "", KJELL),
    ],
    State.COUNCIL_REVIEW: [(ids.REVIEW, "", SARA)],
    State.DRAFTING_COMMITTEE: [(ids.PROPOSE, "", SARA)],
    State.EXECUTIVE_BOARD: [(ids.RECORD, "", SARA)],
    State.FOLLOW_UP: [
        (ids.TRANSFER, "operating:2026", "T0SANDBOX:U0PETRA"),
        (ids.ANNOUNCE, "", SARA),
    ],
}


async def test_whatever_is_pressed_the_case_and_the_money_hold(database_url: str, tmp_path: Path):
    seed = SystemRandom().randrange(10**6) if FUZZ else 2026
    print(f"Random({seed})")  # noqa: T201  pytest shows it when it fails
    chance = Random(seed)
    async with line(database_url, tmp_path) as wires:
        here = wires.town
        await pots(here)
        ours = [
            await here.submitted(),
            await recommended(here),
            await waiting_for_chief_executive(here),
            await waiting_for_board(here),
        ]
        likely = [
            "T0SANDBOX:U0SARA",
            "T0SANDBOX:U0DIR",
            "T0SANDBOX:U0KARIN",
            "T0SANDBOX:U0INV",
            ANNA,
        ]
        before = known = sum([len(await here.events(one)) for one in ours])
        for _ in range(STEPS):
            case_id = chance.choice(ours)
            case = await here.case(case_id)
            person = chance.choice([*likely, *likely, *sorted(EVERYBODY)])
            await presses(wires, chance, case_id, case, person)
            events = [await here.events(one) for one in ours]
            holds_together(events)
            await adds_up(wires, [replay(one) for one in events])
            known = sum(map(len, events))
        assert known > before + 5, "something was legal"


async def presses(wires: Line, chance: Random, case_id: str, case: Case, person: str) -> None:
    """Press a button as it would stand under the case now, or before; fill in and send what it opens."""
    what, action = chance.choice(SAYS), chance.choice(BUTTONS)
    if case.state in FITS and chance.random() < 0.6:
        action, what, person = chance.choice(FITS[case.state])
    if action == ids.DECIDE:
        what = f"{what}:{case.pdf_sha256[:SHORT_HASH]}"
    if action == ids.ANNOUNCE and case.decision is not None:
        what = case.decision.number
    version = max(0, case.version - (chance.random() < 0.1))
    value = str(Value(case_id, case.stage, version, what))
    answers = await wires.send("action", wires.press(person, action, value))
    for _ in range(2):  # kommunstyrelsen's decision is two forms
        for view in list(views(answers)):
            body = wires.form(person, view["callback_id"], view["private_metadata"], filled(view))
            answers = await wires.send("view", body)


def filled(view: dict[str, Any]) -> dict[str, Any]:
    """The view's inputs as the walk fills them in."""
    given = FILLED.get(view["callback_id"], {})
    inputs = [block for block in view["blocks"] if block["type"] == "input"]
    return {
        block["block_id"]: {
            block["element"]["action_id"]: state(block["element"], given.get(block["block_id"]))
        }
        for block in inputs
    }


def holds_together(cases: list[list[Event]]) -> None:
    for events in cases:
        assert isinstance(events[0], Submitted)
        assert replay(events).length == len(events)
        proposed = False
        for event in events:
            match event:
                case Routed() | Submitted():
                    proposed = False
                case Proposed(position=position):
                    proposed = position is Position.PROPOSES
                case Decided(body=Body.EXECUTIVE_BOARD):
                    assert proposed, "kommunstyrelsen decides what was proposed"


async def adds_up(wires: Line, cases: list[Case]) -> None:
    """The ledger says of each year and kind what the cases say together, and gives no more than there is."""
    for year in (2026, 2027):
        accounts = await wires.town.perform.read(lambda db, year=year: ledger.accounts(db, year))
        for kind, one in accounts.items():
            granted = sum_of(row for case in cases for row in case.granted if at(row, year, kind))
            asked = sum_of(row for case in cases for row in case.reserved if at(row, year, kind))
            assert one.decided_by_board + one.decided_by_chief_executive == granted
            assert one.reserved == asked
            assert one.grantable >= Decimal(0)


def at(row: Allocation, year: int, kind: CostKind) -> bool:
    return (row.year, row.kind) == (year, kind)


def sum_of(rows: Iterable[Allocation]) -> Decimal:
    return sum((row.amount for row in rows), Decimal(0))
