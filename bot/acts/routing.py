"""A case that KLG has let through is routed in the same transaction: who decides, and what is reserved.

The bot proposes the route; a person decides. What is reserved is what is applied for.
"""

from datetime import date

import structlog
from sqlalchemy import Connection

from bot.acts import board, card, chief_executive, home, officers, standing, who
from bot.blocks import kit
from bot.blocks import route as blocks
from bot.office import Office
from bot.owed import Post
from bot.perform import Transaction
from flows import events
from flows.case import Case, State
from flows.dates import local_day
from flows.decided import Body, Routed
from flows.headroom import without_reservations
from flows.ledger import Accounts
from flows.programme import Role
from flows.route import Matter, Route, route
from storage import cases, ledger

log = structlog.get_logger(__name__)
MOST_AT_START = 1000


def proceed(tx: Transaction, office: Office, case_id: str, case: Case) -> Case:
    """Store the route of a case that KLG has just let through; any other case is returned as it is."""
    if case.state not in {State.RECOMMENDED, State.FORWARDED}:
        return case
    of = standing.asked(tx.db, office, case_id, case)
    accounts = ledger.taken(tx.db, {one.year for one in of.asked})
    found = work_out(tx.db, office, case, of, accounts, on=local_day(tx.now))
    event = Routed(
        at=tx.now,
        by=f"{office.team}:{office.bot_user}",
        to=found.to,
        reasons=found.reasons,
        reserved=of.asked,
        rule=found.rule,
    )
    return cases.add(tx.db, case_id, [event], after=case)


def work_out(
    db: Connection, office: Office, case: Case, of: Matter, accounts: Accounts, *, on: date
) -> Route:
    """Who decides by the rule of that day."""
    outcome = case.outcome
    return route(
        office.programme,
        of,
        accounts,
        on=on,
        disqualified=any(p in case.disqualified for p in chief_executive.herself(db, office)),
        advised_against=outcome is not None and outcome.outcome is events.Opinion.ADVISE_AGAINST,
    )


def at_decision(
    db: Connection, office: Office, case: Case, of: Matter, accounts: Accounts, *, on: date
) -> Route:
    """The route of what is to be given, on what there is to decide of in this moment."""
    return work_out(db, office, case, of, without_reservations(accounts), on=on)


def tell(tx: Transaction, office: Office, case_id: str, case: Case) -> None:
    """Say where the case has gone: in KLG's thread, to whoever decides, and to whom it takes money from."""
    if case.route is None:
        return
    text = blocks.said(office, case.route)
    card.say(tx, office, case_id, case, text, [kit.section(text)])
    chief_executive.show(tx, office, case_id, case)
    chief_executive.refresh(tx, case_id, case)
    board.arrived(tx, office, case_id, case)
    if case.route.to is Body.CHIEF_EXECUTIVE and not chief_executive.herself(tx.db, office):
        _nobody_decides(tx, office, case_id)


def stranded(db: Connection) -> list[str]:
    """Cases that an older version of the bot left where nobody had them: they are routed at start."""
    return [
        row.id
        for state in (State.RECOMMENDED, State.FORWARDED)
        for row in cases.waiting(db, state, limit=MOST_AT_START)
    ]


def at_start(tx: Transaction, office: Office, *, case_id: str) -> None:
    """Route one of the stranded, and say so as if KLG had just let it through."""
    before = cases.load(tx.db, case_id)
    case = proceed(tx, office, case_id, before)
    if case is not before:
        card.show(tx, office, case_id, case)
        tell(tx, office, case_id, case)
        officers.tell(tx, office, case_id, case)
        home.case_changed(tx, office, case_id, case)


def _nobody_decides(tx: Transaction, office: Office, case_id: str) -> None:
    """The programme's chief executive is not in Slack: the secretary must know, or the case waits for ever."""
    log.warning("no chief executive in Slack", case=case_id)
    text = office.texts("decision.said.nobody", case_id=case_id)
    for person in who.with_role(tx.db, office, Role.SECRETARY):
        tx.owe(Post(to=person.partition(":")[2], text=text, blocks=[kit.section(text)]))
