"""The two steps in which kommunstyrelsen's decision is recorded: the meeting, and what it decided.

The second is made from the first and filled in from the case, so that a secretary with the minutes
before her changes only what they say otherwise.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from bot import ids, words
from bot.blocks import board, kit
from bot.blocks.board import About
from bot.blocks.kit import Block
from bot.blocks.rows import written
from bot.ids import Value
from bot.office import Office
from flows.board_record import Heading, Wanted, amount_field, cells, payment_field, pot_field
from flows.decided import Allocation, Verdict
from flows.dnr import LONGEST as LONGEST_DNR
from flows.form import LONGEST
from flows.money import LONGEST as LONGEST_AMOUNT
from flows.money import ZERO
from flows.rules import CostKind

_NAMES = ("reservations", "not_participating", "disqualified")


@dataclass(frozen=True, slots=True)
class Filled:
    """What the second step is filled in with. `payments`: kronor of the investment by budget year."""

    points: str
    total_estimate: Decimal | None
    payments: Mapping[int, Decimal]


def heading_modal(
    office: Office, about: About, wanted: Wanted, *, met: date | None, years: Sequence[int]
) -> Block:
    """The first step. `years` are all that can be chosen; `met` the planned meeting."""
    texts, programme = office.texts, office.programme
    committees = [(one.id, one.name) for one in programme.committees]
    verdicts = [(one, texts.plain(f"board.record.verdicts.{one}")) for one in Verdict]
    kinds = [(kind, _kind(office, kind)) for kind in CostKind]
    choices = [(str(year), str(year)) for year in years]
    asked = [str(year) for year in wanted.years]
    hint = texts.plain("board.record.grant_hint")
    blocks = [
        board.about_line(office, about),
        kit.field("verdict", texts.plain("board.record.verdict"), board.radio(verdicts)),
        kit.field("day", texts.plain("board.form.day"), board.day(met)),
        kit.field(
            "paragraph",
            texts.plain("board.form.paragraph"),
            kit.text_input("value", longest=board.LONGEST_PARAGRAPH),
            hint=texts.plain("board.form.paragraph_hint"),
        ),
        kit.field(
            "dnr",
            texts.plain("board.record.dnr"),
            kit.text_input("value", initial=about.case.dnr, longest=LONGEST_DNR),
        ),
        _several(office, "committees", committees, wanted.committees, hint=hint),
        _several(office, "kinds", kinds, wanted.kinds, hint=hint),
        _several(office, "years", choices, asked, hint=texts.plain("board.record.years_hint")),
        _every(office),
    ]
    return kit.modal(
        ids.RECORD_HEADING,
        texts.plain("board.record.title"),
        blocks,
        metadata=about.value,
        submit=texts.plain("board.form.next"),
        close=texts.plain("board.form.cancel"),
    )


def minutes_blocks(
    office: Office, about: About, heading: Heading, wanted: Wanted, filled: Filled
) -> list[Block]:
    """Every field of the second step; the caller sees to it that they are not too many."""
    texts = office.texts
    head = texts(
        "board.record.heading",
        verdict=texts.plain(f"board.record.verdicts.{heading.verdict}"),
        day=heading.day,
        paragraph=heading.paragraph,
        dnr=heading.dnr,
        case_id=about.id,
        title=about.title,
    )
    blocks = [kit.section(head)]
    if heading.verdict is Verdict.GRANTED:
        blocks += _granted(office, heading, wanted, filled)
    else:
        blocks.append(board.reason(office, "board.record.reason_hint", optional=False))
    for name in _NAMES:
        hint = texts.plain(f"board.record.{name}_hint")
        label = texts.plain(f"board.record.{name}")
        blocks.append(kit.field(name, label, board.names(), hint=hint, optional=True))
    proposals = kit.text_input("value", lines=True, longest=LONGEST)
    blocks.append(_field(office, "proposals", proposals, optional=True))
    return blocks


def minutes_modal(office: Office, value: Value, blocks: list[Block]) -> Block:
    """The second step; `value` carries the heading."""
    texts = office.texts
    return kit.modal(
        ids.RECORDED,
        texts.plain("board.record.title"),
        blocks,
        metadata=value,
        submit=texts.plain("board.form.save"),
        close=texts.plain("board.form.back"),
    )


def proposal(office: Office, title: str, asked: Sequence[Allocation]) -> list[str]:
    """Decision points that grant what is asked, for a person to change."""
    texts, later = office.texts, sorted({one.year for one in asked if one.amount})[1:]
    points = []
    for committee, kind in dict.fromkeys((one.committee, one.kind) for one in asked if one.amount):
        years = [a for a in asked if (a.committee, a.kind) == (committee, kind) and a.amount]
        points.append(
            texts.plain(
                "board.record.point.grant",
                committee=words.committee(office, committee),
                funds=texts.plain(f"board.record.point.funds.{kind}"),
                title=title,
                years=sorted(years, key=lambda one: one.year),
            )
        )
    programme = office.programme.names.programme
    points.append(texts.plain("board.record.point.financing", programme=programme))
    if later:
        points.append(texts.plain("board.record.point.later", years=later))
    return points


def pot_name(office: Office, kind: CostKind, year: int) -> str:
    """What the programme's own money is called in a financing line."""
    return office.texts.plain(
        "board.record.pot_source",
        programme=office.programme.names.programme,
        kind=_kind(office, kind),
        year=year,
    )


