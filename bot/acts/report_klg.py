"""What KLG does with a report: gets it with its document, receives it, or sends it back with a reason.

Any member may receive a report that she has not written herself; only then may it go on to
Trygghetsberedningen (R000-61).
"""

from dataclasses import dataclass

from sqlalchemy import Connection

from bot.acts import (
    card,
    closing,
    home,
    papers,
    report_about,
    report_facts,
    returning,
    who,
    writing,
)
from bot.blocks import reporting as blocks
from bot.blocks.kit import Block
from bot.blocks.reporting import Standing
from bot.ids import Value
from bot.office import Office
from bot.owed import Post, Update, Upload
from bot.perform import Transaction
from flows import answers
from flows.case import Case
from flows.decided import Reported, ReportHandedOn, ReportReceived, ReportSentBack
from flows.errors import InvalidAnswer, NotAllowed, Stale
from flows.events import PersonId
from flows.follow_up import DueState
from storage import cards, cases, drafts, reports, texts

MAX_REASON = 3000


def stored(tx: Transaction, office: Office, paper: str, case_id: str | None) -> None:
    """The document of a version is there: KLG's channel gets the report, and the card's thread a line."""
    assert case_id is not None
    _, key, *rest = paper.split("/")  # flows.papers.report_key
    version = int(rest[0]) if rest else 1
    case = cases.load(tx.db, case_id)
    standing = _standing(tx.db, office, case, key, version)
    made = report_facts.facts(tx.db, office, case_id, key, version=version)
    text, content = blocks.to_klg(office, made, standing)
    post = tx.owe(Post(to=office.klg_channel, text=text, blocks=content))
    cards.put(tx.db, case_id, _card(key, version), post=post)
    files = papers.files(tx.db, "follow_up", paper)
    said = office.texts("reporting.klg.document", facts=made)
    tx.owe(Upload(to=office.klg_channel, files=files, text=said, thread=post))
    _supersede(tx, office, case_id, case, key, version)
    line = office.texts("reporting.klg.in_thread", facts=made)
    card.say(tx, office, case_id, case, line, [])


def receive(tx: Transaction, office: Office, *, value: Value, by: PersonId) -> None:
    """A member has received the version she saw. Received already: nothing happens."""
    case = _seen(tx, office, value, by=by)
    if case is None:
        return
    event = ReportReceived(at=tx.now, by=by, key=value.what, version=value.version)
    after = cases.add(tx.db, value.case, [event], after=case)
    reports.change(tx.db, value.case, value.what, DueState.RECEIVED)
    draft = drafts.of_report(tx.db, value.case, value.what)
    if draft is not None:
        drafts.change(tx.db, draft.id, state=drafts.SUBMITTED, changed_at=tx.now)
        drafts.stand_nowhere(tx.db, draft_id=draft.id)
    _show(tx, office, value.case, after, value.what, value.version)
    _tell(tx, office, value, "received", by=by)
    home.case_changed(tx, office, value.case, after)
    newest = _newest(after, value.what)
    last = newest is not None and newest.last
    if last:
        closing.drop_reports(tx, value.case)
    after = closing.attempt(tx, office, value.case, after, say_what_remains=last)
    if last:
        returning.offer(tx, office, value.case, after)


def ask_why(tx: Transaction, office: Office, *, value: Value, by: PersonId) -> Block:
    """The form in which a member writes what is to be completed."""
    if _seen(tx, office, value, by=by) is None:
        raise Stale("refusals.reports.received")
    about = report_about.about(tx.db, office, value.case, value.what)
    return blocks.send_back(office, value, title=about.title, period=about.period)


def send_back(tx: Transaction, office: Office, *, value: Value, by: PersonId, reason: str) -> None:
    """The report opens again for the officers, with what KLG wants completed."""
    case = _seen(tx, office, value, by=by)
    if case is None:
        raise Stale("refusals.reports.received")
    answers.refuse_blank(reason)
    answers.refuse_identity(reason)
    if len(reason) > MAX_REASON:
        length = len(reason)
        raise InvalidAnswer("refusals.answers.too_long", length=length, longest=MAX_REASON)
    text_id = texts.add(tx.db, value.case, reason.strip())
    event = ReportSentBack(at=tx.now, by=by, key=value.what, version=value.version, reason=text_id)
    after = cases.add(tx.db, value.case, [event], after=case)
    reports.change(tx.db, value.case, value.what, DueState.ASKED)
    draft = drafts.of_report(tx.db, value.case, value.what)
    if draft is not None:
        drafts.change(tx.db, draft.id, state=drafts.OPEN, changed_at=tx.now)
    _show(tx, office, value.case, after, value.what, value.version)
    _tell(tx, office, value, "sent_back", by=by, reason=reason.strip())
    home.case_changed(tx, office, value.case, after)


