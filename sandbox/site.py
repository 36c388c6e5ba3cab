"""The running sandbox: one world and what moves things in it.

Everything that acts (methods, gestures, pages) is handed the `Site`.
"""

import time
from collections import deque
from dataclasses import dataclass

from sandbox.app_clock import AppClock
from sandbox.clock import Clock
from sandbox.courier import Courier
from sandbox.faults import Faults
from sandbox.permits import Permits
from sandbox.workspace import Workspace
from sandbox.world import JSON, World

SHARE_DELAY = 0.2  # seconds until an uploaded file is seen in its channel; Slack takes 0.5–10


@dataclass(slots=True)
class Call:
    """One Web API call as it was answered."""

    n: int
    method: str
    args: JSON
    ok: bool
    error: str | None
    at: float


class Site:
    """`url` is where the sandbox listens; `origin` is how the app reached it last."""

    def __init__(self, workspace: Workspace, *, world: World, clock: Clock) -> None:
        self.workspace = workspace
        self.world = world
        self.clock = clock
        self.faults = Faults()
        self.courier = Courier(
            clock=clock, faults=self.faults, signing_secret=workspace.app.signing_secret
        )
        self.permits = Permits(clock)
        self.calls: deque[Call] = deque(maxlen=10_000)
        self.calls_made = 0
        self.calls_under_way = 0
        self.revoked: set[str] = set()
        self.paced: dict[str, list[float]] = {}
        self.share_delay = SHARE_DELAY
        self.app_clock: AppClock | None = None  # the app's, when it lets itself be moved
        self.url = ""
        self.origin = ""

    def note_call(self, method: str, args: JSON, answer: JSON) -> None:
        self.calls_made += 1
        self.calls.append(
            Call(
                n=self.calls_made,
                method=method,
                args=args,
                ok=bool(answer.get("ok")),
                error=answer.get("error"),
                at=time.time(),
            )
        )
        self.courier.last_moved = time.monotonic()

    def reset(self) -> None:
        """Go back to the workspace file; connections stay, and ids go on counting."""
        self.world.become(self.workspace.world())
        self.permits = Permits(self.clock)
        self.faults.clear()
        self.courier.forget()
        self.calls.clear()
        self.revoked.clear()
        self.paced.clear()
