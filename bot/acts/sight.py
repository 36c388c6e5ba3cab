"""Who sees which cases: those who answer for the programme see all, officers their förvaltning's and their own.

For everybody else a case is as if it were not there. Personal data are no reason to hide a case (it is a
public document), but a list is for those who work with it.
"""

from sqlalchemy import Connection

from bot.acts import who
from bot.office import Office
from flows.errors import NotAllowed
from flows.events import PersonId
from flows.programme import Role
from storage import cases, drafts

OVERSEERS = (
    Role.KLG,
    Role.CONVENER,
    Role.SECRETARY,
    Role.CHIEF_EXECUTIVE,
    Role.FINANCIAL_CONTROL,
    Role.INVESTMENT_STRATEGIST,
    Role.REGISTRAR,
    Role.LEGAL_COUNSEL,
)


def sees_all(db: Connection, office: Office, person: PersonId) -> bool:
    """Whether the person answers for the programme: every case, the ledger and the exports are hers."""
    try:
        who.require_employee(db, office, person)
    except NotAllowed:
        return False
    if any(who.has_role(db, office, person, role) for role in OVERSEERS):
        return True
    emails = [deputy.email for deputy in office.programme.chief_executive_deputies]
    return bool(emails) and person in who.with_emails(db, office, emails)


def parties(db: Connection, office: Office, person: PersonId) -> list[str]:
    """Whose cases the person sees as hers: her own, and an officer those of her förvaltning (R000-20)."""
    administration = who.administration_of(db, office, person)
    if administration is None or not who.is_officer(db, office, person):
        return [person]
    return [person, administration]


def may_see(db: Connection, office: Office, person: PersonId, case_id: str) -> bool:
    """Whether the case is among those that the person sees; who sits in KLG for somebody sees them all."""
    if sees_all(db, office, person) or who.is_seated(db, office, person):
        return True
    if cases.among(db, [case_id], parties(db, office, person)):
        return True
    draft = drafts.of_case(db, case_id)
    return draft is not None and drafts.role_of(db, draft.id, person=person) is not None
