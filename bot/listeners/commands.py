"""`/trygghet`, the shortcut, edits and changed accounts: what is not an answer to a question."""

from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any

from markupsafe import Markup

from bot.acts import accounts, digest, export, intake, money, reporting, search, status, who
from bot.acts.writing import tell
from bot.listeners import substitutes
from bot.listeners.known import know
from bot.listeners.payloads import Command, Edited
from bot.listeners.shell import Ack, Shell
from bot.owed import Blocks
from bot.perform import Transaction
from bot.render import shorten

SHORTCUT = "start_case"
Answer = tuple[str, Blocks]  # a text that says it all, and blocks if there is more to see


async def command(what: Command, shell: Shell) -> Ack | None:
    """Do what the first word says; the answer is for the person's eyes only."""
    await know(shell, what.who.person)
    # A number copied from a text may have a hyphen that does not break.
    word, *more = what.text.lower().replace("\u2011", "-").split(maxsplit=1) or [""]
    if what.name == SHORTCUT:
        await _start(what, "", shell)
        return None
    if word in COMMANDS:
        text, blocks = await COMMANDS[word](what, " ".join(more).strip(), shell)
    else:
        text, blocks = _unknown(word, shell)
    answer: Ack = {"response_type": "ephemeral", "text": str(text)}
    return answer | ({"blocks": blocks} if blocks else {})


async def _start(what: Command, _rest: str, shell: Shell) -> Answer:
    act = partial(intake.start, office=shell.office, person=what.who.person)
    await shell.perform(what.gesture, act)
    return shell.office.texts("intake.command.started"), []


async def _mine(what: Command, _rest: str, shell: Shell) -> Answer:
    act = partial(status.mine, office=shell.office, person=what.who.person)
    return await shell.perform.unkeyed(act), []


async def _case(what: Command, rest: str, shell: Shell) -> Answer:
    act = partial(status.of_case, office=shell.office, person=what.who.person, case_id=rest)
    return await shell.perform.unkeyed(act), []


async def _search(what: Command, rest: str, shell: Shell) -> Answer:
    query = partial(search.said, office=shell.office, words=rest, person=what.who.person)
    return await shell.perform.read(query)


async def _budget(what: Command, rest: str, shell: Shell) -> Answer:
    act = partial(money.show, office=shell.office, person=what.who.person, said=rest)
    return await shell.perform.unkeyed(act)


async def _digest(what: Command, _rest: str, shell: Shell) -> Answer:
    at = await shell.perform.unkeyed(lambda tx: tx.now)
    person = what.who.person
    return await shell.perform.read(lambda db: digest.now(db, shell.office, person=person, at=at))


async def _export(what: Command, _rest: str, shell: Shell) -> Answer:
    act = partial(export.order, office=shell.office, person=what.who.person)
    await shell.perform(what.gesture, act)
    return shell.office.texts("home.export.started"), []


async def _substitutes(what: Command, _rest: str, shell: Shell) -> Answer:
    await substitutes.opened(what, shell)
    return shell.office.texts("substitutes.form.opened"), []


async def _reports(what: Command, _rest: str, shell: Shell) -> Answer:
    query = partial(reporting.mine, office=shell.office, person=what.who.person)
    return await shell.perform.read(query)


async def _help(_what: Command, _rest: str, shell: Shell) -> Answer:
    return shell.office.texts("intake.command.help"), []


def _unknown(word: str, shell: Shell) -> Answer:
    said = shell.office.texts("intake.command.unknown", word=shorten(word, 40))
    return Markup("\n").join([said, shell.office.texts("intake.command.help")]), []


COMMANDS: dict[str, Callable[[Command, str, Shell], Awaitable[Answer]]] = {
    "": _start,
    "ny": _start,
    "start": _start,
    "starta": _start,
    "mina": _mine,
    "digest": _digest,
    "ärende": _case,
    "arende": _case,
    "sök": _search,
    "sok": _search,
    "budget": _budget,
    "rapport": _reports,
    "exportera": _export,
    "ersättare": _substitutes,
    "ersattare": _substitutes,
    "hjälp": _help,
}


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
            accounts.changed(tx, shell.office, user)

    await shell.perform.unkeyed(act)
