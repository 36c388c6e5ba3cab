"""Who assesses: KLG as it stands when somebody presses, and who of them may take part in a case.

A member in Slack can press. A member who is not there (`absent`) cannot, but is still one of those
that a majority is counted of: a wrong e-mail address in the programme must never make it smaller.
A seat has one opinion, whoever sits on it: the member, or the substitute she has named.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from flows.case import Case
from flows.events import PersonId


@dataclass(frozen=True, slots=True)
class Member:
    """Who sits now. Of a substitute, `sits_for` is the member whose seat it is, and `instead_of` her name.

    `administration` is the id of the förvaltning that the seat belongs to, if the programme says so.
    """

    person: PersonId
    name: str
    administration: str | None = None
    sits_for: PersonId | None = None
    instead_of: str = ""

    @property
    def seat(self) -> PersonId:
        return self.sits_for or self.person


@dataclass(frozen=True, slots=True)
class Panel:
    """KLG. `convener` and `secretaries` are those who can press now.

    `replaced` are the members for whom a substitute sits, by person, with the substitute's name.
    """

    members: tuple[Member, ...]
    convener: PersonId | None
    secretaries: tuple[PersonId, ...] = ()
    absent: tuple[str, ...] = ()  # names of members who are not found in Slack
    replaced: Mapping[PersonId, str] = field(default_factory=dict)

    def member(self, person: PersonId) -> Member | None:
        return next((member for member in self.members if member.person == person), None)

    def sitting(self, seat: PersonId) -> Member | None:
        """Who sits on the seat now."""
        return next((member for member in self.members if member.seat == seat), None)


class Part(StrEnum):
    """How a member stands to a case."""

    ELIGIBLE = "eligible"
    OWN_PROPOSAL = "own_proposal"  # she initiated or wrote it
    DISQUALIFIED = "disqualified"  # she has declared jäv (KL 6 kap. 28 §, 7 kap. 4 §)


def part(case: Case, person: PersonId) -> Part:
    if person in case.authors:
        return Part.OWN_PROPOSAL
    return Part.DISQUALIFIED if person in case.disqualified else Part.ELIGIBLE


def part_of(case: Case, member: Member) -> Part:
    """How a seat stands to the case: by whoever gave its opinion, else by whoever sits there now.

    What a substitute has said stays the seat's when the member is back.
    """
    said = case.opinions.get(member.seat)
    return part(case, said.by if said else member.person)


def eligible(case: Case, panel: Panel) -> tuple[Member, ...]:
    """Those whose seats' opinions count."""
    return tuple(m for m in panel.members if part_of(case, m) is Part.ELIGIBLE)


def from_applicant(case: Case, member: Member) -> bool:
    """She belongs to a förvaltning that applies: shown beside her name, and nothing more."""
    return member.administration in case.administrations


def closers(case: Case, panel: Panel) -> tuple[PersonId, ...]:
    """Who may end an assessment that the rule has not: the convener, else the secretaries."""
    if panel.convener is not None and part(case, panel.convener) is Part.ELIGIBLE:
        return (panel.convener,)
    return tuple(s for s in panel.secretaries if part(case, s) is Part.ELIGIBLE)
