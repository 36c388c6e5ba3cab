"""The programme: all that differs between municipalities, as one frozen model.

People are found by e-mail and matched by id, never by name. Rules and yearly figures are in
`flows/rules.py`; that the parts fit each other is checked in `flows/programme_problems.py`.
"""

from datetime import date
from enum import StrEnum
from typing import Annotated, Literal

from pydantic import BaseModel, Field

from flows.events import Stage
from flows.practice import (
    ChiefExecutiveDeputy,
    Digest,
    ExtraRecipient,
    FollowUpPeriod,
    FollowUpRules,
    Meeting,
    OfficerReport,
    Reminders,
    Retention,
)
from flows.rules import (
    AssessmentRule,
    CapitalCostMethod,
    Choice,
    DelegationRule,
    Email,
    Id,
    InterestRate,
    InvestmentThreshold,
    PriceBaseAmount,
    Words,
    YearMoney,
    in_force,
)


class Role(StrEnum):
    OFFICER = "officer"
    FINANCE = "finance"
    KLG = "klg"
    CONVENER = "convener"
    SECRETARY = "secretary"
    CHIEF_EXECUTIVE = "chief_executive"
    REGISTRAR = "registrar"
    INVESTMENT_STRATEGIST = "investment_strategist"
    FINANCIAL_CONTROL = "financial_control"  # ekonomistyrningsenheten
    LEGAL_COUNSEL = "legal_counsel"  # kommunjuristen


class Stages(StrEnum):
    """Two: KLG first assesses point 1, as in the rutin. Single: points 1–4 in one pass."""

    TWO = "two"
    SINGLE = "single"


class Names(BaseModel, frozen=True, extra="forbid"):
    """What the municipality calls things, as they stand inside a sentence."""

    programme: Words
    klg: Words
    klg_short: Words | None = None  # where it is named often; else by its whole name
    safety_department: Words
    drafting_committee: Words = "Trygghetsberedningen"

    @property
    def group(self) -> str:
        return self.klg_short or self.klg


# As the rutin calls them, for a command that says something before there is a programme.
USUAL_NAMES = Names(
    programme="särskild trygghetssatsning",
    klg="KLG Trygghet och säkerhet",
    klg_short="KLG",
    safety_department="avdelningen Trygghet och säkerhet",
)


class Channels(BaseModel, frozen=True, extra="forbid"):
    """Slack channels, by id (C…) or by name without #."""

    klg: Words


class Recipients(BaseModel, frozen=True, extra="forbid"):
    """Who gets decisions that concern the förvaltning; a role without anybody becomes a task.

    The `case_officer` is asked for only of a förvaltning that has not submitted the case itself.
    """

    registrar: Email | None = None
    director: Email | None = None
    finance_manager: Email | None = None
    case_officer: Email | None = None


class Administration(BaseModel, frozen=True, extra="forbid"):
    """A förvaltning. `property`: the one that carries out property investments (TFF)."""

    id: Id
    name: Words
    recipients: Recipients
    property: bool = False


class Committee(BaseModel, frozen=True, extra="forbid"):
    """A nämnd and the förvaltningar under it."""

    id: Id
    name: Words
    administrations: Annotated[tuple[Administration, ...], Field(min_length=1)]
    activity_code: str = ""  # the accounts' code for what the programme pays for here (R001-10)


class Person(BaseModel, frozen=True, extra="forbid"):
    """Somebody with a role, looked up in Slack by e-mail; need not have an account there."""

    email: Email
    name: Words
    roles: tuple[Role, ...] = ()
    administration: Id | None = None
    chair_of: tuple[Id, ...] = ()


class AssessmentRules(BaseModel, frozen=True, extra="forbid"):
    """How KLG's opinions become an outcome, per stage; no proposal in a single pass."""

    proposal: tuple[AssessmentRule, ...] = ()
    application: tuple[AssessmentRule, ...]


class Material(BaseModel, frozen=True, extra="forbid"):
    """Which answers an assessment is about: when one of them changes, KLG's votes are void.

    Every answer printed in the document, or `only` some of them; never those in `but`.
    """

    only: tuple[Id, ...] = ()
    but: tuple[Id, ...] = ("contact",)

    def holds(self, field: str) -> bool:
        return (not self.only or field in self.only) and field not in self.but


