"""`/trygghet`, the shortcut, edits and changed accounts: what is not an answer to a question."""

from typing import Any

from bot.acts import assessment, intake, status, who
from bot.acts.writing import tell
from bot.listeners.known import know
from bot.listeners.payloads import Command, Edited
from bot.listeners.shell import Ack, Shell
from bot.perform import Transaction

SHORTCUT = "start_case"
_NEW = frozenset({"", "ny", "starta", "start"})


async def command(what: Command, shell: Shell) -> Ack | None:
    """`ny`, `mina`, `ärende NR`, `hjälp`. The answer is for the person's eyes only."""
    await know(shell, what.who.person)
    person, office = what.who.person, shell.office
    word, _, rest = what.text.lower().partition(" ")
    if what.name == SHORTCUT or word in _NEW:
        await shell.perform(what.gesture, lambda tx: intake.start(tx, office, person=person))
        text = office.texts("intake.command.started")
    elif word == "mina":
        text = await shell.perform.unkeyed(lambda tx: status.mine(tx, office, person=person))
    elif word in {"ärende", "arende"}:
        text = await shell.perform.unkeyed(
            lambda tx: status.of_case(tx, office, person=person, case_id=rest.strip())
        )
    else:
        text = office.texts("intake.command.help")
    if what.name == SHORTCUT:
        return None
    return {"response_type": "ephemeral", "text": str(text)}


async def edited(what: Edited, shell: Shell) -> None:
    """Changing a message in Slack changes no answer; say so, and point to *Ändra*."""
    text = shell.office.texts("intake.said.edited")
    await shell.perform(what.gesture, lambda tx: tell(tx, what.who.person, text))


async def person_changed(user: dict[str, Any], shell: Shell) -> None:
    """An account was closed, made a guest, or given another name.

    Slack tells of everybody in the workspace; only those we have to do with are stored.
    """
    email = str(user.get("profile", {}).get("email") or "")
    person = f"{user.get('team_id') or shell.office.team}:{user['id']}"

    def act(tx: Transaction) -> None:
        if who.is_known(tx.db, person=person) or shell.office.programme.person(email):
            assessment.remember(tx, shell.office, user)

    await shell.perform.unkeyed(act)