def label(office: Office, name: str) -> str:
    """What an input on the political route is called, for the list of what is wrong."""
    texts = office.texts
    first, _, rest = name.partition(":")
    match first:
        case "amount":
            committee, kind, year = rest.split(":")
            called = words.committee(office, committee)
            kind = _kind(office, CostKind(kind))
            return texts.plain("board.record.amount", committee=called, kind=kind, year=year)
        case "pot":
            kind, _, year = rest.partition(":")
            return _pot_label(office, CostKind(kind), int(year))
        case "payment":
            return texts.plain("board.record.payment", year=rest)
        case "day" | "paragraph" | "reason":
            return texts.plain(f"board.form.{first}")
        case "verified" | "announced":
            return texts.plain(f"board.form.announce.{first}")
        case "outcome":
            return texts.plain("board.form.review.outcome")
        case "position":
            return texts.plain("board.form.propose.position")
        case _:
            return texts.plain(f"board.record.{first}")


def _granted(office: Office, heading: Heading, wanted: Wanted, filled: Filled) -> list[Block]:
    points = kit.text_input("value", initial=filled.points, lines=True, longest=LONGEST)
    blocks = [
        _field(office, "points", points),
        kit.context(office.texts("board.record.amounts")),
    ]
    sought = {(a.committee, a.kind, a.year): a.amount for a in wanted.allocations}
    for (kind, year), committees in cells(heading, wanted).items():
        blocks += _part(office, committees, sought, kind, year)
    if CostKind.INVESTMENT in heading.kinds:
        blocks += _investment(office, heading, wanted, filled)
    other = kit.text_input("value", lines=True, longest=LONGEST)
    blocks.append(_field(office, "other_financing", other, optional=True))
    if wanted.compensation:
        texts = office.texts
        answers = [(one, texts.plain(f"board.record.{one}")) for one in ("yes", "no")]
        blocks.append(_field(office, "compensates", board.radio(answers)))
    return blocks


def _part(
    office: Office,
    committees: Sequence[str],
    sought: Mapping[tuple[str, CostKind, int], Decimal],
    kind: CostKind,
    year: int,
) -> list[Block]:
    """One kind and year: an amount for each nämnd, and how much of it the pot pays."""
    texts = office.texts
    asked = sum((a for (_, k, y), a in sought.items() if (k, y) == (kind, year)), ZERO)
    shown = sum((sought.get((c, kind, year), ZERO) for c in committees), ZERO)
    blocks = [
        kit.section(texts("board.record.part", kind=_kind(office, kind), year=year, asked=asked))
    ]
    for committee in committees:
        name = amount_field(committee, kind, year)
        element = _amount(sought.get((committee, kind, year)))
        blocks.append(kit.field(name, label(office, name), element, optional=True))
    pot = pot_field(kind, year)
    blocks.append(kit.field(pot, label(office, pot), _amount(shown or None), optional=True))
    return blocks


def _investment(office: Office, heading: Heading, wanted: Wanted, filled: Filled) -> list[Block]:
    blocks = [
        _field(office, "total_estimate", _amount(filled.total_estimate), optional=True, hint="")
    ]
    years = sorted({*heading.years, *wanted.paid_in})
    if len(years) == 1:
        return blocks
    hint = office.texts.plain("board.record.payment_hint")
    for year in years:
        name = payment_field(year)
        element = _amount(filled.payments.get(year))
        blocks.append(kit.field(name, label(office, name), element, hint=hint, optional=True))
    return blocks


def _field(
    office: Office, name: str, element: Block, *, optional: bool = False, hint: str | None = None
) -> Block:
    said = office.texts.plain(f"board.record.{name}_hint") if hint is None else hint
    return kit.field(name, label(office, name), element, hint=said, optional=optional)


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


def _amount(value: Decimal | None) -> Block:
    return kit.text_input("value", initial=written(value), longest=LONGEST_AMOUNT)


def _pot_label(office: Office, kind: CostKind, year: int) -> str:
    return office.texts.plain(
        "board.record.pot",
        programme=office.programme.names.programme,
        kind=_kind(office, kind),
        year=year,
    )


def _kind(office: Office, kind: CostKind) -> str:
    return office.texts.plain(f"board.told.kinds.{kind}")
