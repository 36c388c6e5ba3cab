"""The programme: what a municipality can say in it, and what does not fit together."""

import tomllib
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from flows.events import Stage
from flows.programme import Material, Programme, Role
from flows.programme_problems import problems
from flows.rules import Dated, Kronor, in_force

ROOT = Path(__file__).parents[2]
EXAMPLE = tomllib.loads((ROOT / "templates/programme/exempelkommunen.toml").read_text("utf-8"))
KRONOR: TypeAdapter[Decimal] = TypeAdapter(Kronor)


def programme(**changes: Any) -> Programme:
    return Programme.model_validate(EXAMPLE | changes)


def people(*changed: dict[str, Any], without: str = "") -> list[dict[str, Any]]:
    """The example's people, some of them changed (by e-mail) and one role taken from everybody."""
    by_email = {person["email"]: person for person in EXAMPLE["people"]}
    for person in changed:
        by_email[person["email"]] = by_email.get(person["email"], {"name": "Någon"}) | person
    return [
        person | {"roles": [role for role in person.get("roles", []) if role != without]}
        for person in by_email.values()
    ]


def keys(changed: Programme, *, stops: bool = True) -> list[str]:
    return [p.key.rpartition(".")[2] for p in problems(changed) if p.stops is stops]


def test_the_example_municipality_fits_together():
    assert problems(programme()) == []


@pytest.mark.requirement("2.4")
def test_a_price_base_amount_has_its_year_and_source():
    amounts = {a.year: a.amount for a in programme().price_base_amounts}

    assert amounts == {
        2020: 47_300,
        2021: 47_600,
        2022: 48_300,
        2023: 52_500,
        2024: 57_300,
        2025: 58_800,
        2026: 59_200,
    }
    assert all(amount.source for amount in programme().price_base_amounts)


def test_a_year_without_a_rate_of_its_own_gets_the_last_known_one():
    rate = programme().interest_rate(2027)

    assert rate is not None
    assert (rate.year, rate.percent) == (2025, Decimal("2.5"))


def test_there_is_no_rate_before_the_first():
    assert programme().interest_rate(2019) is None


def test_people_are_found_by_email_whatever_the_case():
    person = programme().person(" Anna.EK@exempelkommunen.se ")

    assert person is not None
    assert person.name == "Anna Ek"
    assert [p.name for p in programme().with_role(Role.CONVENER)] == ["Karin Holm"]
    assert [p.name for p in programme().chairs_of("socialnamnden")] == ["Birgitta Dahl"]


def test_a_forvaltning_belongs_to_its_namnd():
    committee = programme().committee_of("socialforvaltningen")

    assert committee is not None
    assert committee.id == "socialnamnden"
    assert programme().committee_of("okand") is None


def test_a_rule_holds_from_its_first_day_to_its_last():
    rules = [
        Dated(since=date(2024, 1, 1), until=date(2025, 6, 30), source="gammal"),
        Dated(since=date(2025, 7, 1), source="ny"),
    ]
    found = {
        day: rule.source if (rule := in_force(rules, on=day)) else None
        for day in (date(2023, 12, 31), date(2024, 1, 1), date(2025, 6, 30), date(2025, 7, 1))
    }

    assert list(found.values()) == [None, "gammal", "gammal", "ny"]


@given(st.dates(date(2024, 1, 1), date(2100, 1, 1)))
def test_every_day_of_the_programme_has_an_assessment_rule(day: date):
    assert programme().assessment_rule(Stage.PROPOSAL, on=day) is not None
    assert programme().assessment_rule(Stage.APPLICATION, on=day) is not None


@given(st.decimals(0, 10**9, places=2))
def test_a_written_amount_is_read_to_the_ore(amount: Decimal):
    assert KRONOR.validate_python(f"{amount:,}".replace(",", " ").replace(".", ",")) == amount


@pytest.mark.parametrize("amount", [2.5, True, "2,5 mkr", "-1", "", "1.000.000", None, "1e6"])
def test_an_amount_that_is_not_exact_is_refused(amount: object):
    with pytest.raises(ValidationError):
        KRONOR.validate_python(amount)


def test_material_is_all_but_some_or_only_some():
    assert Material().holds("goal")
    assert not Material().holds("contact")
    assert not Material(only=("what",)).holds("goal")
    assert not Material(only=("what",), but=("what",)).holds("what")


def rule(**changes: Any) -> dict[str, Any]:
    return {"since": date(2024, 1, 1), "source": "exempel"} | changes


def year(number: int) -> dict[str, Any]:
    return {"year": number, "operating": 1, "investment": 1, "source": "exempel"}


def rate(number: int) -> dict[str, Any]:
    return {"year": number, "percent": 1, "source": "exempel", "decided_by": "exempel"}


def question(**changes: Any) -> dict[str, Any]:
    return {"key": "egen", "point": 1, "text": "Fråga?", "help": "Hjälp"} | changes


