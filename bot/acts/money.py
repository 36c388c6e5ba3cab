"""The money of a budget year as everybody may see it: sums, nämnder, and the rows behind them.

The sums are public: whoever has an ordinary account sees them. They are read from rows that do not
grow with the number of cases.
"""

from sqlalchemy import Connection

from bot import words
from bot.acts import adjustment, sight, who
from bot.blocks import money as blocks
from bot.blocks.kit import Block
from bot.blocks.money import Line, Money, Rows
from bot.office import Office
from bot.owed import Blocks
from bot.perform import Transaction
from flows.dates import local_day
from flows.errors import InvalidAnswer
from flows.events import PersonId
from flows.ledger import Account
from flows.rules import CostKind
from storage import ledger

PER_PAGE = 20


def show(
    tx: Transaction, office: Office, *, person: PersonId, said: str = ""
) -> tuple[str, Blocks]:
    """The year that was asked for, as the command says it ("", "2027"); the present one otherwise.

    Raises NotAllowed for guests and strangers, InvalidAnswer for what is no year.
    """
    who.require_employee(tx.db, office, person)
    if said and not (said.isdecimal() and len(said) == 4):  # noqa: PLR2004  digits of a year
        raise InvalidAnswer("refusals.ledger.which_year", said=said)
    year = int(said) if said else local_day(tx.now).year
    return blocks.message(office, collect(tx.db, office, person=person, year=year))


def collect(db: Connection, office: Office, *, person: PersonId, year: int) -> Money:
    """The year's money, with every nämnd of the programme, those without a krona too (R000-1)."""
    return Money(
        year=year,
        years=tuple(sorted({money.year for money in office.programme.money} | {*ledger.years(db)})),
        accounts=ledger.accounts(db, year),
        lines=_lines(office, year, ledger.by_committee(db, year)),
        later=ledger.committed_after(db, year),
        may_adjust=adjustment.may(db, office, person),
    )


def rows(
    tx: Transaction,
    office: Office,
    *,
    person: PersonId,
    year: int,
    committee: str,
    before: int | None = None,
) -> Block:
    """A modal with the nämnd's rows of the year, newest first, each with its case."""
    who.require_employee(tx.db, office, person)
    found = ledger.of_committee(tx.db, year, committee, before=before, limit=PER_PAGE + 1)
    named = {one.case_id for one in found[:PER_PAGE] if one.case_id}
    shown = Rows(
        year=year,
        committee=committee,
        booked=tuple(found[:PER_PAGE]),
        more=len(found) > PER_PAGE,
        seen=frozenset(one for one in named if sight.may_see(tx.db, office, person, one)),
    )
    return blocks.rows(office, shown)


def _lines(
    office: Office, year: int, found: dict[ledger.Receiver, dict[CostKind, Account]]
) -> tuple[Line, ...]:
    """Every nämnd with the code it has, and with each other code that it had when money was entered."""
    named = {(one.id, one.activity_code): one.name for one in office.programme.committees}
    others = {at: words.committee(office, at[0]) for at in found if at not in named}
    nothing = {kind: Account(year=year, kind=kind) for kind in CostKind}
    return tuple(
        Line(committee=at[0], name=name, activity_code=at[1], accounts=found.get(at, nothing))
        for at, name in (named | others).items()
    )
