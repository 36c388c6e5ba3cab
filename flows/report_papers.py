"""What the reports say: återrapport, delrapport, årsrapport, the autumn's reconciliation, anmälningslista.

Frozen facts read from the ledger, the decisions and the follow-up reports by bot/acts/paper_facts. A
year's report refuses to exist when its nämnder do not add up to the ledger's accounts.
"""

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Self

from pydantic import BaseModel, model_validator

from flows.answered import committee_name
from flows.case import Case, State
from flows.decided import Allocation
from flows.decision_papers import About
from flows.deviation import Row, Table
from flows.document_figures import FROZEN, AmountTable, Kronor
from flows.ledger import Account
from flows.money import ZERO
from flows.papers import CapLeft, DecisionLine, PotLeft
from flows.programme import Programme
from flows.report_facts import ReportFacts
from flows.rules import CostKind


class Sender(BaseModel):
    """Who a report that belongs to no case comes from, as it begins a line; `day` is the report's."""

    model_config = FROZEN
    municipality: str
    department: str
    programme: str  # what the money is called, as inside a sentence
    klg: str
    drafting_committee: str = "Trygghetsberedningen"  # as inside a sentence
    day: date


class FollowUp(BaseModel):
    """Återrapport of one measure and period (R000-60, R000-61)."""

    model_config = FROZEN
    about: About
    report: ReportFacts
    decision: DecisionLine | None = None


class StatusLine(BaseModel):
    """An open case, and since when it stands where it stands."""

    model_config = FROZEN
    case_number: str
    registry_number: str
    measure: str
    since: date


class StatusGroup(BaseModel):
    """The cases that wait for the same: all are counted, those that have waited longest are lines."""

    model_config = FROZEN
    state: State
    count: int
    lines: tuple[StatusLine, ...]

    @property
    def rest(self) -> int:
        return self.count - len(self.lines)


class PartReport(BaseModel):
    """Delrapport to Trygghetsberedningens ordförandeberedning (R000-12)."""

    model_config = FROZEN
    about: Sender
    meeting: date
    decisions: tuple[DecisionLine, ...]
    caps: tuple[CapLeft, ...]
    pots: tuple[PotLeft, ...]
    groups: tuple[StatusGroup, ...]
    reports: tuple[ReportFacts, ...]  # only those that KLG has received

    @property
    def operating(self) -> Decimal:
        return sum((one.operating for one in self.decisions), ZERO)

    @property
    def investment(self) -> Decimal:
        return sum((one.investment for one in self.decisions), ZERO)


class CommitteeYear(BaseModel):
    """A nämnd in a budget year: what it proposed, and its money of both kinds. `proposals` are cases."""

    model_config = FROZEN
    committee: str
    proposals: int
    municipal: int  # of them kommunövergripande (R000-2)
    operating: Kronor = ZERO  # decided
    investment: Kronor = ZERO
    returned: Kronor = ZERO


class Compared(BaseModel):
    """A measure as Nacka's table has it: proposed for the next year, outcome and budget of this one.

    Not `reported`: nobody has said what was used of the year's money, so that its 0 kr is no outcome.
    """

    model_config = FROZEN
    proposal: Kronor
    row: Row
    reported: bool = True


class Comparison(BaseModel):
    """All measures of one kind; the sums are those of its rows (R002-3 … R002-7)."""

    model_config = FROZEN
    kind: CostKind
    rows: tuple[Compared, ...]

    @property
    def table(self) -> Table:
        return Table(rows=tuple(one.row for one in self.rows))

    @property
    def proposal(self) -> Decimal:
        return sum((one.proposal for one in self.rows), ZERO)