class ExtraQuestion(BaseModel, frozen=True, extra="forbid"):
    """A question of the municipality's own, asked last in its point.

    It is printed there, or under a section of its own when it has a `heading`.
    """

    key: Id
    point: Annotated[int, Field(ge=1, le=4)]
    text: Words
    help: Words
    required: bool = True
    kind: Literal["text", "choice"] = "text"
    choices: tuple[Choice, ...] = ()
    heading: Words | None = None


class Files(BaseModel, frozen=True, extra="forbid"):
    """What may be an appendix. Types are file name endings; the content decides the type."""

    max_bytes: Annotated[int, Field(ge=1)]
    types: Annotated[tuple[Id, ...], Field(min_length=1)]


class Direction(BaseModel, frozen=True, extra="forbid"):
    """The politisk inriktning that a measure must be connected to."""

    text: Words
    goals: tuple[Words, ...] = ()
    source: Words


class SecrecyContact(BaseModel, frozen=True, extra="forbid"):
    """Where an officer turns with what may not be written in Slack."""

    title: Words
    phone: Words
    email: Email


class Programme(BaseModel, frozen=True, extra="forbid"):
    municipality: Words
    stages: Stages = Stages.TWO
    names: Names
    channels: Channels
    secrecy: SecrecyContact
    direction: Direction
    files: Files
    material: Material = Material()
    committees: Annotated[tuple[Committee, ...], Field(min_length=1)]
    people: Annotated[tuple[Person, ...], Field(min_length=1)]
    assessment: AssessmentRules
    delegation: tuple[DelegationRule, ...] = ()
    chief_executive_deputies: tuple[ChiefExecutiveDeputy, ...] = ()
    money: Annotated[tuple[YearMoney, ...], Field(min_length=1)]
    interest_rates: Annotated[tuple[InterestRate, ...], Field(min_length=1)]
    capital_cost: CapitalCostMethod
    price_base_amounts: tuple[PriceBaseAmount, ...] = ()
    investment_threshold: Annotated[tuple[InvestmentThreshold, ...], Field(min_length=1)]
    extra_questions: tuple[ExtraQuestion, ...] = ()
    officer_report: OfficerReport = OfficerReport()
    dispatch: tuple[ExtraRecipient, ...] = ()
    follow_up: tuple[FollowUpPeriod, ...] = ()
    follow_up_rules: FollowUpRules = FollowUpRules()
    reminders: Reminders = Reminders()
    retention: Retention = Retention()
    meetings: tuple[Meeting, ...] = ()
    digests: tuple[Digest, ...] = ()

    @property
    def administrations(self) -> tuple[Administration, ...]:
        return tuple(a for committee in self.committees for a in committee.administrations)

    def committee(self, committee_id: str) -> Committee | None:
        return next((c for c in self.committees if c.id == committee_id), None)

    def administration(self, administration_id: str) -> Administration | None:
        return next((a for a in self.administrations if a.id == administration_id), None)

    def committee_of(self, administration_id: str) -> Committee | None:
        """Return the nämnd that the förvaltning belongs to."""
        return next(
            (
                c
                for c in self.committees
                if any(a.id == administration_id for a in c.administrations)
            ),
            None,
        )

    def person(self, email: str) -> Person | None:
        return next((p for p in self.people if p.email == email.strip().lower()), None)

    def with_role(self, role: Role) -> tuple[Person, ...]:
        return tuple(p for p in self.people if role in p.roles)

    def chairs_of(self, committee_id: str) -> tuple[Person, ...]:
        return tuple(p for p in self.people if committee_id in p.chair_of)

    def interest_rate(self, year: int) -> InterestRate | None:
        """Return the year's internränta, or the last known one before it.

        A rate whose own year is earlier than the one asked for is preliminary (*preliminär
        ränta*). None when every known rate is later.
        """
        known = [rate for rate in self.interest_rates if rate.year <= year]
        return max(known, key=lambda rate: rate.year, default=None)

    def assessment_rule(self, stage: Stage, *, on: date) -> AssessmentRule | None:
        proposal = stage is Stage.PROPOSAL
        rules = self.assessment.proposal if proposal else self.assessment.application
        return in_force(rules, on=on)

    def delegation_rule(self, *, on: date) -> DelegationRule | None:
        return in_force(self.delegation, on=on)

    def pot(self, year: int) -> YearMoney | None:
        """The budget year's money, if it has any (R000-14)."""
        return next((money for money in self.money if money.year == year), None)

    def threshold(self, *, on: date) -> InvestmentThreshold | None:
        return in_force(self.investment_threshold, on=on)
