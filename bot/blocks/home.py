"""App Home: start, what I write, my cases and who holds each, what waits for me, and the inbox.

The most urgent part comes first. Home shows no tables and at most 100 blocks: a part shows a page
at a time, and the sizes of the pages add up to less than that.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, Generic, TypeVar

from bot import words
from bot.blocks import inbox, kit, money, tasks
from bot.blocks.inbox import CaseLine
from bot.blocks.kit import Block
from bot.blocks.money import Money
from bot.blocks.tasks import Task
from bot.ids import EXPORT, HOME_PAGE, OPEN_DRAFT, SEARCH, START, SUBSTITUTES, About
from bot.office import Office

T_co = TypeVar("T_co", covariant=True)


class Part(StrEnum):
    TASKS = "tasks"
    INBOX = "inbox"
    WAITING = "waiting"
    DRAFTS = "drafts"
    CASES = "cases"


PER_PAGE = {Part.TASKS: 8, Part.INBOX: 10, Part.WAITING: 8, Part.DRAFTS: 6, Part.CASES: 10}


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftLine:
    """A draft and how far it has come. `point` is where the person goes on; None: all is answered."""

    draft: int
    title: str
    case_id: str
    point: int | None
    answered: int
    of: int
    changed_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Section(Generic[T_co]):
    """One page of a part. `more`: there are older ones."""

    part: Part
    page: int
    lines: tuple[T_co, ...]
    more: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Home:
    """`waiting` is None for those who are not in KLG, `inbox` for those who are no secretary.

    `money` is the year's, and the next one's if there is any, for those who answer for the programme.
    `to_join` are drafts, by case, that others of her förvaltning write and she can open.
    """

    tasks: Section[Task]
    drafts: Section[DraftLine]
    cases: Section[CaseLine]
    to_join: Mapping[str, int] = field(default_factory=dict)
    waiting: Section[CaseLine] | None = None
    inbox: Section[CaseLine] | None = None
    money: tuple[Money, ...] = ()


def view(office: Office, home: Home | None) -> dict[str, Any]:
    """The whole page; None is for those who may nothing here."""
    return {"type": "home", "blocks": _blocks(office, home)}


def _blocks(office: Office, home: Home | None) -> list[Block]:
    texts, names = office.texts, office.programme.names
    head = kit.header(texts.plain("home.page.head"))
    if home is None:
        outside = texts("home.page.outside", municipality=office.programme.municipality)
        return [head, kit.section(outside)]
    made = [head, kit.section(texts("home.page.about", names=names)), _begin(office, home)]
    # Where another part says what waits for her, an empty one that says nothing does is left out.
    waits_elsewhere = home.waiting is not None or home.inbox is not None
    if home.tasks.lines or (home.money and not waits_elsewhere):
        made += _part(office, home.tasks, _tasks(home.tasks))
    if home.inbox is not None:
        made += _part(office, home.inbox, (inbox.line(office, row) for row in home.inbox.lines))
    if home.waiting is not None:
        lines = ([_waiting(office, row)] for row in home.waiting.lines)
        made += _part(office, home.waiting, lines)
    made += _part(office, home.drafts, ([_draft(office, row)] for row in home.drafts.lines))
    mine = ([_case(office, row, home.to_join.get(row.id))] for row in home.cases.lines)
    made += _part(office, home.cases, mine)
    return [*made, kit.divider(), *money.on_home(office, home.money)] if home.money else made


def _begin(office: Office, home: Home) -> Block:
    texts = office.texts
    made = [
        kit.button(texts.plain("home.page.start"), START, style="primary"),
        kit.button(texts.plain("home.page.search"), SEARCH),
    ]
    if home.money:
        made.append(kit.button(texts.plain("home.page.export"), EXPORT))
    if home.waiting is not None:
        made.append(kit.button(texts.plain("home.page.substitute"), SUBSTITUTES))
    return kit.actions(made)


def _tasks(section: Section[Task]) -> Iterable[list[Block]]:
    return (tasks.blocks(task, number) for number, task in enumerate(section.lines))


def _part(office: Office, section: Section[Any], lines: Iterable[list[Block]]) -> list[Block]:
    texts, part = office.texts, section.part
    made = [kit.divider(), kit.header(texts.plain(f"home.{part}.head"))]
    made += [block for line in lines for block in line]
    if not section.lines:
        made.append(kit.context(texts(f"home.{part}.none", names=office.programme.names)))
    turns = [
        kit.button(texts.plain(f"home.page.{name}"), f"{HOME_PAGE}:{part}:{name}", f"{part}:{to}")
        for name, to, there in (
            ("newer", section.page - 1, section.page > 0),
            ("older", section.page + 1, section.more),
        )
        if there
    ]
    return [*made, kit.actions(turns)] if turns else made


def _draft(office: Office, row: DraftLine) -> Block:
    texts = office.texts
    line = texts(
        "home.drafts.line", row=row, title=row.title or texts.plain("home.drafts.untitled")
    )
    resume = kit.button(
        texts.plain("home.drafts.resume"), f"{OPEN_DRAFT}:{row.draft}", About(row.draft)
    )
    return kit.section(line, accessory=resume)


def _case(office: Office, row: CaseLine, draft: int | None) -> Block:
    texts = office.texts
    line = texts("home.cases.line", row=row, holder=inbox.holder(office, row))
    if draft is None:
        return kit.section(line)
    join = kit.button(texts.plain("home.cases.join"), f"{OPEN_DRAFT}:{draft}", About(draft))
    return kit.section(line, accessory=join)


def _waiting(office: Office, row: CaseLine) -> Block:
    administrations = words.listed(words.administration(office, a) for a in row.administrations)
    line = office.texts(
        "home.waiting.line", row=row, administrations=administrations, channel=office.klg_channel
    )
    return kit.section(line)
