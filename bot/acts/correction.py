"""The secretary corrects her note of kommunstyrelsen's decision: the same two steps, as she wrote it, and why.

Everybody who was told of the record is told of the new one, and its documents are sent again.
"""

from collections.abc import Mapping
from decimal import Decimal

from sqlalchemy import Connection

from bot.acts import (
    board,
    board_record,
    card,
    chief_executive,
    closing,
    dispatch,
    home,
    standing,
    transfer,
    who,
    writing,
)
from bot.blocks import board as board_blocks
from bot.blocks import board_record as record_blocks
from bot.blocks import correction as blocks
from bot.blocks import decided as decided_blocks
from bot.blocks import kit
from bot.blocks.board_record import Filled
from bot.blocks.kit import Block
from bot.ids import Value
from bot.office import Office
from bot.perform import Transaction
from bot.render import kr
from flows import board_inputs, correction, deadlines, ledger
from flows.board_inputs import Choices
from flows.board_record import Heading, Minutes, Wanted, decided, number
from flows.case import Case
from flows.decided import Decided, DecisionCorrected, recorded_as
from flows.errors import FlowError, InvalidAnswer
from flows.events import PersonId
from flows.inputs import Reader, WrongInputs
from flows.programme import Role
from flows.rules import CostKind
from storage import cases, texts
from storage import ledger as booked

_SEPARATED = "\n"  # which record is corrected, and the heading that was read


def ask(tx: Transaction, office: Office, *, value: Value, by: PersonId) -> Block:
    """The first step, as the record has it. `value.what` is the record's number."""
    case, before = _open(tx.db, office, value, by=by)
    pots = {money.year for money in office.programme.money}
    heading = _heading(before)
    about = board.about(tx.db, office, value.case, case)
    years = sorted(pots | {*heading.years})
    return blocks.heading_modal(office, about, heading, value, years=years)


def go_on(
    tx: Transaction,
    office: Office,
    *,
    value: Value,
    by: PersonId,
    inputs: Mapping[str, str],
    chosen: Choices,
) -> Block:
    """The second step. Raises WrongInputs with everything that is wrong in the first."""
    case, before = _open(tx.db, office, value, by=by)
    wanted = board_record.wanted_by(tx.db, office, value.case, case)
    said = {**inputs, "verdict": before.verdict}
    heading = board_inputs.heading(case, office.programme, wanted, said, chosen, at=tx.now)
    _refuse_taken(tx.db, value.case, before, heading, name="paragraph")
    about = board.about(tx.db, office, value.case, case)
    filled = _filled(tx.db, office, before)
    fields = record_blocks.minutes_blocks(office, about, heading, wanted, filled)
    if len(fields) >= kit.MOST_IN_VIEW:
        raise WrongInputs({"committees": InvalidAnswer("refusals.board.too_many_fields")})
    carried = f"{value.what}{_SEPARATED}{heading.model_dump_json()}"
    onward = Value(value.case, value.stage, value.version, carried)
    return blocks.minutes_modal(office, onward, fields)


def correct(
    tx: Transaction, office: Office, *, value: Value, by: PersonId, inputs: Mapping[str, str]
) -> None:
    """Put the record anew. Raises WrongInputs with all that is missing or does not add up."""
    seen, _, carried = value.what.partition(_SEPARATED)
    asked = Value(value.case, value.stage, value.version, seen)
    case, before = _open(tx.db, office, asked, by=by)
    wanted = board_record.wanted_by(tx.db, office, value.case, case)
    heading = board_record.heading_of(case, office, wanted, carried, at=tx.now)
    why = _why(inputs)
    minutes = board_record.read_minutes(office, heading, wanted, inputs)
    _refuse_taken(tx.db, value.case, before, heading, name="why")
    kept = board_record.keep_texts(tx, value.case, minutes)
    made = decided(case, value.case, minutes, kept, by=by, at=tx.now)
    _refuse_moved(case, made)
    _refuse_what_is_not_there(tx.db, before, minutes, wanted)
    reason = texts.add(tx.db, value.case, why)
    event = correction.corrected(case, made, reason=reason, by=by, at=tx.now)
    after = cases.add(tx.db, value.case, [event], after=case)
    _follow(tx, office, value.case, case, after, event, why=why)


def _open(db: Connection, office: Office, value: Value, *, by: PersonId) -> tuple[Case, Decided]:
    """The case and the record that she saw, for a secretary, while it can be corrected."""
    board.require(db, office, by)
    case = board.load(db, value.case)
    return case, correction.record(case, number=value.what)


