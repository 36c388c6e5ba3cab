"""Everything that can be pressed, sent in, written or commanded, by everybody who may not.

The walk goes through the bot's whole table of listeners with payloads as Slack sends them: whoever
registers something new must say in tests/bot/everything.py who may, or these tests fail.
"""

import asyncio
import json
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path
from sqlite3 import connect
from typing import Any

import pytest
from structlog.testing import capture_logs

from bot.acts import who
from bot.all_listeners import LISTENERS
from bot.ids import CORRECT_HEADING, RECORD_HEADING, SEARCHED
from bot.listeners.commands import COMMANDS
from sandbox.workspace import load
from storage.engine import open_writer
from storage.tables import metadata
from tests.bot.everything import (
    ALVA,
    EMPLOYEES,
    EVERYBODY,
    KLG,
    OUTSIDERS,
    OVERSEERS,
    SECRET,
    Control,
    fill,
)
from tests.bot.town import OMAR, TOVE
from tests.bot.town import _as_slack_says as as_slack_says
from tests.bot.wires import Line, line
from tests.flows.filled import ANNA

STRANGERS = "T0OTHER"
# What stands in a form when it is sent in; every other input keeps what it was opened with.
FILLED: dict[str, dict[str, Any]] = {
    "adjustment_done": {"change": "increase", "amount": "1 000", "reference": "KF 2027-02-15 § 8"},
    "assessment_closed": {"outcome": "recommend", "reason": "Vi är eniga."},
    "assessment_forwarded": {"reason": "Nämnden vill det."},
    "assessment_reason": {"reason": "Oklart vem som gör det."},
    "board_correct_heading": {"day": "2026-12-15"},
    "board_corrected": {"why": "Beloppet var felskrivet."},
    "board_announced": {"verified": "2026-12-16", "announced": "2026-12-17"},
    "board_proposed": {"position": "proposes", "day": "2026-12-07"},
    "board_reviewed": {"outcome": "not_needed", "day": "2026-12-07", "reason": "Ingen ny verksamhet."},
    "board_record_heading": {"verdict": "granted", "day": "2026-12-15", "paragraph": "22", "dnr": "KS 2026/66"},
    "decision_decided": {"reason": "Insatsen stärker tryggheten."},
    "inbox_dnr_given": {"dnr": "KS 2026/77"},
    "intake_invited": {"people": ["U0OMAR"]},
    "intake_row": {"what": "Lampor", "amount": "5000", "start": "2027-04-01", "end": "2027-05-31"},
    "report_amounts_given": {},
    "report_sent_back": {"reason": "Skriv vad som gjordes."},
    "returning_done": {"amount": "1 000", "reason": "Det blev billigare."},
    "substitutes_named": {"who": "U0OMAR", "since": "2027-07-01", "until": "2027-07-02"},
    "transfer_done": {"reference": "V 4711", "project": "P 17"},
    "officer_report_written": {"background": "Bakgrund.", "group": "Trygghetsgruppen"},
}  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Form(Control):
    """A form that a button opened: `value` is its private metadata."""

    values: Mapping[str, Any]


@dataclass(frozen=True)
class Everything:
    """A town's database, and all that can be done in it. Made once; each test has a copy."""

    database: Path
    now: datetime
    controls: tuple[Control, ...]
    forms: tuple[Form, ...]

    @property
    def all(self) -> tuple[Control, ...]:
        return (*self.controls, *self.forms)


async def made_in(wires: Line, file: Path, name: str = SECRET) -> Everything:
    controls = await fill(wires, name)
    forms = await opened(wires, controls)
    return Everything(file, wires.town.now, tuple(controls), tuple(forms))


@pytest.fixture(scope="module")
def everything(tmp_path_factory: pytest.TempPathFactory) -> Everything:
    folder = tmp_path_factory.mktemp("everything")
    file = folder / "lots.db"
    engine = open_writer(f"sqlite:///{file}")
    metadata.create_all(engine)
    engine.dispose()

    async def make() -> Everything:
        async with line(f"sqlite:///{file}", folder) as wires:
            return await made_in(wires, file)

    return asyncio.run(make())


@pytest.fixture
async def wires(everything: Everything, tmp_path: Path) -> AsyncIterator[Line]:
    file = tmp_path / "lots.db"
    with closing(connect(everything.database)) as whole, closing(connect(file)) as copy:
        whole.backup(copy)
    async with line(f"sqlite:///{file}", tmp_path) as made:
        made.town.now = everything.now
        made.gestures = 100_000  # no gesture of those that made it is done again
        yield made


