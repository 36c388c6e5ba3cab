"""The chief executive's direct message about a case: the whole basis, and what is left of the money.

One message per case, version and person who may decide; it is updated when the case changes, and when
another case's route or decision changes what is left.
"""

from collections.abc import Iterable
from datetime import date

from sqlalchemy import Connection

from bot.acts import card, forwarded, standing, who
from bot.blocks import chief_executive as blocks
from bot.blocks import kit
from bot.blocks.chief_executive import Basis, Opinion
from bot.blocks.inbox import holder
from bot.office import Office
from bot.owed import FileToSend, Job, Post, Update, Upload
from bot.perform import Transaction
from flows.case import Case, State
from flows.dates import local_day
from flows.errors import NotAllowed
from flows.events import PersonId
from flows.programme import Role
from storage import cards, cases, documents, texts

JOB = "decision"
MOST_REFRESHED = 50  # cases that wait for her at once; what is older is updated at its next event


def herself(db: Connection, office: Office) -> tuple[PersonId, ...]:
    return who.with_role(db, office, Role.CHIEF_EXECUTIVE)


def deputies(db: Connection, office: Office, *, on: date) -> tuple[PersonId, ...]:
    """Who may decide in her place that day, by kommunstyrelsen's decision in the programme."""
    emails = [one.email for one in office.programme.chief_executive_deputies if one.holds(on=on)]
    return who.with_emails(db, office, emails)


def require(db: Connection, office: Office, person: PersonId, *, on: date) -> str:
    """Return whose place she decides in: "" when she is the chief executive herself.

    Raises NotAllowed for everybody but her and a deputy in force that day.
    """
    who.require_employee(db, office, person)
    if person in herself(db, office):
        return ""
    if person not in deputies(db, office, on=on):
        raise NotAllowed("refusals.decision.not_chief_executive")
    names = [one.name for one in office.programme.with_role(Role.CHIEF_EXECUTIVE)]
    return ", ".join(names)


def show(tx: Transaction, office: Office, case_id: str, case: Case) -> None:
    """Let the messages about this version say what the case is now; post them when it has come to her."""
    prefix = f"chief_executive:{case.version}:"
    posted = cards.beginning(tx.db, case_id, prefix)
    waits = case.state is State.CHIEF_EXECUTIVE
    if not posted and not waits:
        return
    text, content = blocks.message(office, _basis(tx, office, case_id, case))
    for post in posted.values():
        tx.owe(Update(target=post, text=text, blocks=content))
    if not waits:
        return
    today = local_day(tx.now)
    for person in [*herself(tx.db, office), *deputies(tx.db, office, on=today)]:
        name = f"{prefix}{person}"
        if name not in posted:
            post = tx.owe(Post(to=person.partition(":")[2], text=text, blocks=content))
            cards.put(tx.db, case_id, name, post=post)
            _with_documents(tx, office, case_id, case, to=person, thread=post)
            posted[name] = post


def say(tx: Transaction, case_id: str, case: Case, text: str, *, to: PersonId) -> None:
    """Tell one of them something about the case, in the thread of her message: that notifies."""
    thread = cards.get(tx.db, case_id, f"chief_executive:{case.version}:{to}")
    content = [kit.section(text)]
    tx.owe(Post(to=to.partition(":")[2], text=text, blocks=content, thread=thread))


def refresh(tx: Transaction, but: str, case: Case) -> None:
    """What is left has changed: owe it anew to those who wait to decide about the same years.

    A job for each of the cases, so that no press waits for them.
    """
    asked = case.route.reserved if case.route else ()
    years = sorted({one.year for one in (*asked, *case.granted)})
    for row in cases.waiting(tx.db, State.CHIEF_EXECUTIVE, limit=MOST_REFRESHED):
        if row.id != but:
            tx.owe(Job(name=JOB, arguments={"case": row.id, "years": years}))


def show_again(tx: Transaction, office: Office, case_id: str, *, years: Iterable[int]) -> None:
    """The messages and the card of a case that still waits, when it asks for money of these years."""
    case = cases.load(tx.db, case_id)
    if case.state is State.CHIEF_EXECUTIVE and {one.year for one in case.reserved} & {*years}:
        show(tx, office, case_id, case)
        card.show(tx, office, case_id, case)


def reissued(tx: Transaction, office: Office, case_id: str, case: Case) -> None:
    """The documents were issued again with their dnr: what she decides about is the new issue."""
    if case.state is not State.CHIEF_EXECUTIVE:
        return
    show(tx, office, case_id, case)
    posted = cards.beginning(tx.db, case_id, f"chief_executive:{case.version}:")
    for name, post in posted.items():
        person = name.split(":", 2)[2]
        _with_documents(tx, office, case_id, case, to=person, thread=post)


def _with_documents(
    tx: Transaction, office: Office, case_id: str, case: Case, *, to: PersonId, thread: int
) -> None:
    files = [
        FileToSend(sha256=document.sha256, name=document.name, title=document.name)
        for document in documents.of(tx.db, case_id, case.version)
        if document.format == "pdf"
    ]
    text = office.texts("decision.message.documents", case_id=case_id, version=case.version)
    tx.owe(Upload(to=to.partition(":")[2], files=files, text=text, thread=thread))


def _basis(tx: Transaction, office: Office, case_id: str, case: Case) -> Basis:
    facts = card.facts(tx.db, office, case_id, case)
    row = cases.listed(tx.db, case_id)
    assert row is not None
    taken_on = forwarded.reason(tx.db, case_id, case)
    return Basis(
        case_id=case_id,
        case=case,
        facts=facts,
        holder=holder(office, row),
        opinions=tuple(_opinions(tx.db, office, case)),
        forwarded=taken_on[1] if taken_on else "",
        money=standing.money(tx.db, office, case, on=local_day(tx.now)),
        at=tx.now,
        decision=standing.told(tx.db, office, case_id, case, title=facts.title),
    )


def _opinions(db: Connection, office: Office, case: Case) -> Iterable[Opinion]:
    """What each member of KLG said, with her reason."""
    reasons = texts.several(db, [o.reason for o in case.opinions.values() if o.reason is not None])
    for said in case.opinions.values():
        name = who.voice(db, office, said.by, said.seat)
        yield Opinion(name, said.opinion, reasons.get(said.reason or 0, ""))
