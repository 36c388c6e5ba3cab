"""The chief executive decides, or says that she is jävig: checked, counted and told in one transaction."""

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from functools import partial

from markupsafe import Markup
from sqlalchemy import Connection

from bot.acts import assessment, card, chief_executive, decided, home, officers, routing, standing
from bot.blocks import decision as blocks
from bot.blocks import route as route_blocks
from bot.blocks.chief_executive import SHORT_HASH
from bot.blocks.kit import Block
from bot.ids import NotOurs, Value
from bot.office import Office
from bot.perform import Transaction
from flows import answers, decision
from flows.case import Case
from flows.dates import local_day
from flows.decided import Allocation, Decided, Routed, Verdict
from flows.decision import Said
from flows.errors import FlowError, InvalidAnswer, Stale
from flows.events import PersonId
from flows.money import parse_amount
from storage import cases, decisions, ledger, texts


def ask(tx: Transaction, office: Office, *, value: Value, by: PersonId) -> Block:
    """The modal of a verdict, for the chief executive or her deputy."""
    chief_executive.require(tx.db, office, by, on=local_day(tx.now))
    case = _load(tx.db, value)
    verdict = _verdict(value)
    _may(case, value, by=by)
    title = card.facts(tx.db, office, value.case, case).title
    return blocks.modal(office, value, case, title=title, verdict=verdict)


def decide(
    tx: Transaction,
    office: Office,
    *,
    value: Value,
    by: PersonId,
    reason: str,
    amounts: Sequence[str] = (),
) -> Markup | None:
    """Put the decision on record; returns what to tell her when it could not be made.

    The year's money is taken first, so that two decisions never count the same kronor. What would
    pass a cap or a pot is not decided: it goes the political way.
    """
    today = local_day(tx.now)
    instead_of = chief_executive.require(tx.db, office, by, on=today)
    case = _load(tx.db, value)
    _may(case, value, by=by)
    verdict = _verdict(value)
    accounts = ledger.taken(tx.db, {one.year for one in case.reserved})
    said = Said(verdict, _reason(tx.db, value.case, reason), _gives(case, verdict, amounts))
    of = replace(standing.asked(tx.db, office, value.case, case), asked=said.gives)
    event = decision.decide(
        case,
        said,
        routing.at_decision(tx.db, office, case, of, accounts, on=today),
        seen=assessment.seen(value),
        by=by,
        at=tx.now,
        day=today,
        number=partial(decisions.new_number, tx.db, today.year),
        instead_of=instead_of,
    )
    after = cases.add(tx.db, value.case, [event], after=case)
    if isinstance(event, Decided):
        decided.follow(tx, office, value.case, after)
        return None
    _gone_on(tx, office, value.case, after)
    why = _told_why(office, value.case, event)
    chief_executive.say(tx, value.case, after, why, to=by)
    return why


def disqualify(tx: Transaction, office: Office, *, value: Value, by: PersonId) -> None:
    """She is jävig: then kommunstyrelsen decides. A deputy who is leaves the case to the other."""
    today = local_day(tx.now)
    chief_executive.require(tx.db, office, by, on=today)
    case = _load(tx.db, value)
    event = decision.disqualify(case, seen=assessment.seen(value), by=by, at=tx.now)
    if event is None:
        return
    after = cases.add(tx.db, value.case, [event], after=case)
    if by not in chief_executive.herself(tx.db, office):
        return
    of = standing.asked(tx.db, office, value.case, after)
    accounts = ledger.taken(tx.db, {one.year for one in after.reserved})
    now = routing.work_out(tx.db, office, after, of, standing.others(after, accounts), on=today)
    by_bot = f"{office.team}:{office.bot_user}"
    routed = decision.routed(after, now, by=by_bot, at=tx.now)
    _gone_on(tx, office, value.case, cases.add(tx.db, value.case, [routed], after=after))


def refused(tx: Transaction, refusal: FlowError, *, office: Office, value: Value) -> FlowError:
    """A press that changes nothing; the message it came from may be old, and is shown as it is now."""
    case = cases.load(tx.db, value.case)
    if isinstance(refusal, Stale) and case.length:
        chief_executive.show(tx, office, value.case, case)
    return refusal


def _load(db: Connection, value: Value) -> Case:
    case = cases.load(db, value.case)
    if not case.length:
        raise Stale("refusals.decision.unknown_case")
    return case


def _may(case: Case, value: Value, *, by: PersonId) -> None:
    decision.may_decide(case, seen=assessment.seen(value), by=by)
    if case.pdf_sha256[:SHORT_HASH] != value.what.partition(":")[2]:
        raise Stale("refusals.decision.old_version", version=case.version)


def _verdict(value: Value) -> Verdict:
    """Raises NotOurs for what is no verdict."""
    try:
        return Verdict(value.what.partition(":")[0])
    except ValueError:
        raise NotOurs(value.what) from None


def _reason(db: Connection, case_id: str, reason: str) -> int | None:
    """Store the motivation, which is refused whole when it holds an identity number."""
    if not reason.strip():
        return None
    answers.refuse_identity(reason)
    return texts.add(db, case_id, reason.strip())


def _gives(case: Case, verdict: Verdict, written: Sequence[str]) -> tuple[Allocation, ...]:
    """What was asked for when the modal had no amounts: they did not fit in it."""
    if verdict is not Verdict.GRANTED:
        return ()
    if not written:
        return case.reserved
    return decision.gives(case, [_amount(one, position=n) for n, one in enumerate(written)])


def _amount(written: str, *, position: int) -> Decimal:
    try:
        return parse_amount(written, allow_zero=True)
    except InvalidAnswer as refusal:
        raise InvalidAnswer(refusal.key, **refusal.facts, position=position) from None


def _gone_on(tx: Transaction, office: Office, case_id: str, case: Case) -> None:
    card.show(tx, office, case_id, case)
    routing.tell(tx, office, case_id, case)
    officers.tell(tx, office, case_id, case)
    home.case_changed(tx, office, case_id, case)


def _told_why(office: Office, case_id: str, routed: Routed) -> Markup:
    return office.texts(
        "decision.modal.gone_on",
        case_id=case_id,
        reasons=route_blocks.reasons(office, routed.reasons),
    )
