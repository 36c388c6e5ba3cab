"""What happens when KLG presses: the opinion, the count, the card, and whoever must act next.

Reasons and history go in the card's thread: the card itself is updated, which notifies nobody.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection

from bot.acts import card, chief_executive, home, officers, routing, told, who
from bot.ids import NotOurs, Value
from bot.office import Office
from bot.perform import Transaction
from flows import answers, assessment
from flows.assessment import Said, Seen
from flows.case import Case, Event, State
from flows.completion import can_be_completed
from flows.dates import local_day
from flows.errors import FlowError, InvalidAnswer, Stale
from flows.events import Opinion, PersonId, Stage, TextId
from flows.panel import Panel, Part, part
from flows.programme import Role
from flows.rules import AssessmentRule
from flows.tally import Tally, rule_for, tally
from storage import cases, submissions, texts
from storage.cases import Listed

MOST_OPEN = 1000  # cases that KLG can have before it at once


@dataclass(frozen=True, slots=True)
class Sitting:
    """A case with those who assess it and the rule they go by."""

    id: str
    case: Case
    panel: Panel
    rule: AssessmentRule

    @property
    def tally(self) -> Tally:
        return tally(self.case, self.panel, self.rule)


def sit(db: Connection, office: Office, case_id: str) -> Sitting:
    """Load the case. Raises Stale when there is none: the button came from somewhere else."""
    case = cases.load(db, case_id)
    if case.submitted_at is None:
        raise Stale("refusals.assessment.unknown_case")
    rule = rule_for(office.programme, case, on=local_day(case.submitted_at))
    return Sitting(case_id, case, who.panel(db, office), rule)


def seen(value: Value) -> Seen:
    """What the person saw. Raises NotOurs for a stage that is none."""
    try:
        return Seen(Stage(value.stage), value.version)
    except ValueError:
        raise NotOurs(value.stage) from None


def opinion(what: str) -> Opinion:
    """Raises NotOurs for what is no opinion."""
    try:
        return Opinion(what)
    except ValueError:
        raise NotOurs(what) from None


def assess(
    tx: Transaction,
    office: Office,
    *,
    value: Value,
    by: PersonId,
    reason: str = "",
    questions: Sequence[str] = (),
) -> None:
    """A member gives her opinion, `value.what`, or another than before."""
    who.require_member(tx.db, office, by)
    sitting = sit(tx.db, office, value.case)
    said = _said(tx, office, sitting, opinion(value.what), reason, questions)
    events = assessment.assess(
        sitting.case, sitting.panel, sitting.rule, said=said, seen=seen(value), by=by, at=tx.now
    )
    _add(tx, office, sitting, events)


def disqualify(tx: Transaction, office: Office, *, value: Value, by: PersonId) -> None:
    """A member says that she is jävig. No reason is asked for, and none is kept."""
    who.require_member(tx.db, office, by)
    sitting = sit(tx.db, office, value.case)
    events = assessment.disqualify(
        sitting.case, sitting.panel, sitting.rule, seen=seen(value), by=by, at=tx.now
    )
    _add(tx, office, sitting, events)


def close(
    tx: Transaction,
    office: Office,
    *,
    value: Value,
    by: PersonId,
    outcome: str,
    reason: str,
    questions: Sequence[str] = (),
) -> None:
    """The convener, or the secretary in her place, ends the assessment."""
    who.require_role(tx.db, office, by, Role.CONVENER, Role.SECRETARY)
    sitting = sit(tx.db, office, value.case)
    said = _said(tx, office, sitting, opinion(outcome), reason, questions)
    events = assessment.close(
        sitting.case, sitting.panel, sitting.rule, said=said, seen=seen(value), by=by, at=tx.now
    )
    _add(tx, office, sitting, events)


def take_forward(
    tx: Transaction, office: Office, *, value: Value, by: PersonId, reason: str
) -> None:
    """The secretary takes a case that KLG advised against to the deciding body, and says why."""
    who.require_role(tx.db, office, by, Role.SECRETARY)
    sitting = sit(tx.db, office, value.case)
    text_id = _reason(tx, sitting, reason)
    if text_id is None:
        raise InvalidAnswer("refusals.assessment.reason_missing")
    events = assessment.take_forward(
        sitting.case, sitting.panel, seen=seen(value), by=by, at=tx.now, reason=text_id
    )
    _add(tx, office, sitting, events)


def opened(tx: Transaction, office: Office, case_id: str) -> None:
    """The documents of a version, or of a new issue of it, are stored: post the card, and count.

    Opinions that stand from the version before may already be enough.
    """
    sitting = sit(tx.db, office, case_id)
    card.show(tx, office, case_id, sitting.case)
    card.with_documents(tx, office, case_id, sitting.case)
    chief_executive.reissued(tx, office, case_id, sitting.case)
    if sitting.case.state is not State.ASSESSMENT or sitting.case.issue > 1:
        return
    _recount(tx, office, sitting)
    if sitting.tally.everybody_answered:
        told.closers(tx, office, case_id, sitting.case, sitting.panel, sitting.tally)


def remember(tx: Transaction, office: Office, user: dict[str, Any]) -> None:
    """Store what Slack says about a user; who has left or come counts in every open case."""
    before = who.panel(tx.db, office)
    who.remember(tx, office, user)
    if who.panel(tx.db, office) != before:
        panel_changed(tx, office)


def panel_changed(tx: Transaction, office: Office) -> None:
    """Somebody sits in KLG who did not, or the reverse: count every open case anew, and show it."""
    for row in cases.waiting(tx.db, State.ASSESSMENT, limit=MOST_OPEN):
        sitting = sit(tx.db, office, row.id)
        if not _recount(tx, office, sitting):
            card.show(tx, office, row.id, sitting.case)


def waits_for(db: Connection, office: Office, person: PersonId, *, limit: int = 20) -> list[Listed]:
    """The cases in which this member's opinion is still awaited, the oldest first."""
    member = who.panel(db, office).member(person)
    if member is None:
        return []
    found = []
    for row in cases.waiting(db, State.ASSESSMENT, limit=MOST_OPEN):
        case = cases.load(db, row.id)
        if member.seat not in case.opinions and part(case, person) is Part.ELIGIBLE:
            found.append(row)
        if len(found) == limit:
            break
    return found


