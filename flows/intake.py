"""The application: what the officer is asked, point by point, in the order of the rutin (seed 000).

Only what is asked, when, and of whom. The wording stands in templates/messages/questions, the
reading of an answer in flows/answers.py, the engine in flows/form.py.
"""

from collections.abc import Iterable
from datetime import date
from enum import StrEnum
from typing import Any

from pydantic import BaseModel

from flows.calculation import (
    CapitalCostBearer,
    Duration,
    InvestmentLine,
    OperatingLine,
    OwnFinancingRow,
)
from flows.events import Stage
from flows.form import Ask, Each, Form, Kind, Known, Who
from flows.programme import ExtraQuestion, Programme
from flows.split import SplitRow

FORM_VERSION = 1


class Secrecy(StrEnum):
    NOTHING_SECRET = "nothing_secret"  # noqa: S105  an option, no password
    CLASSIFIED = "classified"
    ABOUT_PEOPLE = "about_people"


class Scope(StrEnum):
    """Where the measure has effect (R000-2)."""

    OWN_OPERATIONS = "own_operations"
    SEVERAL_OPERATIONS = "several_operations"
    CROSS_SECTOR = "cross_sector"


class CalculationBy(StrEnum):
    OFFICER = "officer"
    FINANCE = "finance"


class TalkedWith(StrEnum):
    CHAIR = "chair"
    PRESIDIUM = "presidium"
    CHAIR_AND_PRESIDIUM = "chair_and_presidium"


class Dialogue(BaseModel, frozen=True):
    """One conversation with the nämnd's political leadership (R000-39)."""

    on: date
    talked_with: TalkedWith
    committee: str
    note: str


class NamedPerson(BaseModel, frozen=True):
    """Somebody named by the officer; `person` when she is in Slack."""

    name: str
    person: str | None = None


LONGEST_TITLE = 120
_TEXT, _LINE, _YES_NO = Kind.TEXT, Kind.LINE, Kind.YES_NO
_FIRST = Stage.PROPOSAL


def form(programme: Programme) -> Form:
    """Every question of points 1-4 and the dialogue, the municipality's own last in their point."""
    extra = {point: _extra(programme, point) for point in (1, 2, 3, 4)}
    return (
        *_start(programme),
        *_point1(),
        *extra[1],
        Ask("dialogue", 5, Kind.ROWS, _FIRST, row=Dialogue),
        *_point2(),
        *extra[2],
        *_point3(programme),
        *extra[3],
        *_point4(programme),
        *extra[4],
        Ask("attested", 5, Kind.CONFIRM, basis=("*",), waits=True),
    )


def _start(programme: Programme) -> Iterable[Ask | Each]:
    administrations = tuple(a.id for a in programme.administrations)
    yield Ask("secrecy", 0, Kind.CHOICE, _FIRST, options=tuple(Secrecy))
    yield Ask("administrations", 0, Kind.CHOICES, _FIRST, options=administrations)
    yield Ask("title", 0, _LINE, _FIRST, longest=LONGEST_TITLE)
    yield Ask("contact", 0, Kind.CONTACT, _FIRST, longest=300)


def _point1() -> Iterable[Ask | Each]:
    yield Ask("what", 1, _TEXT, _FIRST)
    yield Ask("reinforces", 1, _TEXT, _FIRST)
    yield Ask("goal", 1, _TEXT, _FIRST)
    yield Ask("scope", 1, Kind.CHOICE, _FIRST, options=tuple(Scope))
    yield Ask("added_value", 1, _TEXT, _FIRST)
    yield Ask("motivation", 1, _TEXT, _FIRST)
    yield Ask("direction_linked", 1, _YES_NO, _FIRST)
    yield Ask(
        "direction", 1, _TEXT, _FIRST, when=lambda known: known.get("direction_linked") is True
    )
    yield Ask("new_activity", 1, _YES_NO, _FIRST)
    yield Ask(
        "new_activity_reason",
        1,
        _TEXT,
        _FIRST,
        when=lambda known: known.get("new_activity") is True,
    )
    yield Ask("effect_measure", 1, _TEXT, _FIRST)
    yield Ask("effect_baseline", 1, _TEXT, _FIRST)
    yield Ask("effect_goal", 1, _TEXT, _FIRST)
    yield Ask("effect_when", 1, Kind.DATE, _FIRST)


def _point2() -> Iterable[Ask | Each]:
    yield Ask("own_budget", 2, _YES_NO)
    yield Ask("analysis", 2, _TEXT, when=lambda known: known.get("own_budget") is False)
    yield Ask("own_budget_reason", 2, _TEXT, when=lambda known: known.get("own_budget") is True)


