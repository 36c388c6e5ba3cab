"""The secretary records what the political bodies said; everybody whom it concerns is told.

Kommunfullmäktige's review, Trygghetsberedningen's proposal, and the days of the minutes. Who may is
asked of the stored roles each time; nothing that stands in a button or form is believed about it.
"""

from collections.abc import Mapping

import structlog
from sqlalchemy import Connection

from bot.acts import card, chief_executive, home, officers, who, writing
from bot.blocks import assessment as lines
from bot.blocks import board as blocks
from bot.blocks import kit
from bot.blocks.board import About
from bot.blocks.kit import Block
from bot.ids import Value
from bot.office import Office
from bot.owed import Update
from bot.perform import Transaction
from flows import board, board_inputs, deadlines
from flows.case import Case, State
from flows.dates import local_day
from flows.decided import CouncilOutcome, CouncilReviewed, Proposed
from flows.errors import NotAllowed, Stale
from flows.events import PersonId, TextId
from flows.inputs import WrongInputs
from flows.programme import Role
from storage import cards, cases, texts

log = structlog.get_logger(__name__)
# Where the secretary writes a tjänsteskrivelse.
WITH_REPORT = frozenset({State.DRAFTING_COMMITTEE, State.EXECUTIVE_BOARD})
WAITS = WITH_REPORT | {State.COUNCIL_REVIEW}


def arrived(tx: Transaction, office: Office, case_id: str, case: Case) -> None:
    """Tell each secretary that the case waits for a political body, and kommunjuristen of a review."""
    if case.state not in WAITS:
        return
    of = about(tx.db, office, case_id, case)
    text, content = blocks.arrived(office, of, report=case.state in WITH_REPORT)
    told = who.with_role(tx.db, office, Role.SECRETARY)
    if case.state is State.COUNCIL_REVIEW:
        told = (*told, *who.with_role(tx.db, office, Role.LEGAL_COUNSEL))
    for person in dict.fromkeys(told):
        post = writing.tell(tx, person, text, content)
        cards.put(tx.db, case_id, f"{_asked(case)}{person}", post=post)


def settle(tx: Transaction, case_id: str, before: Case, text: str) -> None:
    """It is recorded: let the messages that asked for it say what, and take their buttons away."""
    for post in cards.beginning(tx.db, case_id, _asked(before)).values():
        tx.owe(Update(target=post, text=text, blocks=[kit.section(text)]))


def _asked(case: Case) -> str:
    """What the messages are called that ask for what the case waits for."""
    return f"board:{case.version}:{case.state}:"


def require(db: Connection, office: Office, person: PersonId, *roles: Role) -> None:
    """Raises NotAllowed unless the person may act in one of the roles, the secretary's if none is named."""
    who.require_employee(db, office, person)
    if not any(who.has_role(db, office, person, role) for role in roles or (Role.SECRETARY,)):
        log.warning("refused", person=person, roles=[*roles], reason="not_secretary")
        name = "not_legal_counsel" if Role.LEGAL_COUNSEL in roles else "not_secretary"
        department = office.programme.names.safety_department
        raise NotAllowed(f"refusals.board.{name}", department=department)


def load(db: Connection, case_id: str) -> Case:
    """Raises Stale when there is no such case: the button came from somewhere else."""
    case = cases.load(db, case_id)
    if not case.length:
        raise Stale("refusals.board.unknown_case")
    return case


def about(db: Connection, office: Office, case_id: str, case: Case) -> About:
    return About(case_id, card.facts(db, office, case_id, case).title, case)


def ask_review(tx: Transaction, office: Office, *, value: Value, by: PersonId) -> Block:
    """The modal of the review, with the outcomes that the person may record."""
    require(tx.db, office, by, Role.SECRETARY, Role.LEGAL_COUNSEL)
    case = load(tx.db, value.case)
    board.refuse_unless(case, State.COUNCIL_REVIEW, version=value.version)
    mine = [one for one in CouncilOutcome if _may_review(tx.db, office, by, one)]
    return blocks.review_modal(office, about(tx.db, office, value.case, case), mine)


