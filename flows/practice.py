"""What a municipality practises after KLG: documents, expedition, follow-up, reminders, meetings, digests.

Parts of the programme (flows/programme.py), each with the default of the rutin. Days are working days
where it says so, and hours are Swedish local time.
"""

from datetime import date, time
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Literal, Self

from pydantic import BaseModel, Field, model_validator

from flows.rules import Dated, Email, Id, Kronor, Percent, Words

WorkingDays = Annotated[int, Field(ge=1, le=260)]
Weekday = Literal["monday", "tuesday", "wednesday", "thursday", "friday"]


class ChiefExecutiveDeputy(Dated, frozen=True, extra="forbid"):
    """Who decides in the kommundirektör's place; `source` is kommunstyrelsen's decision (KL 7 kap. 5 §)."""

    email: Email


class Section(StrEnum):
    """The optional sections of the tjänsteskrivelse, in the order in which they are printed."""

    BACKGROUND = "background"
    FINANCE = "finance"
    CHILDREN = "children"
    EQUALITY = "equality"
    GOALS = "goals"
    CONSULTATION = "consultation"
    MBL = "mbl"


class Signatory(BaseModel, frozen=True, extra="forbid"):
    name: Words
    title: Words
    unit: Words


class OfficerReport(BaseModel, frozen=True, extra="forbid"):
    """The tjänsteskrivelse: which of its sections are asked for, and who signs it."""

    sections: tuple[Section, ...] = tuple(Section)
    signatories: tuple[Signatory, ...] = ()


class RecipientKind(StrEnum):
    DISPATCH = "dispatch"  # expedieras
    INFORMATION = "information"  # för kännedom


class ExtraRecipient(BaseModel, frozen=True, extra="forbid"):
    """Somebody more who gets decisions: all of them, or those that concern `committees`."""

    name: Words
    email: Email
    kind: RecipientKind = RecipientKind.INFORMATION
    committees: tuple[Id, ...] = ()
    investment_only: bool = False


class FollowUpPeriod(BaseModel, frozen=True, extra="forbid"):
    """A period of every year that ends on the given day; `forecast`: for the full year too (R001-12)."""

    key: Id
    name: Words
    month: Annotated[int, Field(ge=1, le=12)]
    day: Annotated[int, Field(ge=1, le=31)]
    forecast: bool = True


class FollowUpRules(BaseModel, frozen=True, extra="forbid"):
    """When a report is late, and from which deviation its reason is asked for.

    A deviation counts when it passes both the per cent of the budget and the kronor.
    """

    late_after: WorkingDays = 15
    deviation_percent: Percent = Decimal(10)
    deviation_kronor: Kronor = Decimal(10_000)


class Reminders(BaseModel, frozen=True, extra="forbid"):
    """After how many working days somebody is reminded, and when it goes to the next person."""

    at: time = time(9)
    draft: WorkingDays = 10  # untouched
    assessment: WorkingDays = 3
    assessment_escalated: WorkingDays = 6  # to the convener
    decision: WorkingDays = 3
    decision_escalated: WorkingDays = 8  # to the secretary
    report_escalated: WorkingDays = 5  # after it was late, to the secretary
    snooze: WorkingDays = 3


class Retention(BaseModel, frozen=True, extra="forbid"):
    """What the dokumenthanteringsplan says of what was never handed in; all else is kept.

    `draft_days` untouched, of which the last `warning_days` after a warning. Days by the calendar.
    """

    draft_days: Annotated[int, Field(ge=60, le=3650)] = 365
    warning_days: Annotated[int, Field(ge=7, le=59)] = 30
    gesture_days: Annotated[int, Field(ge=30, le=3650)] = 90  # Slack delivers again within a day
    source: Words = "Kommunens dokumenthanteringsplan: arbetsmaterial gallras vid inaktualitet"


class Meeting(BaseModel, frozen=True, extra="forbid"):
    """A meeting day of a body, for what must be ready before it."""

    body: Literal["chair_preparation", "drafting_committee", "executive_board"]
    day: date


class DigestKind(StrEnum):
    WEEKLY = "weekly"  # KLG's channel
    MEETING = "meeting"  # secretary and ordförandeberedningen, before each meeting (R000-12)
    MONTHLY = "monthly"  # the chief executive
    ANNUAL = "annual"  # the årsrapport (R000-13)
    RECONCILIATION = "reconciliation"  # in the autumn, before Mål och budget (R000-55)


class Digest(BaseModel, frozen=True, extra="forbid"):
    """When something is summed up, and who gets it.

    Weekly on `weekday`; monthly on `day`; annual and reconciliation on `month` and `day`; before a
    meeting `working_days` before each of `bodies`' meetings. What falls on a free day comes on the next
    working day. `to` adds receivers by e-mail to those that the kind has.
    """

    kind: DigestKind = DigestKind.WEEKLY
    at: time
    weekday: Weekday | None = None
    month: Annotated[int, Field(ge=1, le=12)] | None = None
    day: Annotated[int, Field(ge=1, le=28)] | None = None
    working_days: WorkingDays = 5
    bodies: tuple[Literal["chair_preparation", "drafting_committee", "executive_board"], ...] = (
        "chair_preparation",
    )
    to: tuple[Email, ...] = ()

    @model_validator(mode="after")
    def _says_when(self) -> Self:
        needed = {
            DigestKind.WEEKLY: (self.weekday,),
            DigestKind.MONTHLY: (self.day,),
            DigestKind.ANNUAL: (self.month, self.day),
            DigestKind.RECONCILIATION: (self.month, self.day),
            DigestKind.MEETING: (),
        }
        if None in needed[self.kind]:
            raise ValueError(f"a {self.kind} digest says when")
        return self
