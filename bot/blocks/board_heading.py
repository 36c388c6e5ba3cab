"""The first step in which kommunstyrelsen's decision is recorded: the meeting, and who gets what when."""

from collections.abc import Iterable, Sequence
from datetime import date

from bot import ids
from bot.blocks import board, kit
from bot.blocks.board import About
from bot.blocks.board_record import kind_name, label
from bot.blocks.kit import Block
from bot.office import Office
from flows.board_record import Wanted
from flows.decided import Verdict
from flows.dnr import LONGEST as LONGEST_DNR
from flows.rules import CostKind


def heading_modal(
    office: Office, about: About, wanted: Wanted, *, met: date | None, years: Sequence[int]
) -> Block:
    """The first step. `years` are all that can be chosen; `met` the planned meeting."""
    texts = office.texts
    verdicts = [(one, texts.plain(f"board.record.verdicts.{one}")) for one in Verdict]
    verdict = kit.field("verdict", texts.plain("board.record.verdict"), board.radio(verdicts))
    held = meeting(office, met, "", about.case.dnr)
    given = gets(office, wanted.committees, wanted.kinds, wanted.years, years=years)
    blocks = [board.about_line(office, about), verdict, *held, *given]
    return kit.modal(
        ids.RECORD_HEADING,
        texts.plain("board.record.title"),
        blocks,
        metadata=about.value,
        submit=texts.plain("board.form.next"),
        close=texts.plain("board.form.cancel"),
    )


def meeting(office: Office, met: date | None, paragraph: str, dnr: str) -> list[Block]:
    texts = office.texts
    return [
        kit.field("day", texts.plain("board.form.day"), board.day(met)),
        kit.field(
            "paragraph",
            texts.plain("board.form.paragraph"),
            kit.text_input("value", initial=paragraph, longest=board.LONGEST_PARAGRAPH),
            hint=texts.plain("board.form.paragraph_hint"),
        ),
        kit.field(
            "dnr",
            texts.plain("board.record.dnr"),
            kit.text_input("value", initial=dnr, longest=LONGEST_DNR),
        ),
    ]


def gets(
    office: Office,
    committees: Iterable[str],
    kinds: Iterable[CostKind],
    chosen: Iterable[int],
    *,
    years: Sequence[int],
) -> list[Block]:
    """Who gets what in which years, chosen so from the start. `years` are all that can be chosen."""
    texts, programme = office.texts, office.programme
    known = [(one.id, one.name) for one in programme.committees]
    named = [(kind, kind_name(office, kind)) for kind in CostKind]
    choices = [(str(year), str(year)) for year in years]
    hint = texts.plain("board.record.grant_hint")
    wanted = [str(year) for year in chosen]
    return [
        _several(office, "committees", known, committees, hint=hint),
        _several(office, "kinds", named, kinds, hint=hint),
        _several(office, "years", choices, wanted, hint=texts.plain("board.record.years_hint")),
        _every(office),
    ]


def _several(
    office: Office,
    name: str,
    choices: Iterable[tuple[str, str]],
    chosen: Iterable[str],
    *,
    hint: str,
) -> Block:
    options = [kit.option(text, value) for value, text in choices]
    initial = [option for option in options if option["value"] in set(chosen)]
    element: Block = {
        "type": "multi_static_select",
        "action_id": "value",
        "placeholder": kit.plain(office.texts.plain("board.form.choose"), limit=150),
        "options": options,
    }
    element |= {"initial_options": initial} if initial else {}
    return kit.field(name, label(office, name), element, hint=hint, optional=True)


def _every(office: Office) -> Block:
    """For the decision that gives a nämnd what it never asked for."""
    option = kit.option(office.texts.plain("board.record.every_yes"), "yes")
    element: Block = {"type": "checkboxes", "action_id": "value", "options": [option]}
    hint = office.texts.plain("board.record.every_hint")
    return kit.field("every", label(office, "every"), element, hint=hint, optional=True)