def review(
    tx: Transaction, office: Office, *, value: Value, by: PersonId, inputs: Mapping[str, str]
) -> None:
    """Put on record whether kommunfullmäktige must decide first."""
    require(tx.db, office, by, Role.SECRETARY, Role.LEGAL_COUNSEL)
    case = load(tx.db, value.case)
    board.refuse_unless(case, State.COUNCIL_REVIEW, version=value.version)
    found = board_inputs.reviewed(inputs)
    if not _may_review(tx.db, office, by, found.outcome):
        department = office.programme.names.safety_department
        refusal = NotAllowed("refusals.board.only_the_secretary", department=department)
        raise WrongInputs({"outcome": refusal})
    board.review(case, found, version=value.version, at=tx.now)
    reason = stored(tx, value.case, found.reason)
    event = board.reviewed(found, reason=reason, by=by, at=tx.now)
    _add(tx, office, value.case, case, event, reason=found.reason)


def ask_proposal(tx: Transaction, office: Office, *, value: Value, by: PersonId) -> Block:
    require(tx.db, office, by)
    case = load(tx.db, value.case)
    board.refuse_unless(case, State.DRAFTING_COMMITTEE, version=value.version)
    met = board.met_last(office.programme, case, today=local_day(tx.now))
    return blocks.propose_modal(office, about(tx.db, office, value.case, case), met)


def propose(
    tx: Transaction, office: Office, *, value: Value, by: PersonId, inputs: Mapping[str, str]
) -> None:
    """Put on record what Trygghetsberedningen said: only a proposal opens kommunstyrelsen's step."""
    require(tx.db, office, by)
    case = load(tx.db, value.case)
    board.refuse_unless(case, State.DRAFTING_COMMITTEE, version=value.version)
    found = board_inputs.said(inputs)
    board.propose(case, found, version=value.version, at=tx.now)
    reason = stored(tx, value.case, found.reason)
    event = board.proposed(found, reason=reason, by=by, at=tx.now)
    _add(tx, office, value.case, case, event, reason=found.reason)


def ask_announcement(tx: Transaction, office: Office, *, value: Value, by: PersonId) -> Block:
    """The modal for the days of the minutes; `value.what` is the decision's number."""
    require(tx.db, office, by)
    case = load(tx.db, value.case)
    board.refuse_announcing(case, decision=value.what)
    assert case.decision is not None
    verify_by = deadlines.verify_by(office.calendar, case.decision.day)
    return blocks.announce_modal(office, about(tx.db, office, value.case, case), value, verify_by)


def announce(
    tx: Transaction, office: Office, *, value: Value, by: PersonId, inputs: Mapping[str, str]
) -> None:
    """Put on record when the minutes were verified and announced, and tell when the appeal time ends."""
    require(tx.db, office, by)
    case = load(tx.db, value.case)
    verified, announced = board_inputs.days(inputs)
    events = board.announce(
        case, decision=value.what, verified=verified, announced=announced, by=by, at=tx.now
    )
    for event in events:
        after = cases.add(tx.db, value.case, [event], after=case)
        assert after.decision is not None
        text = blocks.announced(
            office,
            about(tx.db, office, value.case, after),
            event,
            verify_by=deadlines.verify_by(office.calendar, after.decision.day),
            announce_by=deadlines.announce_by(office.calendar, event.verified),
            appeal_ends=deadlines.appeal_ends(office.calendar, event.announced),
        )
        card.say(tx, office, value.case, after, text, [])
        for person in who.with_role(tx.db, office, Role.SECRETARY):
            writing.tell(tx, person, text)
        home.case_changed(tx, office, value.case, after)


def stored(tx: Transaction, case_id: str, text: str) -> TextId | None:
    """Where the text is kept; None for nothing. It was searched for identity numbers when it was read."""
    return texts.add(tx.db, case_id, text) if text else None


def _may_review(db: Connection, office: Office, by: PersonId, outcome: CouncilOutcome) -> bool:
    return any(who.has_role(db, office, by, role) for role in board.MAY_REVIEW[outcome])


def _add(
    tx: Transaction,
    office: Office,
    case_id: str,
    before: Case,
    event: CouncilReviewed | Proposed,
    *,
    reason: str,
) -> None:
    """Store what was said; tell KLG, the officers when it is theirs again, and whoever has it next."""
    case = cases.add(tx.db, case_id, [event], after=before)
    name = who.name_of(tx.db, office, event.by)
    said = blocks.line(office, about(tx.db, office, case_id, case), event, name=name)
    text, content = lines.thread_line(office, lines.Line(said, reason))
    content = content or [kit.section(said)]
    settle(tx, case_id, before, said)
    card.show(tx, office, case_id, case)
    card.say(tx, office, case_id, case, text, content)
    officers.tell(tx, office, case_id, case, because=(text, content))
    chief_executive.refresh(tx, case_id, case)
    home.case_changed(tx, office, case_id, case)
    arrived(tx, office, case_id, case)
