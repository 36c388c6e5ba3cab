"""Expedition: when a decision is recorded, everybody it concerns gets it, once each.

`begin` says who, and what is lacking; when the documents are stored and packed each recipient is owed an
e-mail, and a direct message where she is in Slack. bot/acts/dispatch_letters.py writes and settles.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from hashlib import sha256

from sqlalchemy import Connection

from bot import words
from bot.acts import dispatch_told, papers, who, writing
from bot.acts.dispatch_told import About
from bot.ids import Value
from bot.office import Office
from bot.owed import FileToSend, Job, Mail, Upload
from bot.perform import Transaction
from flows import recipients as flow
from flows.case import Case
from flows.decided import Body, Decided, Verdict, decision_in
from flows.errors import Stale
from flows.events import PersonId
from flows.papers import PaperName
from flows.programme import Role
from flows.recipients import Contact
from storage import cases, dispatches, drafts, people
from storage import papers as stored_papers
from storage.dispatches import Dispatch, New, State
from storage.papers import Paper

PACKAGE_JOB = "package"


def begin(tx: Transaction, office: Office, case_id: str, case: Case) -> None:
    """Say who gets the decision that was just recorded. Nobody does of an återremiss: it is not over."""
    decision = case.decision
    if decision is None or dispatches.of(tx.db, case_id, decision.number):
        return
    if decision.verdict is Verdict.REMITTED:
        if decision.body is Body.CHIEF_EXECUTIVE:
            papers.order(tx, office, "delegated_decision", decision.number, case_id)
        return
    to = flow.recipients(
        decision,
        office.programme,
        submitting=case.administrations,
        officers=_officers(tx.db, office, case_id, case),
    )
    dispatches.add(tx.db, [_row(tx, case_id, decision, one) for one in to])
    for name in papers_of(decision):
        papers.order(tx, office, name, decision.number, case_id)
    dispatch_told.lacking(tx, office, about(tx.db, case_id, decision.number))


def papers_of(decision: Decided) -> tuple[PaperName, ...]:
    """The documents that are sent."""
    delegated = decision.body is Body.CHIEF_EXECUTIVE
    return ("delegated_decision", "dispatch") if delegated else ("dispatch",)


def papers_stored(tx: Transaction, office: Office, key: str, case_id: str | None) -> None:
    """One of the documents is there; when all are, owe their packages. `key` is the decision's number."""
    del office
    if case_id is None or not dispatches.of(tx.db, case_id, key):
        return
    names = papers_of(about(tx.db, case_id, key).decision)
    if all(stored_papers.of(tx.db, name, key) for name in names):
        tx.owe(Job(name=PACKAGE_JOB, arguments={"case": case_id, "decision": key}))


def packed(
    tx: Transaction, office: Office, case_id: str, number: str, *, packages: list[Paper]
) -> None:
    """Put the registrator's packages on record and send everything. Again changes nothing."""
    here = about(tx.db, case_id, number)
    if is_packed(tx.db, here.decision):
        return
    stored_papers.add(tx.db, packages)
    rows = dispatches.of(tx.db, case_id, number)
    _send(tx, [row for row in rows if row.state is State.WAITING])
    _to_slack(tx, office, here, rows)


def again(tx: Transaction, office: Office, *, value: Value, by: PersonId) -> None:
    """Try those that are missing, have refused or wait for settings, at the programme's addresses now.

    Raises NotAllowed for all but a secretary, Stale for a decision that is not there.
    """
    who.require_role(tx.db, office, by, Role.SECRETARY)
    here = about(tx.db, value.case, value.what)
    now = {one.key: one.contact for one in _now(tx.db, office, here)}
    before = {
        row.id: row.email
        for row in dispatches.of(tx.db, here.case_id, here.number)
        if row.state is not State.SENT and not row.is_under_way
    }
    tried = [
        moved
        for row in dispatches.of(tx.db, here.case_id, here.number)
        if row.id in before and (moved := _readdressed(tx.db, row, now.get(row.recipient)))
    ]
    if not is_packed(tx.db, here.decision):
        for name in papers_of(here.decision):
            papers.order(tx, office, name, here.number, here.case_id)
        papers_stored(tx, office, here.number, here.case_id)
        said = "waits"
    else:
        _send(tx, tried)
        # Whoever keeps her address has had the message in Slack.
        _to_slack(tx, office, here, [row for row in tried if row.email != before[row.id]])
        said = "trying" if tried else "nothing"
    text = office.texts(f"dispatch.told.{said}", number=here.number, count=len(tried))
    writing.tell(tx, by, text)