def _point3(programme: Programme) -> Iterable[Ask | Each]:
    yield Ask("finance_officer", 3, Kind.PERSON)
    yield Ask(
        "calculation_by",
        3,
        Kind.CHOICE,
        options=tuple(CalculationBy),
        when=_finance_is_in_slack,
        basis=("finance_officer",),  # who is named anew has not been asked yet
    )
    yield Ask("start", 3, Kind.DATE, who=_calculator)
    yield Ask("end", 3, Kind.DATE, who=_calculator)
    yield Ask("operating", 3, Kind.ROWS, row=OperatingLine, least=0, who=_calculator)
    yield Ask("investments", 3, Kind.ROWS, row=InvestmentLine, least=0, who=_calculator)
    yield Ask(
        "classification",
        3,
        Kind.CONFIRM,
        basis=("operating", "investments", "start"),
        who=_calculator,
    )
    yield from _investment(programme)
    yield Ask("own_financing", 3, Kind.ROWS, row=OwnFinancingRow, least=0, who=_calculator)
    yield Ask("long_term_financing", 2, _TEXT, when=_has_permanent)
    yield Ask(
        "finance_confirmed",
        3,
        Kind.CONFIRM,
        basis=(
            "finance_officer",
            "start",
            "end",
            "operating",
            "investments",
            "own_financing",
            "capital_bearer",
        ),
        who=_calculator,
    )


def _investment(programme: Programme) -> Iterable[Ask | Each]:
    property_ids = frozenset(a.id for a in programme.administrations if a.property)
    others = tuple(a.id for a in programme.administrations if a.id not in property_ids)

    def by_property_administration(known: Known) -> bool:
        return bool(property_ids.intersection(known.get("administrations", ())))

    def property_from_others(known: Known) -> bool:
        return known.get("property") is True and not by_property_administration(known)

    def property_from_tff(known: Known) -> bool:
        return known.get("property") is True and by_property_administration(known)

    yield Ask(
        "capital_bearer",
        3,
        Kind.CHOICE,
        options=tuple(CapitalCostBearer),
        when=has_investment,
        who=_calculator,  # her confirmation rests on it
    )
    yield Ask(
        "capital_reason",
        3,
        _TEXT,
        when=lambda known: known.get("capital_bearer") == CapitalCostBearer.PROGRAMME,
        who=_calculator,
    )
    yield Ask("property", 3, _YES_NO, when=has_investment)
    yield Ask("tff_contact", 3, Kind.CONTACT, when=property_from_others, longest=300)
    yield Ask("tff_contact_on", 3, Kind.DATE, when=property_from_others)
    if others:  # a choice among nobody could not be shown
        yield Ask("tff_contacted", 3, Kind.CHOICES, options=others, when=property_from_tff)
    yield Ask("tff_contacted_how", 3, _TEXT, when=property_from_tff)
    yield Ask(
        "internal_rent", 3, _TEXT, when=lambda known: known.get("property") is True, optional=True
    )
    yield Ask("investment_form", 3, Kind.CONTACT, when=has_investment, longest=300)
    yield Ask("investment_process", 3, Kind.CONFIRM, when=has_investment)


def _point4(programme: Programme) -> Iterable[Ask | Each]:
    def concerned(known: Known) -> tuple[str, ...]:
        return tuple(known.get("concerned", ()))

    def not_included(key: str) -> Any:
        return lambda known: known.get(f"costs_included.{key}") is False

    administrations = tuple(a.id for a in programme.administrations)
    yield Ask("others_concerned", 4, _YES_NO)
    yield Ask(
        "concerned",
        4,
        Kind.CHOICES,
        options=administrations,
        when=lambda known: known.get("others_concerned") is True,
    )
    yield Each(concerned, lambda key: Ask(f"included.{key}", 4, _TEXT, about=key))
    yield Each(concerned, lambda key: Ask(f"costs_included.{key}", 4, _YES_NO, about=key))
    yield Each(
        concerned,
        lambda key: Ask(
            f"costs_excluded_reason.{key}", 4, _TEXT, about=key, when=not_included(key)
        ),
    )
    yield Ask(
        "split",
        4,
        Kind.ROWS,
        row=SplitRow,
        waits=True,
        basis=(
            "operating",
            "investments",
            "own_financing",
            "capital_bearer",
            "administrations",
            "concerned",
            "start",
            "end",
        ),
        when=lambda known: len(receivers(programme, known)) > 1,
    )


def _extra(programme: Programme, point: int) -> tuple[Ask, ...]:
    return tuple(
        _extra_ask(question) for question in programme.extra_questions if question.point == point
    )


def _extra_ask(question: ExtraQuestion) -> Ask:
    choice = question.kind == "choice"
    return Ask(
        f"extra.{question.key}",
        question.point,
        Kind.CHOICE if choice else _TEXT,
        Stage.PROPOSAL if question.point == 1 else Stage.APPLICATION,
        options=question.choices,
        optional=not question.required,
        about=question.key,
    )


def _finance_is_in_slack(known: Known) -> bool:
    named = known.get("finance_officer")
    return isinstance(named, NamedPerson) and named.person is not None


def _calculator(known: Known) -> Who:
    return Who.FINANCE if known.get("calculation_by") == CalculationBy.FINANCE else Who.OFFICER


def has_investment(known: Known) -> bool:
    return bool(known.get("investments"))


def _has_permanent(known: Known) -> bool:
    return any(line.duration is Duration.PERMANENT for line in known.get("operating", ()))


def receivers(programme: Programme, known: Known) -> tuple[str, ...]:
    """The committees that would get money: those that submit, then the others concerned."""
    asked = (*known.get("administrations", ()), *known.get("concerned", ()))
    found = (programme.committee_of(administration) for administration in asked)
    return tuple(dict.fromkeys(committee.id for committee in found if committee is not None))
