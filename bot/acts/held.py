"""What the kinds of things that wait have in common: pages by an index, whose draft, where to go."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time

from sqlalchemy import Connection

from bot.acts import card, who
from bot.blocks.reminders import Subject
from bot.ids import Value
from bot.office import Office
from bot.timetable import moment
from flows.case import Case, State
from flows.decided import Decided
from flows.errors import NotAllowed
from flows.events import PersonId
from flows.reminders import Held
from storage import digests, drafts, outbox, reminders

PAGE = 25

Found = Iterator[tuple[Held, Subject]]


@dataclass(frozen=True, slots=True)
class Source:
    """`page`: ids after the given one, of what could be due today. `held`: one of them as it is now."""

    page: Callable[[Connection, Office, date, str], list[str]]
    held: Callable[[Connection, Office, str, date], Found]


def page_of_cases(
    db: Connection, office: Office, today: date, after: str, states: tuple[State, ...], days: int
) -> list[str]:
    before = began_before(office, today, days)
    return reminders.waiting_cases(db, states, before=before, after=after, limit=PAGE)


def began_before(office: Office, today: date, days: int) -> datetime:
    """What began before then has waited for so many working days by today."""
    return moment(office.calendar.add_working_days(today, 1 - days), time(0))


def writers(db: Connection, office: Office, members: Mapping[str, str]) -> tuple[PersonId, ...]:
    """Whose draft it is: its owner, or when she has left those who write it with her."""
    present = [person for person in members if _is_here(db, office, person)]
    owners = tuple(person for person in present if members[person] == drafts.OWNER)
    return owners or tuple(person for person in present if members[person] == drafts.AUTHOR)


def _is_here(db: Connection, office: Office, person: PersonId) -> bool:
    try:
        who.require_employee(db, office, person)
    except NotAllowed:
        return False
    return True


def about(
    db: Connection,
    office: Office,
    case_id: str,
    case: Case,
    *,
    value: Value | None = None,
    decision: Decided | None = None,
    days: tuple[date, ...] = (),
    period: str = "",
    draft: int | None = None,
    links: Mapping[PersonId, str] | None = None,
) -> Subject:
    place = digests.places(db, [case_id]).get(case_id)
    return Subject(
        title=card.facts(db, office, case_id, case).title,
        case_id=case_id,
        number=decision.number if decision else "",
        period=period,
        days=days,
        draft=draft,
        value=value,
        link=office.message_at(place.channel, place.ts) if place else "",
        links=links or {},
    )


def link(db: Connection, office: Office, post: int) -> str:
    stands = outbox.delivery(db, post)
    return office.message_at(stands.channel, stands.ts) if stands.channel and stands.ts else ""
