"""Colleagues are invited to write together, and finance to fill in or confirm point 3."""

from collections.abc import Sequence

from bot.acts import intake, summary, who, writing
from bot.office import Office
from bot.perform import Transaction
from flows.errors import NotAllowed
from flows.intake import CalculationBy, NamedPerson
from storage import drafts
from storage.drafts import Position


def authors(
    tx: Transaction, office: Office, *, person: str, draft_id: int, invited: Sequence[str]
) -> None:
    """Let colleagues see and change the same draft. Guests and strangers cannot be invited."""
    opened = writing.open_for(tx.db, office, draft_id, person=person)
    if opened.members.get(person) == drafts.FINANCE:
        raise NotAllowed("refusals.intake.only_finance_questions")
    for colleague in invited:
        try:
            who.require_employee(tx.db, office, colleague)
        except NotAllowed:
            name = who.name_of(tx.db, office, colleague)
            raise NotAllowed("refusals.intake.not_a_colleague", name=name) from None
    for colleague in invited:
        if drafts.join(tx.db, draft_id, person=colleague, role=drafts.AUTHOR, at=tx.now):
            text, blocks = summary.invitation(office, opened, "invited_author", by=person)
            writing.tell(tx, colleague, text, blocks)
    names = ", ".join(who.name_of(tx.db, office, colleague) for colleague in invited)
    said = office.texts("intake.said.invited", names=names, title=opened.title)
    writing.tell(tx, person, said)


def ask_finance(tx: Transaction, office: Office, *, person: str, draft_id: int) -> None:
    """Ask the finance officer who was named to confirm the calculation herself."""
    opened = writing.open_for(tx.db, office, draft_id, person=person)
    named = opened.known.get("finance_officer")
    if not isinstance(named, NamedPerson) or named.person is None:
        raise NotAllowed("refusals.intake.finance_not_in_slack")
    # What is left of point 3 is hers from now on: at least to confirm it.
    handed = CalculationBy.FINANCE
    opened = writing.store(tx, office, opened, "calculation_by", handed, by=person)
    intake.invite_finance(tx, office, opened, by=person)
    writing.tell(tx, person, office.texts("intake.said.finance_asked", name=named.name))
    writing.stand(tx, person, Position(draft_id))
