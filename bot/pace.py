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

    def wait(self, lane: str) -> float:
        """Take the lane's next turn; returns how many seconds away it is."""
        now = self._clock()
        begins = max(self._taken_until.get(lane, now), now)
        self._taken_until[lane] = begins + self._interval
        if len(self._taken_until) > _MANY:
            self._taken_until = {k: at for k, at in self._taken_until.items() if at > now}
        return max(0.0, begins - now - self._ahead)
