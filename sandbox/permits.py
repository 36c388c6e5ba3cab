"""What a payload lets an app do for a while: open one modal, answer five times.

A trigger id lives 3 s and is used once; a response url lives 30 minutes and is used five times.
"""

from dataclasses import dataclass, field

from sandbox.clock import Clock
from sandbox.errors import Refused
from sandbox.ids import Ids

TRIGGER_LIFE = 3.0
HOOK_LIFE = 1800.0
HOOK_USES = 5


@dataclass(slots=True)
class Trigger:
    """Who acted, and in which modal if it was in one."""

    person: str
    view_id: str | None
    born: float
    used: bool = False


@dataclass(slots=True)
class Hook:
    """A response url: where its answers go, and which message it may replace."""

    person: str
    channel: str
    message_ts: str | None
    thread_ts: str | None
    born: float
    uses: int = 0


@dataclass(slots=True)
class Permits:
    clock: Clock
    triggers: dict[str, Trigger] = field(default_factory=dict)
    hooks: dict[str, Hook] = field(default_factory=dict)

    def new_trigger(self, ids: Ids, *, team: str, person: str, view_id: str | None = None) -> str:
        key = ids.trigger(team)
        self.triggers[key] = Trigger(person, view_id, self.clock.now())
        return key

    def exchange(self, key: str) -> Trigger:
        """Use a trigger. Refused with Slack's three reasons: invalid, exchanged, expired."""
        trigger = self.triggers.get(key)
        if trigger is None:
            raise Refused("invalid_trigger_id")
        if trigger.used:
            raise Refused("exchanged_trigger_id")
        if self.clock.now() - trigger.born > TRIGGER_LIFE * self.clock.lives:
            raise Refused("expired_trigger_id")
        trigger.used = True
        return trigger

    def new_hook(
        self,
        ids: Ids,
        *,
        person: str,
        channel: str,
        message_ts: str | None = None,
        thread_ts: str | None = None,
    ) -> str:
        """Make a response url's secret part."""
        key = ids.new("R")
        self.hooks[key] = Hook(person, channel, message_ts, thread_ts, self.clock.now())
        return key

    def use_hook(self, key: str) -> Hook:
        """Use a response url once. Refused: `expired_url` after 30 minutes, `used_url` after five."""
        hook = self.hooks.get(key)
        if hook is None or self.clock.now() - hook.born > HOOK_LIFE * self.clock.lives:
            raise Refused("expired_url")
        if hook.uses >= HOOK_USES:
            raise Refused("used_url")
        hook.uses += 1
        return hook
