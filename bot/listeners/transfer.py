"""The budget transfer and money handed back, translated: a button opens a form, the form is one act."""

from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any

from bot.acts import returning, transfer
from bot.ids import RETURN, RETURNED, TRANSFER, TRANSFERRED, Value
from bot.listeners.forms import inputs_of, send
from bot.listeners.known import know
from bot.listeners.payloads import Press, Submission
from bot.listeners.shell import Ack, Shell

Opens = Callable[[Press, Shell], Awaitable[Ack | None]]
Takes = Callable[[Submission, Shell], Awaitable[Ack | None]]


def _opens(ask: Callable[..., dict[str, Any]]) -> Opens:
    async def listener(press: Press, shell: Shell) -> Ack | None:
        await know(shell, press.who.person)
        act = partial(ask, office=shell.office, value=Value.read(press.value), by=press.who.person)
        await shell.open(press.trigger, await shell.perform(press.gesture, act))
        return None

    return listener


def _takes(note: Callable[..., None]) -> Takes:
    async def listener(form: Submission, shell: Shell) -> Ack | None:
        await know(shell, form.who.person)
        act = partial(
            note,
            office=shell.office,
            value=Value.read(form.view.metadata),
            inputs=inputs_of(form),
            by=form.who.person,
        )
        return await send(form, shell, act)

    return listener


ACTIONS: dict[str, Opens] = {TRANSFER: _opens(transfer.ask), RETURN: _opens(returning.ask)}
VIEWS: dict[str, Takes] = {
    TRANSFERRED: _takes(transfer.done),
    RETURNED: _takes(returning.give_back),
}
