"""Rules across answers: whether one fits those before it, and whether all may be handed in.

What a single answer must look like stands in flows/answers.py. `check` refuses at the question;
`problems` lists everything that stands in the way of a submission.
"""

from collections.abc import Iterable
from datetime import date
from typing import Any

from flows import calculation, capital, split
from flows.application import calculation_of, capital_costs
from flows.calculation import InvestmentLine, OperatingLine, TimeFrame
from flows.calculation_problems import (
    investment_problems,
    operating_problems,
    own_financing_problems,
    time_frame_problems,
)
from flows.errors import FlowError, InvalidAnswer
from flows.events import Stage
from flows.form import Item, Known
from flows.intake import Dialogue, Secrecy, receivers
from flows.programme import Programme


def check(programme: Programme, key: str, value: Any, known: Known, *, today: date) -> None:
    """Refuse an answer that does not fit the answers before it (`InvalidAnswer`)."""
    match key.split(".", maxsplit=1)[0]:
        case "end":
            _end(value, known)
        case "dialogue":
            _dialogue(programme, value, known, today=today)
        case "concerned":
            _concerned(value, known)
        case "operating":
            _lines(known, operating=value)
        case "investments":
            if not value and not known.get("operating"):
                raise InvalidAnswer("refusals.answers.no_costs")
            _lines(known, investments=value)
        case "own_financing" | "capital_bearer":
            _own_financing(programme, {**known, key: value})
        case "split":
            _split(programme, value, known)
        case "attested":
            _dialogue(programme, known.get("dialogue", ()), known, today=today)


def _end(end: date, known: Known) -> None:
    if "start" in known:
        for problem in time_frame_problems(TimeFrame(start=known["start"], end=end)):
            raise problem.refusal


def _dialogue(
    programme: Programme, entries: Iterable[Dialogue], known: Known, *, today: date
) -> None:
    """At least one conversation has taken place, with a nämnd that submits (R000-39, C-9)."""
    submitting = receivers(programme, {"administrations": known.get("administrations", ())})
    held = [entry for entry in entries if entry.on <= today]
    if not held:
        raise InvalidAnswer("refusals.answers.dialogue_not_held")
    if not any(entry.committee in submitting for entry in held):
        raise InvalidAnswer("refusals.answers.dialogue_other_committee")


def _concerned(chosen: Iterable[str], known: Known) -> None:
    if any(one in known.get("administrations", ()) for one in chosen):
        raise InvalidAnswer("refusals.answers.concerned_are_submitting")


def _lines(
    known: Known,
    *,
    operating: Iterable[OperatingLine] = (),
    investments: Iterable[InvestmentLine] = (),
) -> None:
    """Refuse the first line that does not hold together, or not with the time frame."""
    start, end = known.get("start"), known.get("end")
    if start is None or end is None:
        return
    frame = TimeFrame(start=start, end=end)
    named = [
        *((line.what, operating_problems(line, frame)) for line in operating),
        *((line.what, investment_problems(line, frame)) for line in investments),
    ]
    for what, found in named:
        for problem in found:
            raise InvalidAnswer(problem.refusal.key, **problem.refusal.facts, what=what)


def _own_financing(programme: Programme, known: Known) -> None:
    of = calculation_of(known)
    if of is None:
        return
    yearly = capital.yearly_costs(capital_costs(programme, of))
    for problem in own_financing_problems(of, capital_costs=yearly):
        raise problem.refusal


def _split(programme: Programme, rows: Iterable[split.SplitRow], known: Known) -> None:
    of = calculation_of(known)
    if of is None:
        return
    found = split.differences(rows, calculation.costs(of))
    if found:
        raise InvalidAnswer("refusals.answers.split_differs", differences=found)
    allowed = receivers(programme, known)
    if any(row.committee not in allowed for row in rows):
        raise InvalidAnswer("refusals.answers.split_committee")


def problems(
    programme: Programme, found: Iterable[Item], *, stage: Stage, today: date
) -> list[FlowError]:
    """Everything that stands in the way of handing in; empty when nothing does."""
    reasons: list[FlowError] = []
    known: dict[str, Any] = {}
    for item in found:
        if stage is Stage.PROPOSAL and item.ask.stage is not stage:
            continue
        if item.answer is None:
            reasons.append(InvalidAnswer("refusals.answers.missing", question=item.ask.key))
            continue
        try:
            if item.answer.value is not None:
                check(programme, item.ask.key, item.answer.value, known, today=today)
        except InvalidAnswer as refusal:
            reasons.append(refusal)
        known[item.ask.key] = item.answer.value
    if known.get("secrecy") != Secrecy.NOTHING_SECRET:
        reasons.append(InvalidAnswer("refusals.answers.secrecy"))
    return reasons
