"""The secretary's buttons and modals on the political route, translated: each press is one act.

A modal that does not fit says so at each input, and at the first also what else there is; nothing that
was written is lost.
"""

from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any

from bot.acts import board, board_record, correction, officer_report, refusals
from bot.blocks import board_record as record_blocks
from bot.blocks import officer_report as report_blocks
from bot.blocks.kit import Block
from bot.ids import (
    ANNOUNCE,
    ANNOUNCED,
    CORRECT,
    CORRECT_HEADING,
    CORRECTED,
    OFFICER_REPORT,
    OFFICER_REPORT_WRITTEN,
    PROPOSE,
    PROPOSED,
    RECORD,
    RECORD_HEADING,
    RECORDED,
    REVIEW,
    REVIEWED,
    Value,
)
from bot.listeners import fresh
from bot.listeners.payloads import Press, Submission, entered
from bot.listeners.shell import Ack, Shell
from bot.perform import Act
from flows.errors import FlowError
from flows.inputs import WrongInputs
from flows.practice import Section

DONE: Ack = {"response_action": "clear"}
Label = Callable[[str], str]


def opens(ask: Callable[..., Block]) -> Callable[[Press, Shell], Awaitable[None]]:
    """A press that opens a modal, made from the case as it is."""

    async def listener(press: Press, shell: Shell) -> None:
        await fresh.check(shell, press.who)
        value = Value.read(press.value)
        act = partial(ask, office=shell.office, value=value, by=press.who.person)
        await shell.open(press.trigger, await shell.perform(press.gesture, act))

    return listener


def takes(do: Callable[..., None]) -> Callable[[Submission, Shell], Awaitable[Ack | None]]:
    """A modal whose inputs are one act."""

    async def listener(form: Submission, shell: Shell) -> Ack | None:
        act = _act(do, form, shell, inputs=inputs(form))
        return await _send(form, shell, act) or DONE

    return listener


def heading(go_on: Callable[..., Block]) -> Callable[[Submission, Shell], Awaitable[Ack | None]]:
    """The first step of kommunstyrelsen's decision: put the second on top of it, so that she can go back.

    It changes nothing, and Slack gives it the same key when she has gone back and sends it again.
    """

    async def listener(form: Submission, shell: Shell) -> Ack | None:
        chosen = {name: _several(form, name) for name in ("committees", "kinds", "years", "every")}
        ask = _act(go_on, form, shell, inputs=inputs(form), chosen=chosen)
        made: list[Block] = []
        refused = await _send(form, shell, lambda tx: made.append(ask(tx)), once=False)
        return refused or {"response_action": "push", "view": made[0]}

    return listener


async def written(form: Submission, shell: Shell) -> Ack | None:
    goals = _several(form, Section.GOALS)
    act = _act(officer_report.save, form, shell, inputs=inputs(form), goals=goals)
    return await _send(form, shell, act, label=report_blocks.label) or DONE


ACTIONS: dict[str, Callable[[Press, Shell], Awaitable[None]]] = {
    REVIEW: opens(board.ask_review),
    PROPOSE: opens(board.ask_proposal),
    RECORD: opens(board_record.ask),
    CORRECT: opens(correction.ask),
    ANNOUNCE: opens(board.ask_announcement),
    OFFICER_REPORT: opens(officer_report.ask),
}
VIEWS: dict[str, Callable[[Submission, Shell], Awaitable[Ack | None]]] = {
    REVIEWED: takes(board.review),
    PROPOSED: takes(board.propose),
    RECORD_HEADING: heading(board_record.go_on),
    RECORDED: takes(board_record.record),
    CORRECT_HEADING: heading(correction.go_on),
    CORRECTED: takes(correction.correct),
    ANNOUNCED: takes(board.announce),
    OFFICER_REPORT_WRITTEN: written,
}


def inputs(form: Submission) -> dict[str, str]:
    """What stands in the modal's inputs of one value, by block."""
    found = {
        block: entered(next(iter(actions.values()), None))
        for block, actions in form.view.values.items()
    }
    return {block: value for block, value in found.items() if isinstance(value, str)}


def _several(form: Submission, block: str) -> tuple[str, ...]:
    """What is chosen in an input of several values."""
    found = entered(next(iter(form.view.values.get(block, {}).values()), None))
    return found if isinstance(found, tuple) else ()


def _act(do: Callable[..., Any], form: Submission, shell: Shell, **more: Any) -> Act[Any]:
    value = Value.read(form.view.metadata)
    return partial(do, office=shell.office, value=value, by=form.who.person, **more)


async def _send(
    form: Submission,
    shell: Shell,
    act: Act[Any],
    *,
    label: Callable[[Any, str], str] = record_blocks.label,
    once: bool = True,
) -> Ack | None:
    """Perform; what is wrong is shown at its input, and nothing that was written is lost."""
    try:
        await fresh.check(shell, form.who)
        if once:
            await shell.perform(form.gesture, act)
        else:
            await shell.perform.unkeyed(act)
    except WrongInputs as wrong:
        shell.refused(form.who, wrong)
        return _errors(form, shell, wrong, lambda name: label(shell.office, name))
    except FlowError as refusal:
        shell.refused(form.who, refusal)
        first = next(iter(form.view.values), "")
        said = refusals.plain(shell.office, refusal)
        return {"response_action": "errors", "errors": {first: said}}
    return None


def _errors(form: Submission, shell: Shell, wrong: WrongInputs, label: Label) -> Ack:
    """Each refusal at its input, and at the first of them the names of all the others."""
    there = [name for name in form.view.values if name in wrong.by_input]
    elsewhere = [name for name in wrong.by_input if name not in form.view.values]
    first = there[0] if there else next(iter(form.view.values), "")
    errors = {name: refusals.plain(shell.office, wrong.by_input[name]) for name in there}
    if elsewhere:
        errors.setdefault(first, refusals.plain(shell.office, wrong.by_input[elsewhere[0]]))
    others = [label(name) for name in [*there, *elsewhere] if name != first]
    if others and there:
        errors[first] = shell.office.texts.plain(
            "board.form.all_wrong", first=errors[first], others=others
        )
    return {"response_action": "errors", "errors": errors}
