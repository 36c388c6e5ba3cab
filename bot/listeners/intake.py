"""The officer's conversation, translated: what is said, pressed and sent in becomes one act each."""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from functools import partial
from typing import Any

from bot.acts import (
    appendices,
    chair,
    editing,
    ending,
    intake,
    invite,
    modals,
    refusals,
    rows,
    submission,
    workbook,
)
from bot.acts.said import Unresolved, said
from bot.blocks import kit
from bot.ids import (
    ANSWER,
    ANSWER_CHOSEN,
    ASK_FINANCE,
    BACK,
    CHAIR_CONFIRM,
    CHANGE,
    DRAFT_PDF,
    HELP,
    INVITE,
    LEAVE,
    LEAVE_CONFIRMED,
    OPEN_DRAFT,
    PAGE,
    PAUSE,
    REMOVE_APPENDIX,
    REPORT_AMOUNTS,
    ROW_ADD,
    ROW_CHANGE,
    ROW_REMOVE,
    ROWS_DONE,
    SHOW,
    SKIP,
    SPLIT,
    START,
    SUBMIT,
    WORKBOOK,
    About,
)
from bot.listeners import forms
from bot.listeners.known import know
from bot.listeners.payloads import Press, Said, entered
from bot.listeners.shell import Shell
from bot.perform import Transaction
from bot.words import committee
from flows.errors import FlowError

Folded = tuple[str, list[dict[str, Any]]]


async def message(what: Said, shell: Shell) -> None:
    """Take in what a person wrote; look in Slack's history first when that decides what it answers."""
    await know(shell, what.who.person)
    act = partial(
        said,
        office=shell.office,
        person=what.who.person,
        channel=what.channel,
        ts=what.ts,
        text=what.text,
        files=what.files,
    )
    refused = partial(_say_refusal, shell, what)
    try:
        await shell.perform(what.gesture, act, refused=refused)
    except Unresolved as unknown:
        await shell.outbox.resolve(unknown.outbox_id, before_ts=what.ts)
        await shell.perform(what.gesture, partial(act, certain=True), refused=refused)


async def message_given_up(what: Said, shell: Shell) -> None:
    """Say that it could not be taken, and not to wait for it."""
    wrote = datetime.fromtimestamp(float(what.ts), UTC)
    text = shell.office.texts("errors.bug.given_up", wrote=wrote)
    await shell.perform(what.gesture, partial(intake.say, person=what.who.person, text=text))


def _say_refusal(shell: Shell, what: Said, tx: Transaction, refusal: FlowError) -> None:
    shell.refused(what.who, refusal)
    intake.say(tx, person=what.who.person, text=refusals.text(shell.office, refusal))


# --- presses ------------------------------------------------------------------------------------


async def answer(press: Press, shell: Shell) -> None:
    """An option, a date or a person: the action's own suffix, or the button's value, says of what."""
    in_button = press.kind == "button"
    about = About.read(press.value if in_button else press.action.partition(":")[2])
    raw: Any = about.what if in_button else press.value
    if press.chosen and press.kind == "users_select":
        raw = {"user": press.chosen[0]}
        await know(shell, f"{press.who.team}:{press.chosen[0]}")
    await _answer(press, shell, about, raw)


async def answer_chosen(press: Press, shell: Shell) -> None:
    """What is chosen in the multi select beside the button."""
    chosen = entered((press.inputs or {}).get(press.block, {}).get("chosen"))
    await _answer(press, shell, About.read(press.value), list(chosen))


async def _answer(press: Press, shell: Shell, about: About, raw: Any) -> None:
    def act(tx: Transaction) -> Folded | None:
        return intake.answer(
            tx,
            shell.office,
            person=press.who.person,
            draft_id=about.draft,
            key=about.key,
            saw=about.saw,
            raw=raw,
            fold_later=not press.response_url,
        )

    await know(shell, press.who.person)
    _fold(press, shell, await shell.perform(press.gesture, act))


def _fold(press: Press, shell: Shell, folded: Folded | None) -> None:
    """Put the answered question on one line where it stands; the next one does not wait for it."""
    if folded is not None and press.response_url:
        text, blocks = folded
        shell.soon(shell.replace(press.response_url, text=text, blocks=blocks))


