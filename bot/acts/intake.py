"""The conversation: starting an application, and what happens when a question is answered.

Each function is one gesture's work inside its transaction. At most one message follows an answer.
"""

from datetime import date
from typing import Any

from bot import words
from bot.acts import allowed, ending, meant, refusals, summary, who, writing
from bot.acts.details import details
from bot.acts.writing import Writing
from bot.blocks import question
from bot.office import Office
from bot.owed import Update
from bot.perform import Transaction
from bot.render import STOCKHOLM
from flows import answers, reporting
from flows.errors import InvalidAnswer
from flows.events import Stage
from flows.form import Ask, Kind, Who, next_ask
from flows.intake import FORM_VERSION, CalculationBy, NamedPerson, Secrecy
from flows.programme import Stages
from storage import drafts
from storage import standing as standings
from storage.drafts import Position
from storage.standing import Standing

Folded = tuple[str, list[dict[str, Any]]]  # text and blocks


def today(tx: Transaction) -> date:
    return tx.now.astimezone(STOCKHOLM).date()


def start(tx: Transaction, office: Office, *, person: str) -> None:
    """Begin a new application; one that was open is paused, and named."""
    who.require_employee(tx.db, office, person)
    standing = drafts.position(tx.db, person)
    if standing is not None and not drafts.answers_of(tx.db, standing.draft_id):
        resume(tx, office, person=person, draft_id=standing.draft_id)  # begun, and nothing said yet
        return
    single = office.programme.stages is Stages.SINGLE
    stage = Stage.APPLICATION if single else Stage.PROPOSAL
    draft_id = drafts.add(tx.db, owner=person, stage=stage, form_version=FORM_VERSION, at=tx.now)
    opened = writing.load(tx.db, office, draft_id)
    welcome = office.texts("intake.said.welcome", programme=office.programme)
    put_next(tx, office, opened, to=person, note=welcome)


def resume(tx: Transaction, office: Office, *, person: str, draft_id: int) -> None:
    """Go on with a draft where it is."""
    opened = writing.open_for(tx.db, office, draft_id, person=person)
    put_next(tx, office, opened, to=person)


def answer(
    tx: Transaction,
    office: Office,
    *,
    person: str,
    draft_id: int,
    key: str,
    saw: int,
    raw: Any,
    fold_later: bool = False,
    found: Standing | None = None,
) -> Folded | None:
    """Store the person's answer to a question and put the next one.

    Returns the question folded to one line, for whoever can replace it at once; with `fold_later`
    (it was answered by typing, or in a modal) it folds when there is time for it.
    `saw` is the number of the answer that stood when she was asked: the slower of two who answer
    at once is told what the other said. An answer that does not fit is asked for again.
    """
    found = found or standings.of(tx.db, person)
    opened = allowed.question(tx, office, draft_id, key, person=person, found=found)
    item = opened.item(key)
    if opened.number(key) != saw:
        another(tx, office, opened, key, to=person)
        return None
    try:
        said = meant.meant(tx, office, opened, item.ask, raw, typed=fold_later)
        value = answers.read(item.ask, said)
        writing.check(office, opened, key, value, today=today(tx))
    except InvalidAnswer as refusal:
        note = refusals.text(office, refusal)
        writing.put(
            tx,
            office,
            opened,
            item.ask,
            to=person,
            note=note,
            details=details(office, opened, item.ask),
        )
        return None
    folded = question.folded(office, item.ask, value, draft=draft_id)
    if fold_later:
        _fold_later(tx, folded, found.position, draft_id=draft_id, key=key)
    after = writing.store(tx, office, opened, key, value, by=person)
    follow(tx, office, after, key, value, by=person)
    return folded


def say(tx: Transaction, *, person: str, text: str) -> None:
    writing.tell(tx, person, text)


def help_text(tx: Transaction, office: Office, *, person: str) -> None:
    """Say what can be done; the open question stays open."""
    writing.tell(tx, person, office.texts("intake.said.help"))


def another(tx: Transaction, office: Office, opened: Writing, key: str, *, to: str) -> None:
    """Say that the question has been answered meanwhile, or that the button is old; go on."""
    item = opened.item(key)
    if item.ask.kind is Kind.ROWS and key + writing.WORKING in opened.stored:
        said = office.texts(
            "intake.said.table_changed", label=words.part(office, item.ask, "label")
        )
        more = details(office, opened, item.ask)
        writing.put(tx, office, opened, item.ask, to=to, note=said, details=more)
        return
    if item.answer is None:
        put_next(tx, office, opened, to=to)
        return
    note = office.texts(
        "intake.said.answered_meanwhile" if item.answer.by != to else "intake.said.answered_before",
        label=words.part(office, item.ask, "label"),
        value=words.shown(office, item.ask, item.answer.value),
        user=opened.user(item.answer.by),
    )
    put_next(tx, office, opened, to=to, note=note)


def _fold_later(
    tx: Transaction, folded: Folded, standing: Position | None, *, draft_id: int, key: str
) -> None:
    if standing is None or standing.post is None:
        return
    if (standing.draft_id, standing.asked) == (draft_id, key):
        text, blocks = folded
        tx.owe(Update(target=standing.post, text=text, blocks=blocks, first=True))


def follow(
    tx: Transaction, office: Office, after: Writing, key: str, value: Any, *, by: str
) -> None:
    """Do what follows from an answer, then put the next question."""
    if key in {"secrecy", reporting.SECRECY} and value != Secrecy.NOTHING_SECRET:
        ending.stop(tx, office, after, by=by, why=value)
        return
    if key == "calculation_by" and value == CalculationBy.FINANCE:
        invite_finance(tx, office, after, by=by)
        after = writing.load(tx.db, office, after.draft.id)
    put_next(tx, office, after, to=by, answered=key)


