"""The money of a budget year: one table of both kinds, a line for each nämnd, and the rows behind.

`message` is the answer to `/trygghet budget`; App Home takes `parts`. Every figure stands in a text.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Protocol

from markupsafe import Markup

from bot.blocks import kit
from bot.ids import ADJUST, MONEY_CASE, MONEY_OLDER, MONEY_ROWS, MONEY_YEAR, Budget, Value
from bot.office import Office
from bot.owed import Blocks
from bot.render import kr
from bot.words import committee as committee_name
from flows.ledger import Account, Entry
from flows.rules import CostKind

LINES_IN_SECTION = 7  # of the longest there can be
_UNIT = kr(Decimal(0)).removeprefix("0")  # the table says it once, above the columns


class BookedRow(Protocol):
    """A row of the ledger (storage/ledger.Booked)."""

    @property
    def id(self) -> int: ...
    @property
    def entry(self) -> Entry: ...
    @property
    def case_id(self) -> str | None: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """What a nämnd has of the year's money, under one activity code."""

    committee: str
    name: str
    activity_code: str
    accounts: Mapping[CostKind, Account]


@dataclass(frozen=True, slots=True, kw_only=True)
class Money:
    """A budget year. `years` can be chosen; `later` is committed, by budget year and kind."""

    year: int
    years: tuple[int, ...]
    accounts: Mapping[CostKind, Account]
    lines: tuple[Line, ...]
    later: Mapping[int, Mapping[CostKind, Decimal]]
    may_adjust: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Rows:
    """A page of a nämnd's rows. `more`: there are older ones; `seen`: the cases that she may open."""

    year: int
    committee: str
    booked: Sequence[BookedRow]
    more: bool
    seen: frozenset[str] = frozenset()


def message(office: Office, money: Money) -> tuple[str, Blocks]:
    """The year's money as a message, whose text says the sums by itself."""
    text = office.texts("money.view.text", year=money.year, accounts=_by_name(money.accounts))
    return text, parts(office, money)


def parts(office: Office, money: Money) -> Blocks:
    """The table, what is committed later, each nämnd, and what can be chosen."""
    texts = office.texts
    table = texts("money.view.table", table=_table(office, money.accounts))
    made = [kit.header(texts.plain("money.view.head", year=money.year)), kit.section(table)]
    moved = texts(
        "money.view.moved",
        year=money.year,
        accounts=_by_name(money.accounts),
        later=_later(money),
    )
    made.append(kit.section(moved))
    lines = [
        texts("money.view.line", line=line, accounts=_by_name(line.accounts))
        for line in money.lines
    ]
    for start in range(0, len(lines), LINES_IN_SECTION):
        some = Markup("\n").join(lines[start : start + LINES_IN_SECTION])
        made.append(kit.section(texts("money.view.lines", first=start == 0, lines=some)))
    return [*made, kit.actions(_choices(office, money))]


def on_home(office: Office, years: Sequence[Money]) -> Blocks:
    """Each year's table, and the rows behind the first."""
    made = [block for money in years for block in parts(office, money)[:3]]
    choices = [one for one in _choices(office, years[0]) if one["action_id"] != MONEY_YEAR]
    return [*made, kit.actions(choices)]


def rows(office: Office, shown: Rows) -> dict[str, Any]:
    """Each row: what, how much, by which decision, of which case, with a button that shows it."""
    texts = office.texts
    name = committee_name(office, shown.committee) or texts.plain("money.rows.pot")
    made = [kit.section(texts("money.rows.head", committee=name, year=shown.year))]
    made += [_row(office, row, opens=row.case_id in shown.seen) for row in shown.booked]
    if not shown.booked:
        made.append(kit.section(texts("money.rows.none")))
    if shown.more:
        older = Budget(shown.year, shown.committee, shown.booked[-1].id)
        label = texts.plain("money.rows.older")
        made.append(kit.actions([kit.button(label, MONEY_OLDER, older)]))
    return kit.modal(
        "money_rows",
        texts.plain("money.rows.title"),
        made,
        metadata="",
        submit="",
        close=texts.plain("money.rows.close"),
    )


def _row(office: Office, row: BookedRow, *, opens: bool) -> kit.Block:
    text = office.texts("money.rows.row", row=row, of=row.entry)
    if not (opens and row.case_id):
        return kit.section(text)
    label = office.texts.plain("money.rows.open")
    about = Value(row.case_id, "", 0)
    return kit.section(text, accessory=kit.button(label, f"{MONEY_CASE}:{row.id}", about))


def case(office: Office, text: str) -> kit.Block:
    """Where a case is, on top of the rows that named it."""
    texts = office.texts
    return kit.notice(texts.plain("money.rows.case"), text, close=texts.plain("money.rows.back"))


def _choices(office: Office, money: Money) -> list[kit.Block]:
    """Another year, a nämnd's rows, and the button that changes the year's money."""
    texts = office.texts

    def select(action: str, label: str, options: Iterable[tuple[str, str]]) -> kit.Block:
        chosen = [kit.option(text, value) for text, value in options][:100]
        return kit.select(action, chosen, placeholder=texts.plain(label))

    pot = (texts.plain("money.rows.pot"), "")
    committees = dict.fromkeys([pot, *((line.name, line.committee) for line in money.lines)])
    made = [
        select(
            MONEY_ROWS,
            "money.view.show_rows",
            ((name, str(Budget(money.year, key))) for name, key in committees),
        )
    ]
    if len(money.years) > 1:
        years = ((str(year), str(year)) for year in money.years)
        made.append(select(MONEY_YEAR, "money.view.show_year", years))
    if money.may_adjust:
        label = texts.plain("money.view.adjust")
        made.append(kit.button(label, ADJUST, Budget(money.year)))
    return made


def _table(office: Office, accounts: Mapping[CostKind, Account]) -> str:
    """Labels to the left, a column for each kind to the right, as fixed text."""
    texts = office.texts
    head = ["", *(texts.plain(f"money.words.{kind}") for kind in CostKind)]
    cells = [head] + [
        [texts.plain(f"money.table.{name}"), *(_figure(read(accounts[kind])) for kind in CostKind)]
        for name, read in _ROWS
    ]
    widths = [max(len(row[column]) for row in cells) for column in range(len(head))]
    return "\n".join(
        "  ".join(
            [
                row[0].ljust(widths[0]),
                *(c.rjust(w) for c, w in zip(row[1:], widths[1:], strict=True)),
            ]
        ).rstrip()
        for row in cells
    )


_ROWS: tuple[tuple[str, Callable[[Account], Decimal]], ...] = (
    ("pot", lambda of: of.pot),
    ("adjustments", lambda of: of.adjustments),
    ("carried_over", lambda of: of.carried_over),
    ("decided_by_board", lambda of: -of.decided_by_board),
    ("decided_by_chief_executive", lambda of: -of.decided_by_chief_executive),
    ("returned", lambda of: of.returned),
    ("available", lambda of: of.available),
    ("committed", lambda of: -of.committed),
    ("reserved", lambda of: -of.reserved),
    ("left", lambda of: of.left),
)


def _figure(amount: Decimal) -> str:
    return kr(amount + 0).removesuffix(_UNIT)  # + 0: there is no minus nothing


def _later(money: Money) -> list[dict[str, Any]]:
    return [
        {"year": year, "kind": kind, "amount": amount}
        for year, kinds in money.later.items()
        for kind, amount in kinds.items()
    ]


def _by_name(accounts: Mapping[CostKind, Account]) -> dict[str, Account]:
    return {kind.value: account for kind, account in accounts.items()}