def _folding(
    function: Callable[..., Folded | None],
) -> Callable[[Press, Shell], Awaitable[None]]:
    """A press that answers the question it stands in."""

    async def listener(press: Press, shell: Shell) -> None:
        about = About.read(press.value)

        def act(tx: Transaction) -> Folded | None:
            return function(
                tx,
                shell.office,
                person=press.who.person,
                draft_id=about.draft,
                key=about.key,
                saw=about.saw,
            )

        await know(shell, press.who.person)
        _fold(press, shell, await shell.perform(press.gesture, act))

    return listener


async def page(press: Press, shell: Shell) -> None:
    """Turn the page of a summary where it stands."""
    about = About.read(press.value)
    if not press.response_url:
        await _act(editing.show, "draft_id")(press, shell)
        return

    def act(tx: Transaction) -> Folded:
        return editing.page(
            tx, shell.office, person=press.who.person, draft_id=about.draft, page=about.number
        )

    text, blocks = await shell.perform(press.gesture, act)
    await shell.replace(press.response_url, text=text, blocks=blocks)


def _act(function: Callable[..., Any], *names: str) -> Callable[[Press, Shell], Awaitable[None]]:
    """A press that is one act: `names` are the parts of its value that the act is given."""

    async def listener(press: Press, shell: Shell) -> None:
        about = About.read(press.value)
        parts: dict[str, Any] = {
            "draft_id": about.draft,
            "key": about.key,
            "saw": about.saw,
            "index": about.number if "index" in names else 0,
            "appendix": about.number if "appendix" in names else 0,
            "case_id": about.what,
            "committee_id": about.key,
        }
        given = {name: parts[name] for name in names}
        await know(shell, press.who.person)
        await shell.perform(
            press.gesture,
            lambda tx: function(tx, shell.office, person=press.who.person, **given),
        )

    return listener


_chair_confirms = _act(chair.confirm, "case_id", "committee_id")


async def chair_confirms(press: Press, shell: Shell) -> None:
    """Take the chair's word; where the button stood is then what she has confirmed."""
    await _chair_confirms(press, shell)
    if press.response_url:
        about = About.read(press.value)
        of = committee(shell.office, about.key)
        text = shell.office.texts("intake.said.chair_folded", case_id=about.what, committee=of)
        shell.soon(shell.replace(press.response_url, text=text, blocks=[kit.section(text)]))


async def start(press: Press, shell: Shell) -> None:
    await know(shell, press.who.person)
    await shell.perform(
        press.gesture, lambda tx: intake.start(tx, shell.office, person=press.who.person)
    )


ACTIONS: dict[str, Callable[[Press, Shell], Any]] = {
    START: start,
    ANSWER: answer,
    ANSWER_CHOSEN: answer_chosen,
    PAGE: page,
    OPEN_DRAFT: _act(intake.resume, "draft_id"),
    CHANGE: _act(editing.change, "draft_id", "key"),
    BACK: _act(editing.back, "draft_id", "key"),
    SHOW: _act(editing.show, "draft_id"),
    PAUSE: _act(editing.pause, "draft_id"),
    HELP: _act(intake.help_text),
    SKIP: _folding(editing.skip),
    LEAVE: _act(ending.ask, "draft_id"),
    LEAVE_CONFIRMED: _act(ending.leave, "draft_id"),
    INVITE: forms.opens(modals.invite),
    ROW_ADD: forms.opens(forms.new_row),
    ROW_CHANGE: forms.opens(forms.old_row),
    ROW_REMOVE: _act(rows.remove, "draft_id", "key", "saw", "index"),
    ROWS_DONE: _folding(rows.done),
    SPLIT: forms.opens(modals.split),
    REPORT_AMOUNTS: forms.opens(modals.report_amounts),
    WORKBOOK: _act(workbook.order, "draft_id"),
    ASK_FINANCE: _act(invite.ask_finance, "draft_id"),
    DRAFT_PDF: _act(submission.draft_pdf, "draft_id"),
    REMOVE_APPENDIX: _act(appendices.remove, "draft_id", "appendix"),
    SUBMIT: _act(submission.submit, "draft_id"),
    CHAIR_CONFIRM: chair_confirms,
}
