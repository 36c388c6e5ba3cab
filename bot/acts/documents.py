"""The documents of a version: owed when it is submitted, and what follows when both are stored.

What was stored is the original and is never made again. A dnr given later gives the same version a
new issue; the submission's day, the answers and the votes stay what they were.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection

from bot import words
from bot.acts import assessment, home, inbox, who, writing
from bot.office import Office
from bot.owed import FileToSend, Job, Upload
from bot.perform import Transaction
from flows.answers import from_json
from flows.application_facts import MISSING, Edition, application, changed_since
from flows.case import Case, Event, State
from flows.completion import asks
from flows.dates import local_day
from flows.documents import Application, Attachment
from flows.events import DocumentsStored, PersonId, Stage, Submitted
from flows.form import Answer
from flows.programme import Role
from storage import cases, documents, drafts, submissions

JOB = "documents"
DRAFT_JOB = "draft_pdf"


@dataclass(frozen=True, slots=True, kw_only=True)
class Stored:
    """A finished file in the file store; `size` is bytes, `format` pdf or docx."""

    format: str
    sha256: str
    size: int


def order(tx: Transaction, office: Office, case_id: str, case: Case) -> None:
    """Owe the documents of the case's version, or the next issue of them.

    At the first issue the secretaries are told that the submission has come.
    """
    arguments = {"case": case_id, "version": case.version, "issue": case.issue + 1}
    tx.owe(Job(name=JOB, arguments=arguments))
    if case.issue == 0:
        inbox.arrived(tx, office, case_id)
        home.case_changed(tx, office, case_id, case)


def order_draft(tx: Transaction, draft_id: int, *, person: PersonId) -> None:
    """Owe the person the draft's full text as a PDF."""
    tx.owe(Job(name=DRAFT_JOB, arguments={"draft": draft_id, "person": person}))


def facts(db: Connection, office: Office, case_id: str, *, version: int) -> Application:
    """What the document of a submitted version says. Raises NoResultFound when there is none."""
    events = tuple(cases.history(db, case_id))
    handed_in = submissions.get(db, case_id, version)
    submitted = _submitted(events, version)
    answers = dict(_answers(office, handed_in))
    edition = Edition(
        stage=submitted.stage,
        day=local_day(submitted.at),
        version=version,
        case_number=case_id,
        events=events,
        names=_names(db, office, answers, events),
        asked=_asked(db, office, submitted.administrations),
        changes=tuple(_changes(db, office, case_id, events, version=version)),
        attachments=_attachments(handed_in),
    )
    return application(office.programme, answers, edition)


def draft_facts(db: Connection, office: Office, draft_id: int, *, person: PersonId) -> Application:
    """What a draft says so far, dated by its last change. Raises NotAllowed for whoever is not in it."""
    opened = writing.open_for(db, office, draft_id, person=person)
    case_id = opened.draft.case_id
    events = tuple(cases.history(db, case_id)) if case_id else ()
    answers = {item.ask.key: item.answer for item in opened.items if item.answer is not None}
    edition = Edition(
        stage=Stage(opened.draft.stage),
        day=local_day(opened.draft.changed_at),
        version=1 + sum(isinstance(event, Submitted) for event in events),
        case_number=case_id or MISSING,
        draft=True,
        events=events,
        names=_names(db, office, answers, events),
        asked=_asked(db, office, opened.known.get("administrations", ()))
        if case_id
        else frozenset(),
        attachments=tuple(
            Attachment(name=row.name, size=row.size) for row in drafts.appendices_of(db, draft_id)
        ),
    )
    return application(office.programme, answers, edition)


def store(
    tx: Transaction,
    office: Office,
    case_id: str,
    *,
    made: Application,
    issue: int,
    files: Iterable[Stored],
) -> None:
    """Put both originals on record, then let KLG and the officers have them.

    Does nothing when this issue, or a later version, is already there.
    """
    case = cases.load(tx.db, case_id)
    if (case.version, case.issue) != (made.version, issue - 1):
        return
    by_format = {file.format: file for file in files}
    for file in by_format.values():
        name = _name(office, made, issue=issue, ending=file.format)
        documents.add(
            tx.db,
            case_id,
            version=made.version,
            issue=issue,
            format=file.format,
            sha256=file.sha256,
            name=name,
            size=file.size,
        )
    event = DocumentsStored(
        at=tx.now,
        by=f"{office.team}:{office.bot_user}",
        version=made.version,
        issue=issue,
        pdf_sha256=by_format["pdf"].sha256,
        docx_sha256=by_format["docx"].sha256,
    )
    after = cases.add(tx.db, case_id, [event], after=case)
    if after.state is not State.WITHDRAWN:
        assessment.opened(tx, office, case_id)
        if issue == 1:
            _to_officers(tx, office, case_id, after)
    home.case_changed(tx, office, case_id, after)
    if (after.dnr or None) != made.registry_number:
        order(tx, office, case_id, after)  # the dnr was given while they were being made


