"""A decision's budget is moved kind by kind and year by year, once, and an investment gets its number."""

import pytest

from flows.case import Case, replay
from flows.decided import Allocation, BudgetTransferred, ProjectGiven
from flows.errors import NotAllowed, Stale
from flows.inputs import WrongInputs
from flows.rules import CostKind
from flows.transfer import Done, Move, due, find, moves, read, transfer, waiting
from tests.flows.klg import NOON, SARA, submitted
from tests.flows.test_booking import decision, to

OPERATING, INVESTMENT = CostKind.OPERATING, CostKind.INVESTMENT
ROWS = (
    to("tf", INVESTMENT, 2026, 2_000_000),
    to("sn", OPERATING, 2027, 300),
    to("sn", OPERATING, 2026, 100),
    to("kf", OPERATING, 2026, "0.50"),
    to("kf", OPERATING, 2028, 0),
)


def granted(*rows: Allocation) -> Case:
    return replay([submitted(), decision(*(rows or ROWS))])


def move(case: Case, kind: CostKind = INVESTMENT, year: int = 2026) -> Move:
    return find(case, kind=kind, year=year, version=1)


def moved(case: Case, kind: CostKind, year: int, project: str = "P 7") -> Case:
    done = Done(reference="V 12", project=project)
    for event in transfer(case, move(case, kind, year), done, by=SARA, at=NOON):
        case = case.after(event)
    return case


def test_a_move_is_all_that_the_decision_gives_of_a_kind_and_year():
    found = [(m.year, m.kind, m.amount, len(m.rows)) for m in moves(granted())]

    assert found == [
        (2026, OPERATING, ROWS[2].amount + ROWS[3].amount, 2),
        (2026, INVESTMENT, 2_000_000, 1),
        (2027, OPERATING, 300, 1),
    ]


@pytest.mark.requirement("R000-50")
def test_a_later_years_move_is_due_when_its_year_has_begun():
    assert [m.year for m in due(granted(), year=2026)] == [2026, 2026]
    assert [m.year for m in due(granted(), year=2027)] == [2026, 2026, 2027]
    assert due(replay([submitted()]), year=2027) == ()


@pytest.mark.requirement("R000-50")
def test_a_move_is_made_once():
    case = moved(granted(), INVESTMENT, 2026)

    assert [(m.kind, m.year) for m in waiting(case)] == [(OPERATING, 2026), (OPERATING, 2027)]
    with pytest.raises(NotAllowed, match="already"):
        move(case)


@pytest.mark.parametrize(
    ("kind", "year", "version"), [(INVESTMENT, 2027, 1), (INVESTMENT, 2026, 2)]
)
def test_a_button_about_what_was_not_decided_moves_nothing(kind: CostKind, year: int, version: int):
    with pytest.raises(Stale):
        find(granted(), kind=kind, year=year, version=version)


@pytest.mark.requirement("R000-51")
def test_an_investment_is_not_moved_without_its_projects_number():
    case = granted()

    with pytest.raises(WrongInputs) as refused:
        transfer(case, move(case), Done(reference="V 12"), by=SARA, at=NOON)
    first, second = transfer(
        case, move(case), Done(reference="V 12", project="P 7"), by=SARA, at=NOON
    )

    assert list(refused.value.by_input) == ["project"]
    assert isinstance(first, ProjectGiven)
    assert isinstance(second, BudgetTransferred)
    assert (first.project, second.reference, second.cost_kind) == ("P 7", "V 12", INVESTMENT)


@pytest.mark.requirement("R000-51")
def test_a_project_that_has_its_number_is_not_asked_again():
    rows = (to("tf", INVESTMENT, 2026, 5), to("tf", INVESTMENT, 2027, 5))
    case = moved(granted(*rows), INVESTMENT, 2026)

    (event,) = transfer(case, move(case, year=2027), Done(reference="V 13"), by=SARA, at=NOON)

    assert isinstance(event, BudgetTransferred)
    assert case.project == "P 7"


def test_the_form_names_each_input_that_is_wrong():
    with pytest.raises(WrongInputs) as refused:
        read({"reference": " ", "project": "P" * 101})

    assert {name: wrong.key for name, wrong in refused.value.by_input.items()} == {
        "reference": "refusals.answers.blank",
        "project": "refusals.transfer.too_long",
    }
    assert read({"reference": "  V  12 "}) == Done(reference="V 12")
