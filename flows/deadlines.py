"""The dates that follow from a meeting: minutes verified, announced, and when the appeal time is over.

A time set in weeks ends on the same weekday; when that day is free, on the next working day (lag
(1930:173) 1-2 §§). The law's own last day is shown, and the safe one that no reading of it disputes.
"""

from dataclasses import dataclass
from datetime import date, timedelta

from flows.working_days import Calendar

_VERIFIED_WITHIN = timedelta(days=14)
_ANNOUNCED_WITHIN = timedelta(days=2)
_APPEALED_WITHIN = timedelta(weeks=3)


@dataclass(frozen=True, slots=True)
class Deadline:
    """`legal`: the last day by lag (1930:173). `safe`: the last working day before free ones."""

    legal: date
    safe: date


def verify_by(calendar: Calendar, meeting: date) -> Deadline:
    """When the minutes are verified (justerade) at the latest: within 14 days (KL 5 kap. 69 §)."""
    return _deadline(calendar, meeting + _VERIFIED_WITHIN)


def announce_by(calendar: Calendar, verified: date) -> Deadline:
    """When that is announced on the anslagstavla at the latest: the second day after (KL 8 kap. 12 §)."""
    return _deadline(calendar, verified + _ANNOUNCED_WITHIN)


def appeal_ends(calendar: Calendar, announced: date) -> date:
    """The last day on which a member may appeal: three weeks from the notice (KL 13 kap. 5 §)."""
    return calendar.next_working_day(announced + _APPEALED_WITHIN)


def _deadline(calendar: Calendar, day: date) -> Deadline:
    return Deadline(legal=calendar.next_working_day(day), safe=calendar.last_working_day(day))