class AnnualReport(BaseModel):
    """Årsrapport of a budget year; its totals are the ledger's (R000-13)."""

    model_config = FROZEN
    about: Sender
    year: int
    accounts: tuple[Account, ...]
    committees: tuple[CommitteeYear, ...]
    comparisons: tuple[Comparison, ...] = ()
    decisions: tuple[DecisionLine, ...] = ()
    effects: tuple[ReportFacts, ...] = ()

    @model_validator(mode="after")
    def _equals_the_ledger(self) -> Self:
        for account in self.accounts:
            rows = (getattr(one, account.kind) for one in self.committees)
            if sum(rows, ZERO) != account.decided:
                raise ValueError(f"the nämnder do not add up to the ledger: {account.kind}")
        if sum((one.returned for one in self.committees), ZERO) != sum(
            (account.returned for account in self.accounts), ZERO
        ):
            raise ValueError("the nämnder do not add up to the ledger: returned")
        return self

    @property
    def total(self) -> dict[str, Decimal]:
        names = ("operating", "investment", "returned")
        return {name: sum((getattr(one, name) for one in self.committees), ZERO) for name in names}


class Returned(BaseModel):
    model_config = FROZEN
    measure: str
    case_number: str
    committee: str
    kind: CostKind
    year: int
    amount: Kronor


class Permanent(BaseModel):
    """A measure whose cost goes on: kronor per year, from the year after the last one granted."""

    model_config = FROZEN
    measure: str
    case_number: str
    amount: Kronor
    financing: str = ""


class Reconciliation(BaseModel):
    """What trygghet och säkerhet and ekonomistyrningsenheten go through before Mål och budget (R000-55).

    `capital_costs` and `commitments` have a row per case, and the budget year and those after it.
    """

    model_config = FROZEN
    about: Sender
    year: int
    capital_costs: AmountTable | None = None
    compensated: tuple[str, ...] = ()  # the cases whose capital costs the programme bears
    capital_costs_until: int | None = None
    commitments: AmountTable | None = None
    returned: tuple[Returned, ...] = ()
    permanent: tuple[Permanent, ...] = ()


class DelegationList(BaseModel):
    """Anmälan av delegationsbeslut to kommunstyrelsen (KL 6 kap. 40 §, 7 kap. 8 §)."""

    model_config = FROZEN
    about: Sender
    meeting: date
    decisions: tuple[DecisionLine, ...]

    @property
    def sources(self) -> tuple[str, ...]:
        """The delegations that they rest on, each once, in the order of the list."""
        return tuple(dict.fromkeys(one.source for one in self.decisions))


def committee_year(
    programme: Programme,
    committee_id: str,
    accounts: Iterable[Mapping[CostKind, Account]],
    *,
    proposals: int,
    municipal: int,
) -> CommitteeYear:
    """Add up what the nämnd has of the year, whatever activity codes it was entered with."""
    found = [dict(one) for one in accounts]

    def decided(kind: CostKind) -> Decimal:
        return sum((one[kind].decided for one in found), ZERO)

    return CommitteeYear(
        committee=committee_name(programme, committee_id),
        proposals=proposals,
        municipal=municipal,
        operating=decided(CostKind.OPERATING),
        investment=decided(CostKind.INVESTMENT),
        returned=sum((account.returned for one in found for account in one.values()), ZERO),
    )


def compared(case: Case, kind: CostKind, *, year: int, label: str) -> Compared | None:
    """The case's line: granted that year, last reported outcome, and what is granted or asked for next.

    None when the case has nothing of the kind in either year.
    """
    later = case.granted or case.reserved
    proposal = _sum(later, kind, year + 1)
    granted = _sum(case.granted, kind, year)
    if not granted and not proposal:
        return None
    return Compared(
        proposal=proposal,
        row=Row(label=label, budget=granted, outcome=_outcome(case, kind, year)),
        reported=not granted
        or any((one.kind, one.year) == (kind, year) for r in case.reports for one in r.outcome),
    )


def _outcome(case: Case, kind: CostKind, year: int) -> Decimal:
    """What the latest report of each nämnd says that it has used of the year's money."""
    used: dict[str, Decimal] = {}
    for report in case.reports:
        of_year = [one for one in report.outcome if (one.kind, one.year) == (kind, year)]
        used |= dict.fromkeys({one.committee for one in of_year}, ZERO)
        for one in of_year:
            used[one.committee] += one.amount
    return sum(used.values(), ZERO)


def _sum(allocations: Iterable[Allocation], kind: CostKind, year: int) -> Decimal:
    return sum((a.amount for a in allocations if (a.kind, a.year) == (kind, year)), ZERO)
