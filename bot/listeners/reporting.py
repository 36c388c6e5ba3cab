"""KLG's buttons under a follow-up report, translated: received, or sent back with a reason."""

from collections.abc import Callable
from functools import partial
from typing import Any

from bot.acts import report_klg
from bot.blocks.reporting import REASON
from bot.ids import REPORT_RECEIVE, REPORT_SEND_BACK, REPORT_SENT_BACK, Value
from bot.listeners import fresh
from bot.listeners.payloads import Press, Submission, entered
from bot.listeners.shell import Ack, Shell
from flows.errors import FlowError


async def receive(press: Press, shell: Shell) -> None:
    await _perform(shell, press, report_klg.receive)


async def send_back(press: Press, shell: Shell) -> None:
    """Open the form in which she writes why."""
    await shell.open(press.trigger, await _perform(shell, press, report_klg.ask_why))


async def sent_back(form: Submission, shell: Shell) -> Ack | None:
    """Send it back, or show in the form why not: nothing that she wrote is lost."""
    value = Value.read(form.view.metadata)
    found = entered(form.view.values.get(REASON, {}).get(REASON))
    reason = found if isinstance(found, str) else ""
    act = partial(
        report_klg.send_back,
        office=shell.office,
        value=value,
        by=form.who.person,
        reason=reason,
    )
    try:
        await fresh.check(shell, form.who)
        await shell.perform(form.gesture, act)
    except FlowError as refusal:
        shell.refused(form.who, refusal)
        text = shell.office.texts.plain(refusal.key, **refusal.facts)
        return {"response_action": "errors", "errors": {REASON: text}}
    return None


async def _perform(shell: Shell, press: Press, act: Callable[..., Any]) -> Any:
    await fresh.check(shell, press.who)
    value = Value.read(press.value)
    return await shell.perform(
        press.gesture, partial(act, office=shell.office, value=value, by=press.who.person)
    )


ACTIONS: dict[str, Callable[[Press, Shell], Any]] = {
    REPORT_RECEIVE: receive,
    REPORT_SEND_BACK: send_back,
}
VIEWS: dict[str, Callable[[Submission, Shell], Any]] = {REPORT_SENT_BACK: sent_back}
