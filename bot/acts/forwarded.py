"""Why the secretary took on an application that KLG advised against: the officers and the decider read it."""

from sqlalchemy import Connection

from flows.case import AWAITS_DECISION, Case
from flows.events import Opinion, PersonId, TakenForward
from storage import cases, texts


def reason(db: Connection, case_id: str, case: Case) -> tuple[PersonId, str] | None:
    """Who took it on and in which words; None unless the case waits for a decision that way."""
    against = case.outcome is not None and case.outcome.outcome is Opinion.ADVISE_AGAINST
    if not against or case.state not in AWAITS_DECISION:
        return None
    taken = [event for event in cases.history(db, case_id) if isinstance(event, TakenForward)]
    if not taken or taken[-1].reason is None:
        return None
    said = texts.get(db, taken[-1].reason)
    return (taken[-1].by, said) if said else None