def _why(inputs: Mapping[str, str]) -> str:
    reader = Reader(inputs)
    why = reader.get("why", board_inputs.text, otherwise="")
    if not why and "why" not in reader.wrong:
        reader.wrong["why"] = InvalidAnswer("refusals.board.reason_missing")
    reader.done()
    return why


def _refuse_taken(
    db: Connection, case_id: str, before: Decided, heading: Heading, *, name: str
) -> None:
    """Another decision's number; its own it may keep."""
    if number(heading, case_id) != recorded_as(before.number):
        board_record.refuse_taken(db, case_id, heading, name=name)


def _refuse_moved(case: Case, made: Decided) -> None:
    try:
        correction.refuse_moved(case, made)
    except FlowError as refusal:
        raise WrongInputs({"why": refusal}) from None


def _refuse_what_is_not_there(
    db: Connection, before: Decided, minutes: Minutes, wanted: Wanted
) -> None:
    """As for a decision, of the money there would be if the record before had never been."""
    taken = booked.taken(db, board_record.years_of(minutes))
    financing = before.board.financing if before.board else ()
    money = ledger.without(taken, before.allocations, financing)
    board_record.refuse_what_is_not_there(minutes, wanted, money=money)


def _heading(of: Decided) -> Heading:
    assert of.board is not None
    return Heading(
        verdict=of.verdict,
        day=of.day,
        paragraph=of.board.paragraph,
        dnr=of.board.dnr,
        committees=tuple(dict.fromkeys(one.committee for one in of.allocations)),
        kinds=tuple(kind for kind in CostKind if any(a.kind is kind for a in of.allocations)),
        years=tuple(sorted({one.year for one in of.allocations})),
    )


def _filled(db: Connection, office: Office, of: Decided) -> Filled:
    """Everything as it was recorded."""
    board = of.board
    assert board is not None
    names = ("reservations", "not_participating", "disqualified", "proposals")
    written = {name: _text(db, getattr(board, name)) for name in names}
    written["compensates"] = "yes" if board.compensates_capital_costs else "no"
    written["other_financing"] = "\n".join(
        f"{office.texts.plain(f'board.told.kinds.{one.kind}')} {one.year}; {one.source}; {kr(one.amount)}"
        for one in board.financing
        if not one.from_pot
    )
    pots: dict[tuple[CostKind, int], Decimal] = {
        (one.kind, one.year): one.amount for one in board.financing if one.from_pot
    }
    return Filled(
        points=_text(db, board.points),
        total_estimate=board.total_estimate,
        payments=board.payments,
        amounts={(one.committee, one.kind, one.year): one.amount for one in of.allocations},
        pots=pots if board.financing else None,
        written=written,
    )


def _text(db: Connection, text_id: int | None) -> str:
    return (texts.get(db, text_id) or "") if text_id is not None else ""


def _follow(
    tx: Transaction,
    office: Office,
    case_id: str,
    before: Case,
    case: Case,
    event: DecisionCorrected,
    *,
    why: str,
) -> None:
    """Tell KLG, the officers and the secretaries; ask anew for the moves; send the documents again."""
    about = board.about(tx.db, office, case_id, case)
    name = who.name_of(tx.db, office, event.by)
    said = blocks.said(office, about, event, why=why, name=name)
    told = standing.told(tx.db, office, case_id, case, title=about.title)
    assert told is not None
    decided_text, decided_content = decided_blocks.message(office, told)
    text = kit.cut(f"{said}\n{decided_text}", kit.TEXT)
    content = [kit.section(said), *decided_content]
    card.show(tx, office, case_id, case)
    card.say(tx, office, case_id, case, text, content)
    secretaries = who.with_role(tx.db, office, Role.SECRETARY)
    for person in dict.fromkeys([*case.authors, *secretaries]):
        writing.tell(tx, person, text, content)
    verify_by = deadlines.verify_by(office.calendar, event.decided.day)
    again, buttons = board_blocks.ask_to_announce(office, about, event.decided, verify_by)
    for person in secretaries:
        writing.tell(tx, person, again, buttons)
    chief_executive.refresh(tx, case_id, case)
    home.case_changed(tx, office, case_id, case)
    transfer.corrected(tx, office, case_id, before, case)
    dispatch.begin(tx, office, case_id, case)
    closing.attempt(tx, office, case_id, case)  # the budget that waited may be none any more
