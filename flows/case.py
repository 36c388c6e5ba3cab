"""A case: what has happened to an application since it was first submitted, added up.

Events are only ever added. `State` says what the case waits for; `Case` is the events folded.
Free text (reasons, answers) stands in tables of its own that an event refers to by id,
so that it can be removed without touching the record (rule 3 of the design).
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from enum import StrEnum
from functools import reduce
from typing import Annotated, Literal

from pydantic import BaseModel, Field

PersonId = str  # "TEAM:USER", as Slack knows the person
TextId = int  # a row of the table of removable free text


class Stage(StrEnum):
    """What has been submitted: point 1 alone, or the whole of points 1-4."""

    PROPOSAL = "proposal"
    APPLICATION = "application"


class Opinion(StrEnum):
    """What a member of KLG can say. The first three belong to the proposal, the rest to the application."""

    IN_LINE = "in_line"
    UNCLEAR = "unclear"
    NOT_RELEVANT = "not_relevant"
    RECOMMEND = "recommend"
    COMPLETE = "complete"
    ADVISE_AGAINST = "advise_against"


OPINIONS: dict[Stage, tuple[Opinion, ...]] = {
    Stage.PROPOSAL: (Opinion.IN_LINE, Opinion.UNCLEAR, Opinion.NOT_RELEVANT),
    Stage.APPLICATION: (Opinion.RECOMMEND, Opinion.COMPLETE, Opinion.ADVISE_AGAINST),
}
# Reason is required on all but the first of each stage (R000-17).
FAVOURABLE = frozenset({Opinion.IN_LINE, Opinion.RECOMMEND})
ASKS_BACK = frozenset({Opinion.UNCLEAR, Opinion.COMPLETE})


class State(StrEnum):
    """What the case waits for."""

    DOCUMENTS = "documents"  # the bot is making the documents; the card follows
    ASSESSMENT = "assessment"  # KLG
    CLARIFICATION = "clarification"  # the submitting administration answers what KLG asked
    SUPPLEMENT = "supplement"  # the submitting administration writes points 2-4
    NOT_RELEVANT = (
        "not_relevant"  # the submitting administration: withdraw, or revise and submit again
    )
    RECOMMENDED = "recommended"  # the decision
    ADVISED_AGAINST = "advised_against"  # the administration, or the secretary takes it on
    FORWARDED = "forwarded"  # the deciding body, with KLG's view
    WITHDRAWN = "withdrawn"  # nothing


# In these the submitting administration may change its answers and submit a new version.
WITH_THE_ADMINISTRATION = frozenset(
    {State.CLARIFICATION, State.SUPPLEMENT, State.NOT_RELEVANT, State.ADVISED_AGAINST}
)
# A new version can be handed in, or the case withdrawn: also while KLG assesses, but no more when the
# case has gone on to a decision.
MAY_BE_REVISED = WITH_THE_ADMINISTRATION | {State.ASSESSMENT}
AFTER_OUTCOME: dict[Opinion, State] = {
    Opinion.IN_LINE: State.SUPPLEMENT,
    Opinion.UNCLEAR: State.CLARIFICATION,
    Opinion.NOT_RELEVANT: State.NOT_RELEVANT,
    Opinion.RECOMMEND: State.RECOMMENDED,
    Opinion.COMPLETE: State.CLARIFICATION,
    Opinion.ADVISE_AGAINST: State.ADVISED_AGAINST,
}


class Fact(BaseModel, frozen=True):
    at: datetime
    by: PersonId


class Submitted(Fact):
    """A version was handed in. `voids` says that the votes so far no longer count."""

    kind: Literal["submitted"] = "submitted"
    stage: Stage
    version: int
    administrations: tuple[str, ...]
    authors: tuple[PersonId, ...]
    changed: tuple[str, ...] = ()  # questions whose answer differs from the version before
    voids: bool = True


class DocumentsStored(Fact):
    """The originals of a version were made and stored; `issue` counts re-issues (a dnr given later)."""

    kind: Literal["documents_stored"] = "documents_stored"
    version: int
    issue: int
    pdf_sha256: str
    docx_sha256: str


class DnrGiven(Fact):
    kind: Literal["dnr_given"] = "dnr_given"
    dnr: str


class Assessed(Fact):
    """A member of KLG said what she thinks of the version she saw; a later one replaces it."""

    kind: Literal["assessed"] = "assessed"
    stage: Stage
    version: int
    opinion: Opinion
    reason: TextId | None = None
    questions: tuple[str, ...] = ()  # what is to be completed, by question


class Disqualified(Fact):
    """A member declared herself disqualified (jäv, KL 6 kap. 28 §; 7 kap. 4 §)."""

    kind: Literal["disqualified"] = "disqualified"


class OutcomeReached(Fact):
    """The assessment of a stage is over: by the programme's rule, or closed by the convener."""

    kind: Literal["outcome_reached"] = "outcome_reached"
    stage: Stage
    version: int
    outcome: Opinion
    rule: str  # "majority", "all", "count:3" or "convener"
    votes: int
    eligible: int
    reason: TextId | None = None
    questions: tuple[str, ...] = ()  # what the one who closed wants completed, beside the members


