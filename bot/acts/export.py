"""The register, the ledger and the follow-ups, handed to one person as files in her direct message."""

from collections.abc import Iterable, Sequence
from typing import Any

from bot import words
from bot.acts import sight, who, writing
from bot.office import Office
from bot.owed import FileToSend, Job, Upload
from bot.perform import Transaction
from bot.render import STOCKHOLM
from flows.errors import NotAllowed
from flows.events import PersonId
from storage.register import Rows

JOB = "export"


def order(tx: Transaction, office: Office, *, person: PersonId) -> None:
    """Begin making the files. Raises NotAllowed for those who do not answer for the programme."""
    who.require_employee(tx.db, office, person)
    if not sight.sees_all(tx.db, office, person):
        raise NotAllowed("refusals.home.no_export")
    tx.owe(Job(name=JOB, arguments={"person": person}))


def hand_out(
    tx: Transaction, office: Office, *, person: PersonId, files: Sequence[FileToSend]
) -> None:
    """Send the files, if she may still have them."""
    if sight.sees_all(tx.db, office, person):
        text = office.texts("home.export.made", at=tx.now)
        tx.owe(Upload(to=person.partition(":")[2], files=list(files), text=text))


def failed(tx: Transaction, office: Office, *, person: PersonId) -> None:
    writing.tell(tx, person, office.texts("home.export.failed"))


def headings(office: Office, table: str) -> list[str]:
    return office.texts.plain(f"home.export.{table}_headings").split(";")


def register(office: Office, rows: Rows) -> Iterable[list[Any]]:
    """A row for each case, and one more for each further decision about it."""
    texts = office.texts
    for row in rows:
        yield [
            row.id,
            row.dnr,
            row.title,
            ", ".join(words.administration(office, one) for one in row.administrations),
            texts.plain(f"search.states.{row.state}"),
            row.since.astimezone(STOCKHOLM).date(),
            row.first_submitted_at.astimezone(STOCKHOLM).date(),
            row.version,
            row.number or "",
            texts.plain(f"home.export.body_{row.body}") if row.body else "",
            texts.plain(f"home.export.verdict_{row.verdict}") if row.verdict else "",
            row.day,
        ]


def ledger(office: Office, rows: Rows) -> Iterable[list[Any]]:
    """Yield a line for each entry, in words; amounts are Decimal kronor, so that a sheet can add them up."""
    texts, programme = office.texts, office.programme
    for row in rows:
        committee = programme.committee(row.committee)
        yield [
            row.id,
            row.year,
            texts.plain(f"home.export.kind_{row.kind}"),
            texts.plain(f"home.export.entry_{row.entry}"),
            texts.plain(f"home.export.body_{row.body}") if row.body else "",
            committee.name if committee else row.committee,
            row.activity_code,
            row.amount,
            row.case_id or "",
            row.decision,
            row.reference,
            row.at.astimezone(STOCKHOLM).date(),
        ]


def reports(office: Office, rows: Rows) -> Iterable[list[Any]]:
    for row in rows:
        state = office.texts.plain(f"home.export.report_{row.state}")
        yield [row.case_id, row.title, row.key, state, row.ask_on, row.late_on]
