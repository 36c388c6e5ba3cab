"""The secretary's *Skicka igen*, translated."""

from collections.abc import Awaitable, Callable
from functools import partial

from bot.acts import klg_channel
from bot.ids import CHANNEL_AGAIN
from bot.listeners.known import know
from bot.listeners.payloads import Press
from bot.listeners.shell import Ack, Shell


async def again(press: Press, shell: Shell) -> None:
    """Send what KLG's channel never got. Raises NotAllowed for all but a secretary."""
    await know(shell, press.who.person)
    act = partial(klg_channel.again, office=shell.office, by=press.who.person)
    await shell.perform(press.gesture, act)


ACTIONS: dict[str, Callable[[Press, Shell], Awaitable[Ack | None]]] = {CHANNEL_AGAIN: again}
