"""The secretary's *Försök igen*, translated."""

from collections.abc import Awaitable, Callable
from functools import partial

from bot.acts import dispatch
from bot.ids import DISPATCH_AGAIN, Value
from bot.listeners.known import know
from bot.listeners.payloads import Press
from bot.listeners.shell import Ack, Shell


async def again(press: Press, shell: Shell) -> None:
    """Try those who have not got the decision. Raises NotAllowed for all but a secretary."""
    await know(shell, press.who.person)
    act = partial(
        dispatch.again,
        office=shell.office,
        value=Value.read(press.value),
        by=press.who.person,
    )
    await shell.perform(press.gesture, act)


ACTIONS: dict[str, Callable[[Press, Shell], Awaitable[Ack | None]]] = {DISPATCH_AGAIN: again}
