"""The follow-up report: what is asked about a granted measure, and what its figures come to.

The engine is the application's (flows/form.py); the wording stands in questions/report. What a report
is about (`Report`) follows from the case and its plan; whether its deviation must be explained, and
what is left of an investment, from the answers.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any, NamedTuple

from pydantic import BaseModel

from flows import deviation
from flows.decided import Allocation
from flows.errors import FlowError, InvalidAnswer
from flows.form import Ask, Form, Item, Kind, Known
from flows.intake import Secrecy
from flows.money import ZERO, parse_amount
from flows.practice import FollowUpRules
from flows.rules import CostKind
from flows.split import SplitRow

FORM_VERSION = 1
POINT = 6  # after the points of the rutin (1-4) and the dialogue
SECRECY = "report_secrecy"
_NUMBER = re.compile(
    r"\s*(?:(?:minst|högst|under|över|ca\.?|cirka|max|min)\s+)?([-−]?\d[\d\s]*(?:[.,]\d+)?)\s*(?!\d)",
    re.IGNORECASE,
)


class Activity(StrEnum):
    """How far the measure has come (R001-13)."""

    NOT_BEGUN = "not_begun"
    AS_PLANNED = "as_planned"
    DELAYED = "delayed"
    CARRIED_OUT = "carried_out"
    STOPPED = "stopped"


class Contract(BaseModel, frozen=True):
    """What was agreed in point 1: the measure's effect is this, from there to there, by then."""

    measure: str
    baseline: str
    goal: str
    when: date


class Report(BaseModel, frozen=True):
    """What a report is about. `granted` is all that the decision gave, a line for each nämnd, kind and year."""

    case_id: str
    key: str
    title: str
    period: str  # what it is called: "utökad uppföljning per april 2027"
    day: date  # the last day that it is about
    forecast: bool  # R001-12: also for the full year
    ends_year: bool  # money that is left of the budget year stays unused
    effect: bool  # the measured value must be said now
    last: bool
    ended: frozenset[int] = (
        frozenset()
    )  # budget years that this report is the first to see the end of
    granted: tuple[Allocation, ...]
    returned: tuple[Allocation, ...] = ()
    contract: Contract | None = None
    rules: FollowUpRules = FollowUpRules()
    before: Mapping[str, Any] = {}  # the stored answers of the last report, by question
    before_period: str = ""

    @property
    def year(self) -> int:
        return self.day.year


class Line(NamedTuple):
    """A nämnd's money of one kind in a budget year: granted, used so far, and expected to be used."""

    committee: str
    kind: CostKind
    year: int
    budget: Decimal
    outcome: Decimal
    forecast: Decimal | None

    def row(self, label: str) -> deviation.Row:
        return deviation.Row(
            label=label, budget=self.budget, outcome=self.outcome, forecast=self.forecast
        )


Place = tuple[str, CostKind, int]  # nämnd, kind, budget year


def form(report: Report) -> Form:
    """Every question of the report. An April or August one asks for the full year too."""
    return tuple(_asks(report))


def _asks(report: Report) -> Iterator[Ask]:
    def text(key: str, **more: Any) -> Ask:
        return Ask(key, POINT, Kind.TEXT, **more)

    def table(key: str) -> Ask:
        return Ask(key, POINT, Kind.ROWS, row=SplitRow, least=0)

    yield Ask(SECRECY, POINT, Kind.CHOICE, options=tuple(Secrecy))
    yield Ask("activity", POINT, Kind.CHOICE, options=tuple(Activity))
    yield text("done")
    if report.forecast:
        yield text("ahead")
    if places(report, "outcome"):
        yield table("outcome")
    if places(report, "forecast"):
        yield table("forecast")
    yield text("deviation_reason", when=lambda known: must_explain(report, known))
    if report.last:
        yield Ask(
            "unused",
            POINT,
            Kind.CONFIRM,
            basis=("outcome",),
            when=lambda known: bool(unused(report, known)),
        )
    yield from (text(key) for key in ("short_term", "long_term", "results"))  # R000-60
    if report.contract is not None:
        yield text("measured", optional=not report.effect)


def places(report: Report, key: str) -> dict[Place, Decimal]:
    """The lines of a table, with what was granted: the budget year's.

    So is what came of a year that has ended since the report before. The last report also has the
    investments of earlier years: it settles what was used of them.
    """
    found: dict[Place, Decimal] = {}
    for one in report.granted:
        settles = report.last and one.kind is CostKind.INVESTMENT and one.year < report.year
        earlier = settles or one.year in report.ended
        if one.year == report.year or (key == "outcome" and earlier):
            place = (one.committee, one.kind, one.year)
            found[place] = found.get(place, ZERO) + one.amount
    return found if key == "outcome" or report.forecast else {}


