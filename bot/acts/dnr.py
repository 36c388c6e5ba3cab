"""The dnr that the secretary gives a case; what is stored already is issued again with it."""

from sqlalchemy import Connection

from bot.acts import card, documents, home, who, writing
from bot.blocks import inbox
from bot.blocks.kit import Block
from bot.office import Office
from bot.perform import Transaction
from flows import dnr as written_dnr
from flows.case import Case
from flows.errors import NotAllowed, Stale
from flows.events import DnrGiven, PersonId
from flows.programme import Role
from storage import cases


def may_give(db: Connection, office: Office, case_id: str, *, person: PersonId) -> Case:
    """Return the case. Raises NotAllowed for all but a secretary, Stale for an unknown case."""
    who.require_employee(db, office, person)
    if not who.has_role(db, office, person, Role.SECRETARY):
        raise NotAllowed(
            "refusals.inbox.not_secretary", department=office.programme.names.safety_department
        )
    case = cases.load(db, case_id)
    if not case.length:
        raise Stale("refusals.inbox.unknown_case")
    return case


def ask(tx: Transaction, office: Office, *, case_id: str, person: PersonId) -> Block:
    """The form in which the dnr is written."""
    case = may_give(tx.db, office, case_id, person=person)
    title = card.facts(tx.db, office, case_id, case).title
    return inbox.ask_dnr(office, case_id, title=title, dnr=case.dnr)


def give(tx: Transaction, office: Office, *, case_id: str, written: str, by: PersonId) -> None:
    """Put the dnr on record; the same again changes nothing. Votes stand."""
    case = may_give(tx.db, office, case_id, person=by)
    dnr = written_dnr.read(written)
    if dnr == case.dnr:
        return
    after = cases.add(tx.db, case_id, [DnrGiven(at=tx.now, by=by, dnr=dnr)], after=case)
    card.show(tx, office, case_id, after)
    writing.tell(tx, by, office.texts("inbox.said.dnr_given", case_id=case_id, issued=case.issue))
    home.case_changed(tx, office, case_id, after)
    if after.issue:
        documents.order(tx, office, case_id, after)
