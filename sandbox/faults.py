"""What the sandbox has been told to do wrong, each a number of times or for a while."""

import time
from dataclasses import dataclass, field
from typing import Any, Literal

from sandbox.errors import Impossible

AnswerKind = Literal["lose_response", "delay_response", "status", "error"]
ANSWER_KINDS: tuple[AnswerKind, ...] = ("lose_response", "delay_response", "status", "error")


@dataclass(slots=True)
class AnswerFault:
    """A Web API answer that goes wrong: `method` is a name or `*`, `left` how many times more."""

    kind: AnswerKind
    method: str
    left: int
    facts: dict[str, Any]


@dataclass(slots=True)
class Faults:
    """Counters that run down; `away_until` is on the monotonic clock."""

    deliver_twice: int = 0
    reorder: int = 0
    ignore_acks: int = 0
    no_hello: int = 0
    late_count: int = 0
    late_seconds: float = 0.0
    away_until: float = 0.0
    pace_seconds: float = 0.0
    pace_burst: int = 1
    answers: list[AnswerFault] = field(default_factory=list)

    @property
    def is_away(self) -> bool:
        return time.monotonic() < self.away_until

    def take(
        self, counter: Literal["deliver_twice", "ignore_acks", "no_hello", "late_count"]
    ) -> bool:
        """Use up one of a counter; False when there is none."""
        left: int = getattr(self, counter)
        if left > 0:
            setattr(self, counter, left - 1)
        return left > 0

    def take_answer(self, method: str, kind: AnswerKind) -> AnswerFault | None:
        """Use up one fault for this method, if there is one."""
        for fault in self.answers:
            if fault.kind == kind and fault.method in {"*", method} and fault.left > 0:
                fault.left -= 1
                return fault
        return None

    def clear(self) -> None:
        """Behave again, all of it."""
        fresh = Faults()
        for field_name in self.__slots__:
            setattr(self, field_name, getattr(fresh, field_name))

    def order(self, wish: dict[str, Any]) -> None:
        """Take in one wish of the control API. Impossible when it is not understood.

        `deliver_twice: N` and `ignore_acks: N` for the next N payloads; `reorder: N` holds N and
        sends the last first; `no_hello: N` opens the next N sockets and never says a word there;
        `deliver_late: seconds, count: N`; `away: seconds`;
        `pace: {seconds, burst}` lets so many posts per channel through in so many seconds each;
        `lose_response | delay_response | status | error: {method, count, …}` for Web API calls
        (`delay_response` with `before: true` delays the work, too).
        """
        left = dict(wish)
        for counter in ("deliver_twice", "reorder", "ignore_acks", "no_hello"):
            if counter in left:
                setattr(self, counter, int(left.pop(counter)))
        if "deliver_late" in left:
            self.late_seconds = float(left.pop("deliver_late"))
            self.late_count = int(left.pop("count", 1))
        if "away" in left:
            self.away_until = time.monotonic() + float(left.pop("away"))
        if "pace" in left:
            pace = left.pop("pace") or {"seconds": 0}
            self.pace_seconds = float(pace.get("seconds", 1.0))
            self.pace_burst = int(pace.get("burst", 1))
        for kind in ANSWER_KINDS:
            if kind in left:
                facts = dict(left.pop(kind))
                count, method = int(facts.pop("count", 1)), str(facts.pop("method", "*"))
                self.answers.append(AnswerFault(kind, method, count, facts))
        if left:
            raise Impossible(f"unknown fault: {', '.join(sorted(left))}")
