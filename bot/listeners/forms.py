"""The modals of the conversation: opened from the draft as it is, and sent in as one act each."""

from collections.abc import Awaitable, Callable
from typing import Any

from bot.acts import invite, modals, refusals, rows
from bot.ids import INVITED, REPORT_AMOUNTS_GIVEN, ROW, SPLIT_TABLE, About, NotOurs
from bot.listeners.known import know
from bot.listeners.payloads import Press, Submission, entered
from bot.listeners.shell import Ack, Shell
from bot.perform import Act, Transaction
from flows import row_inputs
from flows.errors import FlowError
from flows.inputs import WrongInputs


def opens(function: Callable[..., dict[str, Any]]) -> Callable[[Press, Shell], Awaitable[None]]:
    """A press that opens a modal, made from the draft as it is."""

    async def listener(press: Press, shell: Shell) -> None:
        about = About.read(press.value)

        def act(tx: Transaction) -> dict[str, Any]:
            return function(tx, shell.office, person=press.who.person, about=about)

        await know(shell, press.who.person)
        view = await shell.perform(press.gesture, act)
        await shell.open(press.trigger, view)

    return listener


def new_row(tx: Transaction, office: Any, *, person: str, about: About) -> dict[str, Any]:
    return modals.row(tx, office, person=person, about=about, index=None)


def old_row(tx: Transaction, office: Any, *, person: str, about: About) -> dict[str, Any]:
    return modals.row(tx, office, person=person, about=about, index=about.number)


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
            inputs=inputs_of(form),
        )

    return await send(form, shell, act)


async def split(form: Submission, shell: Shell) -> Ack | None:
    about = About.read(form.view.metadata)
    inputs = inputs_of(form)
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

    return await send(form, shell, act)


async def report_amounts(form: Submission, shell: Shell) -> Ack | None:
    about = About.read(form.view.metadata)

    def act(tx: Transaction) -> None:
        rows.put_amounts(
            tx,
            shell.office,
            person=form.who.person,
            draft_id=about.draft,
            key=about.key,
            saw=about.saw,
            amounts=row_inputs.split(inputs_of(form), zeros=True),
        )

    return await send(form, shell, act)


async def invited(form: Submission, shell: Shell) -> Ack | None:
    about = About.read(form.view.metadata)
    chosen = entered(form.view.values.get("people", {}).get("value"))
    if not isinstance(chosen, tuple):
        raise NotOurs(chosen)
    people = [f"{form.who.team}:{user}" for user in chosen]
    await know(shell, *people)

    def act(tx: Transaction) -> None:
        invite.authors(
            tx, shell.office, person=form.who.person, draft_id=about.draft, invited=people
        )

    return await send(form, shell, act)


async def send(form: Submission, shell: Shell, act: Act[None]) -> Ack | None:
    """Perform; what is wrong is shown at its input, and nothing that was written is lost."""
    try:
        await shell.perform(form.gesture, act)
    except WrongInputs as wrong:
        shell.refused(form.who, wrong)
        errors = {name: _plain(shell, refusal) for name, refusal in wrong.by_input.items()}
    except FlowError as refusal:
        shell.refused(form.who, refusal)
        first = next(iter(form.view.values), "")
        errors = {first: _plain(shell, refusal)}
    else:
        return None
    return {"response_action": "errors", "errors": errors}


def _plain(shell: Shell, refusal: FlowError) -> str:
    return refusals.plain(shell.office, refusal)


def inputs_of(form: Submission) -> dict[str, str]:
    """What stands in the modal's inputs, by block."""
    return {
        block: str(entered(next(iter(actions.values()), None)))
        for block, actions in form.view.values.items()
    }


VIEWS: dict[str, Callable[[Submission, Shell], Any]] = {
    ROW: row,
    SPLIT_TABLE: split,
    REPORT_AMOUNTS_GIVEN: report_amounts,
    INVITED: invited,
}
