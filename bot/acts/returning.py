"""Unused investment money goes back to kommunstyrelsen's project (R000-56).

The investeringsstrateg or the secretary notes it; the officer says in the last report what is left.
"""

from decimal import Decimal

from sqlalchemy import Connection

from bot.acts import card, closing, home, who, writing
from bot.blocks import returning as blocks
from bot.blocks.kit import Block
from bot.ids import Value
from bot.office import Office
from bot.perform import Transaction
from flows import returning
from flows.answers import refuse_blank
from flows.case import Case
from flows.errors import InvalidAnswer, NotAllowed, Stale
from flows.events import PersonId
from flows.inputs import Inputs, Reader, WrongInputs, year
from flows.money import parse_amount
from flows.programme import Role
from storage import cases, texts

LONGEST_REASON = 3000


def offer(tx: Transaction, office: Office, case_id: str, case: Case) -> None:
    """Ask whoever may to note what the nämnder have left, when there is anything."""
    left = returning.returnable(case)
    if not left:
        return
    title = card.facts(tx.db, office, case_id, case).title
    text, content = blocks.offer(office, case_id, case, left, title=title)
    for person in _may(tx.db, office):
        writing.tell(tx, person, text, content)


def ask(tx: Transaction, office: Office, *, value: Value, by: PersonId) -> Block:
    """The form: from which nämnd and year, how much, and why."""
    case = _opened(tx.db, office, value, by=by)
    left = returning.returnable(case)
    if not left:
        raise Stale("refusals.returning.nothing_left")
    return blocks.form(office, value, left)


def give_back(
    tx: Transaction, office: Office, *, value: Value, inputs: Inputs, by: PersonId
) -> None:
    """Enter it. Raises WrongInputs when it is more than the nämnd received and has not used."""
    case = _opened(tx.db, office, value, by=by)
    reader = Reader(inputs)
    committee, year = reader.get("of", _receiver, otherwise=("", 0))
    amount = reader.get("amount", parse_amount, otherwise=Decimal(0))
    reason = reader.get("reason", _reason, otherwise="")
    reader.done()
    try:
        event = returning.give_back(
            case,
            committee=committee,
            year=year,
            amount=amount,
            reason=texts.add(tx.db, value.case, reason),
            by=by,
            at=tx.now,
        )
    except InvalidAnswer as too_much:
        raise WrongInputs({"amount": too_much}) from too_much
    after = cases.add(tx.db, value.case, [event], after=case)
    text, content = blocks.returned(
        office,
        value.case,
        event.returned,
        title=card.facts(tx.db, office, value.case, after).title,
        reason=reason,
        name=who.name_of(tx.db, office, by),
    )
    for person in dict.fromkeys((*_may(tx.db, office), *after.authors)):
        writing.tell(tx, person, text, content)
    home.case_changed(tx, office, value.case, after)
    closing.attempt(tx, office, value.case, after)


def _may(db: Connection, office: Office) -> tuple[PersonId, ...]:
    roles = (Role.INVESTMENT_STRATEGIST, Role.SECRETARY)
    return tuple(dict.fromkeys(p for role in roles for p in who.with_role(db, office, role)))


def _opened(db: Connection, office: Office, value: Value, *, by: PersonId) -> Case:
    who.require_employee(db, office, by)
    if by not in _may(db, office):
        raise NotAllowed("refusals.returning.not_yours")
    return cases.load(db, value.case)


def _receiver(written: str) -> tuple[str, int]:
    of, _, committee = written.partition(":")
    return committee, year(of)


def _reason(written: str) -> str:
    refuse_blank(written)
    return written.strip()[:LONGEST_REASON]
