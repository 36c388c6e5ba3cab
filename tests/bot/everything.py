"""A town in which every kind of thing exists, and every button and form of it with whoever it is for.

`controls` names each registered action once at least; the forms are those that the buttons open.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from bot import ids
from bot.acts import substitutes as naming
from bot.acts import transfer, writing
from bot.blocks.chief_executive import SHORT_HASH
from bot.ids import About, Budget, Value
from bot.perform import Transaction
from flows.decided import Verdict
from flows.events import Opinion
from flows.reminders import Step
from sandbox.workspace import load
from storage import drafts, reminders, substitutes
from tests.bot import decided
from tests.bot.decided import IVAR, JONAS, KJELL, PETRA, RUT, gets
from tests.bot.reports import LIGHT, day, draft_of, hand_in, planned
from tests.bot.town import KARIN, LARS, MIRA, NILS, OMAR, SARA, TEAM, TOVE
from tests.bot.wires import Line
from tests.flows.filled import ANNA, BIRGITTA, EVA, KFF, values

SECRET = "Hemlighuset"  # in the name of every application here
ALVA = f"{TEAM}:U0ALVA"
KLG = frozenset({KARIN, LARS, MIRA, NILS})
OVERSEERS = KLG | {SARA, KJELL, PETRA, IVAR, RUT, JONAS}
EMPLOYEES = OVERSEERS | {ANNA, OMAR, TOVE, EVA, BIRGITTA, ALVA}
EVERYBODY = frozenset(f"{user.team}:{user.id}" for user in load().people if user.id != "U0BOT")
OUTSIDERS = EVERYBODY - OVERSEERS - {ANNA}
SN = "socialnamnden"


@dataclass(frozen=True, kw_only=True)
class Control:
    """`by` has it before her and may; `also` may too. `more` is put over the payload."""

    id: str
    value: str = ""
    by: str = ANNA
    also: frozenset[str] = frozenset()
    more: Mapping[str, Any] = field(default_factory=dict)
    reads: bool = False  # it changes nothing, and only shows


async def fill(line: Line, name: str = SECRET) -> list[Control]:
    """Make everything, named so; returns the controls."""
    found = [
        *await _of_drafts(line, name),
        *await _of_klg(line, name),
        *await _of_decisions(line, name),
    ]
    found += [*await _of_reports(line, name), *await _of_people(line, name)]
    await line.town.work()
    return found


async def _draft(line: Line, name: str, **given: Any) -> int:
    return await line.town.draft(values() | {"title": f"{name} utkast"} | given)


async def _of_drafts(line: Line, name: str) -> list[Control]:
    """Each on a draft of its own, so that one does not take another's away."""
    here = line.town

    async def of(action: str, key: str = "", what: str = "", **more: Any) -> Control:
        draft = await _draft(line, name)

        def number(tx: Transaction) -> int:
            drafts.add_appendix(
                tx.db, draft, sha256="0" * 64, name="a.pdf", size=1, type="pdf", by=ANNA, at=tx.now
            )
            return writing.load(tx.db, here.office, draft).number(key) if key else 0

        saw = await here.act(number)
        if action == ids.REMOVE_APPENDIX:
            rows = await here.perform.read(lambda db: drafts.appendices_of(db, draft))
            what = str(rows[0].id)
        return Control(id=action, value=str(About(draft, key, saw, what)), more=more)

    many = {"type": "multi_static_select", "selected_options": [{"value": KFF}]}
    return [
        Control(id=ids.START, by=ALVA, also=EMPLOYEES),
        Control(id=ids.HELP, value=str(About(1)), also=EVERYBODY),
        Control(id=ids.REMINDED, also=EVERYBODY, reads=True),
        Control(id=ids.CHANNEL_AGAIN, by=SARA, also=frozenset({SARA})),
        await of(ids.ANSWER, "scope", "cross_sector"),
        await of(ids.ANSWER_CHOSEN, "concerned", state={"values": {"b": {"chosen": many}}}),
        await of(ids.PAGE, what="1"),
        await of(ids.OPEN_DRAFT),
        await of(ids.CHANGE, "title"),
        await of(ids.BACK, "what"),
        await of(ids.SHOW),
        await of(ids.PAUSE),
        await of(ids.SKIP, "title"),
        await of(ids.LEAVE),
        await of(ids.LEAVE_CONFIRMED),
        await of(ids.INVITE),
        await of(ids.ROW_ADD, "operating"),
        await of(ids.ROW_CHANGE, "operating", "0"),
        await of(ids.ROW_REMOVE, "operating", "0"),
        await of(ids.ROWS_DONE, "operating"),
        await of(ids.SPLIT, "split"),
        await of(ids.WORKBOOK),
        await of(ids.ASK_FINANCE),
        await of(ids.DRAFT_PDF),
        await of(ids.REMOVE_APPENDIX),
        await of(ids.SUBMIT),
    ]


