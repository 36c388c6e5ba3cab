"""One recipient's e-mail: written when it is sent, and what became of it put on record.

A temporary failure is tried again, later and later, for three days; a refusal comes back to the
secretaries by name. The case's log gets its event in a job of its own: a case that changes meanwhile
must not make us send again what has been sent.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from sqlalchemy import Connection

from bot import words
from bot.acts import dispatch, dispatch_package, dispatch_told
from bot.acts.dispatch_told import About
from bot.letters import Attachment, Letter
from bot.mail import Accepted, Later, Outcome, Refused, Unclear
from bot.office import Office
from bot.owed import FileToSend, Job, Mail
from bot.perform import Transaction
from flows.decided import Dispatched, Verdict
from flows.practice import RecipientKind
from flows.programme import Role
from flows.recipients import Duty, duty_of
from storage import cases, dispatches, papers, texts
from storage.dispatches import NOT_CONFIGURED, Dispatch, State

LOG_JOB = "dispatched"
SOON_S, MOST_S = 60, 3600
TOLD_AFTER = 6  # attempts: an hour
TRIES = 77  # attempts: three days
_NEVER = datetime.min.replace(tzinfo=UTC)  # until it is sent


@dataclass(frozen=True, slots=True)
class Draft:
    """A letter whose attachments are still to be fetched."""

    unsealed: Letter
    files: tuple[FileToSend, ...]

    def letter(self, attachments: Sequence[Attachment], *, at: datetime) -> Letter:
        return replace(self.unsealed, attachments=attachments, at=at)


def retry_after(attempts: int) -> float:
    """Seconds until the next attempt: 1, 2, 4 … minutes, then every hour."""
    return float(min(SOON_S * 2 ** min(attempts - 1, 10), MOST_S))


def write(db: Connection, office: Office, dispatch_id: int) -> Draft | None:
    """The letter to a recipient; None when there is nothing to send."""
    row = dispatches.get(db, dispatch_id)
    if row.state not in {State.WAITING, State.SENDING}:
        return None
    here = dispatch.about(db, row.case_id, row.decision)
    files = _attached(db, here, row)
    subject = office.texts.plain(
        "dispatch.letter.subject",
        information=row.kind is RecipientKind.INFORMATION,
        verdict=_verdict(office, here),
        number=here.number,
        title=here.case.title,
    )
    secretary, *_ = [*office.programme.with_role(Role.SECRETARY), None]
    letter = Letter(
        message_id=row.message_id,
        name=row.name,
        email=row.email,
        subject=subject,
        body=_body(db, office, here, row, files),
        at=_NEVER,
        reply_to=secretary.email if secretary else "",
    )
    return Draft(letter, files)


def not_configured(tx: Transaction, office: Office, dispatch_id: int) -> None:
    """There is no server: it becomes a task, until there is one."""
    row = dispatches.take(tx.db, dispatch_id)
    if row.is_under_way:
        dispatches.wait(tx.db, dispatch_id, error=NOT_CONFIGURED)
        _tell_when_over(tx, office, row)


def settle(tx: Transaction, office: Office, dispatch_id: int, outcome: Outcome) -> None:
    """Put on record what became of an attempt, and what follows."""
    row = dispatches.take(tx.db, dispatch_id)
    match outcome:
        case Accepted():
            dispatches.sent(tx.db, dispatch_id, at=tx.now)
            tx.owe(Job(name=LOG_JOB, arguments={"dispatch": dispatch_id}))
        case Refused(why=why):
            dispatches.refused(tx.db, dispatch_id, error=why)
        case Later(why=why) | Unclear(why=why):
            _try_again(tx, office, row, why=why, doubtful=isinstance(outcome, Unclear))
    _tell_when_over(tx, office, row)


def failed(tx: Transaction, office: Office, dispatch_id: int) -> None:
    """Every try ended in a bug of ours, which the log shows; perhaps after it had been sent."""
    row = dispatches.take(tx.db, dispatch_id)
    dispatches.wait(tx.db, dispatch_id, error="failed", doubtful=row.state is State.SENDING)
    dispatches.refused(tx.db, dispatch_id, error="failed")
    _tell_when_over(tx, office, row)


def log(tx: Transaction, office: Office, dispatch_id: int) -> None:
    """Say in the case that a recipient has got the decision. Again changes nothing."""
    row = dispatches.get(tx.db, dispatch_id)
    case = cases.load(tx.db, row.case_id)
    known = {(event.decision, event.recipient) for event in case.dispatched}
    if (row.decision, row.recipient) not in known:
        event = Dispatched(
            at=row.sent_at or tx.now,
            by=f"{office.team}:{office.bot_user}",
            decision=row.decision,
            recipient=row.recipient,
        )
        cases.add(tx.db, row.case_id, [event], after=case)


def _try_again(tx: Transaction, office: Office, row: Dispatch, *, why: str, doubtful: bool) -> None:
    if row.attempts >= TRIES:
        dispatches.wait(tx.db, row.id, error=why, doubtful=doubtful)
        dispatches.refused(tx.db, row.id, error="gave_up")
        return
    dispatches.wait(tx.db, row.id, error=why, doubtful=doubtful)
    tx.owe(Mail(dispatch=row.id, after_s=retry_after(row.attempts)))
    if row.attempts == TOLD_AFTER:
        dispatch_told.settled(tx, office, dispatch.about(tx.db, row.case_id, row.decision))


def _tell_when_over(tx: Transaction, office: Office, row: Dispatch) -> None:
    rows = dispatches.of(tx.db, row.case_id, row.decision)
    if not any(one.is_under_way for one in rows):
        dispatch_told.settled(tx, office, dispatch.about(tx.db, row.case_id, row.decision))


def _attached(db: Connection, here: About, row: Dispatch) -> tuple[FileToSend, ...]:
    """PDF/A and Word for everybody; who registers gets the packages too."""
    registers = duty_of(row.recipient) is Duty.REGISTRAR
    formats = {"pdf", "docx", *(("zip",) if registers else ())}
    return tuple(
        FileToSend(sha256=paper.sha256, name=paper.title, title=paper.title)
        for name in dispatch.papers_of(here.decision)
        for paper in papers.of(db, name, here.number)
        if paper.format in formats
    )


def _body(
    db: Connection, office: Office, here: About, row: Dispatch, files: tuple[FileToSend, ...]
) -> str:
    said, decision = office.texts.plain, here.decision
    kind, information = duty_of(row.recipient), row.kind is RecipientKind.INFORMATION
    names = office.programme.names
    points = decision.board.points if decision.board else None
    body = said(
        "dispatch.letter.body",
        municipality=office.programme.municipality,
        department=names.safety_department,
        number=here.number,
        verdict=_verdict(office, here),
        by=said(f"dispatch.letter.by.{decision.body}"),
        day=decision.day,
        programme=names.programme,
        case_id=here.case_id,
        title=here.case.title,
        dnr=here.case.dnr,
        submitters=words.listed(
            words.administration(office, one) for one in here.case.administrations
        ),
        rows=_rows(office, here),
        total=here.total,
        correction=dispatch_told.correction(db, here.case_id, here.number),
        reason=_text(db, decision.reason),
        points=_text(db, points),
        duty=dispatch_told.duty(office, row),
        information=information,
        todo=said(
            f"dispatch.letter.todo.{kind}",
            granted=decision.verdict is Verdict.GRANTED,
            information=information,
        ),
        files=[file["name"] for file in files],
        seal=dispatch_package.seal(db, here) if kind is Duty.REGISTRAR else "",
    )
    return f"{body}\n"


def _rows(office: Office, here: About) -> list[dict[str, object]]:
    return [
        {
            "committee": words.committee(office, one.committee),
            "kind": office.texts.plain(f"dispatch.letter.kind.{one.kind}"),
            "year": one.year,
            "amount": one.amount,
            "code": one.activity_code,
        }
        for one in here.decision.allocations
    ]


def _verdict(office: Office, here: About) -> str:
    return office.texts.plain(f"dispatch.letter.verdict.{here.decision.verdict}")


def _text(db: Connection, text_id: int | None) -> str:
    return (texts.get(db, text_id) or "") if text_id is not None else ""