def typed(report: Report, key: str, raw: Any) -> Any:
    """The table's only line, when its amount was typed; anything else as it is."""
    asked = [*places(report, key)] if key in {"outcome", "forecast"} else []
    if len(asked) != 1 or not isinstance(raw, str):
        return raw
    committee, kind, year = asked[0]
    amount = parse_amount(raw, allow_zero=True)
    return (SplitRow(committee=committee, kind=kind, year=year, amount=amount),)


def lines(report: Report, known: Known) -> tuple[Line, ...]:
    """The report's figures beside what was granted; none before the outcome is known."""
    if "outcome" not in known:
        return ()
    outcome, forecast = _amounts(known, "outcome"), _amounts(known, "forecast")
    return tuple(
        Line(*place, budget, outcome.get(place, ZERO), forecast.get(place))
        for place, budget in places(report, "outcome").items()
    )


def _amounts(known: Known, key: str) -> dict[Place, Decimal]:
    return {(row.committee, row.kind, row.year): row.amount for row in known.get(key, ())}


def must_explain(report: Report, known: Known) -> bool:
    """Whether a deviation of the budget year passes the programme's threshold (R002-8).

    What is not used yet is no deviation before the year's end; what is forecast to be left is.
    """
    if report.forecast and places(report, "forecast") and "forecast" not in known:
        return False
    return bool(deviating(report, lines(report, known)))


def deviating(report: Report, found: Iterable[Line]) -> tuple[Line, ...]:
    """The lines of the budget year, or of one that has ended, whose deviation passes the threshold."""
    years = {report.year, *report.ended}
    return tuple(one for one in found if one.year in years and _deviates(report, one))


def _deviates(report: Report, line: Line) -> bool:
    compared = line.outcome if line.forecast is None else line.forecast
    left = line.budget - compared
    goes_on = line.year == report.year and not report.ends_year
    if left > 0 and line.forecast is None and goes_on:
        return False
    rules = report.rules
    return deviation.passes(
        left, line.budget, percent=rules.deviation_percent, kronor=rules.deviation_kronor
    )


def unused(report: Report, known: Known) -> dict[str, Decimal]:
    """Kronor of the investment that each nämnd has neither used nor returned (R000-56)."""
    left: dict[str, Decimal] = {}
    for line in lines(report, known):
        if line.kind is CostKind.INVESTMENT:
            left[line.committee] = left.get(line.committee, ZERO) + line.budget - line.outcome
    for one in report.returned:
        if one.committee in left:
            left[one.committee] -= one.amount
    return {committee: amount for committee, amount in left.items() if amount > 0}


def outcome(report: Report, known: Known) -> tuple[Allocation, ...]:
    """What has been used, as the event says it; rows of zero too, so that a correction can say zero."""
    return tuple(
        Allocation(committee=line.committee, kind=line.kind, year=line.year, amount=line.outcome)
        for line in lines(report, known)
    )


def number(text: str) -> Decimal | None:
    """The number that a value begins with ("65 %", "minst 1 200 besök"); None of running text."""
    found = _NUMBER.match(text)
    if found is None:
        return None
    digits = "".join(found[1].split())
    return Decimal(digits.replace(",", ".").replace("−", "-"))


# --- what fits ---------------------------------------------------------------------------------


def check(report: Report, key: str, value: Any) -> None:
    """Refuse an answer that does not fit what the report is about (`InvalidAnswer`)."""
    if key in {"outcome", "forecast"}:
        given = {(row.committee, row.kind, row.year) for row in value}
        asked = places(report, key).keys()
        if given != asked or len(value) != len(asked):
            raise InvalidAnswer("refusals.reports.amounts_missing", count=len(asked - given))
    if key == "measured" and report.contract is not None:
        numeric = number(report.contract.goal) is not None
        if numeric and number(value) is None:
            raise InvalidAnswer("refusals.reports.number_needed", goal=report.contract.goal)


def problems(report: Report, found: Iterable[Item]) -> list[FlowError]:
    """Everything that stands in the way of handing the report in; empty when nothing does."""
    reasons: list[FlowError] = []
    for item in found:
        if item.answer is None:
            reasons.append(InvalidAnswer("refusals.answers.missing", question=item.ask.key))
            continue
        try:
            if item.answer.value is not None:
                check(report, item.ask.key, item.answer.value)
        except InvalidAnswer as refusal:
            reasons.append(refusal)
        if item.ask.key == SECRECY and item.answer.value != Secrecy.NOTHING_SECRET:
            reasons.append(InvalidAnswer("refusals.answers.secrecy"))
    return reasons


def contract_of(values: Mapping[str, Any]) -> Contract | None:
    """The effect contract in an application's answers; None when it was never asked."""
    names = {"measure": "effect_measure", "baseline": "effect_baseline", "goal": "effect_goal"}
    asked = {field: values.get(key) for field, key in (*names.items(), ("when", "effect_when"))}
    return None if None in asked.values() else Contract.model_validate(asked)
