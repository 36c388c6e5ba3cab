"""What an application document says: facts already computed and frozen, one model per section.

The case is mapped to these once; the template only formats them. A section that does not apply is
None or empty and is left out, so a first-stage proposal and a draft are the same model. The
figures of punkt 3 and 4 are in document_figures: a sum is read from its own rows, so a document
cannot print one that its table does not have.
"""

from datetime import date
from typing import Annotated, Literal

from pydantic import AwareDatetime, BaseModel, Field

from flows.document_figures import (
    FROZEN,
    AmountsByKind,
    AmountTable,
    CapitalCosts,
    FinanceOfficer,
    Investment,
    Operating,
    PropertyInvestment,
)

Scope = Literal["own_operations", "several_operations", "cross_sector"]
Counterpart = Literal["chair", "presidium", "chair_and_presidium"]


class Extra(BaseModel):
    """A question that the programme adds to a point, and its answer; a section of its own if headed."""

    model_config = FROZEN
    question: str
    answer: str
    heading: str | None = None


class Submitter(BaseModel):
    """A nämnd that submits, with its förvaltning."""

    model_config = FROZEN
    committee: str
    administration: str | None = None


class Contact(BaseModel):
    model_config = FROZEN
    name: str
    role: str | None = None
    email: str | None = None
    phone: str | None = None


class Changes(BaseModel):
    """What a re-submission changed: one readable line per answer, since the version named."""

    model_config = FROZEN
    since_version: int
    lines: tuple[str, ...]


class FirstAssessment(BaseModel):
    """The first assessment that opened points 2-4 (R000-18, R000-19)."""

    model_config = FROZEN
    forum: str
    day: date


class EffectContract(BaseModel):
    model_config = FROZEN
    measure: str
    baseline: str
    goal: str
    when: Annotated[date | str, Field(union_mode="left_to_right")]  # a day is a day also in JSON


class Proposal(BaseModel):
    """Punkt 1. Every text may be missing in a draft."""

    model_config = FROZEN
    what: str | None = None
    reinforces: str | None = None
    goal: str | None = None
    scope: Scope | None = None
    added_value: str | None = None
    motivation: str | None = None
    linked_to_direction: bool | None = None
    political_direction: str | None = None
    new_activity: bool | None = None
    new_activity_note: str | None = None
    effect: EffectContract | None = None
    extra: tuple[Extra, ...] = ()


class OwnBudget(BaseModel):
    """Punkt 2. `analysis` when the answer is no; `explanation` and `reason` to go on when yes."""

    model_config = FROZEN
    within_frame: bool | None = None
    analysis: str | None = None
    explanation: str | None = None
    reason: str | None = None
    long_term_financing: str | None = None
    extra: tuple[Extra, ...] = ()


class Calculations(BaseModel):
    """Punkt 3."""

    model_config = FROZEN
    start: date | None = None
    end: date | None = None
    budget_years: tuple[int, ...] = ()
    finance_officer: FinanceOfficer | None = None
    operating: Operating | None = None
    investment: Investment | None = None
    capital_costs: CapitalCosts | None = None
    own_financing: AmountsByKind | None = None
    applied: AmountsByKind | None = None
    property_investment: PropertyInvestment | None = None
    extra: tuple[Extra, ...] = ()


class ConcernedCommittee(BaseModel):
    """A nämnd that the measure concerns (R000-35, R000-36, R000-37)."""

    model_config = FROZEN
    committee: str
    administration: str | None = None
    how_included: str | None = None
    costs_included: bool | None = None
    explanation: str | None = None


class Concerned(BaseModel):
    """Punkt 4, with the split per nämnd (R000-38); a row's label is the nämnd."""

    model_config = FROZEN
    committees: tuple[ConcernedCommittee, ...] = ()
    operating_split: AmountTable | None = None
    investment_split: AmountTable | None = None
    extra: tuple[Extra, ...] = ()


class Conversation(BaseModel):
    model_config = FROZEN
    day: date
    counterpart: Counterpart
    committee: str
    note: str | None = None


class Statement(BaseModel):
    """Somebody's own statement: who, and when."""

    model_config = FROZEN
    name: str
    at: AwareDatetime


class Chair(BaseModel):
    """The chair of a nämnd that submits (named as inside a sentence), and what the bot heard of her."""

    model_config = FROZEN
    name: str
    committee: str
    asked: bool
    confirmed_at: AwareDatetime | None = None


class Anchoring(BaseModel):
    """Förankring (R000-39, R000-40): the officer attests; the chairs may also have confirmed."""

    model_config = FROZEN
    conversations: tuple[Conversation, ...] = ()
    attested: Statement | None = None
    chairs: tuple[Chair, ...] = ()


class Attachment(BaseModel):
    """`size` is bytes."""

    model_config = FROZEN
    name: str
    size: int


class Application(BaseModel):
    """The whole document. `stage` is proposal (only point 1) or application (points 1-4)."""

    model_config = FROZEN
    municipality: str
    stage: Literal["proposal", "application"]
    draft: bool = False
    measure: str
    submitters: tuple[Submitter, ...]
    day: date
    registry_number: str | None = None
    case_number: str
    version: int
    contact: Contact
    changes: Changes | None = None
    first_assessment: FirstAssessment | None = None
    proposal: Proposal = Proposal()
    own_budget: OwnBudget | None = None
    calculations: Calculations | None = None
    concerned: Concerned | None = None
    anchoring: Anchoring | None = None
    attachments: tuple[Attachment, ...] = ()
