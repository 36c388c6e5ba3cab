"""What a digest says: what came, what waits for whom, what was decided, money left, what is late.

Facts in, facts out. The oldest of each group stand in the message, the rest are counted; a message
holds so many lines however many cases there are, and a spreadsheet has them all.
"""

from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal

from pydantic import BaseModel

from flows.case import State
from flows.decided import Body, Verdict
from flows.events import Stage
from flows.intake import Scope
from flows.ledger import Account
from flows.money import ZERO
from flows.papers import CapLeft
from flows.practice import DigestKind, Reminders
from flows.rules import CostKind
from flows.working_days import Calendar

MOST_LINES = 16  # of waiting cases in a message, shared by its groups
MOST_OF_A_KIND = 10  # of what came, was decided or is late
OPEN = tuple(state for state in State if state not in {State.CLOSED, State.WITHDRAWN})
# Counted, but nobody is awaited: reports have days of their own, and after an avslag there may be no more.
RESTING = frozenset({State.FOLLOW_UP, State.REJECTED})
# What happens while a digest is written is in the next one: a transaction may commit a little later
# than the time it is dated.
SETTLED = timedelta(minutes=1)
_FIRST: Mapping[DigestKind, timedelta] = {
    DigestKind.MONTHLY: timedelta(days=31),
    DigestKind.ANNUAL: timedelta(days=366),
    DigestKind.RECONCILIATION: timedelta(days=366),
}


class Period(BaseModel, frozen=True):
    """What a digest is about: `since` included, `until` not. One ends where the next begins."""

    since: datetime
    until: datetime


def period(kind: DigestKind, *, previous: datetime | None, now: datetime) -> Period:
    """From the digest before (a week's or so before the first one) to this one."""
    before = previous or now - _FIRST.get(kind, timedelta(days=7))
    return Period(since=before - SETTLED, until=now - SETTLED)


# --- what waits ------------------------------------------------------------------------------------


class Held(BaseModel, frozen=True):
    """An open case: what it waits for, who has it and since when. `days` are working days."""

    case_id: str
    title: str
    state: State
    stage: Stage
    administrations: tuple[str, ...]  # ids
    since: date
    days: int
    late: bool
    names: tuple[str, ...] = ()  # whom it waits for, when it is known by name
    link: str = ""


class Group(BaseModel, frozen=True):
    """The cases that wait for the same: how many, since when, how many are late, and the oldest."""

    state: State
    count: int
    since: date
    late: int
    shown: tuple[Held, ...]

    @property
    def rest(self) -> int:
        return self.count - len(self.shown)


class LateReport(BaseModel, frozen=True):
    """A follow-up report that should have come; `days` are working days since then."""

    case_id: str
    title: str
    key: str
    late_on: date
    days: int
    link: str = ""


