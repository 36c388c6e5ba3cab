"""A member of KLG names who sits for her, and when; the clock begins and ends it.

One seat has one vote. While a substitute sits, the member does not press: she ends it first. Both
names stand with whatever the substitute says.
"""

from datetime import date, datetime, time

from bot.acts import assessment, home, who
from bot.acts.writing import tell
from bot.blocks import substitutes as blocks
from bot.blocks.kit import Block
from bot.blocks.substitutes import Period
from bot.office import Office
from bot.owed import Post
from bot.perform import Transaction
from bot.timetable import Timer, daily
from flows.dates import local_day
from flows.errors import FlowError, InvalidAnswer, NotAllowed
from flows.events import PersonId
from flows.inputs import WrongInputs
from flows.programme import Role
from storage import people, substitutes
from storage.substitutes import Substitute


def ask(tx: Transaction, office: Office, *, by: PersonId) -> Block:
    """The form in which she names one, with those that she has named."""
    who.require_role(tx.db, office, by, Role.KLG)
    named = [_period(tx, office, one) for one in substitutes.of_member(tx.db, by)]
    return blocks.form(office, named, today=local_day(tx.now))


def name(
    tx: Transaction, office: Office, *, by: PersonId, substitute: str, since: str, until: str
) -> None:
    """`substitute` is a person's id, the days ISO dates. Raises WrongInputs with what does not fit."""
    who.require_role(tx.db, office, by, Role.KLG)
    first, last = _days(since, until, today=local_day(tx.now))
    substitutes.take_turns(tx.db, by, substitute)
    try:
        _may_sit(tx, office, substitute, by=by)
        _refuse_overlap(tx, office, by, substitute, first, last)
    except FlowError as refusal:
        raise WrongInputs({blocks.WHO: refusal}) from None
    begins = first <= local_day(tx.now)
    number = substitutes.add(
        tx.db,
        member=by,
        substitute=substitute,
        since=first,
        until=last,
        by=by,
        at=tx.now,
        begins=begins,
    )
    found = substitutes.get(tx.db, number)
    assert found is not None
    _tell(tx, office, found, "named")
    text = office.texts("substitutes.said.channel", of=_period(tx, office, found), klg=_klg(office))
    tx.owe(Post(to=office.klg_channel, text=text))
    if begins:
        _changed(tx, office, found)


def end(tx: Transaction, office: Office, *, by: PersonId, number: int) -> None:
    """The member takes her seat back, or the naming; the same again changes nothing."""
    who.require_role(tx.db, office, by, Role.KLG)
    found = substitutes.get(tx.db, number)
    if found is None or found.member != by:
        raise NotAllowed("refusals.substitutes.not_yours")
    _end(tx, office, found)


def turn(tx: Transaction, office: Office, _moment: datetime) -> None:
    """Begin those whose first day has come, end those whose last day is over."""
    today = local_day(tx.now)
    for found in substitutes.to_turn(tx.db, today=today):
        if found.until < today:
            _end(tx, office, found)
        else:
            substitutes.begin(tx.db, found.id, at=tx.now)
            _tell(tx, office, found, "begun")
            _changed(tx, office, found)


TIMERS = (Timer("substitutes", daily(time(0)), turn),)


def _end(tx: Transaction, office: Office, found: Substitute) -> None:
    if substitutes.end(tx.db, found.id, at=tx.now):
        _tell(tx, office, found, "ended")
        _changed(tx, office, found)


def _days(since: str, until: str, *, today: date) -> tuple[date, date]:
    try:
        first, last = date.fromisoformat(since), date.fromisoformat(until)
    except ValueError:
        raise WrongInputs({blocks.SINCE: InvalidAnswer("refusals.substitutes.no_days")}) from None
    if first < today:
        raise WrongInputs({blocks.SINCE: InvalidAnswer("refusals.substitutes.past")})
    if last < first:
        raise WrongInputs({blocks.UNTIL: InvalidAnswer("refusals.substitutes.backwards")})
    return first, last


def _may_sit(tx: Transaction, office: Office, substitute: PersonId, *, by: PersonId) -> None:
    account = people.get(tx.db, substitute)
    if substitute == by or account is None or not who.may_substitute(office, account):
        raise NotAllowed("refusals.substitutes.who", klg=_klg(office))


def _refuse_overlap(
    tx: Transaction, office: Office, by: PersonId, substitute: PersonId, first: date, last: date
) -> None:
    other = substitutes.overlapping(
        tx.db, member=by, substitute=substitute, since=first, until=last
    )
    if other is not None:
        raise NotAllowed("refusals.substitutes.overlap", of=_period(tx, office, other))


def _changed(tx: Transaction, office: Office, found: Substitute) -> None:
    assessment.panel_changed(tx, office)
    home.refresh(tx, office, (found.member, found.substitute))


def _tell(tx: Transaction, office: Office, found: Substitute, what: str) -> None:
    for person, to in ((found.member, "member"), (found.substitute, "substitute")):
        text = office.texts(
            f"substitutes.said.{what}_{to}",
            of=_period(tx, office, found),
            klg=_klg(office),
            channel=office.klg_channel,
        )
        tell(tx, person, text)


def _period(tx: Transaction, office: Office, found: Substitute) -> Period:
    return Period(
        number=found.id,
        member=who.name_of(tx.db, office, found.member),
        substitute=who.name_of(tx.db, office, found.substitute),
        since=found.since,
        until=found.until,
    )


def _klg(office: Office) -> str:
    return office.programme.names.klg
