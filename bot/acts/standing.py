"""How a case stands on its way to a decision: what it asks for, the money it meets, what was decided."""

from datetime import date

from sqlalchemy import Connection

from bot.acts import who
from bot.blocks.decided import Told
from bot.office import Office
from flows.case import Case
from flows.completion import known
from flows.decided import Body, Verdict
from flows.form import Known
from flows.granted import compared
from flows.headroom import Headroom, headroom, without
from flows.ledger import Accounts
from flows.route import Matter, matter
from flows.rules import in_force
from storage import ledger, submissions, texts


def answers(db: Connection, office: Office, case_id: str, case: Case) -> Known:
    """The version's answers. The programme may have renamed a förvaltning; the case knows who applied."""
    values = known(office.programme, submissions.get(db, case_id, case.version))
    return {**values, "administrations": case.administrations}


def asked(db: Connection, office: Office, case_id: str, case: Case) -> Matter:
    """What the rule of who decides reads of the case."""
    return matter(office.programme, answers(db, office, case_id, case))


def money(db: Connection, office: Office, case: Case, *, on: date) -> tuple[Headroom, ...]:
    """What the case would leave of pots, and of caps when the chief executive decides.

    Nothing unless it waits for a decision. What kommunstyrelsen grants takes nothing of a cap (C-7).
    """
    if not case.reserved or case.route is None:
        return ()
    delegated = case.route.to is Body.CHIEF_EXECUTIVE
    rule = in_force(office.programme.delegation, on=on) if delegated else None
    years = {one.year for one in case.reserved}
    accounts = {year: ledger.accounts(db, year) for year in years}
    return headroom(case.reserved, rule, others(case, accounts))


def others(case: Case, accounts: Accounts) -> Accounts:
    """The accounts without what the case itself has reserved."""
    waits_for = case.route.to if case.route else Body.EXECUTIVE_BOARD
    return without(accounts, case.reserved, waits_for=waits_for)


def told(db: Connection, office: Office, case_id: str, case: Case, *, title: str) -> Told | None:
    """The decision of this round with names, reason, and what was asked beside what was granted."""
    decision = case.decision
    if decision is None:
        return None
    reason = texts.get(db, decision.reason) if decision.reason is not None else None
    granted = decision.verdict is Verdict.GRANTED
    sought = case.route.reserved if case.route else ()
    return Told(
        case_id=case_id,
        title=title,
        decided=decision,
        name=who.name_of(db, office, decision.by),
        reason=reason or "",
        rows=compared(sought, decision.allocations) if granted else (),
    )
