"""The chair of a submitting committee is asked to confirm the dialogue; her button never blocks."""

from sqlalchemy import Connection

from bot.acts import who, writing
from bot.acts.writing import Writing
from bot.blocks import kit
from bot.ids import CHAIR_CONFIRM, About
from bot.office import Office
from bot.perform import Transaction
from bot.words import committee
from flows.case import Case
from flows.errors import NotAllowed
from flows.events import ChairConfirmed, Stage, Submitted
from flows.intake import receivers
from storage import cases


def ask(
    tx: Transaction, office: Office, opened: Writing, *, case_id: str, case: Case, by: str
) -> None:
    """Ask each chair in Slack, of the committees that submit, who has not confirmed in this stage.

    Her word about the proposal is none about the finished application (R000-39).
    """
    confirmed = _confirmed(tx.db, case_id, case.stage)
    submitting = receivers(
        office.programme, {"administrations": opened.known.get("administrations", ())}
    )
    for key in submitting:
        if key in confirmed:
            continue
        for person in who.chairs(tx.db, office, key):
            text = office.texts(
                "intake.said.chair_asked",
                user=opened.user(by),
                title=opened.title,
                committee=committee(office, key),
                whole=case.stage is Stage.APPLICATION,
            )
            yes = kit.button(
                office.texts.plain("intake.words.button.chair_confirm"),
                CHAIR_CONFIRM,
                About(opened.draft.id, key, what=case_id),
                style="primary",
            )
            writing.tell(tx, person, text, [kit.section(text), kit.actions([yes])])


def confirm(
    tx: Transaction, office: Office, *, person: str, case_id: str, committee_id: str
) -> None:
    """Put the chair's word on record, once. Only a chair of that committee can."""
    if person not in who.chairs(tx.db, office, committee_id):
        raise NotAllowed("refusals.intake.not_the_chair")
    case = cases.load(tx.db, case_id)
    submitting = receivers(office.programme, {"administrations": case.administrations})
    if committee_id not in submitting:
        raise NotAllowed("refusals.intake.not_the_chair")
    if committee_id not in _confirmed(tx.db, case_id, case.stage):
        event = ChairConfirmed(at=tx.now, by=person, committee=committee_id)
        cases.add(tx.db, case_id, [event], after=case)
    writing.tell(tx, person, office.texts("intake.said.chair_thanks", case_id=case_id))


def _confirmed(db: Connection, case_id: str, stage: Stage) -> frozenset[str]:
    """The committees whose chair has confirmed since the stage was first submitted."""
    found: set[str] = set()
    now: Stage | None = None
    for event in cases.history(db, case_id):
        if isinstance(event, Submitted):
            now = event.stage
        elif isinstance(event, ChairConfirmed) and now is stage:
            found.add(event.committee)
    return frozenset(found)
