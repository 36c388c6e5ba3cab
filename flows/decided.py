"""What happens to a case after KLG: who decides, the decision, and what follows it.

Facts like those of flows/events.py, and free text (reasons, decision points, names of politicians)
stands by id as there. Amounts are kronor, exact; years are budget years, which are calendar years.
"""

import re
from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from typing import Literal

from pydantic import BaseModel

from flows.events import Fact, TextId
from flows.rules import CostKind, Kronor

_RECORD = re.compile(r"(.+?)(?: v(\d+))?")  # "KS 2026-12-01 § 22 (2026-0001) v2"


class Body(StrEnum):
    """Who a case waits for on its way to a decision, in the order of the rutin."""

    COUNCIL = (
        "council"  # kommunfullmäktige: new or principled activity is its matter (KL 5 kap. 1 §)
    )
    CHIEF_EXECUTIVE = "chief_executive"  # decides within the delegation
    DRAFTING_COMMITTEE = "drafting_committee"  # Trygghetsberedningen: proposes, never decides
    EXECUTIVE_BOARD = "executive_board"  # kommunstyrelsen: decides


class Reason(StrEnum):
    """Why a case goes the way it goes, as a code; templates/ word it."""

    WITHIN_DELEGATION = "within_delegation"
    NO_DELEGATION = "no_delegation"  # no rule in force that day
    NOT_LINKED = "not_linked_to_direction"  # R000-7
    PERMANENT = "permanent"  # R000-10
    MULTI_YEAR = "multi_year"  # R000-11
    CAP = "cap"  # R000-8, R000-9: with kind, year, amount, limit and what is used of it
    CAPITAL_COSTS = "capital_costs"  # compensated: R000-54
    NEW_ACTIVITY = "new_activity"  # principled: kommunfullmäktige first
    OVER_POT = "over_pot"  # more than is left of the year's money
    NO_POT = "no_pot"  # a budget year without money (R000-14)
    DISQUALIFIED = "disqualified"  # the chief executive is jävig
    ADVISED_AGAINST = "advised_against"  # information: KLG avstyrkte


class RouteReason(BaseModel, frozen=True):
    """One reason of a route; the figures are there when the reason is about money."""

    code: Reason
    kind: CostKind | None = None
    year: int | None = None
    amount: Kronor | None = None  # kronor of this case
    limit: Kronor | None = None  # the cap, or the pot
    used: Kronor | None = None  # kronor of it that are decided already


class Allocation(BaseModel, frozen=True):
    """Kronor to one nämnd, of one kind, in one budget year."""

    committee: str
    kind: CostKind
    year: int
    amount: Kronor
    activity_code: str = ""  # the nämnd's when it was decided (R001-10)


class Routed(Fact):
    """The bot proposes who decides, and the amounts are reserved while the case waits."""

    kind: Literal["routed"] = "routed"
    to: Body
    reasons: tuple[RouteReason, ...]
    reserved: tuple[Allocation, ...]
    rule: str  # the source of the delegation rule that was read


class CouncilOutcome(StrEnum):
    NOT_NEEDED = "not_needed"  # kommunjuristen: no matter for kommunfullmäktige
    DECIDED = "decided"  # kommunfullmäktige has decided that the activity may be
    STOPPED = "stopped"


class CouncilReviewed(Fact):
    """Whether kommunfullmäktige must decide first, and what came of it."""

    kind: Literal["council_reviewed"] = "council_reviewed"
    outcome: CouncilOutcome
    day: date | None = None
    paragraph: str = ""
    reason: TextId | None = None


class Position(StrEnum):
    """What Trygghetsberedningen says (R000-41)."""

    PROPOSES = "proposes"
    DOES_NOT = "does_not"
    REMITS = "remits"


class Proposed(Fact):
    """The secretary records what Trygghetsberedningen said on its meeting."""

    kind: Literal["proposed"] = "proposed"
    position: Position
    day: date
    reason: TextId | None = None


class Verdict(StrEnum):
    GRANTED = "granted"  # bifall
    REJECTED = "rejected"  # avslag
    REMITTED = "remitted"  # återremiss


class Financing(BaseModel, frozen=True):
    """Where the money of an increase is taken from; the lines are equal to the increase (R001-17).

    What is not taken from the programme's own pot (`from_pot` False) makes the year's money grow.
    """

    source: str
    kind: CostKind
    year: int
    amount: Kronor
    from_pot: bool = True


