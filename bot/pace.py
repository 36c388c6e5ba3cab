"""How often Slack lets us speak: about a message a second in each conversation, bursts tolerated."""

from collections.abc import Callable
from time import monotonic

_MANY = 1000


class Pace:
    """A turn every `interval_s` per lane, `burst` of them at once after silence."""

    def __init__(
        self, *, interval_s: float, burst: int, clock: Callable[[], float] = monotonic
    ) -> None:
        self._interval = interval_s
        self._ahead = interval_s * max(0, burst - 1)
        self._clock = clock
        self._taken_until: dict[str, float] = {}

    def away(self, lane: str) -> float:
        """How many seconds away the lane's next turn is."""
        return max(0.0, self._taken_until.get(lane, 0.0) - self._clock() - self._ahead)

    def take(self, lane: str) -> float:
        """Take the lane's next turn; returns how many seconds away it is."""
        away, now = self.away(lane), self._clock()
        self._taken_until[lane] = max(self._taken_until.get(lane, now), now) + self._interval
        if len(self._taken_until) > _MANY:
            self._taken_until = {k: at for k, at in self._taken_until.items() if at > now}
        return away
