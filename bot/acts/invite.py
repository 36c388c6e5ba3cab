"""Colleagues are invited to write together, and finance to fill in or confirm point 3."""

from collections.abc import Sequence

from bot import words
from bot.acts import allowed, intake, summary, who, writing
from bot.office import Office
from bot.perform import Transaction
from flows.errors import NotAllowed
from flows.intake import CalculationBy, NamedPerson
from storage import drafts


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
    new = [colleague for colleague in invited if colleague not in opened.members]
    for colleague in new:
        drafts.join(tx.db, draft_id, person=colleague, role=drafts.AUTHOR, at=tx.now)
        text, blocks = summary.invitation(office, opened, "invited_author", by=person)
        writing.tell(tx, colleague, text, blocks)
    names = words.listed(who.name_of(tx.db, office, colleague) for colleague in new or invited)
    key = "invited" if new else "already_in"
    writing.tell(tx, person, office.texts(f"intake.said.{key}", names=names, title=opened.title))


def ask_finance(tx: Transaction, office: Office, *, person: str, draft_id: int) -> None:
    """Ask the finance officer who was named to confirm the calculation herself."""
    opened = allowed.question(tx, office, draft_id, "calculation_by", person=person)
    named = opened.known.get("finance_officer")
    if not isinstance(named, NamedPerson) or named.person is None:
        raise NotAllowed("refusals.intake.finance_not_in_slack")
    if named.person == person:
        raise NotAllowed("refusals.intake.finance_is_you")
    # What is left of point 3 is hers from now on: at least to confirm it.
    handed = CalculationBy.FINANCE
    opened = writing.store(tx, office, opened, "calculation_by", handed, by=person)
    intake.invite_finance(tx, office, opened, by=person)
    opened = writing.load(tx.db, office, draft_id)
    said = office.texts("intake.said.finance_asked", name=named.name)
    intake.put_next(tx, office, opened, to=person, note=said)
