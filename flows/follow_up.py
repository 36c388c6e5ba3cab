"""Which reports a granted case owes, and when: the programme's periods, the effect contract, the end.

A report stands for all that falls within its period, so that nobody is asked twice for the same
thing: the effect contract's date and the end of the measure get a report of their own only when no
planned one of the period comes within four months. The plan is made once, when the case is granted.
"""

from calendar import monthrange
from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from enum import StrEnum

from pydantic import BaseModel

from flows.practice import FollowUpPeriod

EFFECT, FINAL = "effect", "final"
# How long the end and the effect wait for a period's report: the longest of three periods a year.
_PATIENCE = timedelta(days=123)


class DueState(StrEnum):
    """How far a report has come."""

    PLANNED = "planned"
    ASKED = "asked"
    REPORTED = "reported"
    RECEIVED = "received"  # by KLG
    HANDED_ON = "handed_on"  # it stands in a delrapport
    DROPPED = "dropped"  # never written, and the last one has been received


class Due(BaseModel, frozen=True):
    """A report that is to come: `day` is the last one that it is about."""

    key: str  # "2027-april", "effect", "final"
    day: date


def plan(
    periods: Sequence[FollowUpPeriod], *, decided: date, end: date, effect: date
) -> tuple[Due, ...]:
    """Every report of a case that was granted on `decided`, the earliest first.

    Periods from the decision until the one in which the measure ends, and the last of its last
    year; `end` is the measure's last day, `effect` the effect contract's date.
    """
    last_year = end.year
    end, effect = max(end, decided), max(effect, decided)
    years = range(decided.year, max(end, effect).year + 2)
    calendar = [due for year in years for due in _of_year(periods, year) if due.day > decided]
    planned = [due for due in calendar if due.day < end]
    planned += [due for due in calendar if due.day >= end][:1]  # in which the measure ends
    year_end = [due for due in calendar if due.day.year == last_year][-1:]
    planned += [due for due in year_end if due not in planned]
    if not _holds(planned, calendar, end, decided=decided):
        if (end.month, end.day) == (12, 31):  # it sees the budget year's end too
            planned = [due for due in planned if due.day < end]
        planned.append(Due(key=FINAL, day=end))
    if not _holds(planned, calendar, effect, decided=decided):
        planned.append(Due(key=EFFECT, day=effect))
    return tuple(_ordered(planned))


def period_of(periods: Iterable[FollowUpPeriod], key: str) -> FollowUpPeriod | None:
    """The period that "2027-april" is one of; None of "effect", "final" and what is no period any more."""
    year, _, name = key.partition("-")
    return next((one for one in periods if year.isdecimal() and one.key == name), None)


def holds_effect(plan: Sequence[Due], key: str, *, effect: date) -> bool:
    """Whether this is the report in which the measured value must be said: the first one after its date."""
    first = next((due for due in _ordered(plan) if due.day >= effect), None)
    return key == (first or _ordered(plan)[-1]).key


def is_last(plan: Sequence[Due], key: str) -> bool:
    return key == _ordered(plan)[-1].key


def years_ended(plan: Sequence[Due], key: str, years: Iterable[int]) -> frozenset[int]:
    """The budget years that have ended before this report and that no report before it saw the end of.

    None where a period ends with the year; with one in June it is the year before.
    """
    day = next(due.day for due in plan if due.key == key)
    before = max((due.day for due in plan if due.day < day), default=date.min)
    return frozenset(year for year in years if before < date(year, 12, 31) < day)


def _ordered(plan: Iterable[Due]) -> list[Due]:
    return sorted(plan, key=lambda due: (due.day, due.key))


def _of_year(periods: Sequence[FollowUpPeriod], year: int) -> list[Due]:
    return _ordered(Due(key=f"{year}-{one.key}", day=_day(year, one)) for one in periods)


def _day(year: int, period: FollowUpPeriod) -> date:
    """31 April is the month's last day."""
    return date(year, period.month, min(period.day, monthrange(year, period.month)[1]))


def _holds(planned: Sequence[Due], calendar: Sequence[Due], day: date, *, decided: date) -> bool:
    """Whether a planned report of the same period comes soon enough after the day, or on it.

    What was over when it was decided waits for the next report, however long.
    """
    until = next((due.day for due in calendar if due.day >= day), day)
    if day > decided:
        until = min(until, day + _PATIENCE)
    return any(day <= due.day <= until for due in planned)