# --- who may, does --------------------------------------------------------------------------------


async def test_everything_that_is_listened_to_is_walked(wires: Line, everything: Everything):
    assert {one.id for one in everything.controls} == {*LISTENERS.actions}
    assert {one.id for one in everything.forms} == {*LISTENERS.views}
    assert set(wires.wires.to) == {
        "event:message", "event:app_home_opened", "event:user_change", "event",
        "action", "view", "view_closed", "command", "shortcut", "options",
    }  # fmt: skip


async def test_each_of_them_does_something_for_whom_it_is_meant(
    wires: Line, everything: Everything
):
    for one in everything.all:
        before = await wires.stored()
        with capture_logs() as logs:
            answers = await press(wires, one, one.by)
        assert not refusals(logs), (one.id, one.value, answers)
        shown = [answer for answer in answers if answer]
        assert one.reads or shown or await wires.stored() != before, (one.id, "does nothing")
        assert not any("errors" in answer for answer in answers), (one.id, answers)


# --- who may not, does not -------------------------------------------------------------------------


async def test_nobody_else_has_any_effect_is_told_anything_or_goes_unlogged(
    wires: Line, everything: Everything
):
    before = await wires.stored()
    for one in everything.all:
        for person in sorted(EVERYBODY - one.also - {one.by}):
            await no_effect(wires, one, person, before)


async def test_the_same_user_id_in_another_workspace_may_nothing(
    wires: Line, everything: Everything
):
    before = await wires.stored()
    for one in everything.all:
        if one.also != EVERYBODY:
            user = one.by.partition(":")[2]
            await no_effect(wires, one, f"{STRANGERS}:{user}", before)


@pytest.mark.parametrize("change", ["deleted", "is_restricted", "is_ultra_restricted"])
async def test_whoever_left_or_became_a_guest_may_nothing_that_was_hers(
    wires: Line, everything: Everything, change: str
):
    for user in load().people:
        wires.screen.of_everybody = {change: True}
        told = as_slack_says(user) | wires.screen.of_everybody
        await wires.town.act(partial(who.remember, office=wires.town.office, user=told))
    before = await wires.stored()
    for one in everything.all:
        if one.also != EVERYBODY:
            await no_effect(wires, one, one.by, before)


async def test_an_employee_sees_nothing_of_what_is_not_hers_where_she_may_look(
    wires: Line, everything: Everything
):
    for one in everything.all:
        for person in sorted(OUTSIDERS & one.also - {one.by}):
            answers = await press(wires, one, person)
            if SECRET in json.dumps(answers, default=str, ensure_ascii=False):
                assert one.by == ANNA, (one.id, person, answers)


# --- commands, messages and App Home ---------------------------------------------------------------

FOR_OVERSEERS = {"exportera", "digest"}
FOR_KLG = {"ersättare", "ersattare"}
OPEN = {"hjälp"}
STARTS = {"", "ny", "start", "starta"}
ASKS = ["", " 2026", " 2026-0001", " Hemlig", " ²", " 99999999999999999999", " <!channel>"]


async def test_a_command_tells_and_does_nothing_for_whom_it_is_not(wires: Line):
    before = await wires.stored()
    for word in {*COMMANDS} - OPEN:
        may = KLG if word in FOR_KLG else OVERSEERS if word in FOR_OVERSEERS else EMPLOYEES
        for person in sorted((OUTSIDERS | {f"{STRANGERS}:U0SARA"}) - may):
            for rest in ASKS if word else ASKS[:1]:
                with capture_logs() as logs:
                    answers = await wires.send("command", wires.command(person, word + rest))
                assert refusals(logs), (word, rest, person)
                assert SECRET not in shown(answers), (word, rest, person)
        assert await wires.stored() == before, word


async def test_a_command_says_nothing_of_what_is_not_ones_own(wires: Line):
    for word in {*COMMANDS} - STARTS:
        for person in (ALVA, OMAR, TOVE):
            for rest in ASKS:
                answers = await wires.send("command", wires.command(person, word + rest))
                assert SECRET not in shown(answers), (word, rest, person)