@dataclass(frozen=True, slots=True)
class ToHandOn:
    """A report that KLG has received and no delrapport has yet, by its newest version."""

    case_id: str
    key: str
    version: int


def to_hand_on(db: Connection) -> list[ToHandOn]:
    """Those that may stand in the next delrapport, the earliest first (R000-61)."""
    found = []
    for due in reports.in_state(db, DueState.RECEIVED):
        case = cases.load(db, due.case_id)
        version = max(one.version for one in case.received if one.key == due.key)
        found.append(ToHandOn(due.case_id, due.key, version))
    return found


def hand_on(tx: Transaction, office: Office, part_report: str) -> list[ToHandOn]:
    """The delrapport `part_report` is made: everything received until now stands in it. Again: nothing."""
    handed = to_hand_on(tx.db)
    by = f"{office.team}:{office.bot_user}"
    for one in handed:
        event = ReportHandedOn(at=tx.now, by=by, key=one.key, part_report=part_report)
        cases.add(tx.db, one.case_id, [event], after=cases.load(tx.db, one.case_id))
        reports.change(tx.db, one.case_id, one.key, DueState.HANDED_ON)
    return handed


# --- what was seen, and what is shown ------------------------------------------------------------


def _seen(tx: Transaction, office: Office, value: Value, *, by: PersonId) -> Case | None:
    """The case, or None when this version was received already.

    Raises NotAllowed unless she is a member who did not write the report, and Stale when it is
    another version that waits, or none.
    """
    who.require_member(tx.db, office, by)
    case = cases.load(tx.db, value.case)
    newest = _newest(case, value.what)
    due = reports.get(tx.db, value.case, value.what)
    if newest is None or due is None:
        raise Stale("refusals.reports.unknown")
    if (value.what, value.version) in {(one.key, one.version) for one in case.received}:
        return None
    if newest.version != value.version or due.state is not DueState.REPORTED:
        raise Stale("refusals.reports.old_version")
    if by in _authors(tx.db, value.case, value.what, value.version):
        raise NotAllowed("refusals.reports.own_report")
    return case


def _newest(case: Case, key: str) -> Reported | None:
    found = [one for one in case.reports if one.key == key]
    return found[-1] if found else None


def _authors(db: Connection, case_id: str, key: str, version: int) -> set[PersonId]:
    """Whoever gave an answer of the version, or handed it in."""
    stored = reports.submitted(db, case_id, key, version)
    return {answer["by"] for answer in stored.values()}


def _card(key: str, version: int) -> str:
    return f"report:{key}:{version}"


def _standing(db: Connection, office: Office, case: Case, key: str, version: int) -> Standing:
    newest = _newest(case, key)
    for received in case.received:
        if (received.key, received.version) == (key, version):
            return Standing(received_by=who.name_of(db, office, received.by))
    for back in case.sent_back:
        if (back.key, back.version) == (key, version):
            return Standing(sent_back_by=who.name_of(db, office, back.by))
    return Standing(superseded=newest is not None and newest.version != version)


def _show(
    tx: Transaction, office: Office, case_id: str, case: Case, key: str, version: int
) -> None:
    """Let KLG's message about a version say where it stands now."""
    post = cards.get(tx.db, case_id, _card(key, version))
    if post is None:
        return
    made = report_facts.facts(tx.db, office, case_id, key, version=version)
    standing = _standing(tx.db, office, case, key, version)
    text, content = blocks.to_klg(office, made, standing)
    tx.owe(Update(target=post, text=text, blocks=content))


def _supersede(
    tx: Transaction, office: Office, case_id: str, case: Case, key: str, version: int
) -> None:
    """The versions before this one wait for nobody any more."""
    for earlier in range(1, version):
        _show(tx, office, case_id, case, key, earlier)


def _tell(
    tx: Transaction, office: Office, value: Value, what: str, *, by: PersonId, reason: str = ""
) -> None:
    """Tell those who wrote the report, and KLG in the thread of its message."""
    about = report_about.about(tx.db, office, value.case, value.what)
    name = who.name_of(tx.db, office, by)
    text = office.texts(f"reporting.said.{what}", report=about, name=name, reason=reason)
    draft = drafts.of_report(tx.db, value.case, value.what)
    for person in drafts.members(tx.db, draft.id) if draft else ():
        content = blocks.with_begin(office, text, draft.id) if reason and draft else (text, [])
        writing.tell(tx, person, *content)
    post = cards.get(tx.db, value.case, _card(value.what, value.version))
    if post is not None:
        tx.owe(Post(to=office.klg_channel, text=text, thread=post))
