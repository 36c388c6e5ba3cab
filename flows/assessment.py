"""KLG's assessment: what a member, the convener and the secretary can do with a submitted version.

Each act returns the events that follow, none when it changes nothing, or refuses. KLG tillstyrker
or avstyrker; it never decides. The outcome is counted anew after every opinion and every jäv, by
the rule that held when the version was submitted.
"""

from dataclasses import dataclass
from datetime import datetime

from flows.case import Case, Event, State
from flows.errors import InvalidAnswer, NotAllowed, Stale
from flows.events import (
    ASKS_BACK,
    FAVOURABLE,
    OPINIONS,
    Assessed,
    Disqualified,
    Opinion,
    OutcomeReached,
    PersonId,
    Stage,
    TakenForward,
    TextId,
)
from flows.panel import Member, Panel, Part, closers, part
from flows.rules import AssessmentRule
from flows.tally import counted, tally

BY_A_PERSON = "convener"  # OutcomeReached.rule when a person ended the assessment


@dataclass(frozen=True, slots=True)
class Seen:
    """What the person had before her when she pressed."""

    stage: Stage
    version: int


@dataclass(frozen=True, slots=True)
class Said:
    """An opinion with what it needs: a reason, and what is to be completed (question keys)."""

    opinion: Opinion
    reason: TextId | None = None
    questions: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Request:
    """What somebody wants completed, and why: passed on to those who applied."""

    by: PersonId
    questions: tuple[str, ...]
    reason: TextId | None


def assess(
    case: Case,
    panel: Panel,
    rule: AssessmentRule,
    *,
    said: Said,
    seen: Seen,
    by: PersonId,
    at: datetime,
) -> list[Event]:
    """A member says what she thinks, or changes it (R000-17, R000-18)."""
    member = may_assess(case, panel, opinion=said.opinion, seen=seen, by=by)
    if said.opinion not in FAVOURABLE and said.reason is None:
        raise InvalidAnswer("refusals.assessment.reason_missing")
    if said.opinion in ASKS_BACK and not said.questions:
        raise InvalidAnswer("refusals.assessment.questions_missing")
    before = case.opinions.get(member.seat)
    if before is not None and (before.opinion, before.reason, before.questions) == (
        said.opinion,
        said.reason,
        said.questions,
    ):
        return []
    event = Assessed(
        by=by,
        at=at,
        stage=case.stage,
        version=case.version,
        opinion=said.opinion,
        reason=said.reason,
        questions=said.questions if said.opinion in ASKS_BACK else (),
        seat=member.sits_for,
    )
    return counted(case, [event], panel, rule, by=by, at=at)


def may_assess(case: Case, panel: Panel, *, opinion: Opinion, seen: Seen, by: PersonId) -> Member:
    """Refuse what no reason could mend; asked already when the reason's modal is to open."""
    member = _sitting(panel, by)
    _refuse_what_is_old(case, seen)
    match part(case, by):
        case Part.OWN_PROPOSAL:
            raise NotAllowed("refusals.assessment.own_proposal")
        case Part.DISQUALIFIED:
            raise NotAllowed("refusals.assessment.disqualified")
        case Part.ELIGIBLE:
            pass
    if any(said.by == by and seat != member.seat for seat, said in case.opinions.items()):
        raise NotAllowed("refusals.assessment.spoke_elsewhere")
    if opinion not in OPINIONS[case.stage]:
        raise NotAllowed("refusals.assessment.other_stage")
    return member


def disqualify(
    case: Case, panel: Panel, rule: AssessmentRule, *, seen: Seen, by: PersonId, at: datetime
) -> list[Event]:
    """A member says that she is jävig: what she said falls, and the rest is counted anew."""
    member = _sitting(panel, by)
    _refuse_what_is_old(case, seen)
    match part(case, by):
        case Part.DISQUALIFIED:
            return []
        case Part.OWN_PROPOSAL:
            raise NotAllowed("refusals.assessment.own_proposal")
        case Part.ELIGIBLE:
            event = Disqualified(by=by, at=at, seat=member.sits_for)
            return counted(case, [event], panel, rule, by=by, at=at)


def recount(
    case: Case, panel: Panel, rule: AssessmentRule, *, by: PersonId, at: datetime
) -> list[Event]:
    """Count again when something else than an opinion has changed: the panel, or the version."""
    return counted(case, [], panel, rule, by=by, at=at) if _is_open(case) else []


def close(
    case: Case,
    panel: Panel,
    rule: AssessmentRule,
    *,
    said: Said,
    seen: Seen,
    by: PersonId,
    at: datetime,
) -> list[Event]:
    """The convener ends the assessment with a reason; when she may not take part, the secretary."""
    may_close(case, panel, seen=seen, by=by)
    if said.opinion not in OPINIONS[case.stage]:
        raise NotAllowed("refusals.assessment.other_stage")
    if said.reason is None:
        raise InvalidAnswer("refusals.assessment.reason_missing")
    count = tally(case, panel, rule)
    named = [*said.questions, *(q for o in count.opinions for q in o.questions)]
    if said.opinion in ASKS_BACK and not named:
        raise InvalidAnswer("refusals.assessment.questions_missing")
    return [
        OutcomeReached(
            by=by,
            at=at,
            stage=case.stage,
            version=case.version,
            outcome=said.opinion,
            rule=BY_A_PERSON,
            votes=sum(o.opinion is said.opinion for o in count.opinions),
            eligible=count.of,
            reason=said.reason,
            questions=said.questions if said.opinion in ASKS_BACK else (),
        )
    ]


def may_close(case: Case, panel: Panel, *, seen: Seen, by: PersonId) -> None:
    if by not in closers(case, panel):
        raise NotAllowed("refusals.assessment.not_closer")
    _refuse_what_is_old(case, seen)


def take_forward(
    case: Case,
    panel: Panel,
    *,
    seen: Seen,
    by: PersonId,
    at: datetime,
    reason: TextId | None = None,
) -> list[Event]:
    """The secretary takes a case that KLG advised against to the deciding body (C-11)."""
    if by not in panel.secretaries:
        raise NotAllowed("refusals.assessment.not_secretary")
    if case.state is State.FORWARDED:
        return []
    if case.state is not State.ADVISED_AGAINST or seen != Seen(case.stage, case.version):
        raise Stale("refusals.assessment.not_advised_against")
    return [TakenForward(by=by, at=at, reason=reason)]


def requests(case: Case) -> tuple[Request, ...]:
    """What the last outcome asks back for, by those who asked; exactly these questions reopen."""
    asked = [Request(said.by, said.questions, said.reason) for said in case.asked_back]
    outcome = case.outcome
    if outcome is not None and outcome.questions:
        asked.append(Request(outcome.by, outcome.questions, outcome.reason))
    return tuple(asked)


def _sitting(panel: Panel, by: PersonId) -> Member:
    """Who sits in KLG now; a seat that a substitute has is the substitute's alone (one seat, one vote)."""
    member = panel.member(by)
    if member is not None:
        return member
    if by in panel.replaced:
        raise NotAllowed("refusals.assessment.replaced", name=panel.replaced[by])
    raise NotAllowed("refusals.assessment.not_klg")


def _is_open(case: Case) -> bool:
    return case.state is State.ASSESSMENT


def _refuse_what_is_old(case: Case, seen: Seen) -> None:
    if seen != Seen(case.stage, case.version):
        raise Stale("refusals.assessment.old_version", version=case.version)
    if not _is_open(case):
        raise Stale("refusals.assessment.over")