class ChairConfirmed(Fact):
    """The chair pressed the button: she has been in dialogue about this. Never required (R000-39)."""

    kind: Literal["chair_confirmed"] = "chair_confirmed"
    committee: str


class TakenForward(Fact):
    """The secretary takes a case that KLG advised against on to the deciding body."""

    kind: Literal["taken_forward"] = "taken_forward"
    reason: TextId | None = None


class Withdrawn(Fact):
    kind: Literal["withdrawn"] = "withdrawn"
    reason: TextId | None = None


Event = Annotated[
    Submitted
    | DocumentsStored
    | DnrGiven
    | Assessed
    | Disqualified
    | OutcomeReached
    | ChairConfirmed
    | TakenForward
    | Withdrawn,
    Field(discriminator="kind"),
]


class Case(BaseModel, frozen=True):
    """Everything the rules need to know of a case; `length` is the number of events behind it."""

    length: int = 0
    state: State = State.DOCUMENTS
    stage: Stage = Stage.PROPOSAL
    version: int = 0
    issue: int = 0  # of the documents of this version; 0 = not stored yet
    dnr: str = ""
    administrations: tuple[str, ...] = ()
    authors: tuple[PersonId, ...] = ()
    first_submitted_at: datetime | None = None
    submitted_at: datetime | None = None
    since: datetime | None = None  # when it came into the present state
    changed: tuple[str, ...] = ()
    opinions: Mapping[PersonId, Assessed] = {}  # this round's, in the order given
    disqualified: tuple[PersonId, ...] = ()
    outcome: OutcomeReached | None = None  # of the present stage and round
    asked_back: tuple[Assessed, ...] = ()  # the requests that the last outcome passed on
    chairs: tuple[ChairConfirmed, ...] = ()

    def after(self, event: Event) -> "Case":
        return self.model_copy(update={"length": self.length + 1, **_change(self, event)})


def replay(events: Iterable[Event]) -> Case:
    return reduce(Case.after, events, Case())


def _change(case: Case, event: Event) -> dict[str, object]:  # noqa: C901  one arm for each event
    match event:
        case Submitted():
            return _submitted(case, event)
        case DocumentsStored(issue=issue):
            change: dict[str, object] = {"issue": issue}
            if case.state is State.DOCUMENTS:
                change |= {"state": State.ASSESSMENT, "since": event.at}
            return change
        case DnrGiven(dnr=dnr):
            return {"dnr": dnr}
        case Assessed():
            others = {who: said for who, said in case.opinions.items() if who != event.by}
            return {"opinions": {**others, event.by: event}}
        case Disqualified():
            others = {who: said for who, said in case.opinions.items() if who != event.by}
            return {"opinions": others, "disqualified": (*case.disqualified, event.by)}
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


def _submitted(case: Case, event: Submitted) -> dict[str, object]:
    # A request for completion has been met by the new version, whether or not the votes stand.
    standing = {who: said for who, said in case.opinions.items() if said.opinion not in ASKS_BACK}
    keep = not event.voids and event.stage is case.stage
    return {
        "state": State.DOCUMENTS,
        "since": event.at,
        "stage": event.stage,
        "version": event.version,
        "issue": 0,
        "administrations": event.administrations,
        "authors": event.authors,
        "first_submitted_at": case.first_submitted_at or event.at,
        "submitted_at": event.at,
        "changed": event.changed,
        "opinions": standing if keep else {},
        "outcome": None,
        "asked_back": (),
    }