def upload_draft(
    tx: Transaction, office: Office, made: Application, *, file: Stored, person: PersonId
) -> None:
    text = office.texts("documents.files.draft_said", title=made.measure)
    # A slash would end the file's name.
    name = office.texts.plain("documents.files.draft", title=made.measure).replace("/", "-")
    sent = FileToSend(sha256=file.sha256, name=f"{name}.pdf", title=name)
    tx.owe(Upload(to=_user(person), files=[sent], text=text))


def failed(tx: Transaction, office: Office, case_id: str) -> None:
    """Every try has failed: tell the secretaries and the officers, who would wait in vain."""
    case = cases.load(tx.db, case_id)
    for person in dict.fromkeys(
        [*who.with_role(tx.db, office, Role.SECRETARY), *_officers(tx, case_id, case)]
    ):
        text = office.texts("documents.files.failed", case_id=case_id, version=case.version)
        writing.tell(tx, person, text)


def draft_failed(tx: Transaction, office: Office, *, person: PersonId) -> None:
    writing.tell(tx, person, office.texts("documents.files.draft_failed"))


def _to_officers(tx: Transaction, office: Office, case_id: str, case: Case) -> None:
    files = [
        FileToSend(sha256=document.sha256, name=document.name, title=document.name)
        for document in documents.of(tx.db, case_id, case.version)
        if document.format == "pdf"
    ]
    text = office.texts(
        "documents.files.stored",
        case_id=case_id,
        version=case.version,
        klg=office.programme.names.klg,
    )
    for person in _officers(tx, case_id, case):
        tx.owe(Upload(to=_user(person), files=files, text=text))


def _officers(tx: Transaction, case_id: str, case: Case) -> list[PersonId]:
    """Those who write the application; the finance officer has only lent a hand."""
    draft = drafts.of_case(tx.db, case_id)
    if draft is None:
        return list(case.authors)
    members = drafts.members(tx.db, draft.id)
    return [person for person, role in members.items() if role != drafts.FINANCE]


def _submitted(events: Iterable[Event], version: int) -> Submitted:
    return next(e for e in events if isinstance(e, Submitted) and e.version == version)


def _answers(
    office: Office, handed_in: Mapping[str, Mapping[str, Any]]
) -> Iterator[tuple[str, Answer]]:
    for ask in asks(office.programme, handed_in):
        answer = from_json(ask, handed_in[ask.key])
        if answer is not None:
            yield ask.key, answer


def _names(
    db: Connection, office: Office, answers: Mapping[str, Answer], events: Iterable[Event]
) -> dict[PersonId, str]:
    everybody = {answer.by for answer in answers.values()} | {event.by for event in events}
    return {person: who.name_of(db, office, person) for person in everybody}


def _asked(db: Connection, office: Office, administrations: Iterable[str]) -> frozenset[str]:
    """The committees that submit whose chair is in Slack: she is asked at every submission."""
    committees = (office.programme.committee_of(one) for one in administrations)
    return frozenset(one.id for one in committees if one and who.chairs(db, office, one.id))


def _changes(
    db: Connection, office: Office, case_id: str, events: tuple[Event, ...], *, version: int
) -> Iterator[str]:
    """A line for each answer that differs from the version before, and one for the appendices."""
    changed = changed_since(events, office.form, version=version)
    for ask in asks(office.programme, changed):
        label = words.part(office, ask, "label")
        yield office.texts.plain("documents.files.changed", point=ask.point, label=label)
    if version > 1:
        now, before = (submissions.get(db, case_id, one) for one in (version, version - 1))
        if _attachments(now) != _attachments(before):
            yield office.texts.plain("documents.files.changed_attachments")


def _attachments(handed_in: Mapping[str, Mapping[str, Any]]) -> tuple[Attachment, ...]:
    files = handed_in.get("appendices", {}).get("value", ())
    return tuple(Attachment(name=file["name"], size=file["size"]) for file in files)


def _name(office: Office, made: Application, *, issue: int, ending: str) -> str:
    """What people see the file as: `Ansökan 2026-0001 version 1.pdf`."""
    name = office.texts.plain(
        "documents.files.name",
        proposal=made.stage == "proposal",
        case_id=made.case_number,
        version=made.version,
        issue=issue,
    )
    return f"{name}.{ending}"


def _user(person: PersonId) -> str:
    return person.partition(":")[2]
