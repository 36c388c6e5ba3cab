"""The app's clock, moved by whoever tries it: a file that the app reads (its TEST_CLOCK).

It holds a moment with a zone, true when the file was written; time goes on from there. Slack's own
time, the messages', is never moved.
"""

from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from sandbox.errors import Impossible

SWEDEN = ZoneInfo("Europe/Stockholm")
_MORNING = time(10)  # after what happens in the morning
_FARTHEST = timedelta(days=366 * 20)


class AppClock:
    """A file that is not there is written, with the time it is."""

    def __init__(self, file: Path) -> None:
        self._file = file
        if not file.exists():
            self._write(datetime.now(UTC))

    def now(self) -> datetime:
        """What the app believes the time is, in Sweden."""
        written = datetime.fromtimestamp(self._file.stat().st_mtime, UTC)
        moment = datetime.fromisoformat(self._file.read_text("utf-8").strip())
        return (moment + (datetime.now(UTC) - written)).astimezone(SWEDEN)

    def forward(self, days: int) -> None:
        """As many days later, at the same hour in Sweden."""
        self._move(self.now() + timedelta(days=days))

    def to(self, day: str) -> None:
        """The morning of the day, "2027-05-03". Time does not go back: what has happened has happened."""
        try:
            morning = datetime.combine(datetime.fromisoformat(day), _MORNING, tzinfo=SWEDEN)
        except ValueError:
            raise Impossible("that is no day") from None
        self._move(morning)

    def _move(self, moment: datetime) -> None:
        if not timedelta(0) < moment - self.now() < _FARTHEST:
            raise Impossible("the app's clock goes forward only, and at most twenty years")
        self._write(moment)

    def _write(self, moment: datetime) -> None:
        """All at once: the app may be reading."""
        unfinished = self._file.with_suffix(".new")
        unfinished.write_text(moment.astimezone(SWEDEN).isoformat(timespec="seconds"), "utf-8")
        unfinished.replace(self._file)