def invite_finance(tx: Transaction, office: Office, opened: Writing, *, by: str) -> None:
    """Let the finance officer fill in point 3, or confirm it, in her own conversation."""
    named = opened.known.get("finance_officer")
    if not isinstance(named, NamedPerson) or named.person is None:
        raise InvalidAnswer("refusals.intake.finance_not_in_slack")
    if named.person == by:
        return
    for person, role in opened.members.items():
        if role == drafts.FINANCE and person != named.person:
            drafts.leave(tx.db, opened.draft.id, person=person)
    drafts.join(tx.db, opened.draft.id, person=named.person, role=drafts.FINANCE, at=tx.now)
    text, blocks = summary.invitation(office, opened, "invited_finance", by=by)
    writing.tell(tx, named.person, text, blocks)


def put_next(
    tx: Transaction,
    office: Office,
    opened: Writing,
    *,
    to: str,
    note: str = "",
    answered: str | None = None,
) -> None:
    """Ask the person's next question; when there is none, say what the draft waits for.

    A table that was begun and never said to be done comes before the end, so that no row is lost.
    """
    if opened.draft.state != drafts.OPEN:
        summary.show(tx, office, opened, to=to, note=note)
        return
    ask = next_ask(opened.items, who=opened.asked(to))
    if ask is None and (ask := _half_done(opened, person=to)) is not None:
        half = office.texts("intake.said.table_half_done", label=words.part(office, ask, "label"))
        note = writing.joined(note, half)
    if ask is not None:
        more = details(office, opened, ask)
        writing.put(tx, office, opened, ask, to=to, note=note, details=more, answered=answered)
        return
    if opened.who(to) is Who.FINANCE:
        _finance_is_done(tx, office, opened, finance=to, note=note, now=answered is not None)
    elif next_ask(opened.items) is not None:
        _waits_for_finance(tx, office, opened, to=to, note=note)
    else:
        summary.show(tx, office, opened, to=to, note=note)


def _half_done(opened: Writing, *, person: str) -> Ask | None:
    return next(
        (
            item.ask
            for item in opened.items
            if item.ask.key + writing.WORKING in opened.stored
            and allowed.is_hers(opened, item.ask.key, person=person)
        ),
        None,
    )


def _finance_is_done(
    tx: Transaction, office: Office, opened: Writing, *, finance: str, note: str, now: bool
) -> None:
    """Thank her; when it is `now` that she is done, go on with whoever waited for the calculation."""
    text = office.texts("intake.said.finance_done", title=opened.title, now=now)
    writing.tell(tx, finance, writing.joined(note, text))
    writing.stand(tx, finance, Position(opened.draft.id))
    said = office.texts(
        "intake.said.calculation_ready", user=opened.user(finance), title=opened.title
    )
    for person, role in opened.members.items():
        if role == drafts.FINANCE or not now:
            continue
        standing = drafts.position(tx.db, person)
        if standing is None or _waits(standing, opened):
            put_next(tx, office, opened, to=person, note=said)
        else:
            writing.tell(tx, person, said)


def _waits(standing: Position, opened: Writing) -> bool:
    return standing.draft_id == opened.draft.id and standing.asked is None


def _waits_for_finance(
    tx: Transaction, office: Office, opened: Writing, *, to: str, note: str
) -> None:
    named = opened.known.get("finance_officer")
    name = named.name if isinstance(named, NamedPerson) else ""
    text = office.texts("intake.said.waits_for_finance", name=name, title=opened.title)
    writing.tell(tx, to, writing.joined(note, text))
    writing.stand(tx, to, Position(opened.draft.id))
    _ask_finance_anew(tx, office, opened)


def _ask_finance_anew(tx: Transaction, office: Office, opened: Writing) -> None:
    """Ask a finance officer who was done again, when a change has undone what she confirmed."""
    for person, role in opened.members.items():
        standing = drafts.position(tx.db, person)
        if role == drafts.FINANCE and standing is not None and _waits(standing, opened):
            said = office.texts("intake.said.calculation_changed", title=opened.title)
            put_next(tx, office, opened, to=person, note=said)


def late_text(
    tx: Transaction, office: Office, *, person: str, standing: Position, text: str
) -> None:
    """Add what was sent before the open question appeared to the answer before it, and say so."""
    opened = writing.open_for(tx.db, office, standing.draft_id, person=person)
    item = next((i for i in opened.items if i.ask.key == standing.answered), None)
    kinds = {Kind.TEXT, Kind.LINE, Kind.CONTACT}
    if item is None or item.answer is None or item.ask.kind not in kinds:
        put_next(tx, office, opened, to=person, note=office.texts("intake.said.too_early"))
        return
    allowed.question(tx, office, standing.draft_id, item.ask.key, person=person)
    label = words.part(office, item.ask, "label")
    try:
        value = answers.read(item.ask, f"{item.answer.value}\n{text}")
    except InvalidAnswer as refusal:
        note = refusals.text(office, refusal)
        put_next(tx, office, opened, to=person, note=note, answered=standing.answered)
        return
    after = writing.store(tx, office, opened, item.ask.key, value, by=person)
    note = office.texts("intake.said.added_to_answer", label=label)
    put_next(tx, office, after, to=person, note=note, answered=item.ask.key)