async def test_the_shortcut_a_message_and_app_home_are_for_employees(wires: Line):
    before = await wires.stored()
    for person in sorted((EVERYBODY - EMPLOYEES) | {f"{STRANGERS}:U0ANNA"}):
        payloads = [
            ("shortcut", wires.shortcut(person)),
            ("event:app_home_opened", wires.event(person, "app_home_opened", tab="home")),
            *[
                ("event:message", wires.message(person, text))
                for text in ("ny", "visa", "fortsätt", "avbryt", "tillbaka", "bjud in", "Ett svar.")
            ],
            ("event:message", wires.message(person, "", files=[{"id": "F1", "name": "a.pdf"}])),
        ]
        for kind, body in payloads:
            answers = await wires.send(kind, body)
            assert SECRET not in shown(answers)
            assert not [
                a for a in answers if "lane" in a and a["kind"] in {"job", "upload", "mail"}
            ]
    assert await wires.stored() == before


# --- walking --------------------------------------------------------------------------------------


async def opened(wires: Line, controls: list[Control]) -> list[Form]:
    """Press whatever opens a form, as whom it is for; the forms, filled in."""
    found: list[Form] = []
    for one in controls:
        shown_ = views(await press(wires, one, one.by)) if opens(one) else ()
        found += [form_of(one, view) for view in shown_]
    for one in [form for form in found if form.id in {RECORD_HEADING, CORRECT_HEADING}]:
        (pushed,) = views(await press(wires, one, one.by))
        found.append(form_of(one, pushed))
    return found


def opens(one: Control) -> bool:
    """Pressing it twice is no different from once: only then it is pressed here."""
    return one.id in {
        "adjustment", "assessment_close", "assessment_take_forward", "board_announce", "board_correct",
        "board_propose", "board_record", "board_review", "decision_decide", "home_search",
        "inbox_dnr", "intake_invite", "intake_row_add", "intake_split", "officer_report_write",
        "report_amounts", "report_send_back", "returning", "substitutes", "transfer",
    } or (one.id == "assessment_assess" and "advise_against" in one.value)  # fmt: skip


def views(answers: list[Any]) -> Iterator[dict[str, Any]]:
    for answer in answers:
        if isinstance(answer, dict) and answer.get("type") == "modal" and answer.get("callback_id"):
            yield answer
        elif isinstance(answer, dict) and isinstance(answer.get("view"), dict):
            yield answer["view"]


def form_of(one: Control, view: Mapping[str, Any]) -> Form:
    given = FILLED.get(view["callback_id"], {})
    values = {
        block["block_id"]: {
            block["element"]["action_id"]: state(block["element"], given.get(block["block_id"]))
        }
        for block in view["blocks"]
        if block["type"] == "input"
    }
    assert not given.keys() - values.keys(), (view["callback_id"], values.keys())
    return Form(
        id=view["callback_id"],
        value=view["private_metadata"],
        by=one.by,
        also=one.also,
        reads=view["callback_id"] in {SEARCHED, RECORD_HEADING, CORRECT_HEADING},
        values=values,
    )


def state(element: Mapping[str, Any], given: Any) -> dict[str, Any]:
    """What stands in an input: as given, else as it was opened."""
    kind = element["type"]
    if kind == "plain_text_input":
        return {"type": kind, "value": given or element.get("initial_value")}
    if kind == "datepicker":
        return {"type": kind, "selected_date": given or element.get("initial_date")}
    if kind in {"users_select", "multi_users_select"}:
        return {"type": kind, "selected_user" + "s" * (kind[0] == "m"): given}
    if kind in {"multi_static_select", "checkboxes"}:
        return {"type": kind, "selected_options": element.get("initial_options", [])}
    option = {"value": given} if given else element.get("initial_option") or element["options"][0]
    return {"type": kind, "selected_option": option}


async def press(wires: Line, one: Control, person: str, **over: Any) -> list[Any]:
    if isinstance(one, Form):
        body = wires.form(person, one.id, one.value, dict(one.values))
        return await wires.send("view", body | over)
    return await wires.send("action", wires.press(person, one.id, one.value, **one.more) | over)


async def no_effect(wires: Line, one: Control, person: str, before: Mapping[str, Any]) -> None:
    with capture_logs() as logs:
        answers = await press(wires, one, person)
    of = (one.id, one.value, person, answers)
    assert await wires.stored() == before, of
    assert SECRET not in shown(answers), of
    assert refusals(logs), of
    owed = [answer for answer in answers if isinstance(answer, dict) and "lane" in answer]
    assert {row["kind"] for row in owed} <= {"post", "update", "publish"}, of


def refusals(logs: list[Any]) -> list[Any]:
    return [entry for entry in logs if entry["event"] == "refused"]


def shown(answers: list[Any]) -> str:
    """All that the person is shown; not what stands in other people's messages."""
    mine = [a for a in answers if not (isinstance(a, dict) and a.get("kind") == "update")]
    return json.dumps(mine, default=str, ensure_ascii=False)
