"""The answers that a document is made from, with the names that stand for their ids."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flows.documents import Extra
from flows.events import PersonId
from flows.form import Answer
from flows.programme import Programme


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """`values` are the answers that apply and hold, by question; `answers` also say who and when.

    `draft`: figures that cannot be computed yet are left out instead of being refused.
    """

    programme: Programme
    values: Mapping[str, Any]
    answers: Mapping[str, Answer]
    names: Mapping[PersonId, str]
    draft: bool = False

    def name(self, person: PersonId) -> str:
        """The person's name, or her id in Slack when nobody knows it."""
        return self.names.get(person) or person.rpartition(":")[2]


def administration_name(programme: Programme, administration_id: str) -> str:
    """The förvaltning's name as it begins a line; its id when the programme has it no more."""
    found = programme.administration(administration_id)
    return begin(found.name if found else administration_id)


def committee_name(programme: Programme, committee_id: str) -> str:
    found = programme.committee(committee_id)
    return begin(found.name if found else committee_id)


def begin(name: str) -> str:
    """`socialnämnden` as it begins a line; the programme names things as inside a sentence."""
    return name[:1].upper() + name[1:]


def extra(answered: Answered, *, point: int) -> tuple[Extra, ...]:
    """The programme's own questions of a point that have an answer, in the programme's order."""
    return tuple(
        Extra(question=asked.text, answer=answer, heading=asked.heading)
        for asked in answered.programme.extra_questions
        if asked.point == point and (answer := answered.values.get(f"extra.{asked.key}"))
    )