@pytest.mark.requirement("R002-17")
@pytest.mark.parametrize("source", [{}, {"source": " "}])
def test_a_years_money_cites_the_decision_that_set_it_aside(source: dict[str, str]):
    money = {"year": 2026, "operating": 1, "investment": 1}
    with pytest.raises(ValidationError, match=r"money\.0\.source"):
        programme(money=[money | source])

    assert programme(money=[money | {"source": "KF 2023-11-20 § 201"}]).money[0].year == 2026


COMMITTEES = EXAMPLE["committees"]
TWO_CARRIERS = [
    committee | {"administrations": [a | {"property": True} for a in committee["administrations"]]}
    for committee in COMMITTEES[:2]
] + COMMITTEES[2:3]
ANNA = "anna.ek@exempelkommunen.se"


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"committees": [*COMMITTEES, COMMITTEES[0]]}, "id_twice"),
        ({"committees": TWO_CARRIERS, "people": people(without="x")[4:5]}, "property"),
        ({"people": [*EXAMPLE["people"], EXAMPLE["people"][0]]}, "email_twice"),
        ({"people": people({"email": ANNA, "administration": "x"})}, "unknown_administration"),
        ({"people": people({"email": ANNA, "chair_of": ["x"]})}, "unknown_committee"),
        ({"people": people({"email": ANNA, "roles": ["convener"]})}, "convener_outside"),
        ({"people": people(without="klg")}, "no_klg"),
        ({"people": people(without="convener")}, "convener"),
        ({"people": people({"email": ANNA, "roles": ["klg", "convener"]})}, "convener"),
        ({"people": people(without="secretary")}, "no_secretary"),
        ({"assessment": {"application": [rule()]}}, "no_rule"),
        ({"assessment": {"proposal": [rule()], "application": []}}, "no_rule"),
        (
            {"assessment": {"proposal": [rule()], "application": [rule(rule="count")]}},
            "count_and_rule",
        ),
        ({"assessment": {"proposal": [rule()], "application": [rule(count=1)]}}, "count_and_rule"),
        (
            {"assessment": {"proposal": [rule()], "application": [rule(rule="count", count=5)]}},
            "count_too_high",
        ),
        ({"money": [year(2024), year(2024)]}, "year_twice"),
        ({"interest_rates": [rate(2023), rate(2025)]}, "year_missing"),
        ({"interest_rates": [rate(2025)]}, "no_rate_yet"),
        ({"delegation": []}, None),
        ({"investment_threshold": [rule(fixed=1, until=date(2023, 1, 1))]}, "ends_first"),
        ({"investment_threshold": [rule(fixed=1), rule(fixed=2)]}, "two_at_once"),
        (
            {
                "investment_threshold": [
                    rule(fixed=1, until=date(2024, 12, 31)),
                    rule(fixed=2, since=date(2025, 1, 2)),
                ]
            },
            "gap",
        ),
        ({"investment_threshold": [rule()]}, "factor_or_fixed"),
        ({"investment_threshold": [rule(fixed=1, factor=1)]}, "factor_or_fixed"),
        ({"price_base_amounts": []}, "no_price_base_amount"),
        ({"extra_questions": [question(), question()]}, "id_twice"),
        ({"extra_questions": [question(kind="choice", choices=["Ja"])]}, "choices"),
        ({"extra_questions": [question(choices=["Ja", "Nej"])]}, "choices"),
        ({"extra_questions": [question(kind="choice", choices=["Ja", "Ja"])]}, "id_twice"),
        ({"stages": "single", "assessment": {"application": [rule()]}}, None),
    ],
)
def test_what_does_not_fit_together_is_named(changes: dict[str, Any], problem: str | None):
    assert set(keys(programme(**changes))) >= ({problem} if problem else set())
    assert problem is not None or keys(programme(**changes)) == []


def test_every_problem_is_named_at_once():
    changed = programme(
        people=people(without="secretary"),
        interest_rates=[rate(2023), rate(2025)],
        extra_questions=[question(kind="choice")],
    )

    assert keys(changed) == ["no_secretary", "year_missing", "choices"]


def test_a_year_without_money_between_two_with_is_said_but_stops_nothing():
    changed = programme(money=[year(2024), year(2026)])

    assert keys(changed) == []
    assert "year_without_money" in keys(changed, stops=False)


def test_a_namnd_without_chair_is_said_but_stops_nothing():
    changed = programme(
        people=[p for p in EXAMPLE["people"] if p.get("chair_of") != ["socialnamnden"]]
    )

    assert keys(changed) == []
    assert keys(changed, stops=False) == ["no_chair"]


@given(st.integers(1, 400))
def test_rules_that_follow_each_other_day_by_day_are_no_problem(days: int):
    until = date(2024, 1, 1) + timedelta(days=days)
    rules = [rule(fixed=1, until=until), rule(fixed=2, since=until + timedelta(days=1))]

    assert keys(programme(investment_threshold=rules)) == []


def test_a_choice_has_room_on_a_button():
    with pytest.raises(ValidationError, match="at most 75 characters"):
        programme(extra_questions=[question(kind="choice", choices=["Ja", "N" * 76])])
