"""The modal in which the free text of a tjänsteskrivelse is written, with the programme's sections."""

from collections.abc import Sequence

from bot import ids, words
from bot.blocks import board, kit
from bot.blocks.board import About
from bot.blocks.kit import Block
from bot.office import Office
from flows import references
from flows.decided import Allocation
from flows.form import LONGEST
from flows.money import ZERO
from flows.officer_report import (
    LONGEST_GROUP,
    LONGEST_PURPOSE,
    TEXTS,
    Mbl,
    Stance,
    WrittenReport,
    purpose_field,
)
from flows.practice import Section

MOST_GOALS = 100  # that Slack takes in a select


def modal(
    office: Office, about: About, written: WrittenReport, *, committees: Sequence[str]
) -> Block:
    """`written` is what was saved last, or what the case itself gives to begin with.

    `committees` get the money. One alone uses it for the measure; of several each has its purpose.
    """
    texts = office.texts
    said = texts(
        "officer_report.form.about",
        case_id=about.id,
        title=about.title,
        version=about.case.version,
    )
    points = _text("\n".join(written.points))
    blocks = [kit.section(said), _field(office, "points", points, optional=False)]
    if len(committees) > 1:
        blocks += [_purpose(office, committee, written) for committee in committees]
    for section in office.programme.officer_report.sections:
        blocks += _section(office, section, written)
    documents = "\n".join(references.written(one) for one in written.documents)
    blocks.append(_field(office, "documents", _text(documents)))
    return kit.modal(
        ids.OFFICER_REPORT_WRITTEN,
        texts.plain("officer_report.form.title"),
        blocks,
        metadata=about.value,
        submit=texts.plain("officer_report.form.save"),
        close=texts.plain("board.form.cancel"),
    )


def finance(office: Office, asked: tuple[Allocation, ...], *, analysis: str, long_term: str) -> str:
    """What the case itself says of its economic consequences."""
    total = sum((one.amount for one in asked), ZERO)
    return office.texts.plain(
        "officer_report.form.finance_text", total=total, analysis=analysis, long_term=long_term
    )


def label(office: Office, name: str) -> str:
    """What an input is called."""
    first, _, committee = name.partition(":")
    if committee:
        named = words.committee(office, committee)
        return office.texts.plain(f"officer_report.form.{first}", committee=named)
    return office.texts.plain(f"officer_report.form.{name}")


def _section(office: Office, section: Section, written: WrittenReport) -> list[Block]:
    match section:
        case Section.GOALS:
            return _goals(office, written)
        case Section.CONSULTATION:
            return _consultation(office, written)
        case Section.MBL:
            return _mbl(office, written)
        case _:
            assert section in TEXTS
            text = _text(getattr(written, section.value))
            return [_field(office, section, text)]


def _purpose(office: Office, committee: str, written: WrittenReport) -> Block:
    named = words.committee(office, committee)
    said = next((one.text for one in written.purposes if one.committee == named), "")
    element = kit.text_input("value", initial=said, lines=True, longest=LONGEST_PURPOSE)
    name = purpose_field(committee)
    return kit.field(name, label(office, name), element, optional=True)


def _goals(office: Office, written: WrittenReport) -> list[Block]:
    """Goals go by their place in the programme: their names may be longer than Slack takes."""
    goals = office.programme.direction.goals[:MOST_GOALS]
    options = [kit.option(goal, str(number)) for number, goal in enumerate(goals)]
    if not options:
        return []
    element: Block = {
        "type": "multi_static_select",
        "action_id": "value",
        "placeholder": kit.plain(label(office, "choose"), limit=150),
        "options": options,
    }
    chosen = [one for one, goal in zip(options, goals, strict=True) if goal in written.goals]
    element |= {"initial_options": chosen} if chosen else {}
    return [_field(office, Section.GOALS, element)]


def _consultation(office: Office, written: WrittenReport) -> list[Block]:
    said = written.consultation
    texts = office.texts
    stances = [(one, texts.plain(f"officer_report.form.stances.{one}")) for one in Stance]
    group = kit.text_input("value", initial=said.group if said else "", longest=LONGEST_GROUP)
    stance = board.radio(stances, chosen=said.stance if said else "")
    return [_field(office, "group", group), _field(office, Section.CONSULTATION, stance)]


def _mbl(office: Office, written: WrittenReport) -> list[Block]:
    texts = office.texts
    choices = [(one, texts.plain(f"officer_report.form.mbls.{one}")) for one in Mbl]
    chosen = board.radio(choices, chosen=written.mbl or "")
    return [
        _field(office, Section.MBL, chosen, optional=False),
        _field(office, "mbl_on", board.day(written.mbl_on)),
    ]


def _text(initial: str) -> Block:
    return kit.text_input("value", initial=initial[:LONGEST], lines=True, longest=LONGEST)


def _field(office: Office, name: str, element: Block, *, optional: bool = True) -> Block:
    hint = f"officer_report.form.{name}_hint"
    texts = office.texts
    said = texts.plain(hint) if hint in texts else ""
    return kit.field(name, label(office, name), element, hint=said, optional=optional)
