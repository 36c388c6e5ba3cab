"""The conversation: starting an application, and what happens when a question is answered.

Each function is one gesture's work inside its transaction. At most one message follows an answer.
"""

from datetime import date
from typing import Any

from markupsafe import Markup

from bot import words
from bot.acts import allowed, summary, who, writing
from bot.acts.details import details, difference_texts
from bot.acts.writing import Writing
from bot.blocks import question
from bot.office import Office
from bot.owed import Update
from bot.perform import Transaction
from bot.render import STOCKHOLM
from flows import answers, checks
from flows.case import Stage
from flows.errors import FlowError, InvalidAnswer, NotAllowed
from flows.form import Ask, Kind, Who, next_ask
from flows.intake import FORM_VERSION, CalculationBy, NamedPerson, Secrecy
from flows.programme import Stages
from storage import drafts
from storage.drafts import Position

Folded = tuple[str, list[dict[str, Any]]]  # text and blocks


def today(tx: Transaction) -> date:
    return tx.now.astimezone(STOCKHOLM).date()


def start(tx: Transaction, office: Office, *, person: str) -> None:
    """Begin a new application; one that was open is paused, and named."""
    who.require_employee(tx.db, office, person)
    note = pause_note(tx, office, person=person)
    single = office.programme.stages is Stages.SINGLE
    stage = Stage.APPLICATION if single else Stage.PROPOSAL
    draft_id = drafts.add(tx.db, owner=person, stage=stage, form_version=FORM_VERSION, at=tx.now)
    opened = writing.load(tx.db, office, draft_id)
    welcome = office.texts("intake.said.welcome", programme=office.programme)
    put_next(tx, office, opened, to=person, note=f"{note}\n{welcome}" if note else welcome)


def pause_note(tx: Transaction, office: Office, *, person: str, opening: int | None = None) -> str:
    """What to say about the application that the person leaves for another; "" when there is none."""
    standing = drafts.position(tx.db, person)
    if standing is None or standing.draft_id == opening:
        return ""
    left = writing.load(tx.db, office, standing.draft_id)
    if left.draft.state != drafts.OPEN:
        return ""
    return office.texts("intake.said.paused_other", title=left.title)


def resume(tx: Transaction, office: Office, *, person: str, draft_id: int) -> None:
    """Go on with a draft where it is."""
    opened = writing.open_for(tx.db, office, draft_id, person=person)
    note = pause_note(tx, office, person=person, opening=draft_id)
    put_next(tx, office, opened, to=person, note=note)


def answer(
    tx: Transaction,
    office: Office,
    *,
    person: str,
    draft_id: int,
    key: str,
    saw: int,
    raw: Any,
    typed: bool = False,
) -> Folded | None:
    """Store the person's answer to a question and put the next one.

    Returns the question folded to one line, for whoever can replace it at once; a question that
    was answered by typing folds when there is time for it.
    `saw` is the number of the answer that stood when she was asked: the slower of two who answer
    at once is told what the other said. An answer that does not fit is asked for again.
    """
    opened = writing.open_for(tx.db, office, draft_id, person=person)
    item = opened.item(key)
    if opened.number(key) != saw:
        another(tx, office, opened, key, to=person)
        return None
    allowed.require(office, opened, key, person=person)
    try:
        value = answers.read(item.ask, _named(tx, office, raw) if isinstance(raw, dict) else raw)
        known = writing.known_before(opened, key)
        checks.check(office.programme, key, value, known, today=today(tx))
    except InvalidAnswer as refusal:
        note = refusal_text(office, refusal)
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
    if typed:
        _fold_later(tx, folded, person=person)
    after = writing.store(tx, office, opened, key, value, by=person)
    follow(tx, office, after, key, value, by=person)
    return folded


def _named(tx: Transaction, office: Office, chosen: dict[str, str]) -> NamedPerson:
    """Somebody chosen in Slack's list of people, by her user id."""
    person = f"{office.team}:{chosen['user']}"
    try:
        who.require_employee(tx.db, office, person)
    except NotAllowed:
        name = who.name_of(tx.db, office, person)
        raise InvalidAnswer("refusals.intake.not_a_colleague", name=name) from None
    return NamedPerson(name=who.name_of(tx.db, office, person), person=person)


def options_by_words(office: Office, ask: Ask) -> dict[str, str]:
    """The options of a choice by what they are called, in lower case; empty for other questions."""
    if ask.kind not in {Kind.CHOICE, Kind.CHOICES}:
        return {}
    return {words.option(office, ask, option).lower(): option for option in ask.options}


def refusal_text(office: Office, refusal: FlowError) -> str:
    """The refusal for mrkdwn."""
    return office.texts(refusal.key, **_facts(office, refusal))


def refusal_plain(office: Office, refusal: FlowError) -> str:
    """The refusal for a modal's error, where nothing is markup."""
    return office.texts.plain(refusal.key, **_facts(office, refusal)).replace("*", "")


def _facts(office: Office, refusal: FlowError) -> dict[str, Any]:
    facts: dict[str, Any] = dict(refusal.facts)
    if "differences" in facts:
        facts["lines"] = Markup("\n").join(difference_texts(office, facts.pop("differences")))
    return facts


