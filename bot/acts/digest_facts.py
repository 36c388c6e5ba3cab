"""Collects what a digest says: counts by the database, and the few cases that it names, opened.

Reads only. What is drawn, charted and put in a spreadsheet is one collection, so that all say the same.
"""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, time, timedelta
from functools import cache
from typing import Any

from sqlalchemy import Connection, Row

from bot.acts import who
from bot.office import Office
from flows.case import WITH_THE_ADMINISTRATION, Case, State
from flows.dates import SWEDEN, local_day
from flows.decided import Body, Verdict
from flows.digest import (
    MOST_OF_A_KIND,
    OPEN,
    RESTING,
    Activity,
    Came,
    Decision,
    Decisions,
    Group,
    Held,
    LateReport,
    Meeting,
    Monthly,
    Period,
    Status,
    Weekly,
    activity,
    is_late,
    late_since,
    lines_each,
    of_interest,
)
from flows.events import Stage
from flows.ledger import Account
from flows.panel import closers
from flows.papers import CapLeft, caps_left
from flows.programme import Role
from flows.tally import rule_for, tally
from storage import cases, digests, ledger, proposals
from storage.cases import Listed

_MOST_NAMES = 4
MOST_IN_SHEET = 5_000  # rows; the export has everything


def weekly(db: Connection, office: Office, period: Period, *, today: date) -> Weekly:
    """KLG's week. The years' money is this year's, and next year's when something of it is bound."""
    count, rows = digests.handed_in(
        db, since=period.since, until=period.until, limit=MOST_OF_A_KIND
    )
    decided = digests.decided(db, since=period.since, until=period.until)
    return Weekly(
        period=period,
        came=_came(db, office, rows),
        came_count=count,
        moved=digests.moved(db, since=period.since),
        decisions=decisions(db, office, decided),
        status=status(db, office, today=today),
        accounts=accounts(db, [today.year, today.year + 1], this_year=today.year),
        committees=_activity(db, office, today.year),
        year=today.year,
    )


def monthly(db: Connection, office: Office, period: Period, *, today: date) -> Monthly:
    """The chief executive's month: what waits for her, and what she has decided."""
    decided = digests.decided(
        db, since=period.since, until=period.until, bodies=[Body.CHIEF_EXECUTIVE]
    )
    return Monthly(
        period=period,
        decisions=decisions(db, office, decided),
        headroom=_headroom(db, office, [today.year], today=today),
        accounts=accounts(db, [today.year], this_year=today.year),
        status=status(db, office, today=today, states=[State.CHIEF_EXECUTIVE], each=MOST_OF_A_KIND),
        year=today.year,
    )


def meeting(db: Connection, office: Office, key: str, *, reports: int, today: date) -> Meeting:
    """What the delrapport `key` (the day of the meeting) has, and what is left of caps and pots."""
    found = decisions(db, office, digests.in_part_report(db, key))
    years = sorted({today.year, *(one.year for one in found.all)})
    return Meeting(
        day=date.fromisoformat(key[:10]),
        key=key,
        decisions=found,
        reports=reports,
        headroom=_headroom(db, office, years, today=today),
        accounts=accounts(db, years, this_year=today.year),
        status=status(db, office, today=today),
        year=today.year,
    )


def accounts(db: Connection, years: Iterable[int], *, this_year: int) -> tuple[Account, ...]:
    found = [one for year in years for one in ledger.accounts(db, year).values()]
    return of_interest(found, year=this_year)


def _headroom(
    db: Connection, office: Office, years: Iterable[int], *, today: date
) -> tuple[CapLeft, ...]:
    """What the chief executive may still decide, by the rule in force today."""
    rule = office.programme.delegation_rule(on=today)
    return tuple(cap for year in years for cap in caps_left(rule, ledger.accounts(db, year)))


def decisions(db: Connection, office: Office, rows: Sequence[Row[Any]]) -> Decisions:
    """Every decision of the rows with its sums; those that are shown lead to their cases."""
    given = digests.given(db, rows)
    links = _links(db, office, [row.case_id for row in rows[:MOST_OF_A_KIND]])
    return Decisions(
        all=tuple(
            Decision(
                number=row.number,
                case_id=row.case_id,
                title=row.title,
                body=Body(row.body),
                verdict=Verdict(row.verdict),
                day=row.day,
                year=row.year,
                amounts=given.get(row.number, {}),
                link=links.get(row.case_id, ""),
            )
            for row in rows
        )
    )


