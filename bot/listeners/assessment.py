"""KLG's buttons and modals, translated: each press is one act, and a refusal is said in private."""

from collections.abc import Callable
from functools import partial
from typing import Any

from bot.acts import assessment, dialogs
from bot.blocks import kit
from bot.blocks.assessment import OUTCOME, QUESTIONS, REASON
from bot.ids import ASSESS, CLOSE, CLOSED, DISQUALIFY, FORWARDED, TAKE_FORWARD, Value
from bot.ids import REASON as REASON_MODAL
from bot.listeners import fresh
from bot.listeners.payloads import Press, Submission, entered
from bot.listeners.shell import Ack, Shell
from bot.perform import Act
from flows.errors import FlowError
from flows.events import FAVOURABLE


async def assess(press: Press, shell: Shell) -> None:
    """Take a favourable opinion at once; ask for the reason of another."""
    if Value.read(press.value).what in FAVOURABLE:
        await _perform(shell, press, assessment.assess)
    else:
        await _open(shell, press, dialogs.reason)


async def disqualify(press: Press, shell: Shell) -> None:
    await _perform(shell, press, assessment.disqualify)


async def close(press: Press, shell: Shell) -> None:
    await _open(shell, press, dialogs.closing)


async def take_forward(press: Press, shell: Shell) -> None:
    await _open(shell, press, dialogs.forward)


async def forwarded(submission: Submission, shell: Shell) -> Ack | None:
    act = partial(
        assessment.take_forward,
        office=shell.office,
        value=Value.read(submission.view.metadata),
        by=submission.who.person,
        reason=submission.written(REASON),
    )
    return await _submit(shell, submission, act)


async def reasoned(submission: Submission, shell: Shell) -> Ack | None:
    value = Value.read(submission.view.metadata)
    act = partial(
        assessment.assess,
        office=shell.office,
        value=value,
        by=submission.who.person,
        reason=submission.written(REASON),
        questions=_chosen(submission),
    )
    return await _submit(shell, submission, act)


async def closed(submission: Submission, shell: Shell) -> Ack | None:
    value = Value.read(submission.view.metadata)
    act = partial(
        assessment.close,
        office=shell.office,
        value=value,
        by=submission.who.person,
        outcome=submission.written(OUTCOME),
        reason=submission.written(REASON),
        questions=_chosen(submission),
    )
    return await _submit(shell, submission, act)


ACTIONS: dict[str, Callable[[Press, Shell], Any]] = {
    ASSESS: assess,
    DISQUALIFY: disqualify,
    CLOSE: close,
    TAKE_FORWARD: take_forward,
}
VIEWS: dict[str, Callable[[Submission, Shell], Any]] = {
    REASON_MODAL: reasoned,
    CLOSED: closed,
    FORWARDED: forwarded,
}


async def _open(shell: Shell, press: Press, act: Callable[..., kit.Block]) -> None:
    await shell.open(press.trigger, await _perform(shell, press, act))


async def _perform(shell: Shell, press: Press, act: Callable[..., Any]) -> Any:
    return await fresh.perform(shell, press, act, refused=assessment.refused)


async def _submit(shell: Shell, submission: Submission, act: Act[None]) -> Ack | None:
    """Perform the act, or show in the modal why not: nothing that she wrote is lost."""
    try:
        await fresh.check(shell, submission.who)
        await shell.perform(submission.gesture, act)
    except FlowError as refusal:
        shell.refused(submission.who, refusal)
        block = QUESTIONS if refusal.key.endswith("questions_missing") else REASON
        text = shell.office.texts.plain(refusal.key, **refusal.facts)
        return {"response_action": "errors", "errors": {block: text}}
    return None


def _chosen(submission: Submission) -> tuple[str, ...]:
    found = entered(submission.view.values.get(QUESTIONS, {}).get(QUESTIONS))
    return found if isinstance(found, tuple) else ()