class BoardRecord(BaseModel, frozen=True):
    """What the minutes of kommunstyrelsen say. Points and names are lines of removable text."""

    paragraph: str  # "§ 22"
    dnr: str
    points: TextId | None = None  # one decision point a line, in order (R001-15)
    total_estimate: Kronor | None = None  # of an investment, kronor (R000-45)
    payments: Mapping[int, Kronor] = {}  # of the investment, by budget year
    financing: tuple[Financing, ...] = ()
    compensates_capital_costs: bool = False  # R000-54: an explicit line of the decision
    reservations: TextId | None = None  # four different things, a name a line each
    not_participating: TextId | None = None
    disqualified: TextId | None = None
    proposals: TextId | None = None  # what was said of proposals at the meeting (R001-19)


class Decided(Fact):
    """A named person decided within the delegation, or the secretary records kommunstyrelsen's decision."""

    kind: Literal["decided"] = "decided"
    body: Body  # CHIEF_EXECUTIVE or EXECUTIVE_BOARD
    verdict: Verdict
    number: str  # "D 2026-0001" of a delegated decision, "KS 2026-12-01 § 22" of the board's
    day: date  # of the meeting, or when the button was pressed
    version: int  # what the person saw
    pdf_sha256: str
    rule: str  # the source of the delegation, or "" for the board
    allocations: tuple[
        Allocation, ...
    ] = ()  # what is granted; the first year is the decision's own
    reason: TextId | None = None
    instead_of: str = ""  # the name of the chief executive, when a deputy decided
    board: BoardRecord | None = None


class DecisionCorrected(Fact):
    """The secretary's note of kommunstyrelsen's decision was wrong: the record as it is to be read.

    The decision is what it was, and so are the days of its minutes; `decided.number` has the version.
    """

    kind: Literal["decision_corrected"] = "decision_corrected"
    corrects: str  # the number of the record before
    decided: Decided
    reason: TextId


def recorded_as(number: str) -> str:
    """What lists and the ledger call a decision, whichever version of its record is read."""
    found = _RECORD.fullmatch(number)
    return found[1] if found else number


def record_version(number: str) -> int:
    """1 of the first record of a decision."""
    found = _RECORD.fullmatch(number)
    return int(found[2] or 1) if found else 1


class MinutesAnnounced(Fact):
    """The minutes were verified (justerade) and announced on the anslagstavla: the appeal time runs."""

    kind: Literal["minutes_announced"] = "minutes_announced"
    decision: str
    verified: date
    announced: date


# --- what follows a decision -------------------------------------------------------------------


class PapersStored(Fact):
    """The originals of a document other than the application were made and stored."""

    kind: Literal["papers_stored"] = "papers_stored"
    name: str  # the template: "delegated_decision", "officer_report", "follow_up" …
    key: str  # what it is about within the case: a decision's number, a report's key
    pdf_sha256: str
    docx_sha256: str


class Dispatched(Fact):
    """A decision has been sent to one recipient, by role and förvaltning: no addresses are kept here."""

    kind: Literal["dispatched"] = "dispatched"
    decision: str
    recipient: str  # "registrar:socialforvaltningen", "investment_strategist"


class BudgetTransferred(Fact):
    """The budget of a decision, one kind and year, has been moved: *beslutat* becomes *omfört* (R000-50)."""

    kind: Literal["budget_transferred"] = "budget_transferred"
    decision: str
    cost_kind: CostKind
    year: int
    reference: str = ""  # the booking's number in the accounts


class ProjectGiven(Fact):
    """The investment's number in the ordinary investment process (R000-51)."""

    kind: Literal["project_given"] = "project_given"
    project: str


class MoneyReturned(Fact):
    """Unused investment money is lifted back to kommunstyrelsen's project (R000-56)."""

    kind: Literal["money_returned"] = "money_returned"
    returned: Allocation
    reason: TextId | None = None


class Reported(Fact):
    """A follow-up report was handed in. `key` is its period: "2027-april", "effect", "final"."""

    kind: Literal["reported"] = "reported"
    key: str
    version: int
    last: bool = False  # after this one no more is awaited
    outcome: tuple[Allocation, ...] = ()  # kronor used so far that budget year, by nämnd and kind


class ReportReceived(Fact):
    """KLG has received a report (R000-61): only then may Trygghetsberedningen get it."""

    kind: Literal["report_received"] = "report_received"
    key: str
    version: int


class ReportSentBack(Fact):
    """KLG wants a report completed, and says why; the officers write it again."""

    kind: Literal["report_sent_back"] = "report_sent_back"
    key: str
    version: int
    reason: TextId | None = None


class ReportHandedOn(Fact):
    """A received report stands in a delrapport to Trygghetsberedningen."""

    kind: Literal["report_handed_on"] = "report_handed_on"
    key: str
    part_report: str


class Closed(Fact):
    """The last report is received and the money is accounted for."""

    kind: Literal["closed"] = "closed"


def decision_in(event: Fact) -> Decided | None:
    """The decision that an event records, for the first time or anew; None of any other event."""
    match event:
        case Decided():
            return event
        case DecisionCorrected(decided=decided):
            return decided
        case _:
            return None
