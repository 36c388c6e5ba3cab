"""Who assesses: KLG as it stands when somebody presses, and who of them may take part in a case.

A member in Slack can press. A member who is not there (`absent`) cannot, but is still one of those
that a majority is counted of: a wrong e-mail address in the programme must never make it smaller.
"""

from dataclasses import dataclass
from enum import StrEnum

from flows.case import Case
from flows.events import PersonId


@dataclass(frozen=True, slots=True)
class Member:
    """`administration` is the id of the förvaltning she belongs to, if the programme says so."""

    person: PersonId
    name: str
    administration: str | None = None


@dataclass(frozen=True, slots=True)
class Panel:
    """KLG. `convener` and `secretaries` are those who can press now."""

    members: tuple[Member, ...]
    convener: PersonId | None
    secretaries: tuple[PersonId, ...] = ()
    absent: tuple[str, ...] = ()  # names of members who are not found in Slack

    def member(self, person: PersonId) -> Member | None:
        return next((member for member in self.members if member.person == person), None)


class Part(StrEnum):
    """How a member stands to a case."""

    ELIGIBLE = "eligible"
    OWN_PROPOSAL = "own_proposal"  # she initiated or wrote it
    DISQUALIFIED = "disqualified"  # she has declared jäv (KL 6 kap. 28 §, 7 kap. 4 §)


def part(case: Case, person: PersonId) -> Part:
    if person in case.authors:
        return Part.OWN_PROPOSAL
    return Part.DISQUALIFIED if person in case.disqualified else Part.ELIGIBLE


def eligible(case: Case, panel: Panel) -> tuple[Member, ...]:
    """The members who can press and whose opinions count."""
    return tuple(m for m in panel.members if part(case, m.person) is Part.ELIGIBLE)


def from_applicant(case: Case, member: Member) -> bool:
    """She belongs to a förvaltning that applies: shown beside her name, and nothing more."""
    return member.administration in case.administrations


def closers(case: Case, panel: Panel) -> tuple[PersonId, ...]:
    """Who may end an assessment that the rule has not: the convener, else the secretaries."""
    if panel.convener is not None and part(case, panel.convener) is Part.ELIGIBLE:
        return (panel.convener,)
    return tuple(s for s in panel.secretaries if part(case, s) is Part.ELIGIBLE)
