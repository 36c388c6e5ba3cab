"""The chief executive's buttons and modal, translated: each is one act, and a refusal is said in private."""

from collections.abc import Callable
from functools import partial
from typing import Any

from bot.acts import decision
from bot.blocks.decision import REASON, amount_block
from bot.ids import DECIDE, DECIDED, DECIDER_DISQUALIFIED, Value
from bot.listeners import fresh
from bot.listeners.payloads import Press, Submission
from bot.listeners.shell import Ack, Shell
from flows.errors import FlowError, Stale


async def asked(press: Press, shell: Shell) -> None:
    """Open the modal of the verdict."""
    await shell.open(press.trigger, await _perform(shell, press, decision.ask))


async def disqualified(press: Press, shell: Shell) -> None:
    await _perform(shell, press, decision.disqualify)


async def decided(submission: Submission, shell: Shell) -> Ack | None:
    """Put it on record. When it goes another way she is told so at once, in the same modal."""
    values = submission.view.values
    amounts = [name for name in map(amount_block, range(len(values))) if name in values]
    office, value = shell.office, Value.read(submission.view.metadata)
    act = partial(
        decision.decide,
        office=office,
        value=value,
        by=submission.who.person,
        reason=submission.written(REASON),
        amounts=[submission.written(name) for name in amounts],
    )
    try:
        await fresh.check(shell, submission.who)
        told = await shell.perform(submission.gesture, act)
    except Stale as refusal:
        # Her message is old: show it as it is now, and say why.
        show = partial(decision.refused, refusal=refusal, office=office, value=value)
        await shell.perform.unkeyed(show)
        raise
    except FlowError as refusal:
        shell.refused(submission.who, refusal)
        return _refused(shell, refusal)
    if told is None:
        return None
    return {"response_action": "update", "view": shell.notice_view(told)}


ACTIONS: dict[str, Callable[[Press, Shell], Any]] = {
    DECIDE: asked,
    DECIDER_DISQUALIFIED: disqualified,
}
VIEWS: dict[str, Callable[[Submission, Shell], Any]] = {DECIDED: decided}


def _refused(shell: Shell, refusal: FlowError) -> Ack:
    """At the input that it is about: nothing she wrote is lost, and she can send the same form again."""
    position = refusal.facts.get("position")
    block = amount_block(position) if isinstance(position, int) else REASON
    text = shell.office.texts.plain(refusal.key, **refusal.facts)
    return {"response_action": "errors", "errors": {block: text}}


async def _perform(shell: Shell, press: Press, act: Callable[..., Any]) -> Any:
    return await fresh.perform(shell, press, act, refused=decision.refused)