def lines_each(groups: int) -> int:
    """How many of the oldest each group shows, so that the message holds however many groups."""
    return max(1, min(5, MOST_LINES // max(groups, 1)))


def patience(reminders: Reminders) -> Mapping[State, int]:
    """After how many working days somebody is late. Meetings have their own days: those never are."""
    return {
        State.ASSESSMENT: reminders.assessment,
        State.COUNCIL_REVIEW: reminders.decision,
        State.CHIEF_EXECUTIVE: reminders.decision,
    }


def is_late(state: State, days: int, reminders: Reminders) -> bool:
    return days > patience(reminders).get(state, days)


def late_since(state: State, today: date, reminders: Reminders, calendar: Calendar) -> date | None:
    """What came into the state on that day or earlier is late; None in a state where nobody is."""
    allowed = patience(reminders).get(state)
    if allowed is None:
        return None
    day = today
    while calendar.working_days_between(day, today) <= allowed:
        day -= timedelta(days=1)
    return day


# --- what came and what was decided ------------------------------------------------------------------


class Came(BaseModel, frozen=True):
    """A submission: a new case, or a new version of one (`version` is the latest)."""

    case_id: str
    title: str
    stage: Stage
    version: int
    administrations: tuple[str, ...]
    link: str = ""


class Decision(BaseModel, frozen=True):
    """A decision, and the kronor that it gives over all its years; none when it is no bifall."""

    number: str
    case_id: str
    title: str
    body: Body
    verdict: Verdict
    day: date
    year: int
    amounts: Mapping[CostKind, Decimal] = {}
    link: str = ""

    def amount(self, kind: CostKind) -> Decimal:
        return self.amounts.get(kind, ZERO)


class Decisions(BaseModel, frozen=True):
    """Decisions of a period: all are summed, the first are shown."""

    all: tuple[Decision, ...] = ()

    @property
    def count(self) -> int:
        return len(self.all)

    @property
    def granted(self) -> int:
        return sum(one.verdict is Verdict.GRANTED for one in self.all)

    @property
    def shown(self) -> tuple[Decision, ...]:
        return self.all[:MOST_OF_A_KIND]

    @property
    def rest(self) -> int:
        return self.count - len(self.shown)

    def sum(self, kind: CostKind) -> Decimal:
        return sum((one.amount(kind) for one in self.all), ZERO)


# --- nämnder and money ---------------------------------------------------------------------------------


class Activity(BaseModel, frozen=True):
    """How many proposals a nämnd has handed in this year, and how many are kommunövergripande."""

    committee: str
    proposals: int
    municipal: int


def activity(committee: str, by_scope: Mapping[str, int]) -> Activity:
    """Within the own operations is not kommunövergripande (R000-2)."""
    everything = sum(by_scope.values())
    return Activity(
        committee=committee,
        proposals=everything,
        municipal=everything - by_scope.get(Scope.OWN_OPERATIONS, 0),
    )


def of_interest(accounts: Iterable[Account], *, year: int) -> tuple[Account, ...]:
    """This year's money, and that of another year when something of it is decided, bound or applied for.

    What was never set aside and nobody has asked for is not there: 0 of 0 says nothing.
    """
    return tuple(
        one
        for one in accounts
        if one.decided or one.committed or one.reserved or (one.year == year and one.frame)
    )


# --- the digests ---------------------------------------------------------------------------------------


class Status(BaseModel, frozen=True):
    """Where everything stands: what waits, and which reports are late or wait to be received."""

    groups: tuple[Group, ...] = ()
    late_reports: tuple[LateReport, ...] = ()
    late_reports_count: int = 0
    reports_to_receive: int = 0

    @property
    def waiting(self) -> int:
        """The cases that wait for somebody."""
        return sum(one.count for one in self.groups if one.state not in RESTING)

    @property
    def late(self) -> int:
        return sum(one.late for one in self.groups) + self.late_reports_count

    @property
    def since(self) -> date | None:
        waiting = (one for one in self.groups if one.state not in RESTING)
        return min((one.since for one in waiting), default=None)

    def of(self, state: State) -> Group | None:
        return next((one for one in self.groups if one.state is state), None)


class Weekly(BaseModel, frozen=True):
    """KLG's week."""

    period: Period
    came: tuple[Came, ...]
    came_count: int
    moved: int  # cases that came into another state
    decisions: Decisions
    status: Status
    accounts: tuple[Account, ...]
    committees: tuple[Activity, ...]
    year: int

    @property
    def nothing_happened(self) -> bool:
        return not (self.came_count or self.moved or self.decisions.count or self.status.late)

    @property
    def came_rest(self) -> int:
        return self.came_count - len(self.came)


class Meeting(BaseModel, frozen=True):
    """Before a meeting: what was decided within the delegation since the last report (R000-12)."""

    day: date
    key: str  # of the delrapport
    decisions: Decisions
    reports: int  # follow-ups that KLG has received, and no delrapport had (R000-61)
    headroom: tuple[CapLeft, ...]
    accounts: tuple[Account, ...]
    status: Status
    year: int


class Monthly(BaseModel, frozen=True):
    """The chief executive's month."""

    period: Period
    decisions: Decisions
    headroom: tuple[CapLeft, ...]
    accounts: tuple[Account, ...]
    status: Status
    year: int
