"""What a report asks: by its period, by its figures, and what it refuses."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest

from flows import form, reporting
from flows.decided import Allocation
from flows.errors import InvalidAnswer
from flows.form import Answer, Ask, next_ask
from flows.reporting import Contract, Report
from flows.rules import CostKind
from flows.split import SplitRow

AT = datetime(2027, 5, 3, 8, tzinfo=UTC)
SOCIAL, TFF = "socialnamnden", "teknik-och-fastighetsnamnden"
OPERATING, INVESTMENT = CostKind.OPERATING, CostKind.INVESTMENT
CONTRACT = Contract(
    measure="Andel trygga",
    baseline="54 % enligt mätningen 2025",
    goal="65 %",
    when=date(2027, 12, 31),
)


def money(committee: str, kind: CostKind, year: int, kronor: int) -> Allocation:
    return Allocation(committee=committee, kind=kind, year=year, amount=Decimal(kronor))


def used(committee: str, kind: CostKind, year: int, kronor: int) -> SplitRow:
    return SplitRow(committee=committee, kind=kind, year=year, amount=Decimal(kronor))


GRANTED = (
    money(SOCIAL, OPERATING, 2027, 400_000),
    money(TFF, INVESTMENT, 2026, 300_000),
    money(TFF, INVESTMENT, 2027, 500_000),
)


def report(**changed: Any) -> Report:
    values: dict[str, Any] = {
        "case_id": "2026-0001",
        "key": "2027-april",
        "title": "Trygghetsvärdar",
        "period": "utökad uppföljning per april 2027",
        "day": date(2027, 4, 30),
        "forecast": True,
        "ends_year": False,
        "effect": False,
        "last": False,
        "granted": GRANTED,
        "contract": CONTRACT,
    }
    return Report(**values | changed)


YEAR_END: dict[str, Any] = {
    "key": "2027-year_end", "day": date(2027, 12, 31), "forecast": False, "ends_year": True,
}  # fmt: skip


def items(about: Report, given: dict[str, Any]) -> tuple[form.Item, ...]:
    known: dict[str, Any] = {}

    def answer_to(ask: Ask) -> Answer | None:
        if ask.key not in given:
            return None
        basis = form.fingerprint(ask, known)
        known[ask.key] = given[ask.key]
        return Answer(value=given[ask.key], by="T:U", at=AT, basis=basis)

    return tuple(form.items(reporting.form(about), answer_to))


def asked(about: Report, **given: Any) -> list[str]:
    return [item.ask.key for item in items(about, given)]


def outcome(social: int = 100_000, tff: int = 200_000, *, earlier: int | None = None) -> Any:
    rows = [used(SOCIAL, OPERATING, 2027, social), used(TFF, INVESTMENT, 2027, tff)]
    if earlier is not None:
        rows.append(used(TFF, INVESTMENT, 2026, earlier))
    return tuple(rows)


TEXTS = ("done", "ahead", "short_term", "long_term", "results", "measured")
WHOLE: dict[str, Any] = {
    "report_secrecy": "nothing_secret",
    "activity": "as_planned",
    "outcome": outcome(),
    "forecast": outcome(400_000, 500_000),
    **dict.fromkeys(TEXTS, "61 % i oktober."),
}


@pytest.mark.requirement("R001-12")
def test_a_forecast_is_asked_for_in_april_and_august_and_not_at_the_years_end():
    assert {"outcome", "forecast", "ahead"} <= set(asked(report()))
    assert not {"forecast", "ahead"} & set(asked(report(**YEAR_END)))


@pytest.mark.requirement("R001-12")
def test_a_report_of_april_without_a_forecast_is_refused():
    given = {key: value for key, value in WHOLE.items() if key != "forecast"}
    found = reporting.problems(report(), items(report(), given))

    assert [(problem.key, problem.facts) for problem in found] == [
        ("refusals.answers.missing", {"question": "forecast"})
    ]


@pytest.mark.requirement("R001-12")
def test_a_forecast_of_some_lines_is_none():
    with pytest.raises(InvalidAnswer) as refusal:
        reporting.check(report(), "forecast", outcome()[:1])

    assert refusal.value.facts == {"count": 1}


@pytest.mark.requirement("R001-13")
def test_how_far_the_measure_has_come_is_asked_every_time():
    assert {"activity", "done"} <= set(asked(report())) & set(asked(report(**YEAR_END)))


@pytest.mark.requirement("R000-60")
@pytest.mark.parametrize("key", ["short_term", "long_term", "results"])
def test_effects_and_results_are_three_questions_that_all_need_an_answer(key: str):
    given = {name: value for name, value in WHOLE.items() if name != key}

    found = reporting.problems(report(), items(report(), given))

    assert [problem.facts["question"] for problem in found] == [key]


def test_a_whole_report_has_nothing_against_it():
    found = items(report(), WHOLE)

    assert reporting.problems(report(), found) == []
    assert next_ask(found) is None


def test_what_is_secret_is_never_handed_in():
    found = items(report(), WHOLE | {"report_secrecy": "classified"})

    assert [one.key for one in reporting.problems(report(), found)] == ["refusals.answers.secrecy"]


@pytest.mark.parametrize(
    "wrong",
    [
        outcome()[:1],
        (*outcome(), used(SOCIAL, INVESTMENT, 2027, 1)),
        (*outcome(), outcome()[0]),
        (),
    ],
)
def test_the_outcome_says_exactly_the_lines_that_were_granted(wrong: Any):
    with pytest.raises(InvalidAnswer):
        reporting.check(report(), "outcome", wrong)


def test_a_year_without_money_asks_for_no_amounts():
    assert not {"outcome", "forecast"} & set(asked(report(day=date(2028, 4, 30))))


@pytest.mark.requirement("R002-8")
@pytest.mark.parametrize(
    ("about", "outcome_", "forecast", "explained"),
    [
        (report(), outcome(), outcome(400_000, 500_000), False),  # as granted
        (report(), outcome(), outcome(300_000, 500_000), True),  # less is forecast
        (report(), outcome(), outcome(450_000, 500_000), True),  # more is forecast
        (report(), outcome(), outcome(395_000, 500_000), False),  # within the limits
        (report(**YEAR_END), outcome(), None, True),  # left at the year's end
        (report(**YEAR_END), outcome(400_000, 500_000), None, False),
        (report(forecast=False), outcome(), None, False),  # in the middle of a year: not used yet
        (report(forecast=False), outcome(500_000), None, True),  # more than granted, whenever it is
    ],
)
def test_a_deviation_over_the_threshold_must_be_explained(
    about: Report, outcome_: Any, forecast: Any, *, explained: bool
):
    given = {"outcome": outcome_} | ({"forecast": forecast} if forecast else {})

    assert ("deviation_reason" in asked(about, **given)) is explained


def test_nothing_has_to_be_explained_before_the_forecast_is_known():
    assert "deviation_reason" not in asked(report(), outcome=outcome(400_000, 900_000))


LAST: dict[str, Any] = YEAR_END | {"last": True}


def test_the_last_report_settles_the_investments_of_earlier_years():
    assert reporting.places(report(**LAST), "outcome").keys() == {
        (SOCIAL, OPERATING, 2027),
        (TFF, INVESTMENT, 2027),
        (TFF, INVESTMENT, 2026),
    }


def test_a_year_that_ended_since_the_report_before_is_settled_and_explained():
    about = report(day=date(2028, 6, 30), ended=frozenset({2027}))
    row = used(SOCIAL, OPERATING, 2027, 100_000)
    given = {"outcome": (row, used(TFF, INVESTMENT, 2027, 500_000)), "forecast": ()}

    assert reporting.places(about, "outcome").keys() == {
        (SOCIAL, OPERATING, 2027),
        (TFF, INVESTMENT, 2027),
    }
    assert reporting.places(about, "forecast") == {}
    assert "deviation_reason" in asked(about, **given)


@pytest.mark.parametrize(
    ("tff", "earlier", "returned", "left"),
    [
        (500_000, 300_000, 0, {}),
        (400_000, 300_000, 0, {TFF: Decimal(100_000)}),
        (400_000, 300_000, 100_000, {}),
        (600_000, 200_000, 0, {}),  # what one year left the next has used
        (600_000, 300_000, 0, {}),  # more than granted: the nämnd pays
    ],
)
def test_investment_money_that_is_left_is_confirmed_in_the_last_report(
    tff: int, earlier: int, returned: int, left: dict[str, Decimal]
):
    back = (money(TFF, INVESTMENT, 2027, returned),) if returned else ()
    about = report(**LAST, returned=back)
    given = {"outcome": outcome(400_000, tff, earlier=earlier)}

    assert reporting.unused(about, given) == left
    assert ("unused" in asked(about, **given)) is bool(left)


def test_what_was_confirmed_to_be_left_is_asked_again_when_the_outcome_changes():
    about = report(**LAST)
    before = {"outcome": outcome(400_000, 400_000, earlier=300_000), "unused": True}
    stored = {item.ask.key: item.answer for item in items(about, before)}
    value = outcome(400_000, 300_000, earlier=300_000)
    changed = stored | {"outcome": stored["outcome"].model_copy(update={"value": value})}

    again = form.items(reporting.form(about), lambda ask: changed.get(ask.key))

    assert next(item.stale is not None for item in again if item.ask.key == "unused")


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("65 %", "65"),
        ("61,5 procent enligt mätningen", "61.5"),
        ("minst 1 200 besök", "1200"),
        ("−3 grader", "-3"),
        ("Färre klagomål än 2025", None),
        ("Fler är trygga", None),
    ],
)
def test_a_value_is_numeric_when_it_begins_with_a_number(text: str, number: str | None):
    assert reporting.number(text) == (None if number is None else Decimal(number))


def test_a_goal_in_figures_is_measured_in_figures():
    with pytest.raises(InvalidAnswer) as refusal:
        reporting.check(report(), "measured", "Vi tror att det har blivit bättre.")

    assert refusal.value.facts == {"goal": "65 %"}
    reporting.check(report(), "measured", "61 % i oktober 2027")


def test_a_goal_in_words_is_measured_in_words():
    goal = CONTRACT.model_copy(update={"goal": "Färre klagomål"})

    reporting.check(report(contract=goal), "measured", "Klagomålen har minskat.")


def test_the_measured_value_may_wait_until_its_day():
    def optional(about: Report) -> bool:
        return next(i.ask.optional for i in items(about, {}) if i.ask.key == "measured")

    assert optional(report())
    assert not optional(report(effect=True))
    assert "measured" not in asked(report(contract=None))
