"""The form in which a case is looked up, with what was found below it."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot import words
from bot.blocks import inbox, kit
from bot.blocks.inbox import CaseLine
from bot.blocks.kit import Block
from bot.ids import SEARCHED
from bot.office import Office
from bot.owed import Blocks
from flows.case import State

WORDS, COMMITTEE, STATE, INPUT = "words", "committee", "state", "value"
# A moment's states, which nothing is ever found in.
_PASSING = {State.RECOMMENDED, State.FORWARDED}


@dataclass(frozen=True, slots=True)
class Asked:
    """What is looked for: words of number, dnr and title; a nämnd's id; a state. "" is any."""

    words: str = ""
    committee: str = ""
    state: str = ""


def form(
    office: Office, asked: Asked, *, found: Sequence[CaseLine] | None = None, more: bool = False
) -> Block:
    """Found is None before anything was looked for."""
    texts = office.texts
    blocks = [*_fields(office, asked), *([] if found is None else _found(office, found, more=more))]
    return kit.modal(
        SEARCHED,
        texts.plain("search.form.title"),
        blocks,
        metadata="",
        submit=texts.plain("search.form.submit"),
        close=texts.plain("search.form.close"),
    )


def message(office: Office, found: Sequence[CaseLine], *, more: bool) -> tuple[str, Blocks]:
    """The same as a message that says it all in its text too."""
    said = office.texts("search.form.found", count=len(found), more=more)
    lines = [
        office.texts("search.form.short", row=row, holder=inbox.holder(office, row))
        for row in found
    ]
    text = kit.cut("\n".join([said, *lines]), kit.TEXT)
    return text, _found(office, found, more=more)[1:]


def _fields(office: Office, asked: Asked) -> list[Block]:
    texts = office.texts
    committees = [kit.option(one.name, one.id) for one in office.programme.committees[:100]]
    states = [
        kit.option(texts.plain(f"search.states.{state}"), state)
        for state in State
        if state not in _PASSING
    ]
    return [
        kit.field(
            WORDS,
            texts.plain("search.form.words"),
            kit.text_input(INPUT, initial=asked.words, longest=200),
            hint=texts.plain("search.form.words_hint"),
            optional=True,
        ),
        _choice(office, COMMITTEE, committees, asked.committee),
        _choice(office, STATE, states, asked.state),
    ]


def _choice(office: Office, name: str, options: list[Block], chosen: str) -> Block:
    initial = next((one for one in options if one["value"] == chosen), None)
    placeholder = office.texts.plain("search.form.any")
    element = kit.select(INPUT, options, placeholder=placeholder, initial=initial)
    return kit.field(name, office.texts.plain(f"search.form.{name}"), element, optional=True)


def _found(office: Office, found: Sequence[CaseLine], *, more: bool) -> list[Block]:
    texts = office.texts
    said = texts("search.form.found", count=len(found), more=more)
    return [kit.divider(), kit.section(said), *(kit.section(line(office, row)) for row in found)]


def line(office: Office, row: CaseLine) -> str:
    """A case in a list: number, name, dnr, from whom, who has it now and since when."""
    administrations = words.listed(words.administration(office, a) for a in row.administrations)
    return office.texts(
        "search.form.line",
        row=row,
        administrations=administrations,
        holder=inbox.holder(office, row),
    )
