"""The modals in which a row of a table is written, and the table of the split."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from bot import words
from bot.blocks import kit
from bot.blocks.kit import Block
from bot.ids import ROW, SPLIT_TABLE, About
from bot.office import Office
from bot.render import kr
from flows.calculation import Duration, InvestmentLine, OperatingLine, OwnFinancingRow, Recurrence
from flows.intake import Dialogue, TalkedWith
from flows.split import SplitRow

COMPONENT_LINES = 1000


def row(
    office: Office,
    about: About,
    *,
    committees: Sequence[str],
    years: Sequence[int],
    today: date,
    of: Any = None,
) -> Block:
    """The modal for a row of the table `about.key`, filled in with `of` when it is changed."""
    fields = {
        "dialogue": lambda: _dialogue(office, committees, of, today),
        "operating": lambda: _operating(office, of),
        "investments": lambda: _investment(office, years, of),
        "own_financing": lambda: _own_financing(office, years, of),
    }[about.key]()
    texts = office.texts
    return kit.modal(
        ROW,
        texts.plain(f"intake.rows.{about.key}.title"),
        fields,
        metadata=about,
        submit=texts.plain("intake.words.button.send"),
        close=texts.plain("intake.words.button.close"),
    )


def _field(
    office: Office, table: str, name: str, element: Block, *, optional: bool = False
) -> Block:
    key = f"intake.rows.{table}.{name}"
    hint = f"{key}_hint"
    texts = office.texts
    return kit.field(
        name,
        texts.plain(key),
        element,
        hint=texts.plain(hint) if hint in texts else "",
        optional=optional,
    )


def _date(value: date | None) -> Block:
    picker: Block = {"type": "datepicker", "action_id": "value"}
    return picker | ({"initial_date": value.isoformat()} if value else {})


def _radio(office: Office, group: str, values: Sequence[str], initial: str | None) -> Block:
    options = [
        kit.option(office.texts.plain(f"questions.options.{group}.{value}"), value)
        for value in values
    ]
    buttons: Block = {"type": "radio_buttons", "action_id": "value", "options": options}
    chosen = [option for option in options if option["value"] == initial]
    return buttons | ({"initial_option": chosen[0]} if chosen else {})


def _amount(value: Decimal | None) -> Block:
    return kit.text_input("value", initial=written(value), longest=40)


def written(value: Decimal | None) -> str:
    """An amount as it stands in an input: `1 600 000 kr`, `12,50 kr`."""
    return "" if value is None else kr(value)


def _text(value: str = "", *, longest: int = 200, lines: bool = False) -> Block:
    return kit.text_input("value", initial=value, longest=longest, lines=lines)


def _choose(options: list[Block], placeholder: str, initial: str | None) -> Block:
    found = next((option for option in options if option["value"] == initial), None)
    return kit.select("value", options, placeholder=placeholder, initial=found)


def _dialogue(
    office: Office, committees: Sequence[str], of: Dialogue | None, today: date
) -> list[Block]:
    options = [kit.option(words.committee(office, key), key) for key in committees]
    chosen = of.committee if of else committees[0]
    choose = office.texts.plain("intake.words.choose")
    return [
        _field(office, "dialogue", "on", _date(of.on if of else today)),
        _field(
            office,
            "dialogue",
            "talked_with",
            _radio(office, "talked_with", tuple(TalkedWith), of.talked_with if of else None),
        ),
        _field(office, "dialogue", "committee", _choose(options, choose, chosen)),
        _field(
            office,
            "dialogue",
            "note",
            _text(of.note if of else "", longest=1000, lines=True),
            optional=True,
        ),
    ]


def _operating(office: Office, of: OperatingLine | None) -> list[Block]:
    recurrence = of.recurrence if of else Recurrence.RECURRING
    duration = of.duration if of else Duration.TEMPORARY
    return [
        _field(office, "operating", "what", _text(of.what if of else "")),
        _field(
            office,
            "operating",
            "recurrence",
            _radio(office, "recurrence", tuple(Recurrence), recurrence),
        ),
        _field(office, "operating", "amount", _amount(of.amount if of else None)),
        _field(office, "operating", "start", _date(of.start if of else None)),
        _field(office, "operating", "end", _date(of.end if of else None), optional=True),
        _field(
            office, "operating", "duration", _radio(office, "duration", tuple(Duration), duration)
        ),
    ]


def _investment(office: Office, years: Sequence[int], of: InvestmentLine | None) -> list[Block]:
    payments = [
        kit.field(
            f"payment:{year}",
            office.texts.plain("intake.rows.investments.payment", year=year),
            _amount(of.payments.get(year) if of else None),
            optional=True,
        )
        for year in years
    ]
    components = "\n".join(component_line(part) for part in of.components) if of else ""
    life = str(of.useful_life) if of and of.useful_life else ""
    return [
        _field(office, "investments", "what", _text(of.what if of else "")),
        *payments,
        _field(office, "investments", "in_use_from", _date(of.in_use_from if of else None)),
        _field(office, "investments", "useful_life", _text(life, longest=3), optional=True),
        _field(
            office,
            "investments",
            "residual_value",
            _amount(of.residual_value if of and of.residual_value else None),
            optional=True,
        ),
        _field(
            office,
            "investments",
            "components",
            _text(components, longest=COMPONENT_LINES, lines=True),
            optional=True,
        ),
    ]


def component_line(part: Any) -> str:
    residual = f"; {written(part.residual_value)}" if part.residual_value else ""
    return f"{part.what}; {written(part.amount)}; {part.useful_life}{residual}"


def _own_financing(office: Office, years: Sequence[int], of: OwnFinancingRow | None) -> list[Block]:
    options = [kit.option(str(year), str(year)) for year in years]
    choose = office.texts.plain("intake.words.choose")
    year = str(of.year) if of else str(years[0])
    return [
        _field(
            office,
            "own_financing",
            "kind",
            _radio(office, "kind", ("operating", "investment"), of.kind if of else "operating"),
        ),
        _field(office, "own_financing", "year", _choose(options, choose, year)),
        _field(office, "own_financing", "amount", _amount(of.amount if of else None)),
    ]


def split(
    office: Office,
    about: About,
    *,
    committees: Sequence[str],
    cells: Sequence[tuple[str, int, Decimal]],
    of: Sequence[SplitRow],
) -> Block:
    """One amount for each committee, kind and year that has a cost; `cells`: kind, year, kronor."""
    texts = office.texts
    stands = {(one.committee, one.kind.value, one.year): one.amount for one in of}
    fields: list[Block] = []
    for kind, year, cost in cells:
        name = texts.plain(f"questions.options.kind.{kind}")
        fields.append(kit.section(texts("intake.rows.split.part", kind=name, year=year, cost=cost)))
        fields += [
            kit.field(
                f"{committee}:{kind}:{year}",
                texts.plain(
                    "intake.rows.split.cell",
                    committee=words.committee(office, committee),
                    kind=name,
                    year=year,
                ),
                _amount(stands.get((committee, kind, year))),
                optional=True,
            )
            for committee in committees
        ]
    rest = [kit.option(words.committee(office, key), key) for key in committees]
    choose = texts.plain("intake.rows.split.nobody")
    fields.append(_field(office, "split", "rest", _choose(rest, choose, None), optional=True))
    return kit.modal(
        SPLIT_TABLE,
        texts.plain("intake.rows.split.title"),
        fields,
        metadata=about,
        submit=texts.plain("intake.words.button.send"),
        close=texts.plain("intake.words.button.close"),
    )
