"""A submission as the secretary sees it: when it came, from whom, its dnr, its state and who holds it."""

from datetime import datetime
from typing import Any, Protocol

from markupsafe import Markup

from bot import words
from bot.blocks import assessment, kit
from bot.blocks.kit import Block
from bot.ids import DNR, DNR_GIVEN, Value
from bot.office import Office
from bot.owed import Blocks
from flows.case import Case, State
from flows.dnr import LONGEST
from flows.events import Stage

FIELD, INPUT = "dnr", "dnr"


class CaseLine(Protocol):
    """A case as lists show it (storage/cases.Listed); `administrations` are ids."""

    @property
    def id(self) -> str: ...
    @property
    def state(self) -> State: ...
    @property
    def stage(self) -> Stage: ...
    @property
    def version(self) -> int: ...
    @property
    def title(self) -> str: ...
    @property
    def dnr(self) -> str: ...
    @property
    def administrations(self) -> tuple[str, ...]: ...
    @property
    def submitted_at(self) -> datetime: ...
    @property
    def since(self) -> datetime: ...


def line(office: Office, row: CaseLine) -> list[Block]:
    """What stands in App Home, with what can be done about it."""
    texts = office.texts
    text = texts(
        "inbox.line.text",
        row=row,
        administrations=_senders(office, row),
        holder=holder(office, row),
    )
    return [kit.section(text), kit.actions(_buttons(office, row))]


def arrived(office: Office, row: CaseLine) -> tuple[str, Blocks]:
    """The direct message about a new submission."""
    text = office.texts(
        "inbox.said.arrived",
        row=row,
        administrations=_senders(office, row),
        klg=office.programme.names.klg,
    )
    give = _give_dnr(office, row, primary=True)
    return text, [kit.section(text), *([] if row.dnr else [kit.actions([give])])]


def holder(office: Office, row: CaseLine) -> Markup:
    """Who has the case now, and what for."""
    names = office.programme.names
    return office.texts(
        f"inbox.holder.{row.state}",
        administrations=_senders(office, row),
        klg=names.klg,
        department=names.safety_department,
        stage=row.stage,
    )


def ask_dnr(office: Office, case_id: str, *, title: str, dnr: str) -> dict[str, Any]:
    """The modal in which the dnr is written."""
    texts = office.texts
    given = kit.field(
        FIELD,
        texts.plain("inbox.dnr.label"),
        kit.text_input(INPUT, initial=dnr, longest=LONGEST),
        hint=texts.plain("inbox.dnr.hint"),
    )
    about = kit.section(texts("inbox.dnr.about", case_id=case_id, title=title))
    return kit.modal(
        DNR_GIVEN,
        texts.plain("inbox.dnr.title"),
        [about, given],
        metadata=case_id,
        submit=texts.plain("inbox.dnr.save"),
        close=texts.plain("inbox.dnr.cancel"),
    )


def _buttons(office: Office, row: CaseLine) -> list[Block]:
    made = [_give_dnr(office, row, primary=not row.dnr)]
    if row.state is State.ADVISED_AGAINST:
        made.append(
            assessment.take_forward(office, row.id, Case(stage=row.stage, version=row.version))
        )
    return made


def _give_dnr(office: Office, row: CaseLine, *, primary: bool) -> Block:
    label = office.texts.plain("inbox.dnr.change" if row.dnr else "inbox.dnr.give")
    value = Value(row.id, row.stage, row.version)
    return kit.button(label, f"{DNR}:{row.id}", value, style="primary" if primary else "")


def _senders(office: Office, row: CaseLine) -> str:
    return words.listed(words.administration(office, one) for one in row.administrations)
