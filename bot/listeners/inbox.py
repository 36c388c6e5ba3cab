"""The secretary's dnr, translated: the button opens a form, the form is one act."""

from collections.abc import Awaitable, Callable
from functools import partial

from bot.acts import dnr
from bot.blocks.inbox import FIELD
from bot.ids import DNR, DNR_GIVEN, Value
from bot.listeners.known import know
from bot.listeners.payloads import Press, Submission
from bot.listeners.shell import Ack, Shell
from flows.errors import FlowError


async def asked(press: Press, shell: Shell) -> None:
    """Open the form for a secretary. Raises NotAllowed for anybody else."""
    await know(shell, press.who.person)
    act = partial(
        dnr.ask, office=shell.office, case_id=Value.read(press.value).case, person=press.who.person
    )
    await shell.open(press.trigger, await shell.perform(press.gesture, act))


async def given(submission: Submission, shell: Shell) -> Ack | None:
    """Put the dnr on record, or show in the form why not."""
    await know(shell, submission.who.person)
    written = submission.written(FIELD)
    act = partial(
        dnr.give,
        office=shell.office,
        case_id=submission.view.metadata,
        written=written,
        by=submission.who.person,
    )
    try:
        await shell.perform(submission.gesture, act)
    except FlowError as refusal:
        shell.refused(submission.who, refusal)
        text = shell.office.texts.plain(refusal.key, **refusal.facts)
        return {"response_action": "errors", "errors": {FIELD: text}}
    return None


ACTIONS: dict[str, Callable[[Press, Shell], Awaitable[Ack | None]]] = {DNR: asked}
VIEWS: dict[str, Callable[[Submission, Shell], Awaitable[Ack | None]]] = {DNR_GIVEN: given}
