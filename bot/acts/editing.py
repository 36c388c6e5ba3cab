"""Moving about in a draft: change an answer, go back, skip, pause, show."""

from bot.acts import allowed, intake, summary, writing
from bot.acts.details import details
from bot.blocks import kit, question
from bot.blocks import summary as blocks
from bot.office import Office
from bot.perform import Transaction
from flows.errors import InvalidAnswer, NotAllowed
from flows.form import Item
from storage import drafts
from storage.drafts import Position


def change(tx: Transaction, office: Office, *, person: str, draft_id: int, key: str) -> None:
    """Ask a question again, with the answer it has."""
    opened = allowed.question_to_change(tx, office, draft_id, key, person=person)
    ask = opened.item(key).ask
    writing.put(tx, office, opened, ask, to=person, details=details(office, opened, ask))


def back(tx: Transaction, office: Office, *, person: str, draft_id: int, key: str) -> None:
    """Ask the question before `key` that is this person's to change; before the end when ""."""
    opened = writing.open_for(tx.db, office, draft_id, person=person)
    if opened.draft.state != drafts.OPEN:
        raise NotAllowed("refusals.intake.not_open")
    earlier: list[Item] = []
    for item in opened.items:
        if item.ask.key == key:
            break
        hers = allowed.is_hers(opened, item.ask.key, person=person)
        if item.answer is not None and hers:
            earlier.append(item)
    if not earlier:
        note = office.texts("intake.said.first_question")
        intake.put_next(tx, office, opened, to=person, note=note)
        return
    ask = earlier[-1].ask
    writing.put(tx, office, opened, ask, to=person, details=details(office, opened, ask))


def skip(
    tx: Transaction, office: Office, *, person: str, draft_id: int, key: str, saw: int
) -> intake.Folded | None:
    """Keep the answer there is, or go on without one where none is required. Returns it folded."""
    opened = allowed.question(tx, office, draft_id, key, person=person)
    item = opened.item(key)
    if opened.number(key) != saw:
        intake.another(tx, office, opened, key, to=person)
        return None
    if item.answer is not None:
        if key + writing.WORKING in opened.stored:
            drafts.forget(tx.db, draft_id, keys=[key + writing.WORKING])
            opened = writing.load(tx.db, office, draft_id)
        intake.put_next(tx, office, opened, to=person)
        return question.folded(office, item.ask, item.answer.value, draft=draft_id)
    if not item.ask.optional:
        raise InvalidAnswer("refusals.answers.blank")
    after = writing.store(tx, office, opened, key, None, by=person)
    intake.put_next(tx, office, after, to=person, answered=key)
    return question.folded(office, item.ask, None, draft=draft_id)


def show(tx: Transaction, office: Office, *, person: str, draft_id: int) -> None:
    """Show every answer; changing one, or *fortsätt*, goes on."""
    opened = writing.open_for(tx.db, office, draft_id, person=person)
    summary.show(tx, office, opened, to=person)


def page(
    tx: Transaction, office: Office, *, person: str, draft_id: int, page: int
) -> tuple[str, list[kit.Block]]:
    """Another page of the summary, to stand in place of the one that was turned."""
    opened = writing.open_for(tx.db, office, draft_id, person=person)
    return blocks.message(office, summary.overview(tx, office, opened, viewer=person), page=page)


def pause(tx: Transaction, office: Office, *, person: str, draft_id: int) -> None:
    """Nothing is asked any more; everything stays."""
    opened = writing.open_for(tx.db, office, draft_id, person=person)
    standing = drafts.position(tx.db, person)
    if standing is None or standing.draft_id == draft_id:  # an old button pauses no other draft
        writing.stand(tx, person, Position(draft_id))
    writing.tell(tx, person, office.texts("intake.said.paused", title=opened.title))