def refused(tx: Transaction, refusal: FlowError, *, office: Office, value: Value) -> FlowError:
    """A press that changes nothing; the card it came from may be old, and is shown as it is now."""
    case = cases.load(tx.db, value.case)
    if isinstance(refusal, Stale) and case.length:
        card.show(tx, office, value.case, case)
    return refusal


def _said(
    tx: Transaction,
    office: Office,
    sitting: Sitting,
    what: Opinion,
    reason: str,
    questions: Sequence[str],
) -> Said:
    text_id = _reason(tx, sitting, reason)
    stored = submissions.get(tx.db, sitting.id, sitting.case.version)
    allowed = can_be_completed(office.programme, stored)
    return Said(what, text_id, tuple(ask.key for ask in allowed if ask.key in questions))


def _reason(tx: Transaction, sitting: Sitting, reason: str) -> TextId | None:
    """Store the reason, which is refused whole when it holds an identity number."""
    if not reason.strip():
        return None
    answers.refuse_identity(reason)
    return texts.add(tx.db, sitting.id, reason.strip())


def _recount(tx: Transaction, office: Office, sitting: Sitting) -> bool:
    """True when the count alone gave an outcome."""
    by = f"{office.team}:{office.bot_user}"
    events = assessment.recount(sitting.case, sitting.panel, sitting.rule, by=by, at=tx.now)
    _add(tx, office, sitting, events)
    return bool(events)


def _add(tx: Transaction, office: Office, sitting: Sitting, events: list[Event]) -> None:
    """Store what has happened, and say it where it must be said."""
    if not events:
        return
    said = cases.add(tx.db, sitting.id, events, after=sitting.case)
    case = routing.proceed(tx, office, sitting.id, said)
    card.show(tx, office, sitting.id, case)
    home.case_changed(tx, office, sitting.id, case)
    for event in events:
        told.in_thread(tx, office, sitting.id, case, event, before=sitting.case)
    if case is not said:
        routing.tell(tx, office, sitting.id, case)
    if case.state is not sitting.case.state:
        officers.tell(tx, office, sitting.id, case)
        told.secretaries(tx, office, sitting.id, case, sitting.panel)
        return
    count = tally(case, sitting.panel, sitting.rule)
    if count.everybody_answered and not sitting.tally.everybody_answered:
        told.closers(tx, office, sitting.id, case, sitting.panel, count)
