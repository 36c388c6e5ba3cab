"""Digests: which are due and when, whom each goes to, and what is owed for it (programme.digests).

A weekly or monthly one is a job: it reads, draws and posts beside the gestures. Those that come with a
document order it first, and are said when it is there (bot/acts/papers_stored.py).
"""

from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime
from functools import partial

from sqlalchemy import Connection

from bot.acts import digest_facts, letters, papers, part_report, sight, who, writing
from bot.blocks import digest as blocks
from bot.office import Office
from bot.owed import Blocks, FileToSend, Job, Post, Upload
from bot.perform import Transaction
from bot.timetable import Moments, Timer, before_meetings, monthly, weekly, yearly
from flows.dates import local_day
from flows.digest import Monthly, Weekly, period
from flows.errors import NotAllowed
from flows.events import PersonId
from flows.practice import Digest, DigestKind
from flows.programme import Role
from storage import digests, people

JOB = "digest"


def name_of(kind: DigestKind) -> str:
    """The timer's name: one digest's period ends where the next one of that kind begins."""
    return f"digest.{kind}"


# --- what is due -----------------------------------------------------------------------------------


def _moments(kind: DigestKind) -> Moments:
    """When any of the programme's digests of that kind is due."""

    def moments(office: Office, after: datetime, until: datetime) -> Iterable[datetime]:
        found = (_of(one)(office, after, until) for one in _configured(office, kind))
        return sorted({at for each in found for at in each})

    return moments


def _of(digest: Digest) -> Moments:
    match digest:
        case Digest(kind=DigestKind.WEEKLY, weekday=weekday, at=at) if weekday is not None:
            return weekly(weekday, at)
        case Digest(kind=DigestKind.MONTHLY, day=day, at=at) if day is not None:
            return monthly(day, at)
        case Digest(month=month, day=day, at=at) if month is not None and day is not None:
            return yearly(month, day, at)
        case _:
            return before_meetings(digest.bodies, digest.working_days, digest.at)


def _configured(office: Office, kind: DigestKind) -> list[Digest]:
    return [one for one in office.programme.digests if one.kind is kind]


def _begin(tx: Transaction, office: Office, at: datetime, *, kind: DigestKind) -> None:
    """Owe the digest of the period that ends now; it is read, drawn and posted as a job."""
    del office  # as every timer has it
    about = period(kind, previous=digests.previous(tx.db, name_of(kind), before=at), now=at)
    arguments = {"kind": kind, "since": about.since.isoformat(), "until": about.until.isoformat()}
    tx.owe(Job(name=JOB, arguments=arguments | {"day": local_day(tx.now).isoformat()}))


def _before_meeting(tx: Transaction, office: Office, at: datetime) -> None:
    """Put what is new in a delrapport for each meeting that is near enough; it is said when it is made."""
    near = {
        meeting.day
        for digest in _configured(office, DigestKind.MEETING)
        for meeting in office.programme.meetings
        if meeting.body in digest.bodies
        and local_day(at) == office.calendar.add_working_days(meeting.day, -digest.working_days)
    }
    for day in sorted(near):  # two bodies may meet on one day
        part_report.compile_for(tx, office, day)


def _annual(tx: Transaction, office: Office, at: datetime) -> None:
    """The year that has ended."""
    papers.order(tx, office, "annual_report", str(local_day(at).year - 1))


def _reconciliation(tx: Transaction, office: Office, at: datetime) -> None:
    """Before the budget of the year to come is prepared."""
    papers.order(tx, office, "reconciliation", str(local_day(at).year + 1))


_ACTS: dict[DigestKind, Callable[[Transaction, Office, datetime], None]] = {
    DigestKind.WEEKLY: partial(_begin, kind=DigestKind.WEEKLY),
    DigestKind.MONTHLY: partial(_begin, kind=DigestKind.MONTHLY),
    DigestKind.MEETING: _before_meeting,
    DigestKind.ANNUAL: _annual,
    DigestKind.RECONCILIATION: _reconciliation,
}
TIMERS: tuple[Timer, ...] = tuple(
    Timer(name_of(kind), _moments(kind), act) for kind, act in _ACTS.items()
)


def now(db: Connection, office: Office, *, person: PersonId, at: datetime) -> tuple[str, Blocks]:
    """The week so far, for one person. Raises NotAllowed for those who do not answer for the programme."""
    who.require_employee(db, office, person)
    if not sight.sees_all(db, office, person):
        raise NotAllowed("refusals.digest.not_yours")
    kind = DigestKind.WEEKLY
    about = period(kind, previous=digests.previous(db, name_of(kind), before=at), now=at)
    about = about.model_copy(update={"until": at})  # what came this minute too: none follows on it
    facts = digest_facts.weekly(db, office, about, today=local_day(at))
    return blocks.weekly(office, facts, private=True)


# --- what is said ----------------------------------------------------------------------------------


def say_weekly(
    tx: Transaction, office: Office, facts: Weekly, files: Sequence[FileToSend], *, said: str
) -> None:
    """Post KLG's week; the picture and the spreadsheet in its thread."""
    text, content = blocks.weekly(office, facts)
    post = tx.owe(Post(to=office.klg_channel, text=text, blocks=content))
    if files:
        tx.owe(Upload(to=office.klg_channel, files=list(files), text=said, thread=post))
    subject = office.texts.plain("digest.weekly.title", facts=facts)
    _mail(tx, office, DigestKind.WEEKLY, subject, text, files)


