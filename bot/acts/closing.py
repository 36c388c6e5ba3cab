"""Closes a case when nothing remains of it, and says to whom it matters; else what remains."""

from bot import words
from bot.acts import card, home, who, writing
from bot.office import Office
from bot.perform import Transaction
from flows import closing
from flows.case import Case, State
from flows.closing import Remaining
from flows.dates import local_day
from flows.decided import Closed
from flows.follow_up import DueState
from flows.programme import Role
from storage import cases, drafts, reports

_OPEN = (DueState.PLANNED, DueState.ASKED)


def attempt(
    tx: Transaction, office: Office, case_id: str, case: Case, *, say_what_remains: bool = False
) -> Case:
    """Close the case if nothing remains, and return it as it then is.

    Called after everything that may have been the last thing: a report received, money returned, a
    budget transferred, a project number given. `say_what_remains`: to the secretaries, as a list.
    """
    if case.state is not State.FOLLOW_UP:
        return case
    left = closing.remaining(case, year=local_day(tx.now).year)
    if left:
        if say_what_remains:
            _tell_what_remains(tx, office, case_id, case, left)
        return case
    by = f"{office.team}:{office.bot_user}"
    closed = cases.add(tx.db, case_id, [Closed(at=tx.now, by=by)], after=case)
    _tell_closed(tx, office, case_id, closed)
    return closed


def drop_reports(tx: Transaction, case_id: str) -> None:
    """Once the last report is received, those that were never written are asked for no more."""
    for due in reports.of_case(tx.db, case_id):
        if due.state not in _OPEN:
            continue
        reports.change(tx.db, case_id, due.key, DueState.DROPPED)
        draft = drafts.of_report(tx.db, case_id, due.key)
        if draft is not None:
            drafts.change(tx.db, draft.id, state=drafts.ENDED, changed_at=tx.now)
            drafts.stand_nowhere(tx.db, draft_id=draft.id)


def _tell_closed(tx: Transaction, office: Office, case_id: str, case: Case) -> None:
    """Everybody who has followed the case: officers, KLG's card and its thread, the secretaries."""
    title = card.facts(tx.db, office, case_id, case).title
    text = office.texts("reporting.closing.closed", case_id=case_id, title=title)
    draft = drafts.of_case(tx.db, case_id)
    members = drafts.members(tx.db, draft.id) if draft else dict.fromkeys(case.authors, "")
    officers = [person for person, role in members.items() if role != drafts.FINANCE]
    secretaries = who.with_role(tx.db, office, Role.SECRETARY)
    for person in dict.fromkeys([*officers, *secretaries]):
        writing.tell(tx, person, text)
    card.show(tx, office, case_id, case)
    card.say(tx, office, case_id, case, text, [])
    home.case_changed(tx, office, case_id, case)


def _tell_what_remains(
    tx: Transaction, office: Office, case_id: str, case: Case, left: tuple[Remaining, ...]
) -> None:
    title = card.facts(tx.db, office, case_id, case).title
    lines = [_line(office, one) for one in left]
    head = office.texts("reporting.closing.remains", case_id=case_id, title=title)
    text = "\n".join([head, *lines])
    for person in who.with_role(tx.db, office, Role.SECRETARY):
        writing.tell(tx, person, text)


def _line(office: Office, one: Remaining) -> str:
    kind = office.texts.plain(f"questions.options.kind.{one.kind}") if one.kind else ""
    committee = words.committee(office, one.committee) if one.committee else ""
    return office.texts(f"reporting.closing.{one.what}", one=one, kind=kind, committee=committee)
