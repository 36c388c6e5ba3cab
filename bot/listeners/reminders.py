"""*Påminn mig senare*, translated; and a press on a link, which Slack opens by itself."""

from collections.abc import Awaitable, Callable
from functools import partial

from bot.acts import reminders
from bot.ids import REMINDED, SNOOZE
from bot.listeners.known import know
from bot.listeners.payloads import Press
from bot.listeners.shell import Ack, Shell


async def snoozed(press: Press, shell: Shell) -> None:
    await know(shell, press.who.person)
    act = partial(reminders.snooze, office=shell.office, subject=press.value, by=press.who.person)
    await shell.perform(press.gesture, act)


async def gone_to(_press: Press, _shell: Shell) -> None:
    """She is on her way to the message that the button links to."""


ACTIONS: dict[str, Callable[[Press, Shell], Awaitable[Ack | None]]] = {
    SNOOZE: snoozed,
    REMINDED: gone_to,
}
