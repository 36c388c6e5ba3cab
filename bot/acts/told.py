"""What is said about an assessment beside the card: in its thread, and to whoever must act next."""

from collections.abc import Iterable

from sqlalchemy import Connection

from bot import words
from bot.acts import card, who
from bot.blocks import assessment as blocks
from bot.office import Office
from bot.owed import Post, Update
from bot.perform import Transaction
from flows import panel as flows_panel
from flows.assessment import BY_A_PERSON
from flows.case import AWAITS_DECISION, Case, Event, State
from flows.completion import asks
from flows.events import Assessed, Disqualified, OutcomeReached, PersonId, TakenForward, TextId
from flows.panel import Panel
from flows.tally import Tally
from storage import cards, texts


def in_thread(
    tx: Transaction, office: Office, case_id: str, case: Case, event: Event, *, before: Case
) -> None:
    """One line: who, what, and why."""
    match event:
        case Assessed():
            again = (event.seat or event.by) in before.opinions
            line = _assessed(tx.db, office, event, again=again)
        case Disqualified():
            name = who.voice(tx.db, office, event.by, event.seat)
            line = blocks.Line(office.texts("assessment.vote.thread.disqualified", name=name))
        case OutcomeReached():
            line = _outcome(tx.db, office, event)
        case TakenForward():
            name = who.name_of(tx.db, office, event.by)
            said = office.texts("assessment.vote.thread.forwarded", name=name)
            line = blocks.Line(said, _reason(tx.db, event.reason))
        case _:
            return
    text, content = blocks.thread_line(office, line)
    card.say(tx, office, case_id, case, text, content)


def _assessed(db: Connection, office: Office, event: Assessed, *, again: bool) -> blocks.Line:
    text = office.texts(
        "assessment.vote.thread.said",
        name=who.voice(db, office, event.by, event.seat),
        before=again,
        says=office.texts.plain(f"assessment.opinions.says.{event.opinion}"),
        questions=_labels(office, event.questions),
    )
    return blocks.Line(text, _reason(db, event.reason))


def _outcome(db: Connection, office: Office, event: OutcomeReached) -> blocks.Line:
    closed = event.rule == BY_A_PERSON
    text = office.texts(
        "assessment.vote.thread.outcome",
        outcome=office.texts.plain(f"assessment.opinions.outcome.{event.outcome}"),
        closed_by=who.name_of(db, office, event.by) if closed else "",
        votes=event.votes,
        of=event.eligible,
        questions=_labels(office, event.questions),
    )
    return blocks.Line(text, _reason(db, event.reason))


def closers(
    tx: Transaction, office: Office, case_id: str, case: Case, panel: Panel, count: Tally
) -> None:
    """Ask whoever may to end what the rule has not; when nobody can take part, tell both."""
    may = flows_panel.closers(case, panel)
    told = {*may, *panel.secretaries, panel.convener} if count.nobody_left else {*may}
    text, content = blocks.ask_to_close(
        office,
        case_id,
        case,
        title=card.facts(tx.db, office, case_id, case).title,
        names=tuple(who.name_of(tx.db, office, person) for person in may),
        nobody_left=count.nobody_left,
    )
    _tell(tx, sorted(person for person in told if person), text, content)


def secretaries(tx: Transaction, office: Office, case_id: str, case: Case, panel: Panel) -> None:
    """Tell them what has become of an application; advised against, they may take it further.

    What one of them has taken further is said in the message that asked, without its button. What a
    body is to say they are asked for in a message of its own (acts/board).
    """
    if case.state not in {State.ADVISED_AGAINST, *AWAITS_DECISION}:
        return
    text, content = blocks.ask_secretary(
        office, case_id, case, title=card.facts(tx.db, office, case_id, case).title
    )
    asked = f"{State.ADVISED_AGAINST}:{case.version}:"
    posted = cards.beginning(tx.db, case_id, asked)
    for post in posted.values():
        tx.owe(Update(target=post, text=text, blocks=content))
    if case.state not in {State.ADVISED_AGAINST, State.CHIEF_EXECUTIVE}:
        return
    for person in panel.secretaries:
        if f"{asked}{person}" in posted:
            continue
        post = tx.owe(Post(to=person.partition(":")[2], text=text, blocks=content))
        if case.state is State.ADVISED_AGAINST:
            cards.put(tx.db, case_id, f"{asked}{person}", post=post)


def _tell(tx: Transaction, people: Iterable[PersonId], text: str, content: blocks.Blocks) -> None:
    for person in people:
        tx.owe(Post(to=person.partition(":")[2], text=text, blocks=content))


def _labels(office: Office, keys: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(words.part(office, ask, "label") for ask in asks(office.programme, keys))


def _reason(db: Connection, text_id: TextId | None) -> str:
    return (texts.get(db, text_id) or "") if text_id is not None else ""
