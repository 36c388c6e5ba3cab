"""Looking a case up, translated: a form, and the same form with what was found."""

from collections.abc import Awaitable, Callable
from functools import partial

from bot.acts import search
from bot.blocks.search import COMMITTEE, STATE, WORDS, Asked
from bot.ids import SEARCH, SEARCHED
from bot.listeners.known import know
from bot.listeners.payloads import Press, Submission
from bot.listeners.shell import Ack, Shell


async def asked(press: Press, shell: Shell) -> None:
    await know(shell, press.who.person)
    person = press.who.person
    view = await shell.perform.read(lambda db: search.form(db, shell.office, person=person))
    await shell.open(press.trigger, view)


async def searched(submission: Submission, shell: Shell) -> Ack | None:
    """Show the form again with what was found; nothing is changed, so nothing is kept of it."""
    await know(shell, submission.who.person)
    what = Asked(*(submission.written(name) for name in (WORDS, COMMITTEE, STATE)))
    query = partial(search.results, office=shell.office, asked=what, person=submission.who.person)
    return {"response_action": "update", "view": await shell.perform.read(query)}


ACTIONS: dict[str, Callable[[Press, Shell], Awaitable[Ack | None]]] = {SEARCH: asked}
VIEWS: dict[str, Callable[[Submission, Shell], Awaitable[Ack | None]]] = {SEARCHED: searched}
