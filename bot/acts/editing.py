"""Moving about in a draft: change an answer, go back, skip, pause, go on, show, leave."""

from bot.acts import allowed, intake, summary, writing
from bot.acts.details import details
from bot.acts.writing import Writing
from bot.blocks import kit
from bot.blocks import summary as blocks
from bot.ids import LEAVE_CONFIRMED, SHOW, About
from bot.office import Office
from bot.perform import Transaction
from flows.case import State, Withdrawn
from flows.errors import InvalidAnswer, NotAllowed
from flows.form import Item
from storage import cases, drafts
from storage.drafts import Position

# While KLG assesses, the submitting administration may still correct itself: a new version.
_MAY_BE_REVISED = frozenset(
    {
        State.ASSESSMENT,
        State.CLARIFICATION,
        State.SUPPLEMENT,
        State.NOT_RELEVANT,
        State.ADVISED_AGAINST,
    }
)


def change(tx: Transaction, office: Office, *, person: str, draft_id: int, key: str) -> None:
    """Ask a question again, with the answer it has."""
    opened = open_to_change(tx, office, draft_id, person=person)
    allowed.require(office, opened, key, person=person)
    item = opened.item(key)
    note = intake.pause_note(tx, office, person=person, opening=draft_id)
    more = details(office, opened, item.ask)
    writing.put(tx, office, opened, item.ask, to=person, note=note, details=more)


def open_to_change(tx: Transaction, office: Office, draft_id: int, *, person: str) -> Writing:
    """Open the draft; one that lies with KLG is opened for a new version."""
    opened = writing.open_for(tx.db, office, draft_id, person=person)
    if opened.draft.state == drafts.OPEN:
        return opened
    case_id = opened.draft.case_id
    if case_id is None or cases.load(tx.db, case_id).state not in _MAY_BE_REVISED:
        raise NotAllowed("refusals.intake.not_open")
    drafts.change(tx.db, draft_id, state=drafts.OPEN, changed_at=tx.now)
    return writing.load(tx.db, office, draft_id)


def back(tx: Transaction, office: Office, *, person: str, draft_id: int, key: str) -> None:
    """Ask the question before `key` that is this person's to change; before the end when ""."""
    opened = writing.open_for(tx.db, office, draft_id, person=person)
    earlier: list[Item] = []
    for item in opened.items:
        if item.ask.key == key:
            break
        if item.answer is not None and allowed.may_change(opened, item.ask.key, person=person):
            earlier.append(item)
    if not earlier:
        note = office.texts("intake.said.first_question")
        intake.put_next(tx, office, opened, to=person, note=note)
        return
    ask = earlier[-1].ask
    writing.put(tx, office, opened, ask, to=person, details=details(office, opened, ask))


def skip(
    tx: Transaction, office: Office, *, person: str, draft_id: int, key: str, saw: int
) -> None:
    """Keep the answer there is, or go on without one where none is required."""
    opened = writing.open_for(tx.db, office, draft_id, person=person)
    item = opened.item(key)
    if opened.number(key) != saw:
        intake.another(tx, office, opened, key, to=person)
        return
    allowed.require(office, opened, key, person=person)
    if item.answer is not None:
        if key + writing.WORKING in opened.stored:
            drafts.forget(tx.db, draft_id, keys=[key + writing.WORKING])
            opened = writing.load(tx.db, office, draft_id)
        intake.put_next(tx, office, opened, to=person)
        return
    if not item.ask.optional:
        raise InvalidAnswer("refusals.answers.blank")
    after = writing.store(tx, office, opened, key, None, by=person)
    intake.put_next(tx, office, after, to=person, answered=key)


def show(tx: Transaction, office: Office, *, person: str, draft_id: int) -> None:
    """Show every answer; changing one, or *fortsätt*, goes on."""
    opened = writing.open_for(tx.db, office, draft_id, person=person)
    note = intake.pause_note(tx, office, person=person, opening=draft_id)
    summary.show(tx, office, opened, to=person, note=note)


def page(
    tx: Transaction, office: Office, *, person: str, draft_id: int, page: int
) -> tuple[str, list[kit.Block]]:
    """Another page of the summary, to stand in place of the one that was turned."""
    opened = writing.open_for(tx.db, office, draft_id, person=person)
    return blocks.message(office, summary.overview(tx, opened, viewer=person), page=page)


def pause(tx: Transaction, office: Office, *, person: str, draft_id: int) -> None:
    """Nothing is asked any more; everything stays."""
    opened = writing.open_for(tx.db, office, draft_id, person=person)
    writing.stand(tx, person, Position(draft_id))
    writing.tell(tx, person, office.texts("intake.said.paused", title=opened.title))


def ask_to_leave(tx: Transaction, office: Office, *, person: str, draft_id: int) -> None:
    opened = writing.open_for(tx.db, office, draft_id, person=person)
    submitted = opened.draft.case_id is not None
    text = office.texts("intake.said.leave_question", title=opened.title, submitted=submitted)
    about = About(draft_id)
    yes = office.texts.plain("intake.words.button.leave_confirmed")
    no = office.texts.plain("intake.words.button.show")
    buttons = [
        kit.button(yes, LEAVE_CONFIRMED, about, style="danger"),
        kit.button(no, SHOW, about),
    ]
    writing.tell(tx, person, text, [kit.section(text), kit.actions(buttons)])


def leave(tx: Transaction, office: Office, *, person: str, draft_id: int) -> str | None:
    """Delete a draft that was never submitted, or withdraw the case; returns the case's id then.

    What has been submitted is a public document and stays (tryckfrihetsförordningen 2 kap.).
    """
    opened = writing.open_for(tx.db, office, draft_id, person=person)
    if opened.members.get(person) == drafts.FINANCE:
        drafts.leave(tx.db, draft_id, person=person)
        writing.tell(tx, person, office.texts("intake.said.paused", title=opened.title))
        return None
    case_id = opened.draft.case_id
    key = "left"
    if case_id is not None:
        case = cases.load(tx.db, case_id)
        if case.state in {State.WITHDRAWN, State.FORWARDED, State.RECOMMENDED, State.DOCUMENTS}:
            raise NotAllowed("refusals.intake.not_open")
        cases.add(tx.db, case_id, [Withdrawn(at=tx.now, by=person)], after=case)
        key = "withdrawn"
    else:
        drafts.forget(tx.db, draft_id)
        for row in drafts.appendices_of(tx.db, draft_id):
            drafts.remove_appendix(tx.db, draft_id, row.id)
    drafts.change(tx.db, draft_id, state=drafts.ENDED, changed_at=tx.now)
    drafts.stand_nowhere(tx.db, draft_id=draft_id)
    writing.tell(tx, person, office.texts(f"intake.said.{key}", title=opened.title))
    for other in opened.members:
        if other != person:
            text = office.texts(
                "intake.said.withdrawn_by", title=opened.title, user=opened.user(person)
            )
            writing.tell(tx, other, text)
    return case_id
