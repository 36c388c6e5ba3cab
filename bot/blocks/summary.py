"""All answers with a button to change each, a page at a time."""

from collections.abc import Callable
from dataclasses import dataclass

from bot import words
from bot.blocks import kit
from bot.blocks.kit import Block
from bot.ids import CHANGE, DRAFT_PDF, INVITE, LEAVE, PAGE, REMOVE_APPENDIX, SUBMIT, About
from bot.office import Office
from flows.form import Item

PER_PAGE = 14  # answers on a page: with 150 characters each it stays below Slack's limits


@dataclass(frozen=True, slots=True)
class Overview:
    """A draft as the person sees it. `names` tells who a person id is, `open` what may be changed."""

    draft: int
    title: str
    items: tuple[Item, ...]
    appendices: tuple[tuple[int, str, str], ...]  # id, name, size
    complete: bool
    may_submit: bool
    viewer: str
    may_change: Callable[[str], bool]
    problems: tuple[str, ...] = ()
    sums: tuple[str, ...] = ()  # worded and escaped
    report: bool = False  # it is owed: it cannot be left, only handed in
    submitted: bool = False  # a case is withdrawn; a draft that never was one is only left


def message(office: Office, overview: Overview, *, page: int = 0) -> tuple[str, list[Block]]:
    """One page of the summary; the last page has the appendices and what to do next."""
    texts = office.texts
    pages = max(1, -(-len(overview.items) // PER_PAGE))
    page = min(max(page, 0), pages - 1)
    shown = overview.items[page * PER_PAGE : (page + 1) * PER_PAGE]
    title = overview.title or texts.plain("intake.question.untitled")
    answered = sum(item.answer is not None for item in overview.items)
    head = texts.plain("intake.summary.head", title=title)
    where = texts(
        "intake.summary.where",
        answered=answered,
        of=len(overview.items),
        page=page + 1,
        pages=pages,
        complete=overview.complete,
        may_submit=overview.may_submit,
    )
    blocks = [kit.header(head), kit.section(where)]
    if overview.problems:
        blocks.append(kit.section("\n".join(overview.problems)))
    blocks += _answers(office, overview, shown)
    if page == pages - 1:
        blocks += [kit.section(line) for line in overview.sums]
        blocks += _appendices(office, overview)
    if buttons := _next(office, overview, page, pages):
        blocks += [kit.divider(), kit.actions(buttons)]
    text = texts(
        "intake.summary.text",
        title=title,
        answered=answered,
        of=len(overview.items),
        complete=overview.complete,
        may_submit=overview.may_submit,
    )
    return kit.cut("\n".join([text, *overview.sums]), kit.TEXT), blocks


def _answers(office: Office, overview: Overview, shown: tuple[Item, ...]) -> list[Block]:
    """The answers, under the heading of their point."""
    blocks: list[Block] = []
    point = None
    for item in shown:
        if item.ask.point != point:
            point = item.ask.point
            blocks.append(kit.context(office.texts(f"intake.summary.point{point}")))
        blocks.append(_answer(office, overview, item))
    return blocks


def _answer(office: Office, overview: Overview, item: Item) -> Block:
    ask, texts = item.ask, office.texts
    value = (
        words.shown(office, ask, item.answer.value)
        if item.answer
        else texts.plain("intake.words.stands")
    )
    other = item.answer is not None and item.answer.by != overview.viewer
    line = texts(
        "intake.summary.answer",
        label=words.part(office, ask, "label"),
        value=value,
        missing=item.answer is None,
        by=item.answer.by.split(":")[1] if other and item.answer else "",
    )
    change = kit.button(
        texts.plain("intake.words.button.change"),
        f"{CHANGE}:{ask.key}",
        About(overview.draft, ask.key),
    )
    return kit.section(line, accessory=change if overview.may_change(ask.key) else None)


def _appendices(office: Office, overview: Overview) -> list[Block]:
    texts = office.texts
    blocks = [kit.context(texts("intake.summary.appendices", count=len(overview.appendices)))]
    for number, name, size in overview.appendices[:8]:
        remove = kit.button(
            texts.plain("intake.words.button.remove"),
            f"{REMOVE_APPENDIX}:{number}",
            About(overview.draft, what=str(number)),
        )
        line = texts("intake.summary.appendix", name=name, size=size)
        blocks.append(kit.section(line, accessory=remove))
    if len(overview.appendices) > 8:  # noqa: PLR2004  the page has no room for more
        more = texts("intake.summary.more_appendices", count=len(overview.appendices) - 8)
        blocks.append(kit.context(more))
    return blocks


def _next(office: Office, overview: Overview, page: int, pages: int) -> list[Block]:
    texts = office.texts
    made: list[Block] = []
    for name, to, there in (
        ("previous", page - 1, page > 0),
        ("next", page + 1, page < pages - 1),
    ):
        if there:
            about = About(overview.draft, what=str(to))
            made.append(
                kit.button(texts.plain(f"intake.words.button.{name}"), f"{PAGE}:{name}", about)
            )
    about = About(overview.draft)
    if overview.may_submit and overview.complete:
        send = texts.plain("intake.words.button.submit")
        made.append(kit.button(send, SUBMIT, about, style="primary"))
    if not overview.report:
        made.append(kit.button(texts.plain("intake.words.button.draft_pdf"), DRAFT_PDF, about))
    if overview.may_submit:
        made.append(kit.button(texts.plain("intake.words.button.invite"), INVITE, about))
    if overview.may_submit and not overview.report:
        leave = "withdraw" if overview.submitted else "leave"
        made.append(kit.button(texts.plain(f"intake.words.button.{leave}"), LEAVE, about))
    return made
