"""The budget of a decision is moved: whoever does it is asked, and says when it is done (R000-50).

Kommunstyrelsen's pot pays each nämnd that the decision gives money. Until somebody has said so the
ledger says *beslutat*, after it *omfört*.
"""

from datetime import datetime, time

from sqlalchemy import Connection

from bot.acts import card, closing, home, who, writing
from bot.blocks import kit
from bot.blocks import transfer as blocks
from bot.blocks.kit import Block
from bot.ids import NotOurs, Value, number
from bot.office import Office
from bot.owed import Blocks, Update
from bot.perform import Transaction
from bot.timetable import Timer, yearly
from flows import transfer
from flows.case import Case
from flows.dates import local_day
from flows.errors import NotAllowed
from flows.events import PersonId
from flows.inputs import Inputs
from flows.programme import Role
from flows.rules import CostKind
from flows.transfer import MOVED_BY, Move
from storage import cards, cases, ledger


def begin(tx: Transaction, office: Office, case_id: str, case: Case) -> None:
    """Ask for each move of a decision whose budget year has begun."""
    for move in transfer.due(case, year=local_day(tx.now).year):
        _ask(tx, office, case_id, case, move)


def of_the_new_year(tx: Transaction, office: Office, at: datetime) -> None:
    """Ask for the new year's moves of the decisions of earlier years (R000-47)."""
    year = local_day(at).year
    for case_id in ledger.not_transferred(tx.db, year):
        case = cases.load(tx.db, case_id)
        if case.decision is None or local_day(case.decision.at).year >= year:
            continue  # asked for when it was decided
        for move in transfer.due(case, year=year):
            if move.year == year:
                _ask(tx, office, case_id, case, move)


def corrected(tx: Transaction, office: Office, case_id: str, before: Case, case: Case) -> None:
    """The record says other amounts: the tasks that wait say them too, and what is no task any more."""
    waits = transfer.waiting(case)
    for move in waits:
        told = cards.beginning(tx.db, case_id, _posts(move))
        text, content = _task(tx, office, case_id, case, move)
        for post in told.values():
            tx.owe(Update(target=post, text=text, blocks=content))
        if not told and move.year <= local_day(tx.now).year:
            _ask(tx, office, case_id, case, move)
    still = {(move.kind, move.year) for move in waits}
    for gone in transfer.waiting(before):
        if (gone.kind, gone.year) not in still:
            title = card.facts(tx.db, office, case_id, case).title
            text = office.texts("correction.told.no_move", case_id=case_id, title=title)
            for post in cards.beginning(tx.db, case_id, _posts(gone)).values():
                tx.owe(Update(target=post, text=text, blocks=[kit.section(text)]))


TIMERS = (Timer("budget_transfer", yearly(1, 1, time(8)), of_the_new_year),)


def movers(db: Connection, office: Office, kind: CostKind) -> tuple[PersonId, ...]:
    """Whose task it is; the secretaries' when nobody of the role is in Slack."""
    return who.with_role(db, office, MOVED_BY[kind]) or who.with_role(db, office, Role.SECRETARY)


def ask(tx: Transaction, office: Office, *, value: Value, by: PersonId) -> Block:
    """The form in which the booking is noted."""
    case, move = _opened(tx.db, office, value, by=by)
    return blocks.form(
        office, value, move, project=transfer.needs_project(case, move.kind), decision=_number(case)
    )


def done(tx: Transaction, office: Office, *, value: Value, inputs: Inputs, by: PersonId) -> None:
    """Note that the budget is moved. Raises WrongInputs; again changes nothing."""
    case, move = _opened(tx.db, office, value, by=by)
    said = transfer.read(inputs)
    events = transfer.transfer(case, move, said, by=by, at=tx.now)
    after = cases.add(tx.db, value.case, events, after=case)
    text, content = blocks.moved(
        office,
        value.case,
        after,
        move,
        title=card.facts(tx.db, office, value.case, after).title,
        reference=said.reference,
        name=who.name_of(tx.db, office, by),
        at=tx.now,
    )
    told = cards.beginning(tx.db, value.case, _posts(move))
    for post in told.values():
        tx.owe(Update(target=post, text=text, blocks=content))
    for secretary in who.with_role(tx.db, office, Role.SECRETARY):
        if _posts(move) + secretary not in told:
            writing.tell(tx, secretary, text, content)
    home.case_changed(tx, office, value.case, after)
    closing.attempt(tx, office, value.case, after)


def _ask(tx: Transaction, office: Office, case_id: str, case: Case, move: Move) -> None:
    text, content = _task(tx, office, case_id, case, move)
    for person in movers(tx.db, office, move.kind):
        post = writing.tell(tx, person, text, content)
        cards.put(tx.db, case_id, _posts(move) + person, post=post)


def _task(
    tx: Transaction, office: Office, case_id: str, case: Case, move: Move
) -> tuple[str, Blocks]:
    title = card.facts(tx.db, office, case_id, case).title
    return blocks.task(office, case_id, case, move, title=title)


def _posts(move: Move) -> str:
    """What the messages about the move are kept as, before the person's id."""
    return f"transfer:{move.kind}:{move.year}:"


def _opened(db: Connection, office: Office, value: Value, *, by: PersonId) -> tuple[Case, Move]:
    """The case and the move that the button is about, for whoever may say that it is done."""
    kind, year = _about(value)
    who.require_employee(db, office, by)
    if by not in movers(db, office, kind):
        whose = ", ".join(who.name_of(db, office, person) for person in movers(db, office, kind))
        raise NotAllowed("refusals.transfer.not_yours", whose=whose)
    case = cases.load(db, value.case)
    return case, transfer.find(case, kind=kind, year=year, version=value.version)


def _about(value: Value) -> tuple[CostKind, int]:
    kind, _, year = value.what.partition(":")
    if kind not in [*CostKind]:
        raise NotOurs(value.what)
    return CostKind(kind), number(year)


def _number(case: Case) -> str:
    assert case.decision is not None
    return case.decision.number
