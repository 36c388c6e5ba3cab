"""A person enters what kommunfullmäktige or kommunstyrelsen changes in a budget year's money (C-8)."""

from sqlalchemy import Connection

from bot.acts import who, writing
from bot.blocks import adjustment as blocks
from bot.blocks.kit import Block
from bot.office import Office
from bot.perform import Transaction
from flows import adjustment
from flows.adjustment import Adjustment, Change
from flows.errors import InvalidAnswer, NotAllowed
from flows.events import PersonId
from flows.inputs import Inputs, WrongInputs
from flows.programme import Role
from storage import ledger

ROLES = (Role.SECRETARY, Role.FINANCIAL_CONTROL)


def may(db: Connection, office: Office, person: PersonId) -> bool:
    return any(who.has_role(db, office, person, role) for role in ROLES)


def ask(tx: Transaction, office: Office, *, year: int, by: PersonId) -> Block:
    """The form, with the year that the person was looking at."""
    _require(tx.db, office, by)
    return blocks.form(office, year=year, years=[money.year for money in office.programme.money])


def adjust(tx: Transaction, office: Office, *, inputs: Inputs, by: PersonId) -> None:
    """Enter the change. Raises WrongInputs; the same with the same reference is entered once."""
    _require(tx.db, office, by)
    change = adjustment.read(inputs)
    if office.programme.pot(change.year) is None:
        no_year = NotAllowed("refusals.ledger.no_year", year=change.year)
        raise WrongInputs({"year": no_year})
    years = [change.year - 1, change.year]
    money = ledger.taken(tx.db, years)
    before, account = (money[year][change.kind] for year in years)
    try:
        rows = adjustment.entries(change, account, before, by=by, at=tx.now)
    except InvalidAnswer as too_much:
        raise WrongInputs({"amount": too_much}) from too_much
    adjustment.refuse_again(rows, ledger.citing(tx.db, years, change.reference))
    ledger.book(tx.db, rows)
    _tell(tx, office, change, by=by)


def _tell(tx: Transaction, office: Office, change: Adjustment, *, by: PersonId) -> None:
    """The secretaries, and whoever entered it."""
    now = ledger.accounts(tx.db, change.year)[change.kind]
    before = None
    if change.change is Change.CARRY_OVER:
        before = ledger.accounts(tx.db, change.year - 1)[change.kind]
    text, content = blocks.entered(
        office, change, now=now, before=before, name=who.name_of(tx.db, office, by)
    )
    for person in dict.fromkeys((*who.with_role(tx.db, office, Role.SECRETARY), by)):
        writing.tell(tx, person, text, content)


def _require(db: Connection, office: Office, person: PersonId) -> None:
    who.require_employee(db, office, person)
    if not may(db, office, person):
        raise NotAllowed("refusals.ledger.not_yours")
