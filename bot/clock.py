"""The only place that reads the clock; everybody else is told what time it is.

For trying and testing, TEST_CLOCK names a file that holds a moment: the bot then believes that it was
that moment when the file was written, and time goes on from there. Writing the file anew moves it.
"""

from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

import structlog

log = structlog.get_logger(__name__)

Clock = Callable[[], datetime]


class ClockError(ValueError):
    """The file of TEST_CLOCK holds no moment with a zone."""


def now() -> datetime:
    """This moment, aware, in UTC."""
    return datetime.now(UTC)


def of(test_clock: Path | None) -> Clock:
    """The clock to go by: the machine's, or the moved one.

    Raises OSError or ClockError when there is nothing to believe in the file at the start.
    """
    if test_clock is None:
        return now
    moved = _MovedClock(test_clock)
    log.warning(
        "THE CLOCK IS MOVED by TEST_CLOCK: reminders and deadlines are not those of today",
        file=str(test_clock),
        believed=moved().isoformat(timespec="seconds"),
    )
    return moved


class _MovedClock:
    def __init__(self, file: Path) -> None:
        self._file = file
        self._ahead = ahead(file)

    def __call__(self) -> datetime:
        # Away, or half written: what was last believed goes on.
        with suppress(OSError, ClockError):
            self._ahead = ahead(self._file)
        return now() + self._ahead


def ahead(file: Path) -> timedelta:
    """How far the moment in the file is ahead of when it was written; negative when it is behind.

    Raises OSError, and ClockError for what is no moment with a zone.
    """
    written = datetime.fromtimestamp(file.stat().st_mtime, UTC)
    try:
        moment = datetime.fromisoformat(file.read_text(encoding="utf-8").strip())
    except ValueError as error:
        raise ClockError(str(file)) from error
    if moment.tzinfo is None:
        raise ClockError(str(file))
    return moment - written
