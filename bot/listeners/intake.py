"""The officer's conversation, translated: what is said, pressed and sent in becomes one act each."""

from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any

from bot.acts import appendices, chair, editing, intake, invite, modals, rows, submission, workbook
from bot.acts.said import Unresolved, said
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
    INVITED,
    LEAVE,
    LEAVE_CONFIRMED,
    OPEN_DRAFT,
    PAGE,
    PAUSE,
    REMOVE_APPENDIX,
    ROW,
    ROW_ADD,
    ROW_CHANGE,
    ROW_REMOVE,
    ROWS_DONE,
    SHOW,
    SKIP,
    SPLIT,
    SPLIT_TABLE,
    START,
    SUBMIT,
    WORKBOOK,
    About,
)
from bot.listeners.known import know
from bot.listeners.payloads import Press, Said, Submission, entered
from bot.listeners.shell import Ack, Shell
from bot.perform import Act, Transaction
from flows import row_inputs
from flows.errors import FlowError
from flows.row_inputs import WrongInputs

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


def _say_refusal(shell: Shell, what: Said, tx: Transaction, refusal: FlowError) -> None:
    intake.say(tx, person=what.who.person, text=intake.refusal_text(shell.office, refusal))


# --- presses ------------------------------------------------------------------------------------


async def answer(press: Press, shell: Shell) -> None:
    """An option, a date or a person: the action's own suffix, or the button's value, says of what."""
    in_button = press.value.startswith("[")
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
        )

    folded = await shell.perform(press.gesture, act)
    if folded is not None and press.response_url:
        text, blocks = folded
        shell.soon(shell.replace(press.response_url, text=text, blocks=blocks))


async def page(press: Press, shell: Shell) -> None:
    """Turn the page of a summary where it stands."""
    about = About.read(press.value)

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


async def start(press: Press, shell: Shell) -> None:
    await know(shell, press.who.person)
    await shell.perform(
        press.gesture, lambda tx: intake.start(tx, shell.office, person=press.who.person)
    )


def _modal(function: Callable[..., dict[str, Any]]) -> Callable[[Press, Shell], Awaitable[None]]:
    """A press that opens a modal, made from the draft as it is."""

    async def listener(press: Press, shell: Shell) -> None:
        about = About.read(press.value)

        def act(tx: Transaction) -> dict[str, Any]:
            return function(tx, shell.office, person=press.who.person, about=about)

        view = await shell.perform(press.gesture, act)
        await shell.open(press.trigger, view)

    return listener


def _new_row(tx: Transaction, office: Any, *, person: str, about: About) -> dict[str, Any]:
    return modals.row(tx, office, person=person, about=about, index=None)


def _old_row(tx: Transaction, office: Any, *, person: str, about: About) -> dict[str, Any]:
    return modals.row(tx, office, person=person, about=about, index=about.number)


# --- modals -------------------------------------------------------------------------------------


async def row(form: Submission, shell: Shell) -> Ack | None:
    about = About.read(form.view.metadata)
    index = about.number if about.what else None

    def act(tx: Transaction) -> None:
        rows.put(
            tx,
            shell.office,
            person=form.who.person,
            draft_id=about.draft,
            key=about.key,
            saw=about.saw,
            index=index,
            inputs=_inputs(form),
        )

    return await _send(form, shell, act)


async def split(form: Submission, shell: Shell) -> Ack | None:
    about = About.read(form.view.metadata)
    inputs = _inputs(form)
    rest = inputs.pop("rest", "")

    def act(tx: Transaction) -> None:
        rows.put_split(
            tx,
            shell.office,
            person=form.who.person,
            draft_id=about.draft,
            saw=about.saw,
            split=row_inputs.split(inputs),
            rest=rest,
        )

    return await _send(form, shell, act)


async def invited(form: Submission, shell: Shell) -> Ack | None:
    about = About.read(form.view.metadata)
    chosen = entered(form.view.values.get("people", {}).get("value"))
    people = [f"{form.who.team}:{user}" for user in chosen]
    await know(shell, *people)

    def act(tx: Transaction) -> None:
        invite.authors(
            tx, shell.office, person=form.who.person, draft_id=about.draft, invited=people
        )

    return await _send(form, shell, act)


async def _send(form: Submission, shell: Shell, act: Act[None]) -> Ack | None:
    """Perform; what is wrong is shown at its input, and nothing that was written is lost."""
    try:
        await shell.perform(form.gesture, act)
    except WrongInputs as wrong:
        errors = {name: _plain(shell, refusal) for name, refusal in wrong.by_input.items()}
    except FlowError as refusal:
        first = next(iter(form.view.values), "")
        errors = {first: _plain(shell, refusal)}
    else:
        return None
    return {"response_action": "errors", "errors": errors}


def _plain(shell: Shell, refusal: FlowError) -> str:
    return intake.refusal_plain(shell.office, refusal)


def _inputs(form: Submission) -> dict[str, str]:
    """What stands in the modal's inputs, by block."""
    return {
        block: str(entered(next(iter(actions.values()), None)))
        for block, actions in form.view.values.items()
    }


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
    SKIP: _act(editing.skip, "draft_id", "key", "saw"),
    LEAVE: _act(editing.ask_to_leave, "draft_id"),
    LEAVE_CONFIRMED: _act(editing.leave, "draft_id"),
    INVITE: _modal(modals.invite),
    ROW_ADD: _modal(_new_row),
    ROW_CHANGE: _modal(_old_row),
    ROW_REMOVE: _act(rows.remove, "draft_id", "key", "saw", "index"),
    ROWS_DONE: _act(rows.done, "draft_id", "key", "saw"),
    SPLIT: _modal(modals.split),
    WORKBOOK: _act(workbook.order, "draft_id"),
    ASK_FINANCE: _act(invite.ask_finance, "draft_id"),
    DRAFT_PDF: _act(submission.draft_pdf, "draft_id"),
    REMOVE_APPENDIX: _act(appendices.remove, "draft_id", "appendix"),
    SUBMIT: _act(submission.submit, "draft_id"),
    CHAIR_CONFIRM: _act(chair.confirm, "case_id", "committee_id"),
}
VIEWS: dict[str, Callable[[Submission, Shell], Any]] = {
    ROW: row,
    SPLIT_TABLE: split,
    INVITED: invited,
}
