"""Time as the sandbox lets it pass: retries can be hurried, and lives can be aged.

`scale` stretches or shrinks the waits between retries; `lives` does the same to how long triggers
and response urls last; `advance` moves both ahead at once. Message timestamps are real time.
"""

import asyncio
import time


class Clock:
    """Seconds that count; `ack_timeout` is how long an app has to answer, in real seconds."""

    def __init__(self, *, scale: float = 1.0) -> None:
        self.scale = scale
        self.lives = 1.0
        self.ack_timeout = 3.0
        self._ahead = 0.0
        self._moved = asyncio.Event()

    def now(self) -> float:
        """Give seconds on a clock that only grows, with what it was advanced."""
        return time.monotonic() + self._ahead

    def advance(self, seconds: float) -> None:
        self._ahead += seconds
        self.touch()

    def touch(self) -> None:
        """Wake those who wait, so that they look at the clock again."""
        self._moved.set()
        self._moved = asyncio.Event()

    async def wait(self, seconds: float) -> None:
        """Wait so many of Slack's seconds: scaled, and shortened when the clock is advanced."""
        start = self.now()
        while (left := seconds * self.scale - (self.now() - start)) > 0:
            moved = self._moved
            try:
                async with asyncio.timeout(left):
                    await moved.wait()
            except TimeoutError:
                return