def status(
    db: Connection,
    office: Office,
    *,
    today: date,
    states: Sequence[State] = OPEN,
    each: int = 0,
) -> Status:
    """What waits, by state, with the oldest `each` of every group (0: as many as there is room for)."""
    waits = digests.waiting(db, states)
    groups = sorted(waits, key=lambda one: states.index(one.state))
    lines = each or lines_each(sum(one.state not in RESTING for one in groups))
    late, reports = digests.late_reports(db, today=today, limit=MOST_OF_A_KIND)
    links = _links(db, office, [one.case_id for one in reports])
    days = office.calendar.working_days_between
    return Status(
        groups=tuple(_group(db, office, one, today=today, lines=lines) for one in groups),
        late_reports=tuple(
            LateReport(
                case_id=one.case_id,
                title=one.title,
                key=one.key,
                late_on=one.late_on,
                days=days(one.late_on, today),
                link=links.get(one.case_id, ""),
            )
            for one in reports
        ),
        late_reports_count=late,
        reports_to_receive=digests.reports_to_receive(db),
    )


def open_cases(db: Connection, office: Office, *, today: date) -> list[tuple[Held, str]]:
    """Every open case with its dnr, state by state, those first that have waited longest."""
    found: list[tuple[Held, str]] = []
    days = cache(lambda since: office.calendar.working_days_between(since, today))
    for state in OPEN:
        room = MOST_IN_SHEET - len(found)
        rows = cases.waiting(db, state, limit=room) if room > 0 else []
        found += [(_held(office, row, days=days(local_day(row.since))), row.dnr) for row in rows]
    return found


def _held(office: Office, row: Listed, *, days: int) -> Held:
    """An open case without the names of those it waits for."""
    return Held(
        case_id=row.id,
        title=row.title,
        state=row.state,
        stage=row.stage,
        administrations=row.administrations,
        since=local_day(row.since),
        days=days,
        late=is_late(row.state, days, office.programme.reminders),
    )


def _group(
    db: Connection, office: Office, waits: digests.Waits, *, today: date, lines: int
) -> Group:
    state = waits.state
    rows = [] if state in RESTING else cases.waiting(db, state, limit=lines)
    links = _links(db, office, [row.id for row in rows])
    last = late_since(state, today, office.programme.reminders, office.calendar)
    days = office.calendar.working_days_between
    return Group(
        state=state,
        count=waits.count,
        since=local_day(waits.since),
        late=0 if last is None else digests.waiting_since(db, state, before=_end_of(last)),
        shown=tuple(
            _held(office, row, days=days(local_day(row.since), today)).model_copy(
                update={"names": _names(db, office, row), "link": links.get(row.id, "")}
            )
            for row in rows
        ),
    )


def _names(db: Connection, office: Office, row: Listed) -> tuple[str, ...]:
    """Whom the case waits for, as far as it is persons."""
    match row.state:
        case State.ASSESSMENT:
            return _awaited(db, office, cases.load(db, row.id))
        case State.CHIEF_EXECUTIVE:
            return _called(office, Role.CHIEF_EXECUTIVE)
        case State.COUNCIL_REVIEW:
            return _called(office, Role.SECRETARY)
        case state if state in WITH_THE_ADMINISTRATION:
            authors = cases.load(db, row.id).authors
            return tuple(who.name_of(db, office, person) for person in authors[:_MOST_NAMES])
        case _:
            return ()


def _awaited(db: Connection, office: Office, case: Case) -> tuple[str, ...]:
    """The members who have not said what they think; when all have, whoever closes the assessment."""
    assert case.submitted_at is not None
    panel = who.panel(db, office)
    count = tally(case, panel, rule_for(office.programme, case, on=local_day(case.submitted_at)))
    persons = count.awaited or closers(case, panel)
    return tuple(who.name_of(db, office, person) for person in persons)


def _called(office: Office, role: Role) -> tuple[str, ...]:
    return tuple(person.name for person in office.programme.with_role(role))


def _activity(db: Connection, office: Office, year: int) -> tuple[Activity, ...]:
    """Every nämnd of the programme, those without a proposal too (R000-1)."""
    return tuple(
        activity(
            one.name,
            proposals.count(
                db, year=year, administrations=[unit.id for unit in one.administrations]
            ),
        )
        for one in office.programme.committees
    )


def _came(db: Connection, office: Office, rows: Sequence[Row[Any]]) -> tuple[Came, ...]:
    links = _links(db, office, [row.id for row in rows])
    return tuple(
        Came(
            case_id=row.id,
            title=row.title,
            stage=Stage(row.stage),
            version=row.version,
            administrations=tuple(row.administrations),
            link=links.get(row.id, ""),
        )
        for row in rows
    )


def _links(db: Connection, office: Office, case_ids: Sequence[str]) -> dict[str, str]:
    """Where each case's card can be opened: the address of KLG's message, without asking Slack."""
    if not office.address or not case_ids:
        return {}
    return {
        case_id: f"{office.address}archives/{place.channel}/p{place.ts.replace('.', '')}"
        for case_id, place in digests.places(db, case_ids).items()
    }


def _end_of(day: date) -> datetime:
    """The first moment after the day, in Sweden."""
    return datetime.combine(day + timedelta(days=1), time(0), tzinfo=SWEDEN)
