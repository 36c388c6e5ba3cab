"""Rules across answers: whether one fits those before it, and whether all may be handed in.

What a single answer must look like stands in flows/answers.py. `check` refuses at the question;
`problems` lists everything that stands in the way of a submission.
"""

from collections.abc import Iterable
from datetime import date
from typing import Any

from flows import calculation, split
from flows.application import applied_for, calculation_of
from flows.calculation import Sums
from flows.case import Stage
from flows.errors import FlowError, InvalidAnswer
from flows.form import Item, Known
from flows.intake import Dialogue, Secrecy, receivers
from flows.programme import Programme

LONGEST_TIME_FRAME = 30  # years; longer is a slip of the finger


def check(programme: Programme, key: str, value: Any, known: Known, *, today: date) -> None:
    """Refuse an answer that does not fit the answers before it (`InvalidAnswer`)."""
    match key.split(".")[0]:
        case "end":
            _end(value, known)
        case "dialogue":
            _dialogue(programme, value, known, today=today)
        case "concerned":
            _concerned(value, known)
        case "investments":
            if not value and not known.get("operating"):
                raise InvalidAnswer("refusals.answers.no_costs")
            _investment_years(value, known)
        case "operating":
            _operating_years(value, known)
        case "own_financing" | "capital_bearer":
            _applied(programme, {**known, key: value})
        case "split":
            _split(programme, value, known)
        case "attested":
            _dialogue(programme, known.get("dialogue", ()), known, today=today)


def _end(end: date, known: Known) -> None:
    start = known.get("start")
    if start is not None and end < start:
        raise InvalidAnswer("refusals.answers.end_before_start", start=start)
    if start is not None and end.year - start.year > LONGEST_TIME_FRAME:
        raise InvalidAnswer("refusals.answers.too_many_years", years=LONGEST_TIME_FRAME)


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
    if all(one in known.get("administrations", ()) for one in chosen):
        raise InvalidAnswer("refusals.answers.concerned_are_submitting")


def _operating_years(lines: Iterable[calculation.OperatingLine], known: Known) -> None:
    for line in lines:
        _within(line.what, line.start, known)


def _investment_years(lines: Iterable[calculation.InvestmentLine], known: Known) -> None:
    for line in lines:
        for year in line.payments:
            _within(line.what, date(year, 12, 31), known, year_only=True)


def _within(what: str, day: date, known: Known, *, year_only: bool = False) -> None:
    """A cost belongs to a budget year of the time frame; otherwise the sums would not show it."""
    start, end = known.get("start"), known.get("end")
    if start is None or end is None:
        return
    if not start.year <= day.year <= end.year:
        raise InvalidAnswer(
            "refusals.answers.outside_time_frame", what=what, year=day.year, start=start, end=end
        )
    if not year_only and day > end:
        raise InvalidAnswer("refusals.answers.starts_after_end", what=what, end=end)


def _applied(programme: Programme, known: Known) -> Sums | None:
    of = calculation_of(known)
    return None if of is None else applied_for(programme, of)


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
