"""App Home, translated: it is shown when it is opened, and its parts can be turned to older pages."""

from collections.abc import Awaitable, Callable
from functools import partial

from bot.acts import export as exporting
from bot.acts import home_page
from bot.blocks.home import Part
from bot.ids import EXPORT, HOME_PAGE, NotOurs, number
from bot.listeners.known import know
from bot.listeners.payloads import HomeOpened, Press
from bot.listeners.shell import Ack, Shell

HOME_TAB = "home"


async def opened(what: HomeOpened, shell: Shell) -> None:
    """Show the page as it is now; opening it again changes nothing else."""
    if what.tab != HOME_TAB or what.who.team != shell.office.team:
        return
    await know(shell, what.who.person)
    await shell.perform.unkeyed(
        partial(home_page.publish, office=shell.office, person=what.who.person)
    )


async def turned(press: Press, shell: Shell) -> None:
    """Show another page of one part, "inbox:1". Raises NotOurs for anything we did not write."""
    part, _, page = press.value.partition(":")
    if part not in set(Part):
        raise NotOurs(press.value)
    act = partial(
        home_page.publish,
        office=shell.office,
        person=press.who.person,
        turned=Part(part),
        page=number(page),
    )
    await shell.perform(press.gesture, act)


async def export(press: Press, shell: Shell) -> None:
    """Begin making the files; they come in her direct message."""
    await know(shell, press.who.person)
    act = partial(exporting.order, office=shell.office, person=press.who.person)
    await shell.perform(press.gesture, act)
    text = shell.office.texts("home.export.started")
    shell.soon(shell.notice(press.trigger, text, over=False))


ACTIONS: dict[str, Callable[[Press, Shell], Awaitable[Ack | None]]] = {
    HOME_PAGE: turned,
    EXPORT: export,
}
