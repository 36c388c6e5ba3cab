"""The modals of an assessment, for those who may: what the person sees before she writes a reason."""

from bot.acts import card, who
from bot.acts.assessment import Sitting, opinion, seen, sit
from bot.blocks import assessment as blocks
from bot.blocks.kit import Block
from bot.ids import Value
from bot.office import Office
from bot.perform import Transaction
from bot.words import administration, listed
from flows import assessment
from flows.completion import can_be_completed
from flows.events import Opinion, PersonId
from flows.form import Ask
from flows.programme import Role
from storage import submissions, texts


def reason(tx: Transaction, office: Office, *, value: Value, by: PersonId) -> Block:
    """Ask a member why, and what is to be completed. Refuses what no reason could mend."""
    who.require_member(tx.db, office, by)
    sitting = sit(tx.db, office, value.case)
    said = opinion(value.what)
    member = assessment.may_assess(
        sitting.case, sitting.panel, opinion=said, seen=seen(value), by=by
    )
    return blocks.reason_modal(
        office,
        value,
        title=card.facts(tx.db, office, sitting.id, sitting.case).title,
        administrations=_administrations(office, sitting),
        asks=_asks(tx, office, sitting),
        before=_before(tx, sitting, said, seat=member.seat, by=by),
    )


def closing(tx: Transaction, office: Office, *, value: Value, by: PersonId) -> Block:
    """Ask whoever may end the assessment for the outcome and the reason."""
    who.require_role(tx.db, office, by, Role.CONVENER, Role.SECRETARY)
    sitting = sit(tx.db, office, value.case)
    assessment.may_close(sitting.case, sitting.panel, seen=seen(value), by=by)
    return blocks.close_modal(
        office,
        value,
        title=card.facts(tx.db, office, sitting.id, sitting.case).title,
        administrations=_administrations(office, sitting),
        asks=_asks(tx, office, sitting),
    )


def forward(tx: Transaction, office: Office, *, value: Value, by: PersonId) -> Block:
    """Ask the secretary why an application that KLG advised against goes on."""
    who.require_role(tx.db, office, by, Role.SECRETARY)
    sitting = sit(tx.db, office, value.case)
    assessment.take_forward(sitting.case, sitting.panel, seen=seen(value), by=by, at=tx.now)
    title = card.facts(tx.db, office, sitting.id, sitting.case).title
    return blocks.forward_modal(office, value, title=title)


def _asks(tx: Transaction, office: Office, sitting: Sitting) -> tuple[Ask, ...]:
    answers = submissions.get(tx.db, sitting.id, sitting.case.version)
    return can_be_completed(office.programme, answers)


def _administrations(office: Office, sitting: Sitting) -> str:
    return listed(administration(office, key) for key in sitting.case.administrations)


def _before(
    tx: Transaction, sitting: Sitting, what: Opinion, *, seat: PersonId, by: PersonId
) -> tuple[str, tuple[str, ...]]:
    """What she wrote when she last said the same, so that she can change a word of it."""
    said = sitting.case.opinions.get(seat)
    if said is None or said.by != by or said.opinion is not what or said.reason is None:
        return "", ()
    return texts.get(tx.db, said.reason) or "", said.questions
