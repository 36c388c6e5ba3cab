"""Who a document says that the decision is sent to: duties and names, never addresses."""

from collections.abc import Sequence

from sqlalchemy import Connection

from bot.acts import who
from bot.acts.paper_facts.matter import Matter
from bot.office import Office
from flows import recipients as rules
from flows.dates import local_day
from flows.decided import Allocation, Body, Decided, Verdict
from flows.decision_papers import Recipient
from flows.practice import RecipientKind
from flows.recipients import Contact
from storage import people


def recipients(
    db: Connection, office: Office, of: Matter, decided: Decided
) -> tuple[Recipient, ...]:
    found = rules.recipients(
        decided,
        office.programme,
        submitting=of.case.administrations,
        officers=_officers(db, office, of),
    )
    return tuple(_recipient(office, one) for one in found)


def proposed_recipients(
    db: Connection, office: Office, of: Matter, asked: Sequence[Allocation]
) -> tuple[Recipient, ...]:
    """Who will get the decision if what is asked for is granted."""
    assert of.case.submitted_at is not None
    as_asked = Decided(
        at=of.case.submitted_at,
        by=of.case.authors[0],
        body=Body.EXECUTIVE_BOARD,
        verdict=Verdict.GRANTED,
        number="",
        day=local_day(of.case.submitted_at),
        version=of.case.version,
        pdf_sha256=of.case.pdf_sha256,
        rule="",
        allocations=tuple(asked),
    )
    return recipients(db, office, of, as_asked)


def _recipient(office: Office, found: rules.Recipient) -> Recipient:
    administration = office.programme.administration(found.of)
    return Recipient(
        duty=found.duty,
        of=administration.name if administration else found.of,
        name=found.contact.name,
        information=found.kind is RecipientKind.INFORMATION,
    )


def _officers(db: Connection, office: Office, of: Matter) -> dict[str, Contact]:
    """Who keeps the case at each förvaltning that submits it: its first author there."""
    found: dict[str, Contact] = {}
    for person in reversed(of.case.authors):
        administration = who.administration_of(db, office, person)
        account = people.get(db, person)
        if administration and account:
            name = who.name_of(db, office, person)
            found[administration] = Contact(name=name, email=account.email)
    return found
