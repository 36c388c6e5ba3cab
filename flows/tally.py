"""Counting: who has said what, who is awaited, and whether the rule gives an outcome.

The rule is the one that held on the day the version was submitted, so that an old case is
explained by the rules of its day.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from flows.case import Case, Event
from flows.events import Assessed, Opinion, OutcomeReached, PersonId, Stage
from flows.panel import Panel, eligible
from flows.programme import Programme
from flows.rules import AssessmentRule, Majority


@dataclass(frozen=True, slots=True)
class Tally:
    """Where the vote stands. `of` counts every eligible member, those not in Slack included.

    `awaited` are seats.
    """

    of: int
    needed: int
    opinions: tuple[Assessed, ...]
    awaited: tuple[PersonId, ...]
    absent: tuple[str, ...] = ()

    @property
    def outcome(self) -> Opinion | None:
        """The one opinion that enough members share; never when nobody is eligible."""
        counted = Counter(said.opinion for said in self.opinions)
        enough = [opinion for opinion, votes in counted.items() if votes >= self.needed]
        return enough[0] if len(enough) == 1 else None

    @property
    def everybody_answered(self) -> bool:
        return not self.awaited and not self.absent

    @property
    def nobody_left(self) -> bool:
        return not self.of


def rule_for(programme: Programme, case: Case, *, on: date) -> AssessmentRule:
    """The rule in force on the day of submission.

    When the programme no longer knows that day, or that stage, the rule nearest to it: an open case
    must not stop because somebody took an old rule out of the file.
    """
    rule = programme.assessment_rule(case.stage, on=on)
    if rule is not None:
        return rule
    proposal = case.stage is Stage.PROPOSAL and programme.assessment.proposal
    rules = sorted(proposal or programme.assessment.application, key=lambda rule: rule.since)
    return next((rule for rule in reversed(rules) if rule.since <= on), rules[0])


def tally(case: Case, panel: Panel, rule: AssessmentRule) -> Tally:
    seats = tuple(member.seat for member in eligible(case, panel))
    opinions = tuple(case.opinions[seat] for seat in seats if seat in case.opinions)
    of = len(seats) + len(panel.absent)
    return Tally(
        of=of,
        needed=_needed(rule, of),
        opinions=opinions,
        awaited=tuple(seat for seat in seats if seat not in case.opinions),
        absent=panel.absent,
    )


def counted(
    case: Case,
    events: Sequence[Event],
    panel: Panel,
    rule: AssessmentRule,
    *,
    by: PersonId,
    at: datetime,
) -> list[Event]:
    """Return the events, and the outcome when they bring it about."""
    for event in events:
        case = case.after(event)
    count = tally(case, panel, rule)
    if count.outcome is None:
        return [*events]
    reached = OutcomeReached(
        by=by,
        at=at,
        stage=case.stage,
        version=case.version,
        outcome=count.outcome,
        rule=f"count:{rule.count}" if rule.rule is Majority.COUNT else rule.rule.value,
        votes=sum(said.opinion is count.outcome for said in count.opinions),
        eligible=count.of,
    )
    return [*events, reached]


def _needed(rule: AssessmentRule, of: int) -> int:
    match rule.rule:
        case Majority.MAJORITY:
            return of // 2 + 1
        case Majority.ALL:
            return max(of, 1)
        case Majority.COUNT:
            assert rule.count is not None
            return rule.count
