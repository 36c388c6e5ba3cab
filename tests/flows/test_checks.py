"""Rules across answers: at the question, and all at once when the application is handed in."""

from datetime import date
from typing import Any

import pytest

from flows import checks
from flows.calculation import OwnFinancingRow
from flows.errors import InvalidAnswer
from flows.events import Stage
from flows.form import Kind
from flows.rules import CostKind
from tests.flows.filled import KFF, SF, TFF, example, items, split, values

TODAY = date(2026, 11, 22)
PROGRAMME = example()


def refused(key: str, value: Any, **known: Any) -> str:
    with pytest.raises(InvalidAnswer) as found:
        checks.check(PROGRAMME, key, value, values() | known, today=TODAY)
    return found.value.key.removeprefix("refusals.")


def problems(stage: Stage = Stage.APPLICATION, /, **changed: Any) -> list[tuple[str, str]]:
    """What stands in the way, with the question that is missing if one is."""
    given = {k: v for k, v in (values() | changed).items() if v is not ...}
    found = checks.problems(
        PROGRAMME, items(PROGRAMME, given, stage=stage), stage=stage, today=TODAY
    )
    return [
        (p.key.removeprefix("refusals.answers."), str(p.facts.get("question", ""))) for p in found
    ]


def test_a_filled_in_application_can_be_handed_in():
    assert problems() == []
    assert problems(Stage.PROPOSAL) == []


def test_the_proposal_needs_nothing_of_points_2_to_4():
    later = dict.fromkeys(("own_budget", "analysis", "operating", "split", "attested"), ...)

    assert problems(Stage.PROPOSAL, **later) == []
    assert ("missing", "own_budget") in problems(**later)


# Every question whose answer is required, with the requirement it comes from.
@pytest.mark.parametrize(
    "key",
    [
        pytest.param("what", marks=pytest.mark.requirement("R000-21")),
        pytest.param("reinforces", marks=pytest.mark.requirement("R000-22")),
        pytest.param("goal", marks=pytest.mark.requirement("R000-23")),
        pytest.param("scope", marks=pytest.mark.requirement("R000-23")),
        pytest.param("own_budget", marks=pytest.mark.requirement("R000-24")),
        pytest.param("analysis", marks=pytest.mark.requirement("R000-25")),
        pytest.param("operating", marks=pytest.mark.requirement("R000-26")),
        pytest.param("finance_officer", marks=pytest.mark.requirement("R000-27")),
        pytest.param("finance_confirmed", marks=pytest.mark.requirement("R000-27")),
        pytest.param("classification", marks=pytest.mark.requirement("R000-28")),
        pytest.param("investment_form", marks=pytest.mark.requirement("R000-30")),
        pytest.param("start", marks=pytest.mark.requirement("R000-31")),
        pytest.param("end", marks=pytest.mark.requirement("R000-31")),
        pytest.param("long_term_financing", marks=pytest.mark.requirement("R000-34")),
        pytest.param("concerned", marks=pytest.mark.requirement("R000-35")),
        pytest.param(f"included.{KFF}", marks=pytest.mark.requirement("R000-36")),
        pytest.param(f"costs_included.{TFF}", marks=pytest.mark.requirement("R000-37")),
        pytest.param(f"costs_excluded_reason.{TFF}", marks=pytest.mark.requirement("R000-37")),
        pytest.param("split", marks=pytest.mark.requirement("R000-38")),
        pytest.param("dialogue", marks=pytest.mark.requirement("R000-39")),
        pytest.param("attested", marks=pytest.mark.requirement("R000-40")),
        pytest.param("investment_process", marks=pytest.mark.requirement("R000-52")),
        pytest.param("capital_bearer", marks=pytest.mark.requirement("R000-53")),
        pytest.param("capital_reason", marks=pytest.mark.requirement("R000-54")),
        pytest.param("tff_contact", marks=pytest.mark.requirement("R000-57")),
        pytest.param("tff_contact_on", marks=pytest.mark.requirement("R000-57")),
    ],
)
def test_what_is_required_is_missed(key: str):
    assert ("missing", key) in problems(**{key: ...})


@pytest.mark.requirement("R000-58")
def test_tff_must_have_contacted_an_administration():
    of_tff = {"administrations": (TFF,), "concerned": (SF,), "tff_contacted": ...}

    assert ("missing", "tff_contacted") in problems(**of_tff)
    assert ("missing", "tff_contact") not in problems(**of_tff)


def test_what_does_not_apply_is_not_missed():
    alone = {"others_concerned": False, "concerned": ..., "split": ...}

    assert not [one for one in problems(**alone) if one[1].startswith(("included", "split"))]


@pytest.mark.requirement("R000-26")
def test_neither_drift_nor_investment_is_no_application():
    assert refused("investments", (), operating=()) == "answers.no_costs"


@pytest.mark.requirement("R000-31")
def test_the_end_is_not_before_the_start():
    assert refused("end", date(2027, 2, 28)) == "calculation.time_frame_reversed"


@pytest.mark.requirement("R000-39")
def test_a_dialogue_ahead_is_no_dialogue_yet():
    held = values()["dialogue"][0]
    ahead = held.model_copy(update={"on": date(2026, 11, 23)})
    today = held.model_copy(update={"on": TODAY})
    elsewhere = held.model_copy(update={"committee": "barn-och-utbildningsnamnden"})

    assert refused("dialogue", (ahead,)) == "answers.dialogue_not_held"
    assert refused("dialogue", (elsewhere, ahead)) == "answers.dialogue_other_committee"
    checks.check(PROGRAMME, "dialogue", (ahead, today), values(), today=TODAY)


def test_who_submits_is_not_concerned_as_well():
    assert refused("concerned", (SF, KFF)) == "answers.concerned_are_submitting"
    checks.check(PROGRAMME, "concerned", (KFF,), values(), today=TODAY)


def test_own_financing_is_never_more_than_the_cost():
    row = OwnFinancingRow(
        kind=CostKind.OPERATING, year=2027, amount=values()["operating"][0].amount
    )

    assert refused("own_financing", (row,)) == "calculation.own_operating_too_large"


@pytest.mark.requirement("R000-38")
def test_the_split_equals_point_3_to_the_ore():
    rows = list(values()["split"])
    short = [*rows[1:], rows[0].model_copy(update={"amount": rows[0].amount - 1})]
    strange = [*rows[1:], split("barn-och-utbildningsnamnden", "operating", 2027, 200_000)]

    assert refused("split", short) == "answers.split_differs"
    assert refused("split", strange) == "answers.split_committee"
    checks.check(PROGRAMME, "split", tuple(rows), values(), today=TODAY)


def test_lines_outside_a_changed_time_frame_stand_in_the_way():
    found = problems(end=date(2027, 6, 30))

    assert any("outside_time_frame" in key or "start" in key for key, _ in found), found


def test_nothing_secret_is_handed_in():
    assert ("secrecy", "") in problems(secrecy="classified")


def test_every_confirmation_is_a_question_of_its_own():
    confirms = {i.ask.key for i in items(PROGRAMME, values()) if i.ask.kind is Kind.CONFIRM}

    assert confirms == {"classification", "investment_process", "finance_confirmed", "attested"}
