"""What the documents after the application share: their names and keys, sums per nämnd, what is left.

Every figure a document prints is computed here or in the ledger, never in a template. Amounts are
Decimal kronor with whole öre.
"""

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Literal, get_args

from pydantic import BaseModel

from flows.answered import committee_name
from flows.decided import Allocation, Body, Verdict
from flows.document_figures import FROZEN, AmountRow, AmountTable, Kronor
from flows.events import Opinion
from flows.ledger import Account
from flows.money import ZERO
from flows.programme import Programme
from flows.rules import CostKind, DelegationRule

# The template of each document. `key` says what one is about:
# - officer_report: "2026-0001", and "2026-0001/2" when it is written anew
# - delegated_decision, dispatch: the decision's number
# - follow_up: report_key(...)
# - part_report, delegation_list: the day of the meeting, "2026-11-30"
# - annual_report: the budget year, "2026"; reconciliation: the year of the budget that is prepared;
#   either with "/2" when it is made anew
PaperName = Literal[
    "officer_report",
    "delegated_decision",
    "dispatch",
    "follow_up",
    "part_report",
    "annual_report",
    "reconciliation",
    "delegation_list",
]
PAPERS: tuple[PaperName, ...] = get_args(PaperName)


def report_key(case_id: str, key: str, *, version: int = 1) -> str:
    """What a follow-up report's document is about: "2026-0001/2027-april", from version 2 with "/2"."""
    return f"{case_id}/{key}" + (f"/{version}" if version > 1 else "")


class ActivityCode(BaseModel):
    """The accounts' code that a nämnd's costs are entered with (R001-10)."""

    model_config = FROZEN
    committee: str
    code: str


class Sums(BaseModel):
    """Kronor per nämnd and budget year, drift and investment apart; None where there is none."""

    model_config = FROZEN
    operating: AmountTable | None = None
    investment: AmountTable | None = None
    codes: tuple[ActivityCode, ...] = ()
    uncoded: tuple[str, ...] = ()  # nämnder that the programme gives no activity code

    @property
    def by_kind(self) -> tuple[tuple[CostKind, AmountTable], ...]:
        both = ((CostKind.OPERATING, self.operating), (CostKind.INVESTMENT, self.investment))
        return tuple((kind, table) for kind, table in both if table is not None)

    @property
    def total(self) -> Decimal:
        return sum((table.total for _, table in self.by_kind), ZERO)

    @property
    def years(self) -> tuple[int, ...]:
        """The budget years that get money."""
        return tuple(
            sorted(
                {
                    year
                    for _, table in self.by_kind
                    for year, amount in zip(table.years, table.totals, strict=True)
                    if amount
                }
            )
        )

    @property
    def committees(self) -> tuple[str, ...]:
        """The nämnder that get money, each once."""
        rows = (row.label for _, table in self.by_kind for row in table.rows)
        return tuple(dict.fromkeys(rows))


def sums(programme: Programme, allocations: Iterable[Allocation]) -> Sums:
    """Add allocations up by nämnd, kind and year; a nämnd without an amount is left out."""
    given = [one for one in allocations if one.amount]
    codes = {
        committee_name(programme, one.committee): one.activity_code
        for one in given
        if one.activity_code
    }
    named = dict.fromkeys(committee_name(programme, one.committee) for one in given)
    return Sums(
        operating=_table(programme, given, CostKind.OPERATING),
        investment=_table(programme, given, CostKind.INVESTMENT),
        codes=tuple(ActivityCode(committee=name, code=code) for name, code in codes.items()),
        uncoded=tuple(name for name in named if name not in codes),
    )


def _table(
    programme: Programme, allocations: Iterable[Allocation], kind: CostKind
) -> AmountTable | None:
    of_kind = [one for one in allocations if one.kind is kind]
    if not of_kind:
        return None
    years = sorted({one.year for one in of_kind})
    amounts: dict[str, dict[int, Decimal]] = {}
    for one in of_kind:
        by_year = amounts.setdefault(committee_name(programme, one.committee), {})
        by_year[one.year] = by_year.get(one.year, ZERO) + one.amount
    return AmountTable(
        years=tuple(years),
        rows=tuple(
            AmountRow(label=name, amounts=tuple(by_year.get(year, ZERO) for year in years))
            for name, by_year in amounts.items()
        ),
    )


class PotLeft(BaseModel):
    """A budget year's money of one kind, and what is left of it. `pot` has all that was added to it."""

    model_config = FROZEN
    year: int
    kind: CostKind
    pot: Kronor
    decided: Kronor
    returned: Kronor
    committed: Kronor
    reserved: Kronor
    left: Kronor


def pot_left(account: Account) -> PotLeft:
    return PotLeft(
        year=account.year,
        kind=account.kind,
        pot=account.frame,
        decided=account.decided,
        returned=account.returned,
        committed=account.committed,
        reserved=account.reserved,
        left=account.left,
    )


class CapLeft(BaseModel):
    """The chief executive's cap of one kind in a budget year, and how much of it she has decided."""

    model_config = FROZEN
    year: int
    kind: CostKind
    cap: Kronor
    used: Kronor

    @property
    def left(self) -> Decimal:
        return self.cap - self.used


def caps_left(
    rule: DelegationRule | None, accounts: Mapping[CostKind, Account]
) -> tuple[CapLeft, ...]:
    """Both caps of the accounts' budget year; none when nothing is delegated."""
    if rule is None:
        return ()
    return tuple(
        CapLeft(
            year=account.year,
            kind=kind,
            cap=rule.cap(kind),
            used=account.delegated,
        )
        for kind, account in accounts.items()
    )


class Klg(BaseModel):
    """How KLG assessed the application that the decision is about."""

    model_config = FROZEN
    forum: str
    outcome: Opinion
    day: date
    votes: int
    eligible: int
    closed_by: str = ""  # the convener's name when she closed what the rule did not
    reasons: tuple[str, ...] = ()


class DecisionLine(BaseModel):
    """A decision as a row of a list. Kronor of all its years."""

    model_config = FROZEN
    number: str
    case_number: str
    registry_number: str
    measure: str
    body: Body
    verdict: Verdict
    day: date
    decided_by: str
    committees: tuple[str, ...]
    operating: Kronor
    investment: Kronor
    source: str = ""