async def _value(line: Line, case_id: str, what: str = "") -> str:
    case = await line.town.case(case_id)
    return str(Value(case_id, case.stage, case.version, what))


async def _of_klg(line: Line, name: str) -> list[Control]:
    here = line.town
    title = {"title": f"{name} ärende"}
    for_opinion, for_jav, for_reason, for_close = [await here.submitted(**title) for _ in range(4)]
    draft = await here.perform.read(lambda db: drafts.of_case(db, for_jav))
    assert draft is not None
    against = await decided.recommended(here, outcome=Opinion.ADVISE_AGAINST, **title)
    chair = About(draft.id, SN, what=for_jav)
    klg: dict[str, Any] = {"by": LARS, "also": KLG}
    ends: dict[str, Any] = {"by": KARIN, "also": frozenset({SARA})}
    return [
        Control(id=ids.ASSESS, value=await _value(line, for_opinion, "recommend"), **klg),
        Control(id=ids.ASSESS, value=await _value(line, for_reason, "advise_against"), **klg),
        Control(id=ids.DISQUALIFY, value=await _value(line, for_jav), **klg),
        Control(id=ids.CLOSE, value=await _value(line, for_close), **ends),
        Control(id=ids.TAKE_FORWARD, value=await _value(line, against), by=SARA),
        Control(id=ids.CHAIR_CONFIRM, value=str(chair), by=BIRGITTA),
        Control(id=ids.DNR, value=await _value(line, for_close), by=SARA),
        Control(id=ids.SHOW, value=str(About(draft.id))),
        Control(id=ids.OPEN_DRAFT, value=str(About(draft.id))),
    ]


async def _of_decisions(line: Line, name: str) -> list[Control]:
    here, title = line.town, {"title": f"{name} beslut"}
    waits, jav = [await decided.waiting_for_chief_executive(here, **title) for _ in range(2)]
    review = await decided.waiting_for_council_review(here, **title)
    committee = await decided.waiting_for_drafting_committee(here, **title)
    board = await decided.waiting_for_board(here, **title)
    by_board = await decided.granted(here, by_board=True, **title)
    lamps = gets("teknik-och-fastighetsnamnden", "investment", 2026, 300_000)
    bought = await decided.granted(here, lamps, administrations=("socialforvaltningen",), **title)
    number = (await here.case(bought)).decision.number  # type: ignore[union-attr]
    minutes = (await here.case(by_board)).decision.number  # type: ignore[union-attr]
    seen = f"{Verdict.GRANTED}:{(await here.case(waits)).pdf_sha256[:SHORT_HASH]}"
    lawyer = frozenset({JONAS})
    return [
        Control(id=ids.DECIDE, value=await _value(line, waits, seen), by=KJELL),
        Control(id=ids.DECIDER_DISQUALIFIED, value=await _value(line, jav), by=KJELL),
        Control(id=ids.REVIEW, value=await _value(line, review), by=SARA, also=lawyer),
        Control(id=ids.PROPOSE, value=await _value(line, committee), by=SARA),
        Control(id=ids.OFFICER_REPORT, value=await _value(line, committee), by=SARA),
        Control(id=ids.RECORD, value=await _value(line, board), by=SARA),
        Control(id=ids.ANNOUNCE, value=await _value(line, by_board, minutes), by=SARA),
        Control(id=ids.CORRECT, value=await _value(line, by_board, minutes), by=SARA, reads=True),
        Control(id=ids.DISPATCH_AGAIN, value=await _value(line, bought, number), by=SARA),
        Control(id=ids.TRANSFER, value=await _value(line, bought, "investment:2026"), by=IVAR),
    ]


