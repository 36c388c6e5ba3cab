"""The two steps in which the record of kommunstyrelsen's decision is corrected, and what is said of it."""

from collections.abc import Sequence

from markupsafe import Markup

from bot import ids
from bot.blocks import board, kit
from bot.blocks.board import About
from bot.blocks.board_heading import gets, meeting
from bot.blocks.kit import Block
from bot.ids import Value
from bot.office import Office
from flows.board_record import Heading
from flows.decided import DecisionCorrected
from flows.form import LONGEST


def heading_modal(
    office: Office, about: About, before: Heading, value: Value, *, years: Sequence[int]
) -> Block:
    """The first step of a correction, as the record has it; what was decided is not changed by it."""
    texts = office.texts
    blocks = [
        board.about_line(office, about),
        kit.section(texts("correction.form.about", number=value.what)),
        *meeting(office, before.day, before.paragraph, before.dnr),
        *gets(office, before.committees, before.kinds, before.years, years=years),
    ]
    return kit.modal(
        ids.CORRECT_HEADING,
        texts.plain("correction.form.title"),
        blocks,
        metadata=value,
        submit=texts.plain("board.form.next"),
        close=texts.plain("board.form.cancel"),
    )


def minutes_modal(office: Office, value: Value, blocks: list[Block]) -> Block:
    """The second step of a correction, with why; `value` carries the heading."""
    texts = office.texts
    why = kit.field(
        "why",
        texts.plain("correction.form.why"),
        kit.text_input("value", lines=True, longest=LONGEST),
        hint=texts.plain("correction.form.why_hint"),
    )
    return kit.modal(
        ids.CORRECTED,
        texts.plain("correction.form.title"),
        [blocks[0], why, *blocks[1:]],
        metadata=value,
        submit=texts.plain("correction.form.save"),
        close=texts.plain("board.form.back"),
    )


def said(office: Office, about: About, event: DecisionCorrected, *, why: str, name: str) -> Markup:
    """That the record is another, which it replaces, and why; `name` corrected it."""
    return office.texts(
        "correction.told.corrected",
        case_id=about.id,
        title=about.title,
        number=event.decided.number,
        before=event.corrects,
        why=why,
        name=name,
    )