def resume(tx: Transaction) -> None:
    """There is an e-mail server now: send what waited for one."""
    for dispatch_id in dispatches.configured(tx.db):
        tx.owe(Mail(dispatch=dispatch_id))


def about(db: Connection, case_id: str, number: str) -> About:
    """A decision and its case. Raises Stale when it is not there."""
    decided = {one.number: one for e in cases.history(db, case_id) if (one := decision_in(e))}
    row = cases.listed(db, case_id)
    if row is None or number not in decided:
        raise Stale("refusals.inbox.unknown_case")
    return About(case_id=case_id, decision=decided[number], case=row)


def is_packed(db: Connection, decision: Decided) -> bool:
    return any(paper.format == "zip" for paper in stored_papers.of(db, "dispatch", decision.number))


def _now(db: Connection, office: Office, here: About) -> tuple[flow.Recipient, ...]:
    case = cases.load(db, here.case_id)
    return flow.recipients(
        here.decision,
        office.programme,
        submitting=case.administrations,
        officers=_officers(db, office, here.case_id, case),
    )


def _readdressed(db: Connection, row: Dispatch, contact: Contact | None) -> Dispatch | None:
    """The row with the address that it has now; None when there still is none."""
    if contact is None or not contact.email:
        return None
    dispatches.address(db, row.id, name=contact.name, email=contact.email)
    return dispatches.get(db, row.id)


def _row(tx: Transaction, case_id: str, decision: Decided, to: flow.Recipient) -> New:
    # With the moment: a database that began anew must not use an id that a mail server has seen.
    what = f"{case_id}\n{decision.number}\n{to.key}\n{tx.now.isoformat()}"
    return New(
        case_id=case_id,
        decision=decision.number,
        recipient=to.key,
        kind=to.kind,
        name=to.contact.name,
        email=to.contact.email,
        message_id=sha256(what.encode()).hexdigest()[:32],
    )


def _officers(db: Connection, office: Office, case_id: str, case: Case) -> Mapping[str, Contact]:
    """Who keeps the case at each förvaltning: its owner before those who were invited."""
    draft = drafts.of_case(db, case_id)
    members = drafts.members(db, draft.id) if draft else dict.fromkeys(case.authors, drafts.OWNER)
    found: dict[str, Contact] = {}
    for person in sorted(members, key=lambda one: members[one] != drafts.OWNER):
        account = people.get(db, person)
        if members[person] == drafts.FINANCE or account is None:
            continue
        # The owner may be somebody that the programme does not name.
        at = who.administration_of(db, office, person) or case.administrations[0]
        if account.email and not account.deleted:
            found.setdefault(at, Contact(name=who.name_of(db, office, person), email=account.email))
    return found


def _send(tx: Transaction, rows: list[Dispatch]) -> None:
    for row in rows:
        tx.owe(Mail(dispatch=row.id))


def _to_slack(
    tx: Transaction, office: Office, here: About, rows: tuple[Dispatch, ...] | list[Dispatch]
) -> None:
    """A direct message to each who is in Slack: one, however many duties she has."""
    duties: dict[PersonId, list[str]] = defaultdict(list)
    for row in rows:
        if row.email:
            for person in who.reachable(tx.db, office, row.email):
                duties[person].append(dispatch_told.duty(office, row))
    files = list(_files(tx.db, here.decision))
    for person, theirs in duties.items():
        text = dispatch_told.in_slack(office, here, duties=words.listed(theirs))
        tx.owe(Upload(to=person.partition(":")[2], files=files, text=text))


def _files(db: Connection, decision: Decided) -> Iterator[FileToSend]:
    for name in papers_of(decision):
        yield from papers.files(db, name, decision.number)