async def _of_reports(line: Line, name: str) -> list[Control]:
    here = line.town
    title = {"title": f"{name} uppföljning"}
    light = LIGHT.model_copy(update={"committee": SN})
    received, back, written = [await planned(here, light, **title) for _ in range(3)]
    await day(here, "2027-05-03")
    for case_id in (received, back):
        await hand_in(here, case_id, "2027-april")
    draft = await draft_of(here, written, "2027-april")
    klg: dict[str, Any] = {"by": LARS, "also": KLG}

    def report(case_id: str) -> str:
        return str(Value(case_id, "report", 1, "2027-april"))

    return [
        Control(id=ids.REPORT_RECEIVE, value=report(received), **klg),
        Control(id=ids.REPORT_SEND_BACK, value=report(back), **klg),
        Control(id=ids.REPORT_AMOUNTS, value=str(About(draft, "outcome"))),
    ]


async def _of_people(line: Line, name: str) -> list[Control]:
    """Reminders, substitutes, money, App Home; and money that is handed back."""
    here = line.town
    lamps = gets(SN, "investment", 2027, 300_000)
    title = {"title": f"{name} återlämnat"}
    unused = await decided.granted(here, lamps, by_board=True, **title)
    move = Value.read(await _value(line, unused, "investment:2027"))
    booked = {"reference": "V 1", "project": "P 1"}
    done = partial(transfer.done, office=here.office, value=move, inputs=booked, by=IVAR)
    await here.act(done)
    await here.act(lambda tx: reminders.add(tx.db, f"case:{unused}", Step.FIRST, SARA, at=tx.now))
    await here.act(
        partial(
            naming.name,
            office=here.office,
            by=NILS,
            substitute=EVA,
            since="2027-06-01",
            until="2027-06-02",
        )
    )
    (named,) = await here.perform.read(lambda db: substitutes.of_member(db, NILS))
    budget = str(Budget(2026, SN))
    view = {"id": "V1", "hash": "h", "type": "modal", "callback_id": "", "state": {"values": {}}}
    steward: dict[str, Any] = {"by": SARA, "also": frozenset({PETRA})}
    return [
        Control(id=ids.RETURN, value=await _value(line, unused), by=IVAR, also=frozenset({SARA})),
        Control(id=ids.SNOOZE, value=f"case:{unused}", by=SARA),
        Control(id=ids.SUBSTITUTES, by=LARS, also=KLG),
        Control(id=ids.SUBSTITUTE_END, value=str(named.id), by=NILS),
        Control(id=ids.ADJUST, value=str(Budget(2027)), **steward),
        Control(id=ids.MONEY_YEAR, value="2026", by=ALVA, also=EMPLOYEES, reads=True),
        Control(id=ids.MONEY_ROWS, value=budget, by=ALVA, also=EMPLOYEES),
        Control(id=ids.MONEY_OLDER, value=budget, by=ALVA, also=EMPLOYEES, more={"view": view}),
        Control(id=ids.MONEY_CASE, value=str(Value(unused, "", 0)), by=SARA, also=EMPLOYEES),
        Control(id=ids.HOME_PAGE, value="cases:0", by=ALVA, also=EMPLOYEES),
        Control(id=ids.SEARCH, by=ALVA, also=EMPLOYEES),
        Control(id=ids.EXPORT, by=SARA, also=OVERSEERS),
    ]
