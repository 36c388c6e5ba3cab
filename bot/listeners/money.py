"""The budget year's money, translated: another year, a nämnd's rows, and the form that changes it."""

from collections.abc import Awaitable, Callable
from functools import partial

from bot.acts import adjustment, money, status
from bot.blocks import money as blocks
from bot.ids import (
    ADJUST,
    ADJUSTED,
    MONEY_CASE,
    MONEY_OLDER,
    MONEY_ROWS,
    MONEY_YEAR,
    Budget,
    NotOurs,
    Value,
)
from bot.listeners.forms import inputs_of, send
from bot.listeners.known import know
from bot.listeners.payloads import Press, Submission
from bot.listeners.shell import Ack, Shell


async def year(press: Press, shell: Shell) -> Ack | None:
    """Show another year in the answer's place."""
    await know(shell, press.who.person)
    show = partial(money.show, office=shell.office, person=press.who.person, said=press.value)
    text, blocks = await shell.perform.unkeyed(show)
    if press.response_url:
        shell.soon(shell.replace(press.response_url, text=text, blocks=blocks))
    return None


async def rows(press: Press, shell: Shell) -> Ack | None:
    await know(shell, press.who.person)
    await shell.open(press.trigger, await _rows(press, shell))
    return None


async def older(press: Press, shell: Shell) -> Ack | None:
    """The next page, in the open modal's place."""
    if press.view is None:
        raise NotOurs(press.value)
    view = await _rows(press, shell)
    await shell.client.views_update(view_id=press.view.id, view=view)
    return None


async def case(press: Press, shell: Shell) -> Ack | None:
    """A row's case, on top of the rows."""
    await know(shell, press.who.person)
    act = partial(
        status.of_case,
        office=shell.office,
        person=press.who.person,
        case_id=Value.read(press.value).case,
    )
    text = await shell.perform.unkeyed(act)
    await shell.client.views_push(trigger_id=press.trigger, view=blocks.case(shell.office, text))
    return None


async def ask(press: Press, shell: Shell) -> Ack | None:
    await know(shell, press.who.person)
    seen = Budget.read(press.value).year
    act = partial(adjustment.ask, office=shell.office, year=seen, by=press.who.person)
    await shell.open(press.trigger, await shell.perform(press.gesture, act))
    return None


async def adjusted(form: Submission, shell: Shell) -> Ack | None:
    await know(shell, form.who.person)
    act = partial(
        adjustment.adjust, office=shell.office, inputs=inputs_of(form), by=form.who.person
    )
    return await send(form, shell, act)


ACTIONS: dict[str, Callable[[Press, Shell], Awaitable[Ack | None]]] = {
    MONEY_YEAR: year,
    MONEY_ROWS: rows,
    MONEY_OLDER: older,
    MONEY_CASE: case,
    ADJUST: ask,
}
VIEWS: dict[str, Callable[[Submission, Shell], Awaitable[Ack | None]]] = {ADJUSTED: adjusted}


async def _rows(press: Press, shell: Shell) -> dict[str, object]:
    about = Budget.read(press.value)
    act = partial(
        money.rows,
        office=shell.office,
        person=press.who.person,
        year=about.year,
        committee=about.committee,
        before=about.before or None,
    )
    return await shell.perform.unkeyed(act)
