"""Owes KLG's card: posted once per stage, updated after every event, the documents in its thread."""

from collections.abc import Iterable
from datetime import date
from itertools import takewhile

from sqlalchemy import Connection

from bot import words
from bot.acts import standing, who
from bot.blocks import card as blocks
from bot.blocks.card import Card, Changed, Voice, Voices, Vote
from bot.office import Office
from bot.owed import Blocks, FileToSend, Post, Update, Upload
from bot.perform import Transaction
from flows.application_facts import changed_since
from flows.assessment import BY_A_PERSON
from flows.card import CardFacts, card_facts
from flows.case import Case, Event, State, replay
from flows.completion import asks
from flows.dates import local_day
from flows.events import OPINIONS, Assessed, PersonId, Stage, Submitted
from flows.panel import Panel, Part, closers, from_applicant, part_of
from flows.tally import rule_for, tally
from storage import cards, cases, documents


def show(tx: Transaction, office: Office, case_id: str, case: Case) -> None:
    """Let the card say what the case is now. There is none until the documents are stored."""
    post = cards.get(tx.db, case_id, case.stage)
    if post is None and not case.issue:
        return
    of = _collect(tx.db, office, case_id, case, on=local_day(tx.now))
    text, content = blocks.card(office, of)
    if post is not None:
        tx.owe(Update(target=post, text=text, blocks=content))
        return
    post = tx.owe(Post(to=office.klg_channel, text=text, blocks=content))
    cards.put(tx.db, case_id, case.stage, post=post)
    if case.stage is Stage.APPLICATION:
        _supersede(tx, office, case_id)


def _supersede(tx: Transaction, office: Office, case_id: str) -> None:
    """Say on the proposal's card that the whole application has one of its own."""
    post = cards.get(tx.db, case_id, Stage.PROPOSAL)
    if post is None:
        return
    case = replay(takewhile(_of_the_proposal, cases.history(tx.db, case_id)))
    on = local_day(tx.now)
    proposal = _collect(tx.db, office, case_id, case, on=on, superseded=True)
    text, content = blocks.card(office, proposal)
    tx.owe(Update(target=post, text=text, blocks=content))


def _of_the_proposal(event: Event) -> bool:
    return not (isinstance(event, Submitted) and event.stage is Stage.APPLICATION)


def with_documents(tx: Transaction, office: Office, case_id: str, case: Case) -> None:
    """Put the version's documents in the card's thread, with what has changed: that notifies."""
    files = [
        FileToSend(sha256=document.sha256, name=document.name, title=document.name)
        for document in documents.of(tx.db, case_id, case.version)
    ]
    text = office.texts(
        "assessment.vote.thread.documents",
        issue=case.issue,
        version=case.version,
        dnr=case.dnr,
        changed=blocks.changed(office, case, _changed(tx.db, office, case_id, case)),
    )
    thread = cards.get(tx.db, case_id, case.stage)
    tx.owe(Upload(to=office.klg_channel, files=files, text=text, thread=thread))


def say(
    tx: Transaction, office: Office, case_id: str, case: Case, text: str, content: Blocks
) -> None:
    """Add a line to the card's thread, where its history is."""
    thread = cards.get(tx.db, case_id, case.stage)
    tx.owe(Post(to=office.klg_channel, text=text, blocks=content, thread=thread))


def facts(db: Connection, office: Office, case_id: str, case: Case) -> CardFacts:
    return card_facts(office.programme, standing.answers(db, office, case_id, case))


def _changed(db: Connection, office: Office, case_id: str, case: Case) -> Changed:
    events = cases.history(db, case_id)
    keys = changed_since(events, office.form, version=case.version)
    before = (e.stage for e in events if isinstance(e, Submitted) and e.version < case.version)
    return Changed(
        labels=tuple(words.part(office, ask, "label") for ask in asks(office.programme, keys)),
        points_added=case.stage not in (*before, Stage.PROPOSAL),
    )


def _collect(
    db: Connection,
    office: Office,
    case_id: str,
    case: Case,
    *,
    on: date,
    superseded: bool = False,
) -> Card:
    pdf = [d.sha256 for d in documents.of(db, case_id, case.version) if d.format == "pdf"]
    outcome = case.outcome
    closed = outcome is not None and outcome.rule == BY_A_PERSON
    about = facts(db, office, case_id, case)
    return Card(
        case_id=case_id,
        case=case,
        facts=about,
        money=standing.money(db, office, case, on=on),
        decision=standing.told(db, office, case_id, case, title=about.title),
        vote=_vote(db, office, case),
        changed=_changed(db, office, case_id, case),
        pdf_sha256=pdf[0] if pdf and case.state is not State.DOCUMENTS else "",
        closed_by=who.name_of(db, office, outcome.by) if outcome and closed else "",
        superseded=superseded,
    )


def _vote(db: Connection, office: Office, case: Case) -> Vote:
    panel = who.panel(db, office)
    assert case.submitted_at is not None
    rule = rule_for(office.programme, case, on=local_day(case.submitted_at))
    count = tally(case, panel, rule)
    return Vote(
        said={
            opinion: tuple(
                _spoken(db, office, case, panel, said)
                for said in count.opinions
                if said.opinion is opinion
            )
            for opinion in OPINIONS[case.stage]
        },
        awaited=_voices(case, panel, count.awaited),
        disqualified=_those(case, panel, Part.DISQUALIFIED),
        own_proposal=_those(case, panel, Part.OWN_PROPOSAL),
        absent=tuple(Voice(name) for name in count.absent),
        closers=tuple(Voice(who.name_of(db, office, person)) for person in closers(case, panel)),
        needed=count.needed,
        of=count.of,
    )


def _those(case: Case, panel: Panel, wanted: Part) -> Voices:
    return _voices(case, panel, [m.seat for m in panel.members if part_of(case, m) is wanted])


def _voices(case: Case, panel: Panel, seats: Iterable[PersonId]) -> Voices:
    """Those who sit there now."""
    found = (panel.sitting(seat) for seat in seats)
    return tuple(
        Voice(m.name, from_applicant(case, m), m.instead_of) for m in found if m is not None
    )


def _spoken(db: Connection, office: Office, case: Case, panel: Panel, said: Assessed) -> Voice:
    """Who gave the seat's opinion, whoever sits there now."""
    member = panel.sitting(said.seat or said.by)
    return Voice(
        who.name_of(db, office, said.by),
        member is not None and from_applicant(case, member),
        who.name_of(db, office, said.seat) if said.seat else "",
    )
