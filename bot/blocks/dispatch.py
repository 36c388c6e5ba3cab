"""The secretary's message about a decision on its way: who has got it, and a button to try again."""

from typing import Protocol

from bot.blocks import kit
from bot.ids import DISPATCH_AGAIN, Value
from bot.office import Office
from bot.owed import Blocks
from flows.events import Stage

MOST_UNSENT = 6  # lines; a message holds 3,000 characters


class CaseLine(Protocol):
    @property
    def stage(self) -> Stage: ...
    @property
    def version(self) -> int: ...


class About(Protocol):
    @property
    def case_id(self) -> str: ...
    @property
    def number(self) -> str: ...
    @property
    def case(self) -> CaseLine: ...


def told(office: Office, text: str, about: About, *, may_try: bool) -> Blocks:
    made = [kit.section(text)]
    if may_try:
        value = Value(about.case_id, about.case.stage, about.case.version, about.number)
        label = office.texts.plain("dispatch.told.again")
        made.append(kit.actions([kit.button(label, DISPATCH_AGAIN, value)]))
    return made
