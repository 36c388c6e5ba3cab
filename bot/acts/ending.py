"""How a draft ends before a decision: left, withdrawn, or stopped because it is secret.

What has been submitted is a public document and stays (tryckfrihetsförordningen 2 kap.); a draft
that never was is deleted.
"""

from bot.acts import card, home, who, writing
from bot.acts.writing import Writing
from bot.blocks import kit
from bot.ids import LEAVE_CONFIRMED, SHOW, About
from bot.office import Office
from bot.perform import Transaction
from flows.case import MAY_BE_REVISED
from flows.errors import NotAllowed
from flows.events import Withdrawn
from storage import cases, drafts


def ask(tx: Transaction, office: Office, *, person: str, draft_id: int) -> None:
    """Ask whether she means it, and say what it does."""
    opened = writing.open_for(tx.db, office, draft_id, person=person)
    _refuse_to_leave_what_is_owed(opened, person)
    if _only_she_leaves(opened, person):
        what = "only_you"
    else:
        what = "delete" if opened.draft.case_id is None else "withdraw"
    text = office.texts(f"intake.said.leave_{what}", title=opened.title)
    about = About(draft_id)
    yes = office.texts.plain("intake.words.button.leave_confirmed")
    no = office.texts.plain("intake.words.button.leave_not")
    buttons = [
        kit.button(yes, LEAVE_CONFIRMED, about, style="danger"),
        kit.button(no, SHOW, about),
    ]
    writing.tell(tx, person, text, [kit.section(text), kit.actions(buttons)])


def leave(tx: Transaction, office: Office, *, person: str, draft_id: int) -> None:
    """Withdraw the case, or delete a draft that was never submitted; who was invited only leaves it."""
    opened = writing.open_for(tx.db, office, draft_id, person=person)
    _refuse_to_leave_what_is_owed(opened, person)
    if _only_she_leaves(opened, person):
        drafts.leave(tx.db, draft_id, person=person)
        text = office.texts("intake.said.left_to_the_others", title=opened.title)
        writing.tell(tx, person, text)
        return
    submitted = opened.draft.case_id is not None
    _end(tx, office, opened, by=person)
    text = office.texts(f"intake.said.{'withdrawn' if submitted else 'left'}", title=opened.title)
    writing.tell(tx, person, text)


def stop(tx: Transaction, office: Office, opened: Writing, *, by: str, why: str) -> None:
    """Secret or about people: nothing is kept but that it was stopped (domain 3.9).

    A report is still owed: it is emptied, and can be begun again.
    """
    contact = office.programme.secrecy
    if opened.report is not None:
        _delete(tx, opened)
        drafts.stand_nowhere(tx.db, draft_id=opened.draft.id)
        said = office.texts("reporting.said.stopped", contact=contact, title=opened.title)
        writing.tell(tx, by, said)
        return
    _end(tx, office, opened, by=by)
    _delete(tx, opened)
    writing.tell(tx, by, office.texts(f"intake.said.stopped_{why}", contact=contact))


def _refuse_to_leave_what_is_owed(opened: Writing, person: str) -> None:
    """A report is owed until it is handed in; only who was invited to it can leave it."""
    if opened.report is not None and not _only_she_leaves(opened, person):
        raise NotAllowed("refusals.reports.still_owed")


def _only_she_leaves(opened: Writing, person: str) -> bool:
    """Finance always; a colleague as long as nothing has been submitted, and from a report."""
    role = opened.members.get(person)
    if opened.report is not None:
        return role in {drafts.AUTHOR, drafts.COLLEAGUE}
    return role == drafts.FINANCE or (role == drafts.AUTHOR and opened.draft.case_id is None)


def _end(tx: Transaction, office: Office, opened: Writing, *, by: str) -> None:
    case_id = opened.draft.case_id
    if case_id is None:
        _delete(tx, opened)
    else:
        _withdraw(tx, office, case_id, by=by)
    drafts.change(tx.db, opened.draft.id, state=drafts.ENDED, changed_at=tx.now)
    drafts.stand_nowhere(tx.db, draft_id=opened.draft.id)
    name = who.name_of(tx.db, office, by)
    for other in opened.members:
        if other != by:
            key = "left_by" if case_id is None else "withdrawn_by"
            text = office.texts(f"intake.said.{key}", title=opened.title, name=name)
            writing.tell(tx, other, text)


def _delete(tx: Transaction, opened: Writing) -> None:
    drafts.forget(tx.db, opened.draft.id)
    for row in drafts.appendices_of(tx.db, opened.draft.id):
        drafts.remove_appendix(tx.db, opened.draft.id, row.id)


def _withdraw(tx: Transaction, office: Office, case_id: str, *, by: str) -> None:
    case = cases.load(tx.db, case_id)
    if case.state not in MAY_BE_REVISED:
        raise NotAllowed("refusals.intake.not_open")
    after = cases.add(tx.db, case_id, [Withdrawn(at=tx.now, by=by)], after=case)
    card.show(tx, office, case_id, after)
    home.case_changed(tx, office, case_id, after)
