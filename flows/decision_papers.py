"""What the documents of a decision say: tjänsteskrivelse, delegationsbeslut and beslutsexpediering.

Frozen facts, one model per document, mapped from the case by bot/acts/paper_facts. What does not apply
is None or empty and is left out by the template.
"""

from datetime import date
from typing import Literal

from pydantic import AwareDatetime, BaseModel

from flows.decided import Body, CouncilOutcome, Financing, RouteReason, Verdict
from flows.document_figures import FROZEN, AmountRow, CapitalCosts, Kronor
from flows.documents import Submitter
from flows.officer_report import WrittenReport
from flows.papers import CapLeft, Klg, PotLeft, Sums
from flows.practice import Section, Signatory
from flows.recipients import Duty
from flows.references import Reference


class Recipient(BaseModel):
    """Who gets a decision: as what, of which förvaltning (as inside a sentence), and the person's name."""

    model_config = FROZEN
    duty: Duty
    of: str = ""
    name: str = ""
    information: bool = False  # för kännedom


class About(BaseModel):
    """The case that a document belongs to."""

    model_config = FROZEN
    municipality: str
    department: str  # avdelningen that keeps the case, as it begins a line
    programme: str  # what the money is called, as inside a sentence
    drafting_committee: str = "Trygghetsberedningen"
    day: date  # of the document
    registry_number: str = ""
    case_number: str
    measure: str
    submitters: tuple[Submitter, ...]
    version: int
    pdf_sha256: str = ""
    submitted: date | None = None


class Asked(BaseModel):
    """What the application asks for, in short, with the officer's own words."""

    model_config = FROZEN
    what: str = ""
    goal: str = ""
    start: date | None = None
    end: date | None = None
    permanent: bool = False
    thereafter: Kronor | None = None  # kronor per year that permanent costs go on with
    capital_costs: CapitalCosts | None = None


class Council(BaseModel):
    """What came of the review of whether kommunfullmäktige must decide first."""

    model_config = FROZEN
    outcome: CouncilOutcome
    day: date | None = None
    paragraph: str = ""
    reason: str = ""


class OfficerReport(BaseModel):
    """Tjänsteskrivelse med förslag till beslut. `sections` are the optional ones that are asked for."""

    model_config = FROZEN
    about: About
    asked: Asked
    number: int = 1
    written: WrittenReport | None = None
    sections: tuple[Section, ...]
    sums: Sums
    reasons: tuple[RouteReason, ...] = ()
    klg: Klg | None = None
    council: Council | None = None
    pots: tuple[PotLeft, ...] = ()
    recipients: tuple[Recipient, ...] = ()
    signatories: tuple[Signatory, ...] = ()


class DelegatedDecision(BaseModel):
    """Delegationsbeslut. The press of a button is recorded; the place for a signature is empty."""

    model_config = FROZEN
    about: About
    asked: Asked
    number: str
    verdict: Verdict
    decided_at: AwareDatetime
    decided_by: str
    instead_of: str = ""
    deputy_source: str = ""
    source: str
    sums: Sums
    motivation: str = ""
    reasons: tuple[RouteReason, ...] = ()
    caps: tuple[CapLeft, ...] = ()
    pots: tuple[PotLeft, ...] = ()
    disqualified: tuple[str, ...] = ()
    klg: Klg | None = None
    recipients: tuple[Recipient, ...] = ()


class Minutes(BaseModel):
    """What kommunstyrelsen's minutes say beside the decision itself. Names are a line each."""

    model_config = FROZEN
    paragraph: str
    dnr: str
    points: tuple[str, ...] = ()
    proposals: str = ""
    reservations: tuple[str, ...] = ()
    not_participating: tuple[str, ...] = ()
    disqualified: tuple[str, ...] = ()
    compensates_capital_costs: bool = False
    verified: date | None = None
    announced: date | None = None


class Investment(BaseModel):
    """Totalkalkyl and when it is paid (R000-45); years and amounts stand in the row."""

    model_config = FROZEN
    total: Kronor
    years: tuple[int, ...] = ()
    payments: AmountRow | None = None


class Later(BaseModel):
    """What a nämnd is to have budgeted in a later year (R000-47)."""

    model_config = FROZEN
    year: int
    committee: str
    kind: Literal["operating", "investment"]
    amount: Kronor


class Dispatch(BaseModel):
    """Beslutsexpediering of either body's decision, in the section order of seed 001."""

    model_config = FROZEN
    about: About
    asked: Asked
    number: str
    body: Body
    verdict: Verdict
    decided_on: date
    decided_by: str = ""  # the chief executive's name
    instead_of: str = ""
    source: str = ""
    proposed_points: tuple[str, ...] = ()
    proposed_by: Literal["drafting_committee", ""] = ""
    proposed_on: date | None = None
    view: str = ""  # the secretary's background text
    klg: Klg | None = None
    council: Council | None = None
    basis: tuple[Reference, ...] = ()  # beside the application
    minutes: Minutes | None = None
    motivation: str = ""
    sums: Sums
    asked_sums: Sums = Sums()  # what was applied for, when it is another sum
    investment: Investment | None = None
    later: tuple[Later, ...] = ()
    financing: tuple[Financing, ...] = ()
    disqualified: tuple[str, ...] = ()
    recipients: tuple[Recipient, ...] = ()
    correction: str = ""  # why this record replaces the one before it

    @property
    def to(self) -> tuple[Recipient, ...]:
        return tuple(one for one in self.recipients if not one.information)

    @property
    def information(self) -> tuple[Recipient, ...]:
        return tuple(one for one in self.recipients if one.information)
