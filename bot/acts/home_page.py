"""What stands on a person's App Home: collected from the rows, page by page, newest first."""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from typing import TypeVar

from sqlalchemy import Connection

from bot.acts import assessment, money, sight, tasks, who, writing
from bot.blocks import home as blocks
from bot.blocks.home import DraftLine, Home, Part, Section
from bot.blocks.money import Money
from bot.office import Office
from bot.owed import Publish
from bot.perform import Transaction
from flows import form
from flows.case import WITH_THE_ADMINISTRATION
from flows.dates import local_day
from flows.errors import NotAllowed
from flows.events import PersonId
from flows.programme import Role
from storage import cases, drafts
from storage.cases import Listed
from storage.drafts import Draft

MOST_DRAFTS = 200  # of one person, those handed in included

T = TypeVar("T")


def publish(
    tx: Transaction, office: Office, *, person: PersonId, turned: Part | None = None, page: int = 0
) -> None:
    """Owe the person her App Home; one of its parts can be turned to an older page."""
    home = collect(tx.db, office, person, turned=turned, page=page, at=tx.now)
    view = blocks.view(office, home)
    tx.owe(Publish(user=person.partition(":")[2], view=view))


def collect(
    db: Connection,
    office: Office,
    person: PersonId,
    *,
    at: datetime,
    turned: Part | None = None,
    page: int = 0,
) -> Home | None:
    """What stands on the page. None for guests, strangers, closed accounts and the unknown: they see what this is, no more."""
    try:
        who.require_employee(db, office, person)
    except NotAllowed:
        return None

    def section(part: Part, newest: Callable[[int], Sequence[T]]) -> Section[T]:
        return _page(part, newest, page=page if part is turned else 0)

    def mine(limit: int) -> Sequence[DraftLine]:
        return _drafts(db, office, person, limit=limit)

    parties = sight.parties(db, office, person)
    own = section(Part.CASES, lambda limit: cases.of(db, parties, limit=limit))
    return Home(
        tasks=section(Part.TASKS, lambda limit: tasks.of(db, office, person, at=at, limit=limit)),
        drafts=section(Part.DRAFTS, mine),
        cases=own,
        to_join=_to_join(db, own.lines, person) if len(parties) > 1 else {},
        waiting=section(
            Part.WAITING, lambda limit: assessment.waits_for(db, office, person, limit=limit)
        )
        if who.has_role(db, office, person, Role.KLG) or who.is_seated(db, office, person)
        else None,
        inbox=section(Part.INBOX, lambda limit: cases.latest(db, limit=limit))
        if who.has_role(db, office, person, Role.SECRETARY)
        else None,
        money=_money(db, office, person, year=local_day(at).year),
    )


def _money(db: Connection, office: Office, person: PersonId, *, year: int) -> tuple[Money, ...]:
    """This year's, and the next one's if the programme has any, for those who answer for it."""
    if not sight.sees_all(db, office, person):
        return ()
    years = [year, *([year + 1] if office.programme.pot(year + 1) else [])]
    return tuple(money.collect(db, office, person=person, year=one) for one in years)


def _page(part: Part, newest: Callable[[int], Sequence[T]], *, page: int) -> Section[T]:
    size = blocks.PER_PAGE[part]
    first = max(page, 0) * size
    found = newest(first + size + 1)
    return Section(
        part=part,
        page=max(page, 0),
        lines=tuple(found[first : first + size]),
        more=len(found) > first + size,
    )


def _to_join(db: Connection, shown: Iterable[Listed], person: PersonId) -> dict[str, int]:
    """The drafts of cases that are back with an officer's förvaltning, which she has no part in yet."""
    back = (row.id for row in shown if row.state in WITH_THE_ADMINISTRATION)
    found = {case_id: drafts.of_case(db, case_id) for case_id in back}
    return {
        case_id: draft.id
        for case_id, draft in found.items()
        if draft is not None and drafts.role_of(db, draft.id, person=person) is None
    }


def _drafts(db: Connection, office: Office, person: PersonId, *, limit: int) -> list[DraftLine]:
    mine = drafts.of_person(db, person, limit=MOST_DRAFTS)
    written = [
        draft for draft in mine if draft.state == drafts.OPEN and draft.form != drafts.REPORT
    ]  # a report is a task
    return [_draft(db, office, draft, person) for draft in written[:limit]]


def _draft(db: Connection, office: Office, draft: Draft, person: PersonId) -> DraftLine:
    opened = writing.load(db, office, draft.id)
    next_one = form.next_ask(opened.items, who=opened.who(person))
    return DraftLine(
        draft=draft.id,
        title=opened.title,
        case_id=draft.case_id or "",
        point=next_one.point if next_one else None,
        answered=sum(item.answer is not None for item in opened.items),
        of=len(opened.items),
        changed_at=draft.changed_at,
    )
