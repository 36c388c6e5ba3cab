"""Owes a new App Home to whoever a changed case concerns.

Each page is made by a job of its own, so that the press which changed the case does not wait for
a dozen pages. What a page says is collected in acts/home_page.
"""

from collections.abc import Iterable

from sqlalchemy import Connection

from bot.acts import who
from bot.office import Office
from bot.owed import Job
from bot.perform import Transaction
from flows.case import Case
from flows.events import PersonId
from flows.programme import Role
from storage import drafts

JOB = "home"


def refresh(tx: Transaction, office: Office, persons: Iterable[PersonId]) -> None:
    """Owe these persons their App Home as it is when the job runs. Other workspaces get none."""
    for person in dict.fromkeys(persons):
        if person.partition(":")[0] == office.team:
            tx.owe(Job(name=JOB, arguments={"person": person}))


def case_changed(tx: Transaction, office: Office, case_id: str, case: Case) -> None:
    """Refresh the homes of all who see the case: those who wrote it, KLG, who decides."""
    refresh(tx, office, concerned(tx.db, office, case_id, case))


def concerned(db: Connection, office: Office, case_id: str, case: Case) -> list[PersonId]:
    draft = drafts.of_case(db, case_id)
    decides = who.with_role(db, office, Role.CHIEF_EXECUTIVE) if case.route else ()
    return [
        *decides,
        *case.authors,
        *(drafts.members(db, draft.id) if draft else ()),
        *_officers(db, office, case.administrations),
        *who.with_role(db, office, Role.KLG),
        *(member.person for member in who.panel(db, office).members),
        *who.with_role(db, office, Role.SECRETARY),
    ]


def _officers(db: Connection, office: Office, administrations: Iterable[str]) -> list[PersonId]:
    """The officers of the förvaltningar that submit (R000-20)."""
    submitting = frozenset(administrations)
    return [
        person
        for person in who.with_role(db, office, Role.OFFICER)
        if who.administration_of(db, office, person) in submitting
    ]
