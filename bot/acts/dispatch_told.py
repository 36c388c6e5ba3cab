"""What the secretaries and those in Slack are told of a decision on its way."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from markupsafe import Markup
from sqlalchemy import Connection

from bot import words
from bot.acts import who, writing
from bot.blocks import dispatch as blocks
from bot.office import Office
from bot.perform import Transaction
from flows.decided import Decided, DecisionCorrected
from flows.money import ZERO
from flows.programme import Role
from flows.recipients import Duty, about, duty_of
from storage import cases, dispatches, texts
from storage.cases import Listed
from storage.dispatches import NOT_CONFIGURED, Dispatch, State

_LONGEST_ANSWER = 120  # characters of a mail server's own words


@dataclass(frozen=True, slots=True, kw_only=True)
class About:
    """A decision and the case it is in, as lists show it."""

    case_id: str
    decision: Decided
    case: Listed

    @property
    def number(self) -> str:
        return self.decision.number

    @property
    def total(self) -> Decimal:
        return sum((one.amount for one in self.decision.allocations), ZERO)


def correction(db: Connection, case_id: str, number: str) -> str:
    """Why the record with this number replaced the one before it; "" of the first."""
    for event in cases.history(db, case_id):
        if isinstance(event, DecisionCorrected) and event.decided.number == number:
            return texts.get(db, event.reason) or ""
    return ""


def duty(office: Office, row: Dispatch) -> str:
    """As what somebody gets it: `registrator för socialförvaltningen`."""
    kind = duty_of(row.recipient)
    of = row.name if kind is Duty.EXTRA else words.administration(office, about(row.recipient))
    return office.texts.plain(f"dispatch.letter.duty.{kind}", of=of)


def lacking(tx: Transaction, office: Office, here: About) -> None:
    """Nothing is stopped by it, but nobody else will find out (R000-48, R001-10)."""
    rows = dispatches.of(tx.db, here.case_id, here.number)
    missing = [duty(office, row) for row in rows if row.state is State.MISSING]
    without = (one.committee for one in here.decision.allocations if not one.activity_code)
    uncoded = words.listed(words.committee(office, one) for one in dict.fromkeys(without))
    if not missing and not uncoded:
        return
    text = office.texts(
        "dispatch.told.lacking",
        number=here.number,
        case_id=here.case_id,
        title=here.case.title,
        missing=missing,
        uncoded=uncoded,
    )
    _tell(tx, office, here, text, may_try=bool(missing))


def settled(tx: Transaction, office: Office, here: About) -> None:
    """Who has got it and who has not, when nothing more is under way or it takes long."""
    rows = dispatches.of(tx.db, here.case_id, here.number)
    unsent = [row for row in rows if row.state is not State.SENT]
    shown = unsent[: blocks.MOST_UNSENT]
    text = office.texts(
        "dispatch.told.settled",
        number=here.number,
        case_id=here.case_id,
        title=here.case.title,
        count=len(rows),
        sent=[duty(office, row) for row in rows if row.state is State.SENT],
        unsent=[_unsent(office, row) for row in shown],
        more=len(unsent) - len(shown),
        not_configured=any(row.error == NOT_CONFIGURED for row in unsent),
        refused=any(row.state is State.REFUSED for row in unsent),
        retried=any(row.is_under_way for row in unsent),
        doubtful=sum(row.doubtful for row in rows),
    )
    _tell(tx, office, here, text, may_try=bool(unsent))


def stuck(tx: Transaction, office: Office, here: About) -> None:
    text = office.texts("dispatch.told.stuck", number=here.number, case_id=here.case_id)
    _tell(tx, office, here, text, may_try=True)


def in_slack(office: Office, here: About, *, duties: str) -> Markup:
    return office.texts(
        "dispatch.slack.text",
        verdict=office.texts.plain(f"dispatch.letter.verdict.{here.decision.verdict}"),
        number=here.number,
        case_id=here.case_id,
        title=here.case.title,
        by=office.texts.plain(f"dispatch.letter.by.{here.decision.body}"),
        day=here.decision.day,
        rows=here.decision.allocations,
        total=here.total,
        duties=duties,
    )


def _unsent(office: Office, row: Dispatch) -> str:
    state = NOT_CONFIGURED if row.error == NOT_CONFIGURED else row.state
    if state is State.SENDING:
        state = State.WAITING
    return office.texts.plain(
        f"dispatch.told.state.{state}",
        duty=duty(office, row),
        email=row.email,
        why=_why(office, row.error or ""),
    )


def _why(office: Office, error: str) -> str:
    key = f"dispatch.told.why.{error}"
    if key in office.texts:
        return office.texts.plain(key)
    return office.texts.plain("dispatch.told.why.server", said=error[:_LONGEST_ANSWER])


def _tell(tx: Transaction, office: Office, here: About, text: Markup, *, may_try: bool) -> None:
    content = blocks.told(office, text, here, may_try=may_try)
    for person in _secretaries(tx, office):
        writing.tell(tx, person, text, content)


def _secretaries(tx: Transaction, office: Office) -> Iterable[str]:
    return who.with_role(tx.db, office, Role.SECRETARY)
