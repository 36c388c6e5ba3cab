"""What may be changed in a draft now, and by whom: asked before every answer, however it comes.

An old button, a modal left open and a typed word all meet the same lock.
"""

from sqlalchemy import Connection

from bot.acts import report_about, writing
from bot.acts.writing import Writing
from bot.office import Office
from bot.perform import Transaction
from bot.words import part
from flows import form
from flows.case import MAY_BE_REVISED
from flows.completion import asks
from flows.errors import NotAllowed
from flows.events import Stage
from flows.form import Who
from storage import cases, drafts
from storage.standing import Standing


def question(
    tx: Transaction,
    office: Office,
    draft_id: int,
    key: str,
    *,
    person: str,
    found: Standing | None = None,
) -> Writing:
    """Open the draft for an answer to the question. Raises NotAllowed when it is locked, and why."""
    opened = writing.open_for(tx.db, office, draft_id, person=person, found=found)
    if opened.draft.state != drafts.OPEN:
        raise NotAllowed("refusals.intake.not_open")
    require(office, opened, key, person=person)
    return opened


def question_to_change(
    tx: Transaction, office: Office, draft_id: int, key: str, *, person: str
) -> Writing:
    """The same, and a draft that lies with KLG is opened for a new version."""
    opened = writing.open_for(tx.db, office, draft_id, person=person)
    if not is_open(tx.db, opened):
        received = opened.report is not None
        raise NotAllowed("refusals.reports.received" if received else "refusals.intake.not_open")
    require(office, opened, key, person=person)
    if opened.draft.state != drafts.OPEN:
        drafts.change(tx.db, draft_id, state=drafts.OPEN, changed_at=tx.now)
        opened = writing.load(tx.db, office, draft_id)
    return opened


def is_open(db: Connection, opened: Writing) -> bool:
    """Whether answers may be changed now: it is being written, or may be revised while KLG has it."""
    case_id = opened.draft.case_id
    if opened.draft.state == drafts.OPEN or case_id is None:
        return opened.draft.state == drafts.OPEN
    case = cases.load(db, case_id)
    if opened.report is not None:
        return report_about.may_be_changed(db, case, case_id, opened.report.key)
    return case.state in MAY_BE_REVISED


def is_hers(opened: Writing, key: str, *, person: str) -> bool:
    """Whether the question is this person's, and among those that KLG wants completed if it named some."""
    item = opened.item(key)
    if opened.who(person) is Who.FINANCE and item.ask.who(opened.known) is not Who.FINANCE:
        return False
    reopened = opened.draft.reopened
    return reopened is None or key in reopened or item.answer is None


def require(office: Office, opened: Writing, key: str, *, person: str) -> None:
    """Raises NotAllowed, with what can be changed instead, unless the question is hers and unlocked."""
    if form.find(opened.items, key) is None and _opens_later(office, opened, key):
        raise NotAllowed("refusals.intake.opens_later", klg=office.programme.names.klg)
    if is_hers(opened, key, person=person):
        return
    if opened.draft.reopened is None or opened.who(person) is Who.FINANCE:
        raise NotAllowed("refusals.intake.only_finance_questions")
    labels = [
        part(office, item.ask, "label")
        for item in opened.items
        if item.ask.key in opened.draft.reopened
    ]
    raise NotAllowed(
        "refusals.intake.only_reopened", labels=", ".join(labels), klg=office.programme.names.klg
    )


def _opens_later(office: Office, opened: Writing, key: str) -> bool:
    """A question of points 2-4 while KLG has not made its first assessment (R000-19)."""
    first = Stage(opened.draft.stage) is Stage.PROPOSAL
    return first and any(ask.stage is not Stage.PROPOSAL for ask in asks(office.programme, [key]))
