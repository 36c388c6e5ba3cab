"""One question as a Slack message: where we are, what is asked, what a good answer is, the control."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from bot import words
from bot.blocks import kit
from bot.blocks.kit import Block
from bot.ids import (
    ANSWER,
    ANSWER_CHOSEN,
    ASK_FINANCE,
    BACK,
    CHANGE,
    HELP,
    LEAVE,
    PAUSE,
    REPORT_AMOUNTS,
    ROW_ADD,
    ROW_CHANGE,
    ROW_REMOVE,
    ROWS_DONE,
    SHOW,
    SKIP,
    SPLIT,
    WORKBOOK,
    About,
)
from bot.office import Office
from flows.form import Ask, Item, Kind, Progress

FEW = 5  # as many choices as there is room for as buttons
MOST_ROWS = 15  # rows that one message can show with their buttons
# Tables whose lines are given: all amounts are filled in at once, in one modal.
GIVEN_LINES = frozenset({"split", "outcome", "forecast"})
MOST_SECTIONS = 2  # of 3,000 characters, so that a message stays below what Slack takes in all


@dataclass(frozen=True, slots=True)
class Put:
    """A question as it is put to a person now. `draft`, `saw`: what its buttons answer."""

    item: Item
    draft: int
    progress: Progress
    title: str
    saw: int = 0
    note: str = ""  # said before the question, already escaped
    value: Any = None  # the answer today, when it is being changed
    details: tuple[str, ...] = field(default=())  # more to read before answering, escaped
    may_ask_finance: bool = False  # somebody else, in Slack, is named as the finance officer


def message(office: Office, put: Put) -> tuple[str, list[Block]]:
    """The text that says it all by itself, and the blocks."""
    ask, texts = put.item.ask, office.texts
    question, good = words.part(office, ask, "question"), words.part(office, ask, "good")
    title = put.title or texts.plain("intake.question.untitled")
    progress = texts(
        "intake.question.progress",
        point=texts.fixed("intake.question.point", point=put.progress.point),
        number=put.progress.number,
        of=put.progress.of,
        title=title,
    )
    asked = texts("intake.question.text", progress=progress, question=question, good=good)
    text = "\n".join(
        [
            *([put.note] if put.note else []),
            asked,
            *_options(office, ask),
            *put.details,
            *_lines(office, put),
        ]
    )
    helped = texts.fixed(
        "intake.question.help",
        help=words.part(office, ask, "help"),
        source=words.part(office, ask, "source"),
    )
    blocks = [
        *([kit.section(put.note)] if put.note else []),
        kit.context(progress),
        kit.section(texts.fixed("intake.question.ask", question=question, good=good)),
        *_today(office, put),
        *_packed(put.details),
        *_control(office, put),
        kit.context(helped),
        _always(office, put),
    ]
    return kit.cut(text, kit.TEXT), blocks


def folded(office: Office, ask: Ask, value: Any, *, draft: int) -> tuple[str, list[Block]]:
    """An answered question on one line, with a button to change it."""
    label, answer = words.part(office, ask, "label"), words.shown(office, ask, value)
    change = kit.button(
        office.texts.plain("intake.words.button.change"), CHANGE, About(draft, ask.key)
    )
    line = office.texts("intake.question.folded", label=label, value=answer)
    text = office.texts("intake.question.folded_text", label=label, value=answer)
    return text, [kit.section(line, accessory=change)]


def _options(office: Office, ask: Ask) -> list[str]:
    """What can be chosen, for those who only hear the text; any of it can be typed."""
    if ask.kind not in {Kind.CHOICE, Kind.CHOICES}:
        return []
    named = tuple(words.option(office, ask, option) for option in ask.options)
    return [office.texts.fixed("intake.question.options", options=named)]


def _packed(lines: Sequence[str]) -> list[Block]:
    """Lines in as few sections as hold them, and never more than a message has room for."""
    sections: list[str] = []
    for line in map(str.strip, lines):
        gap = "\n\n" if line.startswith("*") else "\n"  # a heading of its own
        if sections and len(sections[-1] + gap + line) <= kit.SECTION:
            sections[-1] += gap + line
        else:
            sections.append(line)
    return [kit.section(text) for text in sections[:MOST_SECTIONS]]


def _lines(office: Office, put: Put) -> list[str]:
    """The table so far, a line for each row."""
    if put.item.ask.kind is not Kind.ROWS or put.item.ask.key in GIVEN_LINES:
        return []
    return [
        office.texts("intake.question.rows", number=number, row=words.row(office, row))
        for number, row in enumerate(put.value or (), start=1)
    ]


def _today(office: Office, put: Put) -> list[Block]:
    texts, ask = office.texts, put.item.ask
    asked_whole = ask.kind is Kind.CONFIRM or ask.key in GIVEN_LINES
    if put.item.stale is not None and not asked_whole:
        shown = words.shown(office, ask, put.item.stale.value)
        return [kit.section(texts("intake.question.stale", value=shown))]
    if put.value is None or ask.kind in {Kind.ROWS, Kind.CONFIRM}:
        return []
    return [kit.section(texts("intake.question.now", value=words.shown(office, ask, put.value)))]


def _control(office: Office, put: Put) -> list[Block]:  # noqa: C901  one arm for each kind
    """The control that the kind of answer asks for; none for text, which is typed."""
    ask = put.item.ask
    about = About(put.draft, ask.key, put.saw)
    name = f"ask:{put.draft}:{ask.key}:{put.saw}"
    match ask.kind:
        case Kind.YES_NO:
            return [_buttons(office, put, ("yes", "no"), name)]
        case Kind.CHOICE if len(ask.options) <= FEW:
            return [_buttons(office, put, ask.options, name)]
        case Kind.CHOICE:
            options = [kit.option(words.option(office, ask, o), o) for o in ask.options]
            placeholder = office.texts.plain("intake.words.choose")
            chooser = kit.select(f"{ANSWER}:{about}", options, placeholder=placeholder)
            return [kit.actions([chooser], block_id=name)]
        case Kind.CHOICES:
            return _choices(office, put, about, name)
        case Kind.DATE:
            picker: Block = {"type": "datepicker", "action_id": f"{ANSWER}:{about}"}
            if put.value is not None:
                picker["initial_date"] = put.value.isoformat()
            return [kit.actions([picker], block_id=name)]
        case Kind.PERSON:
            placeholder = office.texts.plain("intake.words.choose_person")
            people: Block = {
                "type": "users_select",
                "action_id": f"{ANSWER}:{about}",
                "placeholder": kit.plain(placeholder, limit=150),
            }
            return [kit.actions([people], block_id=name)]
        case Kind.ROWS:
            return _rows(office, put, about, name)
        case Kind.CONFIRM:
            return [kit.actions(_confirm(office, put, about), block_id=name)]
        case Kind.TEXT | Kind.LINE | Kind.CONTACT:
            return []


def _buttons(office: Office, put: Put, options: tuple[str, ...], name: str) -> Block:
    ask = put.item.ask
    made = []
    for option in options:
        label = (
            office.texts.plain(f"questions.options.yes_no.{option}")
            if ask.kind is Kind.YES_NO
            else words.option(office, ask, option)
        )
        about = About(put.draft, ask.key, put.saw, option)
        made.append(kit.button(label, f"{ANSWER}:{option}", about))
    return kit.actions(made, block_id=name)


def _choices(office: Office, put: Put, about: About, name: str) -> list[Block]:
    ask = put.item.ask
    options = [kit.option(words.option(office, ask, option), option) for option in ask.options]
    chooser: Block = {
        "type": "multi_static_select",
        "action_id": "chosen",
        "placeholder": kit.plain(office.texts.plain("intake.words.choose"), limit=150),
        "options": options,
    }
    if put.value:
        chooser["initial_options"] = [o for o in options if o["value"] in put.value]
    answer = kit.button(
        office.texts.plain("intake.words.button.answer_chosen"),
        ANSWER_CHOSEN,
        about,
        style="primary",
    )
    return [kit.actions([chooser, answer], block_id=name)]


def _confirm(office: Office, put: Put, about: About) -> list[Block]:
    ask = put.item.ask
    yes = office.texts.plain(f"questions.options.confirm.{ask.wording}")
    value = About(put.draft, ask.key, put.saw, "yes")
    made = [kit.button(yes, f"{ANSWER}:yes", value, style="primary")]
    if ask.key == "classification":
        for key in ("operating", "investments"):
            label = f"{office.texts.plain('intake.words.button.change')}: {office.texts.plain(f'questions.point3.{key}.label')}"
            made.append(kit.button(label, f"{CHANGE}:{key}", About(put.draft, key)))
    if ask.key == "finance_confirmed" and put.may_ask_finance:
        made.append(
            kit.button(office.texts.plain("intake.words.button.ask_finance"), ASK_FINANCE, about)
        )
    return made


def _rows(office: Office, put: Put, about: About, name: str) -> list[Block]:
    texts, ask = office.texts, put.item.ask
    rows = put.value or ()
    if ask.key == "split":
        fill = kit.button(
            texts.plain("intake.words.button.fill_split"), SPLIT, about, style="primary"
        )
        workbook = kit.button(texts.plain("intake.words.button.workbook"), WORKBOOK, about)
        return [kit.actions([fill, workbook], block_id=name)]
    if ask.key in GIVEN_LINES:
        label = texts.plain("reporting.amounts.fill")
        return [
            kit.actions([kit.button(label, REPORT_AMOUNTS, about, style="primary")], block_id=name)
        ]
    lines = _lines(office, put)
    shown: list[Block] = []
    if len(lines) > MOST_ROWS:  # they came from the workbook, and are changed there
        lines, many = [], lines
        said = texts("intake.question.many_rows", count=len(many))
        shown = [*_packed(many), kit.section(said)]
    for number, line in enumerate(lines, start=1):
        this = About(put.draft, ask.key, put.saw, str(number - 1))
        shown += [
            kit.section(line),
            kit.actions(
                [
                    kit.button(texts.plain("intake.words.button.row_change"), ROW_CHANGE, this),
                    kit.button(texts.plain("intake.words.button.row_remove"), ROW_REMOVE, this),
                ],
                block_id=f"{name}:{number}",
            ),
        ]
    below = [kit.button(texts.plain("intake.words.button.row_add"), ROW_ADD, about)]
    if rows:
        done = texts.plain("intake.words.button.rows_done")
        below.append(kit.button(done, ROWS_DONE, about, style="primary"))
    elif ask.least == 0:
        below.append(kit.button(texts.plain("intake.words.button.rows_none"), ROWS_DONE, about))
    if ask.key in {"operating", "investments"} or len(rows) > MOST_ROWS:
        below.append(kit.button(texts.plain("intake.words.button.workbook"), WORKBOOK, about))
    return [*shown, kit.actions(below, block_id=name)]


def _always(office: Office, put: Put) -> Block:
    """What can be done at any time; the same as the words tillbaka, visa, pausa and hjälp."""
    about = About(put.draft, put.item.ask.key, put.saw)
    texts = office.texts
    made = [
        kit.button(texts.plain(f"intake.words.button.{name}"), action, about)
        for name, action in (("back", BACK), ("show", SHOW), ("pause", PAUSE), ("help", HELP))
    ]
    keeps = put.item.answer is not None and put.value is not None
    if keeps or put.item.ask.optional:
        label = texts.plain(f"intake.words.button.{'keep' if keeps else 'skip'}")
        made.insert(0, kit.button(label, SKIP, about))
    if put.item.ask.key == "own_budget_reason":  # the nämnd can pay: withdrawing is offered
        made.append(kit.button(texts.plain("intake.words.button.withdraw"), LEAVE, about))
    return kit.actions(made)
