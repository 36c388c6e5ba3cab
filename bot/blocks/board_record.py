"""The second step in which kommunstyrelsen's decision is recorded: what it decided.

It is made from the first (blocks/board_heading) and filled in from the case, so that a secretary with
the minutes before her changes only what they say otherwise.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
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
from flows.form import LONGEST
from flows.money import LONGEST as LONGEST_AMOUNT
from flows.money import ZERO
from flows.rules import CostKind

_NAMES = ("reservations", "not_participating", "disqualified")


@dataclass(frozen=True, slots=True)
class Filled:
    """What the second step is filled in with, in kronor; `payments` of the investment by budget year.

    `amounts` and `pots`: None for what is asked for. `written`: the free text of other inputs.
    """

    points: str
    total_estimate: Decimal | None
    payments: Mapping[int, Decimal]
    amounts: Mapping[tuple[str, CostKind, int], Decimal] | None = None
    pots: Mapping[tuple[CostKind, int], Decimal] | None = None
    written: Mapping[str, str] = field(default_factory=dict)


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
        names = board.names(filled.written.get(name, ""))
        blocks.append(kit.field(name, label, names, hint=hint, optional=True))
    said = filled.written.get("proposals", "")
    proposals = kit.text_input("value", initial=said, lines=True, longest=LONGEST)
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
        kind=kind_name(office, kind),
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
            kind = kind_name(office, CostKind(kind))
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
        blocks += _part(office, committees, sought, kind, year, filled)
    if CostKind.INVESTMENT in heading.kinds:
        blocks += _investment(office, heading, wanted, filled)
    financing = filled.written.get("other_financing", "")
    other = kit.text_input("value", initial=financing, lines=True, longest=LONGEST)
    blocks.append(_field(office, "other_financing", other, optional=True))
    if wanted.compensation:
        texts = office.texts
        answers = [(one, texts.plain(f"board.record.{one}")) for one in ("yes", "no")]
        chosen = filled.written.get("compensates", "")
        blocks.append(_field(office, "compensates", board.radio(answers, chosen=chosen)))
    return blocks


def _part(
    office: Office,
    committees: Sequence[str],
    sought: Mapping[tuple[str, CostKind, int], Decimal],
    kind: CostKind,
    year: int,
    filled: Filled,
) -> list[Block]:
    """One kind and year: an amount for each nämnd, and how much of it the pot pays."""
    texts = office.texts
    given = sought if filled.amounts is None else filled.amounts
    asked = sum((a for (_, k, y), a in sought.items() if (k, y) == (kind, year)), ZERO)
    paid = sum((given.get((c, kind, year), ZERO) for c in committees), ZERO)
    shown = paid if filled.pots is None else filled.pots.get((kind, year), ZERO)
    blocks = [
        kit.section(
            texts("board.record.part", kind=kind_name(office, kind), year=year, asked=asked)
        )
    ]
    for committee in committees:
        name = amount_field(committee, kind, year)
        element = _amount(given.get((committee, kind, year)))
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


def _amount(value: Decimal | None) -> Block:
    return kit.text_input("value", initial=written(value), longest=LONGEST_AMOUNT)


def _pot_label(office: Office, kind: CostKind, year: int) -> str:
    return office.texts.plain(
        "board.record.pot",
        programme=office.programme.names.programme,
        kind=kind_name(office, kind),
        year=year,
    )


def kind_name(office: Office, kind: CostKind) -> str:
    return office.texts.plain(f"board.told.kinds.{kind}")