def say(tx: Transaction, *, person: str, text: str) -> None:
    writing.tell(tx, person, text)


def help_text(tx: Transaction, office: Office, *, person: str) -> None:
    """Say what can be done; the open question stays open."""
    writing.tell(tx, person, office.texts("intake.said.help"))


def another(tx: Transaction, office: Office, opened: Writing, key: str, *, to: str) -> None:
    """Say that the question has been answered meanwhile, or that the button is old; go on."""
    item = opened.item(key)
    if item.answer is None:
        put_next(tx, office, opened, to=to)
        return
    note = office.texts(
        "intake.said.answered_meanwhile" if item.answer.by != to else "intake.said.answered_before",
        label=words.part(office, item.ask, "label"),
        value=words.shown(office, item.ask, item.answer.value),
        by=f"<@{opened.user(item.answer.by)}>",
        user=opened.user(item.answer.by),
    )
    put_next(tx, office, opened, to=to, note=note)


def _fold_later(tx: Transaction, folded: Folded, *, person: str) -> None:
    standing = drafts.position(tx.db, person)
    if standing is not None and standing.post is not None:
        text, blocks = folded
        tx.owe(Update(target=standing.post, text=text, blocks=blocks))


def follow(
    tx: Transaction, office: Office, after: Writing, key: str, value: Any, *, by: str
) -> None:
    """Do what follows from an answer, then put the next question."""
    if key == "secrecy" and value != Secrecy.NOTHING_SECRET:
        _stop(tx, office, after, person=by, why=value)
        return
    if key == "calculation_by" and value == CalculationBy.FINANCE:
        invite_finance(tx, office, after, by=by)
        after = writing.load(tx.db, office, after.draft.id)
    put_next(tx, office, after, to=by, answered=key)


def _stop(tx: Transaction, office: Office, after: Writing, *, person: str, why: str) -> None:
    """Secret or about people: nothing is kept but that it was stopped (domain 3.9)."""
    drafts.forget(tx.db, after.draft.id)
    drafts.change(tx.db, after.draft.id, state=drafts.ENDED, changed_at=tx.now)
    drafts.stand_nowhere(tx.db, draft_id=after.draft.id)
    text = office.texts(f"intake.said.stopped_{why}", contact=office.programme.secrecy)
    writing.tell(tx, person, text)


def invite_finance(tx: Transaction, office: Office, opened: Writing, *, by: str) -> None:
    """Let the finance officer fill in point 3, or confirm it, in her own conversation."""
    named = opened.known.get("finance_officer")
    if not isinstance(named, NamedPerson) or named.person is None:
        raise InvalidAnswer("refusals.intake.finance_not_in_slack")
    if named.person == by:
        return
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
    """Ask the person's next question; when there is none, say what the draft waits for."""
    who = opened.who(to)
    ask = next_ask(opened.items, who=who)
    if ask is not None:
        more = details(office, opened, ask)
        writing.put(tx, office, opened, ask, to=to, note=note, details=more, answered=answered)
        return
    if who is Who.FINANCE:
        _finance_is_done(tx, office, opened, finance=to, note=note)
    elif next_ask(opened.items) is not None:
        _waits_for_finance(tx, office, opened, to=to, note=note)
    else:
        summary.show(tx, office, opened, to=to, note=note)


def _finance_is_done(
    tx: Transaction, office: Office, opened: Writing, *, finance: str, note: str
) -> None:
    """Thank her, and go on with whoever waited for the calculation."""
    text = office.texts("intake.said.finance_done", title=opened.title)
    writing.tell(tx, finance, f"{note}\n{text}" if note else text)
    writing.stand(tx, finance, Position(opened.draft.id))
    for person, role in opened.members.items():
        standing = drafts.position(tx.db, person)
        idle = standing is None or (standing.draft_id == opened.draft.id and standing.asked is None)
        if role != drafts.FINANCE and idle:
            said = office.texts("intake.said.calculation_ready", user=opened.user(finance))
            put_next(tx, office, opened, to=person, note=said)


def _waits_for_finance(
    tx: Transaction, office: Office, opened: Writing, *, to: str, note: str
) -> None:
    named = opened.known.get("finance_officer")
    name = named.name if isinstance(named, NamedPerson) else ""
    text = office.texts("intake.said.waits_for_finance", name=name, title=opened.title)
    writing.tell(tx, to, f"{note}\n{text}" if note else text)
    writing.stand(tx, to, Position(opened.draft.id))


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
    label = words.part(office, item.ask, "label")
    try:
        value = answers.read(item.ask, f"{item.answer.value}\n{text}")
    except InvalidAnswer as refusal:
        note = refusal_text(office, refusal)
        put_next(tx, office, opened, to=person, note=note, answered=standing.answered)
        return
    after = writing.store(tx, office, opened, item.ask.key, value, by=person)
    note = office.texts("intake.said.added_to_answer", label=label)
    put_next(tx, office, after, to=person, note=note, answered=item.ask.key)
