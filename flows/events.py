"""What happens to a case until KLG has assessed it: facts with who and when, only ever added.

Free text (reasons, answers) stands in tables of its own that an event refers to by id, so that it
can be removed without touching the record (rule 3 of the design).
"""

from datetime import datetime
from enum import StrEnum
from typing import Literal

from pydantic import BaseModel

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
    seat: PersonId | None = None  # the member for whom a substitute spoke; None: for herself


class Disqualified(Fact):
    """A member, or the chief executive, is disqualified by her own word (jäv, KL 6 kap. 28 §; 7 kap. 4 §)."""

    kind: Literal["disqualified"] = "disqualified"
    seat: PersonId | None = None  # as in Assessed


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
