"""Dates as people write them in Swedish, and the budget years between two of them."""

import re
from datetime import date, datetime
from zoneinfo import ZoneInfo

from flows.errors import InvalidAnswer

MONTHS = (
    "januari", "februari", "mars", "april", "maj", "juni",
    "juli", "augusti", "september", "oktober", "november", "december",
)  # fmt: skip
SWEDEN = ZoneInfo("Europe/Stockholm")
_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})")
_COMPACT = re.compile(r"(20\d{2})(\d{2})(\d{2})")
_SLASHED = re.compile(r"(\d{1,2})\s*/\s*(\d{1,2})\s*[- ,]?\s*(\d{4})")
_WORDED = re.compile(r"(?:den\s+)?(\d{1,2})\s*(?::e|:a)?\s+([a-zåäö]{3,9})\.?\s+(\d{4})")


def parse_date(text: str) -> date:
    """Read `2026-10-01`, `20261001`, `1/10 2026` or `1 oktober 2026`; else `InvalidAnswer`."""
    written = " ".join(text.strip().lower().split())
    if found := _ISO.fullmatch(written) or _COMPACT.fullmatch(written):
        year, month, day = (int(part) for part in found.groups())
    elif found := _SLASHED.fullmatch(written):
        day, month, year = (int(part) for part in found.groups())
    elif (found := _WORDED.fullmatch(written)) and (number := _month(found[2])):
        day, month, year = int(found[1]), number, int(found[3])
    else:
        raise InvalidAnswer("refusals.answers.date_unreadable")
    try:
        read = date(year, month, day)
    except ValueError:
        raise InvalidAnswer("refusals.answers.date_impossible") from None
    if not 2000 <= read.year <= 2100:  # noqa: PLR2004  a slip of the finger, e.g. 2206
        raise InvalidAnswer("refusals.answers.date_far_away", year=read.year)
    return read


def _month(word: str) -> int | None:
    return next((n for n, name in enumerate(MONTHS, start=1) if name.startswith(word)), None)


def budget_years(start: date, end: date) -> tuple[int, ...]:
    """The calendar years touched; six months over New Year are two budget years (R000-31)."""
    return tuple(range(start.year, end.year + 1))


def local_day(moment: datetime) -> date:
    """The day it was in Sweden."""
    return moment.astimezone(SWEDEN).date()
