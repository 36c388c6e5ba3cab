"""Timestamps and ids as Slack makes them: unique, growing, and never the same after a restart.

A bot keeps what it has seen in its own database, so an id may not come back even when the
sandbox's memory was emptied: every id is made from the time in microseconds.
"""

import time

_DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_MICRO = 1_000_000


class Ids:
    """The only source of ts and ids; `last` is the latest moment given out, in microseconds."""

    def __init__(self, last: int = 0) -> None:
        self.last = last

    def moment(self) -> int:
        """Microseconds since 1970, always later than the one before."""
        self.last = max(time.time_ns() // 1000, self.last + 1)
        return self.last

    def ts(self) -> str:
        """Make a message's id and time: `"1763790000.123456"`."""
        moment = self.moment()
        return f"{moment // _MICRO}.{moment % _MICRO:06d}"

    def new(self, kind: str) -> str:
        """Make an id such as `V0A1B2C3D4E`; `kind` is Slack's leading letter(s)."""
        number, text = self.moment(), ""
        while number:
            number, digit = divmod(number, len(_DIGITS))
            text = _DIGITS[digit] + text
        return f"{kind}0{text}"

    def trigger(self, team: str) -> str:
        """Make a trigger id in Slack's three-part form."""
        moment = self.moment()
        return f"{moment}.{moment % 10_000_000_000}.{self.new(team).lower()}"


def normal_ts(value: str) -> str:
    """Write a moment in full width, so that timestamps compare as text. ValueError if none."""
    seconds, _, fraction = value.strip().partition(".")
    if not (seconds or "0").isdigit() or not (fraction or "0").isdigit():
        raise ValueError(value)
    return f"{int(seconds or 0):010d}.{fraction[:6]:0<6}"
