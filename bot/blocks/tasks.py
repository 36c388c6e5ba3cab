"""Tasks on App Home: one line each, and the buttons that the task's own message has."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Protocol

from markupsafe import Markup

from bot.blocks import kit
from bot.blocks.inbox import CaseLine, holder
from bot.blocks.kit import Block
from bot.ids import OPEN_DRAFT, About
from bot.office import Office
from flows.case import Case
from flows.rules import CostKind


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    text: Markup
    buttons: tuple[Block, ...] = ()


@dataclass(frozen=True, slots=True)
class Letter:
    """What a button about an expedition needs to know (blocks/dispatch)."""

    case_id: str
    number: str
    case: Case


class Move(Protocol):
    """A budget move (flows/transfer)."""

    @property
    def kind(self) -> CostKind: ...
    @property
    def year(self) -> int: ...
    @property
    def amount(self) -> Decimal: ...


def blocks(task: Task, number: int) -> list[Block]:
    """`number` tells the same button of two tasks apart: an id is used once on a page."""
    made = [kit.section(task.text)]
    named = [one | {"action_id": _numbered(one["action_id"], number)} for one in task.buttons]
    return [*made, kit.actions(named)] if named else made


def line(office: Office, row: CaseLine) -> Markup:
    """The case, who has it and since when."""
    return office.texts("home.tasks.line", row=row, holder=holder(office, row))


def decide(office: Office, row: CaseLine, *, link: str) -> Task:
    return Task(text=office.texts("home.tasks.decide", row=row, link=link))


def report(office: Office, row: CaseLine, about: About, *, period: str, late_on: date) -> Task:
    text = office.texts("home.tasks.report", row=row, period=period, late_on=late_on)
    begin = kit.button(office.texts.plain("home.tasks.write"), OPEN_DRAFT, about, style="primary")
    return Task(text=text, buttons=(begin,))


def move(office: Office, row: CaseLine, of: Move) -> Markup:
    return office.texts("home.tasks.move", row=row, of=of)


def letter(office: Office, row: CaseLine, number: str, names: Sequence[str]) -> Markup:
    return office.texts("home.tasks.letter", row=row, number=number, names=", ".join(names))


def _numbered(action: str, number: int) -> str:
    name, _, rest = action.partition(":")
    return f"{name}:{rest}:{number}" if rest else f"{name}::{number}"