def say_monthly(
    tx: Transaction, office: Office, facts: Monthly, files: Sequence[FileToSend], *, said: str
) -> None:
    """Tell the chief executive about the month; by e-mail when she is not in Slack."""
    text, content = blocks.monthly(office, facts)
    subject = office.texts.plain("digest.monthly.subject", facts=facts)
    _tell(tx, office, [Role.CHIEF_EXECUTIVE], (text, content), files, said=said, subject=subject)
    _mail(tx, office, DigestKind.MONTHLY, subject, text, files)


def part_report_stored(tx: Transaction, office: Office, key: str, *, reports: int) -> None:
    """The delrapport is made: the secretaries and the programme's receivers get it, with its figures.

    `reports`: how many follow-up reports stand in it.
    """
    facts = digest_facts.meeting(tx.db, office, key, reports=reports, today=local_day(tx.now))
    message = blocks.meeting(office, facts)
    files = papers.files(tx.db, "part_report", key)
    subject = office.texts.plain("digest.meeting.subject", facts=facts)
    _tell(tx, office, [Role.SECRETARY], message, files, subject=subject)
    bodies = {one.body for one in office.programme.meetings if one.day == facts.day}
    _mail(tx, office, DigestKind.MEETING, subject, message[0], files, bodies=bodies)


def annual_stored(tx: Transaction, office: Office, key: str, case_id: str | None) -> None:
    """The årsrapport is made: secretaries, KLG's channel and the programme's receivers get it."""
    del case_id
    year = _year(key)
    accounts = digest_facts.accounts(tx.db, [year], this_year=year)
    message = text, content = blocks.annual(office, year, accounts)
    files = papers.files(tx.db, "annual_report", key)
    programme = office.programme.names.programme
    subject = office.texts.plain("digest.papers.annual_subject", year=year, programme=programme)
    _tell(tx, office, [Role.SECRETARY], message, files, subject=subject)
    post = tx.owe(Post(to=office.klg_channel, text=text, blocks=content))
    if files:
        tx.owe(Upload(to=office.klg_channel, files=files, thread=post))
    _mail(tx, office, DigestKind.ANNUAL, subject, text, files)


def reconciliation_stored(tx: Transaction, office: Office, key: str, case_id: str | None) -> None:
    """The autumn list is made: both units get it (R000-55)."""
    del case_id
    year = _year(key)
    known = [year - 1, year]
    accounts = digest_facts.accounts(tx.db, known, this_year=year - 1)
    message = blocks.reconciliation(office, year, accounts)
    files = papers.files(tx.db, "reconciliation", key)
    programme = office.programme.names.programme
    subject = office.texts.plain(
        "digest.papers.reconciliation_subject", year=year, programme=programme
    )
    units = [Role.SECRETARY, Role.FINANCIAL_CONTROL]
    _tell(tx, office, units, message, files, subject=subject)
    _mail(tx, office, DigestKind.RECONCILIATION, subject, message[0], files)


def failed(tx: Transaction, office: Office, kind: DigestKind) -> None:
    """Every try has failed: somebody must know that nothing came."""
    named = office.texts.plain(f"digest.files.kind.{kind}")
    for person in who.with_role(tx.db, office, Role.SECRETARY):
        writing.tell(tx, person, office.texts("digest.files.failed", kind=named))


def _tell(
    tx: Transaction,
    office: Office,
    roles: Iterable[Role],
    message: tuple[str, Blocks],
    files: Sequence[FileToSend],
    *,
    subject: str,
    said: str = "",
) -> None:
    """A direct message with the files in its thread; an e-mail to those with the role not in Slack."""
    text, content = message
    for role in roles:
        here = who.with_role(tx.db, office, role)
        for person in here:
            user = person.partition(":")[2]
            post = tx.owe(Post(to=user, text=text, blocks=content))
            if files:
                tx.owe(Upload(to=user, files=list(files), text=said, thread=post))
        for email in _not_in_slack(tx, office, role, here):
            letters.owe(tx, office, email=email, subject=subject, text=text, files=files)


def _not_in_slack(
    tx: Transaction, office: Office, role: Role, here: Sequence[PersonId]
) -> list[str]:
    accounts = (people.get(tx.db, person) for person in here)
    reached = {one.email for one in accounts if one is not None}
    return [one.email for one in office.programme.with_role(role) if one.email not in reached]


def _mail(
    tx: Transaction,
    office: Office,
    kind: DigestKind,
    subject: str,
    text: str,
    files: Sequence[FileToSend],
    *,
    bodies: Iterable[str] = (),
) -> None:
    """Those that the programme adds, each once; before a meeting, those of its bodies' digests."""
    wanted = {*bodies}
    emails = [
        email
        for one in _configured(office, kind)
        if not wanted or wanted & {*one.bodies}
        for email in one.to
    ]
    for email in dict.fromkeys(emails):
        letters.owe(tx, office, email=email, subject=subject, text=text, files=files)


def _year(key: str) -> int:
    """The year that "2026", or "2026/2" when it is made anew, is about."""
    return date(int(key[:4]), 1, 1).year
