"""What every act is told besides its transaction: the programme, the wording, and who we are in Slack."""

from dataclasses import dataclass
from functools import cached_property

from bot.calendar import sweden
from bot.render import Texts
from flows import intake
from flows.form import Form
from flows.programme import Programme
from flows.working_days import Calendar


@dataclass(frozen=True)
class Office:
    """Read once at start. `team` and `bot_user` are Slack ids; `klg_channel` is the channel's id (C…).

    `address` is the workspace's own, "https://exempelkommunen.slack.com/": links to messages begin so.
    """

    programme: Programme
    texts: Texts
    team: str
    bot_user: str
    klg_channel: str
    address: str = ""

    @cached_property
    def form(self) -> Form:
        """Every question of the programme's application."""
        return intake.form(self.programme)

    def message_at(self, channel: str, ts: str) -> str:
        """The address of a message in Slack; "" when the workspace's own is not known."""
        return f"{self.address}archives/{channel}/p{ts.replace('.', '')}" if self.address else ""

    @cached_property
    def calendar(self) -> Calendar:
        """Which days are working days."""
        return sweden()
