"""A case: what has happened to an application since it was first submitted, added up.

`State` says what the case waits for; `Case` is the events folded (flows/events.py until KLG has
assessed it, flows/decided.py after that).
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from enum import StrEnum
from functools import reduce
from typing import Annotated

from pydantic import BaseModel, Field

from flows.decided import (
    Allocation,
    Body,
    BudgetTransferred,
    Closed,
    CouncilOutcome,
    CouncilReviewed,
    Decided,
    DecisionCorrected,
    Dispatched,
    MinutesAnnounced,
    MoneyReturned,
    PapersStored,
    Position,
    ProjectGiven,
    Proposed,
    Reported,
    ReportHandedOn,
    ReportReceived,
    ReportSentBack,
    Routed,
    Verdict,
)
from flows.events import (
    ASKS_BACK,
    Assessed,
    ChairConfirmed,
    Disqualified,
    DnrGiven,
    DocumentsStored,
    Opinion,
    OutcomeReached,
    PersonId,
    Stage,
    Submitted,
    TakenForward,
    Withdrawn,
)


class State(StrEnum):
    """What the case waits for."""

    DOCUMENTS = "documents"  # the bot is making the documents; the card follows
    ASSESSMENT = "assessment"  # KLG
    CLARIFICATION = "clarification"  # the submitting administration answers what KLG asked
    SUPPLEMENT = "supplement"  # the submitting administration writes points 2-4
    NOT_RELEVANT = "not_relevant"  # the administration: withdraw, or revise and submit again
    RECOMMENDED = "recommended"  # a moment: the route is worked out in the same transaction
    ADVISED_AGAINST = "advised_against"  # the administration, or the secretary takes it on
    FORWARDED = "forwarded"  # a moment, as RECOMMENDED: the secretary took it on with KLG's view
    COUNCIL_REVIEW = "council_review"  # the secretary: must kommunfullmäktige decide first?
    CHIEF_EXECUTIVE = "chief_executive"  # the chief executive decides
    DRAFTING_COMMITTEE = "drafting_committee"  # the secretary: what Trygghetsberedningen said
    EXECUTIVE_BOARD = "executive_board"  # the secretary records what kommunstyrelsen decided
    REMITTED = "remitted"  # återremiss: the submitting administration completes
    REJECTED = "rejected"  # avslag: the submitting administration may revise and submit again
    FOLLOW_UP = "follow_up"  # granted: budget transfer, reports, money accounted for
    CLOSED = "closed"  # nothing
    WITHDRAWN = "withdrawn"  # nothing


# In these the submitting administration may change its answers and submit a new version.
WITH_THE_ADMINISTRATION = frozenset(
    {
        State.CLARIFICATION,
        State.SUPPLEMENT,
        State.NOT_RELEVANT,
        State.ADVISED_AGAINST,
        State.REMITTED,
        State.REJECTED,
    }
)
# A new version can be handed in, or the case withdrawn: also while KLG assesses, but no more when the
# case has gone on to a decision.
MAY_BE_REVISED = WITH_THE_ADMINISTRATION | {State.ASSESSMENT}
# Its amounts are reserved.
AWAITS_DECISION = frozenset(
    {State.COUNCIL_REVIEW, State.CHIEF_EXECUTIVE, State.DRAFTING_COMMITTEE, State.EXECUTIVE_BOARD}
)
AFTER_OUTCOME: dict[Opinion, State] = {
    Opinion.IN_LINE: State.SUPPLEMENT,
    Opinion.UNCLEAR: State.CLARIFICATION,
    Opinion.NOT_RELEVANT: State.NOT_RELEVANT,
    Opinion.RECOMMEND: State.RECOMMENDED,
    Opinion.COMPLETE: State.CLARIFICATION,
    Opinion.ADVISE_AGAINST: State.ADVISED_AGAINST,
}
AFTER_ROUTE: dict[Body, State] = {
    Body.COUNCIL: State.COUNCIL_REVIEW,
    Body.CHIEF_EXECUTIVE: State.CHIEF_EXECUTIVE,
    Body.DRAFTING_COMMITTEE: State.DRAFTING_COMMITTEE,
    Body.EXECUTIVE_BOARD: State.EXECUTIVE_BOARD,
}
AFTER_POSITION: dict[Position, State] = {
    Position.PROPOSES: State.EXECUTIVE_BOARD,
    Position.DOES_NOT: State.REJECTED,
    Position.REMITS: State.REMITTED,
}
AFTER_VERDICT: dict[Verdict, State] = {
    Verdict.GRANTED: State.FOLLOW_UP,
    Verdict.REJECTED: State.REJECTED,
    Verdict.REMITTED: State.REMITTED,
}

Event = Annotated[
    Submitted
    | DocumentsStored
    | DnrGiven
    | Assessed
    | Disqualified
    | OutcomeReached
    | ChairConfirmed
    | TakenForward
    | Withdrawn
    | Routed
    | CouncilReviewed
    | Proposed
    | Decided
    | DecisionCorrected
    | MinutesAnnounced
    | PapersStored
    | Dispatched
    | BudgetTransferred
    | ProjectGiven
    | MoneyReturned
    | Reported
    | ReportReceived
    | ReportSentBack
    | ReportHandedOn
    | Closed,
    Field(discriminator="kind"),
]


class Case(BaseModel, frozen=True):
    """Everything the rules need to know of a case; `length` is the number of events behind it."""

    length: int = 0
    state: State = State.DOCUMENTS
    stage: Stage = Stage.PROPOSAL
    version: int = 0
    issue: int = 0  # of the documents of this version; 0 = not stored yet
    pdf_sha256: str = ""  # of that issue
    dnr: str = ""
    administrations: tuple[str, ...] = ()
    authors: tuple[PersonId, ...] = ()
    first_submitted_at: datetime | None = None
    submitted_at: datetime | None = None
    since: datetime | None = None  # when it came into the present state
    changed: tuple[str, ...] = ()
    opinions: Mapping[PersonId, Assessed] = {}  # this round's by seat, in the order given
    disqualified: tuple[PersonId, ...] = ()  # the persons: jäv is nobody else's
    outcome: OutcomeReached | None = None  # of the present stage and round
    asked_back: tuple[Assessed, ...] = ()  # the requests that the last outcome passed on
    chairs: tuple[ChairConfirmed, ...] = ()
    route: Routed | None = None  # of this round
    council: CouncilReviewed | None = None
    proposed: Proposed | None = None
    decision: Decided | None = None  # of this round; of a granted case the one that holds
    announced: MinutesAnnounced | None = None
    papers: tuple[PapersStored, ...] = ()
    dispatched: tuple[Dispatched, ...] = ()
    transferred: tuple[BudgetTransferred, ...] = ()
    project: str = ""
    returned: tuple[MoneyReturned, ...] = ()
    reports: tuple[Reported, ...] = ()
    received: tuple[ReportReceived, ...] = ()
    sent_back: tuple[ReportSentBack, ...] = ()
    handed_on: tuple[ReportHandedOn, ...] = ()

    @property
    def reserved(self) -> tuple[Allocation, ...]:
        """What is held for the case while it waits for a decision."""
        return self.route.reserved if self.route and self.state in AWAITS_DECISION else ()

    @property
    def granted(self) -> tuple[Allocation, ...]:
        """What the decision that holds gives, by nämnd, kind and year."""
        made = self.decision
        return made.allocations if made and made.verdict is Verdict.GRANTED else ()

    def after(self, event: Event) -> "Case":
        return self.model_copy(update={"length": self.length + 1, **_change(self, event)})


def replay(events: Iterable[Event]) -> Case:
    return reduce(Case.after, events, Case())


def _change(case: Case, event: Event) -> dict[str, object]:  # noqa: C901, PLR0912  one arm for each event
    match event:
        case Submitted():
            return _submitted(case, event)
        case DocumentsStored(issue=issue):
            change: dict[str, object] = {"issue": issue, "pdf_sha256": event.pdf_sha256}
            if case.state is State.DOCUMENTS:
                change |= {"state": State.ASSESSMENT, "since": event.at}
            return change
        case DnrGiven(dnr=dnr):
            return {"dnr": dnr}
        case Assessed():
            seat = event.seat or event.by
            others = {other: said for other, said in case.opinions.items() if other != seat}
            return {"opinions": {**others, seat: event}}
        case Disqualified(by=by):
            others = {seat: said for seat, said in case.opinions.items() if said.by != by}
            return {"opinions": others, "disqualified": (*case.disqualified, by)}
        case OutcomeReached(outcome=outcome):
            asked = tuple(said for said in case.opinions.values() if said.opinion is outcome)
            return {
                "state": AFTER_OUTCOME[outcome],
                "since": event.at,
                "outcome": event,
                "asked_back": asked if outcome in ASKS_BACK else (),
            }
        case ChairConfirmed():
            return {"chairs": (*case.chairs, event)}
        case TakenForward():
            return {"state": State.FORWARDED, "since": event.at}
        case Withdrawn():
            return {"state": State.WITHDRAWN, "since": event.at}
        case Routed():
            return {"state": AFTER_ROUTE[event.to], "since": event.at, "route": event}
        case CouncilReviewed(outcome=outcome):
            stopped = outcome is CouncilOutcome.STOPPED
            after = State.REJECTED if stopped else State.DRAFTING_COMMITTEE
            return {"state": after, "since": event.at, "council": event}
        case Proposed():
            return {"state": AFTER_POSITION[event.position], "since": event.at, "proposed": event}
        case Decided():
            return {"state": AFTER_VERDICT[event.verdict], "since": event.at, "decision": event}
        case DecisionCorrected(decided=decided):
            announced = case.announced
            known = announced and announced.model_copy(update={"decision": decided.number})
            return {"decision": decided, "announced": known}
        case MinutesAnnounced():
            return {"announced": event}
        case PapersStored():
            return {"papers": (*case.papers, event)}
        case Dispatched():
            return {"dispatched": (*case.dispatched, event)}
        case BudgetTransferred():
            return {"transferred": (*case.transferred, event)}
        case ProjectGiven(project=project):
            return {"project": project}
        case MoneyReturned():
            return {"returned": (*case.returned, event)}
        case Reported():
            return {"reports": (*case.reports, event)}
        case ReportReceived():
            return {"received": (*case.received, event)}
        case ReportSentBack():
            return {"sent_back": (*case.sent_back, event)}
        case ReportHandedOn():
            return {"handed_on": (*case.handed_on, event)}
        case Closed():
            return {"state": State.CLOSED, "since": event.at}


def _submitted(case: Case, event: Submitted) -> dict[str, object]:
    # A request for completion has been met by the new version, whether or not the votes stand.
    standing = {who: said for who, said in case.opinions.items() if said.opinion not in ASKS_BACK}
    # After a decision there is a new round, and everybody looks again.
    keep = not event.voids and event.stage is case.stage and case.route is None
    return {
        "state": State.DOCUMENTS,
        "since": event.at,
        "stage": event.stage,
        "version": event.version,
        "issue": 0,
        "pdf_sha256": "",
        "administrations": event.administrations,
        "authors": event.authors,
        "first_submitted_at": case.first_submitted_at or event.at,
        "submitted_at": event.at,
        "changed": event.changed,
        "opinions": standing if keep else {},
        "outcome": None,
        "asked_back": (),
        "route": None,
        "council": None,
        "proposed": None,
        "decision": None,
        "announced": None,
    }
